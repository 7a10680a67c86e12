from django.urls import path

from messaging.views import letters

app_name = "messaging"
urlpatterns = [
    path("letters/", letters.letter_list, name="letter-list"),
    path("letters/batches/", letters.batch_open, name="batch-open"),
    path("letters/batches/<int:batch_id>/pdf/", letters.batch_pdf, name="batch-pdf"),
    path("letters/batches/<int:batch_id>/printed/", letters.batch_printed, name="batch-printed"),
]
