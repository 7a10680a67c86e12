from django.urls import path

from campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("cadences/", views.cadence_list, name="cadence-list"),
    path("cadences/preview/", views.preview, name="preview"),
    path("cadences/<slug:key>/", views.cadence_detail, name="cadence-detail"),
    path("cadences/<slug:key>/text/", views.check_text, name="text-check"),
    path("cadences/<slug:key>/running/", views.set_running, name="cadence-running"),
    path("cadences/<slug:key>/move/", views.move_enrolments, name="cadence-move"),
]
