from django.urls import path

from messaging.views import channels, letters, own_rules

app_name = "messaging"
urlpatterns = [
    path("channels/", channels.channel_list, name="channel-list"),
    path("channels/new/", channels.account_new, name="account-new"),
    path("channels/<int:account_id>/", channels.account_edit, name="account-edit"),
    path("channels/<int:account_id>/pause/", channels.account_pause, name="account-pause"),
    path("channels/<int:account_id>/resume/", channels.account_resume, name="account-resume"),
    path("channels/<int:account_id>/remove/", channels.account_remove, name="account-remove"),
    path("channels/<int:account_id>/test/", channels.account_test, name="account-test"),
    path("channels/tests/<int:message_id>/", channels.test_result, name="test-result"),
    path("sending-hours/", own_rules.own_rules, name="own-rules"),
    path("letters/", letters.letter_list, name="letter-list"),
    path("letters/batches/", letters.batch_open, name="batch-open"),
    path("letters/batches/<int:batch_id>/pdf/", letters.batch_pdf, name="batch-pdf"),
    path("letters/batches/<int:batch_id>/printed/", letters.batch_printed, name="batch-printed"),
]
