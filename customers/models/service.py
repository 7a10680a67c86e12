from django.db import models
from django.db.models import Q

from common.enums import DistanceUnit
from common.tenancy import TenantModel
from customers.enums import DueLimit, OpCodeSource


class Service(TenantModel):
    """An item of the dealership's maintenance menu and how often it is due, by distance, months or both."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    name_es = models.CharField(max_length=100, blank=True)
    interval_distance = models.PositiveIntegerField(null=True, blank=True, help_text="In interval_unit")
    interval_unit = models.CharField(max_length=2, choices=DistanceUnit, default=DistanceUnit.MILES)
    interval_months = models.PositiveSmallIntegerField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(
        default=0, help_text="Order on the menu; the first is named first"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "code"], name="service_code"),
            models.CheckConstraint(
                condition=Q(interval_distance__gt=0) | Q(interval_months__gt=0), name="service_has_interval"
            ),
        ]
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.name


class OpCode(TenantModel):
    """An operation code of the DMS and the service it means; without one it waits for an admin."""

    code = models.CharField(max_length=40)
    description = models.CharField(max_length=300, blank=True)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="op_codes"
    )
    source = models.CharField(max_length=10, choices=OpCodeSource, default=OpCodeSource.UNMAPPED)
    times_seen = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "code"], name="op_code_once")]


class Forecast(TenantModel):
    """When a vehicle will need a service: 10, 50 and 90 % dates, and why."""

    vehicle = models.ForeignKey("customers.Vehicle", on_delete=models.CASCADE, related_name="forecasts")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="forecasts")
    low_on = models.DateField()
    due_on = models.DateField()
    high_on = models.DateField()
    probability_30d = models.FloatField(help_text="That it is due within 30 days of forecast_on")
    limit = models.CharField(
        max_length=10, choices=DueLimit, help_text="Which limit is expected to come first"
    )
    basis = models.CharField(max_length=300, help_text="Why, in words")
    cycle_started_on = models.DateField(help_text="When the service was last done, or the history began")
    is_next = models.BooleanField(default=False, help_text="The vehicle's earliest")
    forecast_on = models.DateField()
    rule_version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "vehicle", "service"], name="forecast_once"),
            models.UniqueConstraint(
                fields=["dealership", "vehicle"], name="forecast_one_next", condition=Q(is_next=True)
            ),
        ]
        indexes = [
            # The due list, by page: each vehicle once, at its earliest service.
            models.Index(
                fields=["dealership", "due_on", "id"], name="forecast_due_list", condition=Q(is_next=True)
            ),
            # The due list narrowed to one service: a rare one is one vehicle in thousands.
            models.Index(
                fields=["dealership", "service", "due_on", "id"],
                name="forecast_due_list_service",
                condition=Q(is_next=True),
            ),
            # Enrolment: whatever is due before a date.
            models.Index(fields=["dealership", "due_on"], name="forecast_due"),
        ]
