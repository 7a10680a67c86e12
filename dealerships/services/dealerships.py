from dataclasses import dataclass
from datetime import time

from django.db import transaction

from common.enums import DistanceUnit, Language
from common.tenancy import tenant_scope
from dealerships.enums import Role, Weekday
from dealerships.models import DealerGroup, Dealership, Membership, OpeningHours, User
from dealerships.signals import dealership_created

USUAL_HOURS = {
    **dict.fromkeys(
        [Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY],
        (time(7, 30), time(18, 0)),
    ),
    Weekday.SATURDAY: (time(8, 0), time(14, 0)),
}


@dataclass(frozen=True)
class NewDealership:
    """What is known of a dealership when it signs up."""

    name: str
    slug: str
    time_zone: str
    country: str = "US"
    language: str = Language.ENGLISH
    distance_unit: str = DistanceUnit.MILES
    phone: str = ""
    email: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    consent_attestation: str = ""
    is_demo: bool = False


@transaction.atomic
def create(new: NewDealership, *, group: DealerGroup | None = None) -> Dealership:
    """Create a dealership with the usual opening hours and have every app add its defaults.

    Defaults of higher apps (maintenance menu, booking rules, the built-in cadence) come from receivers of
    `dealership_created`, inside the same transaction.

    raises: ValidationError naming the field, e.g. for an unknown time zone or a slug in use
    """
    dealership = Dealership(group=group, **vars(new))
    dealership.full_clean()
    dealership.save()
    with tenant_scope(dealership):
        OpeningHours.objects.bulk_create(
            OpeningHours(dealership=dealership, weekday=weekday, opens_at=opens, closes_at=closes)
            for weekday, (opens, closes) in USUAL_HOURS.items()
        )
        dealership_created.send(sender=Dealership, dealership_id=dealership.pk)
    return dealership


def add_member(dealership: Dealership, user: User, *, role: Role) -> Membership:
    """Make `user` a member, or change the role of one who is. Idempotent."""
    with tenant_scope(dealership):
        membership, _ = Membership.objects.update_or_create(
            dealership=dealership, user=user, defaults={"role": role}
        )
    return membership
