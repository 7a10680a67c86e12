from django.db import models
from django.db.models import Q

from common.enums import DistanceUnit
from common.tenancy import TenantModel
from customers.enums import QuarantineReason, ReadingQuality, ReadingSource, VehicleStatus
from customers.models.customer import Customer


def car_name(year: int | None, make: str, model: str, *, vin: str) -> str:
    """Return what people call a car: 2019 Honda Civic; without any of it its VIN."""
    return " ".join(str(part) for part in (year, make, model) if part) or vin


class Vehicle(TenantModel):
    """A car and who owns it now."""

    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="vehicles")
    vin = models.CharField(max_length=32, help_text="As given, in capitals; see vin_is_valid")
    vin_is_valid = models.BooleanField(default=True, help_text="Length, letters and check digit are right")
    external_id = models.CharField(max_length=64, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    make = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=60, blank=True)
    plate = models.CharField(max_length=20, blank=True)
    distance_unit = models.CharField(max_length=2, choices=DistanceUnit, default=DistanceUnit.MILES)
    status = models.CharField(max_length=10, choices=VehicleStatus, default=VehicleStatus.ACTIVE)
    is_internal = models.BooleanField(
        default=False, help_text="Dealer-owned, internal pay only: never reminded"
    )
    owned_since_on = models.DateField(null=True, blank=True)
    created_by_import = models.ForeignKey(
        "customers.VisitImport", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "vin"], name="vehicle_vin")]

    def __str__(self) -> str:
        return car_name(self.year, self.make, self.model, vin=self.vin)


class Ownership(TenantModel):
    """That a vehicle belonged to a customer from one day until another (none: still)."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="ownerships")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="ownerships")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "vehicle", "from_on"], name="ownership_start"),
            models.UniqueConstraint(
                fields=["dealership", "vehicle"], name="ownership_one_now", condition=Q(to_on=None)
            ),
        ]


class OdometerReading(TenantModel):
    """One dated reading as it was read; a doubtful one is set aside with its reason, never deleted."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="readings")
    visit = models.ForeignKey("customers.Visit", null=True, on_delete=models.CASCADE, related_name="readings")
    read_on = models.DateField()
    value = models.FloatField(help_text="As read, in `unit`")
    unit = models.CharField(max_length=2, choices=DistanceUnit)
    distance_km = models.FloatField()
    source = models.CharField(max_length=10, choices=ReadingSource, default=ReadingSource.VISIT)
    quality = models.CharField(max_length=12, choices=ReadingQuality, default=ReadingQuality.GOOD)
    quality_reason = models.CharField(max_length=20, choices=QuarantineReason, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealership", "vehicle", "read_on", "value"], name="reading_once"
            ),
        ]
