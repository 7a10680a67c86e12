"""The customer's own pages, behind signed links: /b/<token>. With or without a slash at the end, as mail programs cut it."""

from django.urls import re_path

from conversations.views import customer_page

ONE_LINK = r"(?P<token>[A-Za-z0-9_-]{10,80})"

app_name = "customer"
urlpatterns = [
    re_path(rf"^{ONE_LINK}/?$", customer_page.page, name="page"),
    re_path(rf"^{ONE_LINK}/cancel/?$", customer_page.cancel, name="cancel"),
    re_path(rf"^{ONE_LINK}/stop/?$", customer_page.stop, name="stop"),
]
