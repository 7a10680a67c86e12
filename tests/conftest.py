"""The world of the tests: Alice's dealership with Bob, and Charlie's, which must never see it.

Tests of logic need none of it; they carry the marker `logic` and no database.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import hypothesis
import pytest
import pytest_django
from django.core.cache import cache
from django.db import connection

from anticipate.embedded.backend.base import DatabaseWrapper as EmbeddedDatabase
from common.tenancy import tenant_scope
from dealerships.enums import Role
from dealerships.models import Dealership, User
from dealerships.services import dealerships as dealership_service
from tests.factories.dealerships import UserFactory


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the embedded server: processes of `-n auto` are ended in a way that skips their own goodbye."""
    if not hasattr(config, "workerinput") and isinstance(connection, EmbeddedDatabase):
        connection.close()
        connection.leave_server()
        connection.stop_unused_server()


# A busy machine is no failure: how long one example takes says nothing about the property.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # a Friday, 10:00 in Chicago


@pytest.fixture(autouse=True)
def _nothing_counted():
    """What one test did often is no concern of the next."""
    cache.clear()


@pytest.fixture
def now() -> datetime:
    return NOW


EMAILS = [f"{name}@example.com" for name in ("alice", "bob", "vera", "charlie")]


@dataclass(frozen=True)
class World:
    """Two dealerships with all defaults and their people."""

    dealership: Dealership
    other: Dealership
    alice: User  # admin
    bob: User  # advisor
    vera: User  # viewer
    charlie: User  # admin of the other dealership


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """Make the world once and keep it: each test's transaction is rolled back around it."""
    with django_db_blocker.unblock():
        _make_world()


@pytest.fixture
def world(db: None) -> World:
    """Alice's and Charlie's dealerships, as freshly read; made anew where a test of transactions has emptied the tables."""
    if not Dealership.objects.filter(slug="live-oak").exists():
        _make_world()
    places = {place.slug: place for place in Dealership.objects.filter(slug__in=["live-oak", "elmwood"])}
    people = {user.email.partition("@")[0]: user for user in User.objects.filter(email__in=EMAILS)}
    return World(dealership=places["live-oak"], other=places["elmwood"], **people)


def _make_world() -> None:
    dealership = dealership_service.create(
        dealership_service.NewDealership(
            name="Live Oak Motors",
            slug="live-oak",
            time_zone="America/Chicago",
            phone="+15125550100",
            email="service@liveoak.example.com",
            street="100 Congress Ave",
            city="Austin",
            region="TX",
            postal_code="78701",
            consent_attestation="I agree to automated texts and calls from Live Oak Motors.",
        )
    )
    other = dealership_service.create(
        dealership_service.NewDealership(name="Elmwood Autos", slug="elmwood", time_zone="America/New_York")
    )
    for name, (place, role) in {
        "alice": (dealership, Role.ADMIN),
        "bob": (dealership, Role.ADVISOR),
        "vera": (dealership, Role.VIEWER),
        "charlie": (other, Role.ADMIN),
    }.items():
        user = UserFactory(email=f"{name}@example.com", first_name=name.capitalize())
        dealership_service.add_member(place, user, role=role)


@pytest.fixture
def dealership(world: World):
    """Alice's dealership, with its scope open."""
    with tenant_scope(world.dealership):
        yield world.dealership
