from django.db import models

from common.tenancy import TenantModel
from customers.enums import LineOutcome, VisitStatus
from customers.models.customer import Customer
from customers.models.service import Service
from customers.models.vehicle import Vehicle


class Visit(TenantModel):
    """One repair order (RO) of a vehicle, open or closed."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="visits")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="visits")
    ro_number = models.CharField(max_length=64)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=VisitStatus, default=VisitStatus.CLOSED)
    customer_pay_cents = models.BigIntegerField(default=0)
    warranty_cents = models.BigIntegerField(default=0)
    internal_cents = models.BigIntegerField(default=0)
    advisor_name = models.CharField(max_length=120, blank=True)
    created_by_import = models.ForeignKey(
        "customers.VisitImport", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "ro_number"], name="visit_ro_number")]
        indexes = [
            # A vehicle's history, newest first.
            models.Index(fields=["dealership", "vehicle", "-opened_on"], name="visit_vehicle"),
        ]

    def __str__(self) -> str:
        return f"RO {self.ro_number}"


class VisitLine(TenantModel):
    """One operation of a visit, done or declined."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="lines")
    line_number = models.PositiveSmallIntegerField()
    op_code = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=300, blank=True)
    service = models.ForeignKey(Service, null=True, on_delete=models.SET_NULL, related_name="lines")
    outcome = models.CharField(max_length=10, choices=LineOutcome, default=LineOutcome.PERFORMED)
    amount_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "visit", "line_number"], name="visit_line_number")
        ]
