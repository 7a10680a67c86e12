"""Fills an empty demo installation: two dealerships of one group, their staff, and years of visits."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from anticipate.demo.csv_files import write_export
from anticipate.demo.histories import Place, Town
from anticipate.demo.logins import LOGINS
from booking.enums import BookingSource
from booking.queries import free_slots
from booking.services import appointments
from campaigns.services import nightly
from common import clock
from common.tenancy import tenant_scope
from customers.enums import ImportStatus
from customers.models import Vehicle, VisitImport
from customers.services.imports import intake, running
from dealerships.models import DealerGroup, Dealership, User
from dealerships.services import dealerships as dealership_service
from dealerships.services.dealerships import NewDealership

GROUP = "Lone Oak Auto Group (demo)"
ATTESTATION = (
    "I agree that {name} may send me automated texts and calls about my vehicle, including service offers. "
    "Consent is no condition of purchase. (Signed on the repair order; demo wording.)"
)
APPOINTMENTS = 6


@dataclass(frozen=True)
class DemoDealership:
    """A dealership of the demo and how many customers it gets."""

    new: NewDealership
    place: Place
    customers: int


DEALERSHIPS = (
    DemoDealership(
        NewDealership(
            name="Lone Oak Motors",
            slug="demo",
            time_zone="America/Chicago",
            phone="+15125550100",
            email="service@loneoak.example.com",
            street="4200 Live Oak St",
            city="Austin",
            region="TX",
            postal_code="78704",
            consent_attestation=ATTESTATION.format(name="Lone Oak Motors"),
            is_demo=True,
        ),
        Place(
            "Austin", "TX", ("78701", "78704", "78745", "78758", "78660"), ("737", "254", "830", "210", "361")
        ),
        customers=320,
    ),
    DemoDealership(
        NewDealership(
            name="Harbor Light Auto",
            slug="harbor",
            time_zone="America/Los_Angeles",
            phone="+19165550100",
            email="service@harborlight.example.com",
            street="88 Delta Way",
            city="Sacramento",
            region="CA",
            postal_code="95814",
            consent_attestation=ATTESTATION.format(name="Harbor Light Auto"),
            is_demo=True,
        ),
        Place("Sacramento", "CA", ("95814", "95816", "95822", "95831"), ("916", "530", "209")),
        customers=120,
    ),
)


@transaction.atomic
def create_people_and_places() -> list[tuple[DemoDealership, Dealership]]:
    """Create the group, its dealerships and the demo users, each a member of both."""
    group = DealerGroup.objects.create(name=GROUP)
    made = [(demo, dealership_service.create(demo.new, group=group)) for demo in DEALERSHIPS]
    for login in LOGINS:
        user = User.objects.create_user(
            login.email, login.password, first_name=login.first_name, last_name=login.last_name
        )
        # Nobody can follow a link sent to it, and two-step sign-in wants a verified address.
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        for _, dealership in made:
            dealership_service.add_member(dealership, user, role=login.role)
    return made


def fill(demo: DemoDealership, dealership: Dealership, *, now: datetime) -> VisitImport:
    """Import the dealership's made-up export, forecast, enrol who is due, and book a few places.

    Through the same services as a real dealership's first day.

    raises: RuntimeError when the import did not go through
    """
    today = clock.today(dealership.time_zone)
    people = Town(demo.place, today=today, seed=dealership.slug).people(demo.customers)
    scratch = settings.VAR_DIR / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as folder, tenant_scope(dealership):
        files = write_export(people, place=demo.place, folder=Path(folder))
        visit_import = running.run(intake.create_from_paths(files).pk, now=now)
        if visit_import.status != ImportStatus.DONE:
            raise RuntimeError(f"The demo import ended as {visit_import.status}: {visit_import.failure}")
        nightly.run(today=today, now=now)
        _book_some(now=now)
    return visit_import


def _book_some(*, now: datetime) -> None:
    """Book places over the next days, so that the day's list and the skipped reminders are not empty."""
    slots = free_slots(from_at=now, until=now + timedelta(days=5), limit=APPOINTMENTS * 3, now=now)[::3]
    vehicles = Vehicle.objects.select_related("customer").order_by("pk")[20:]
    for number, (slot, vehicle) in enumerate(zip(slots, vehicles, strict=False)):
        if vehicle.customer is None:
            continue
        appointments.book(
            customer=vehicle.customer,
            vehicle=vehicle,
            starts_at=slot.starts_at,
            source=BookingSource.ADVISOR,
            key=f"demo:{number}",
            by=None,
            now=now,
        )
