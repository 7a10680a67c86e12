from django.urls import path

from insights.views.customer import customer
from insights.views.demo_clock import advance_clock
from insights.views.due import due
from insights.views.find import find
from insights.views.preference import prefer_channel
from insights.views.sandbox import mail, sandbox, sandbox_customer_page
from insights.views.stop import stop
from insights.views.stuck import retry_stuck
from insights.views.today import today
from insights.views.why import why

app_name = "insights"
urlpatterns = [
    path("", today, name="today"),
    path("stuck/", retry_stuck, name="stuck-retry"),
    path("search/", find, name="search"),
    path("sandbox/", sandbox, name="sandbox"),
    path("sandbox/clock/", advance_clock, name="clock-advance"),
    path("sandbox/<int:customer_id>/", sandbox_customer_page, name="sandbox-customer"),
    path("sandbox/<int:customer_id>/mail/<str:mail_id>/", mail, name="sandbox-mail"),
    path("due/", due, name="due-list"),
    path("customers/<int:customer_id>/", customer, name="customer-detail"),
    path("customers/<int:customer_id>/stop/", stop, name="customer-stop"),
    path("customers/<int:customer_id>/prefers/", prefer_channel, name="customer-prefers"),
    path("customers/<int:customer_id>/touches/<int:touch_id>/", why, name="touch-why"),
]
