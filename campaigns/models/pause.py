from django.db import models
from django.db.models import Q

from campaigns.enums import PauseReason
from common.tenancy import TenantModel


class Pause(TenantModel):
    """What keeps reminders back until an advisor settles it: all of a customer's, or those about one vehicle.

    One about a vehicle holds while it is this customer's: whoever says they sold it says nothing for the next owner.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="pauses")
    vehicle = models.ForeignKey(
        "customers.Vehicle", null=True, on_delete=models.CASCADE, related_name="pauses"
    )
    reason = models.CharField(max_length=20, choices=PauseReason)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Also serves "who is paused?": the open ones are a handful.
            models.UniqueConstraint(
                fields=["dealership", "customer", "vehicle"],
                name="pause_one_open",
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
        ]
