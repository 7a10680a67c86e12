from django.urls import path

from booking.views import appointments, rules

app_name = "booking"
urlpatterns = [
    path("appointments/", appointments.appointment_list, name="appointment-list"),
    path("appointments/new/", appointments.appointment_new, name="appointment-new"),
    path("appointments/rules/", rules.booking_rules, name="rules"),
    path("appointments/closed-days/", rules.close_days, name="closed-day-add"),
    path("appointments/closed-days/<int:closed_day_id>/reopen/", rules.reopen, name="closed-day-remove"),
    *(
        path(
            f"appointments/<int:appointment_id>/{step}/",
            appointments.appointment_step,
            {"step": step},
            name=f"appointment-{step}",
        )
        for step in appointments.STEPS
    ),
]
