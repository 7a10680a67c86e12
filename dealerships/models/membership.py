from django.conf import settings
from django.db import models

from common.tenancy import TenantModel
from dealerships.enums import Role


class Membership(TenantModel):
    """What a user may do at a dealership."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()}"
