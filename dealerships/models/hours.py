from django.db import models
from django.db.models import F, Q

from common.tenancy import TenantModel
from dealerships.enums import Weekday


class OpeningHours(TenantModel):
    """One stretch of a weekday, in the dealership's local time, in which the service lane is open."""

    weekday = models.SmallIntegerField(choices=Weekday)
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "weekday", "opens_at"], name="opening_hours_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="opening_hours_forward"),
        ]


class ClosedDay(TenantModel):
    """A date on which the dealership is closed whatever its opening hours say."""

    on = models.DateField()
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "on"], name="closed_day_once")]
