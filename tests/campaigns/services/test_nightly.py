from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.models import Enrolment
from campaigns.services import nightly
from common.tenancy import tenant_scope
from customers.services import forecasts
from dealerships.models import Dealership
from tests.campaigns.worlds import a_due_car

NIGHT = datetime(2026, 11, 20, 8, 7, tzinfo=UTC)  # 02:07 in Chicago, 03:07 in New York


@pytest.fixture(autouse=True)
def forecast_days(monkeypatch):
    """Forecasts stay as the tests made them; what is asked for is written down."""
    asked = []
    monkeypatch.setattr(
        forecasts, "refresh", lambda *, vehicle_ids, today: asked.append((vehicle_ids, today))
    )
    return asked


def ran_on(dealership):
    return Dealership.objects.get(pk=dealership.pk).nightly_ran_on


def test_run_where_night_has_come_enrols_each_dealership_once(world, forecast_days):
    for dealership in (world.dealership, world.other):
        with tenant_scope(dealership):
            a_due_car(dealership, due_on=date(2026, 12, 1))

    assert nightly.run_where_night_has_come(now=NIGHT) == 2
    assert nightly.run_where_night_has_come(now=NIGHT + timedelta(hours=1)) == 0

    assert forecast_days == [(None, date(2026, 11, 20))] * 2
    for dealership in (world.dealership, world.other):
        assert ran_on(dealership) == date(2026, 11, 20)
        with tenant_scope(dealership):
            assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("at", "ran"), [("06:59", []), ("07:00", ["elmwood"]), ("08:00", ["elmwood", "live-oak"])]
)
def test_run_where_night_has_come_waits_for_two_local_time(world, at, ran):
    hour, minute = map(int, at.split(":"))

    nightly.run_where_night_has_come(now=datetime(2026, 11, 20, hour, minute, tzinfo=UTC))

    done = Dealership.objects.filter(nightly_ran_on=date(2026, 11, 20)).order_by("slug")
    assert list(done.values_list("slug", flat=True)) == ran


def test_run_where_night_has_come_passes_over_switched_off_dealerships(world):
    Dealership.objects.filter(pk=world.other.pk).update(is_active=False)

    assert nightly.run_where_night_has_come(now=NIGHT) == 1


def test_run_where_night_has_come_trouble_of_one_keeps_nobody_else(world, monkeypatch):
    def fail_at_elmwood(*, vehicle_ids, today):
        if nightly.current_dealership().slug == "elmwood":
            raise ValueError

    monkeypatch.setattr(forecasts, "refresh", fail_at_elmwood)

    assert nightly.run_where_night_has_come(now=NIGHT) == 1
    assert ran_on(world.other) is None
    assert ran_on(world.dealership) == date(2026, 11, 20)
