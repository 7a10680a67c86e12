"""Addresses for providers, outside every login."""

from django.urls import path

from messaging.views import webhooks

app_name = "hooks"
urlpatterns = [path("<slug:provider>/<uuid:uuid>/", webhooks.receive, name="receive")]
