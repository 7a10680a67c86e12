"""What a call that is going on asks of us, beside the addresses of `messaging.hook_urls`."""

from django.urls import path

from conversations.views import calls

app_name = "calls"
urlpatterns = [
    path(f"twilio_voice/<uuid:uuid>/{calls.BEGIN}", calls.begin, name="begin"),
    path(f"twilio_voice/<uuid:uuid>/{calls.TURN}", calls.go_on, name="turn"),
]
