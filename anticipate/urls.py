"""All URLs: what belongs to a dealership stands below /d/<slug>/, what customers and providers use outside."""

from django.urls import include, path

from anticipate.health import healthz
from dealerships.middleware import SLUG

tenant_urls = [
    path("", include("insights.urls")),
    path("", include("customers.urls")),
    path("", include("messaging.urls")),
    path("", include("campaigns.urls")),
    path("", include("booking.urls")),
    path("", include("conversations.urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("dealerships.urls")),
    path("accounts/", include("allauth.urls")),
    path("platform/", include("messaging.platform_urls")),
    path("hooks/", include("conversations.hook_urls")),
    path("hooks/", include("messaging.hook_urls")),
    path("b/", include("conversations.public_urls")),
    path(f"d/<slug:{SLUG}>/", include(tenant_urls)),
]
