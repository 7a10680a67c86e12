import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from common.tenancy import tenant_scope
from customers import tasks
from customers.models import Forecast
from customers.signals import vehicle_status_changed
from tests.conftest import World
from tests.factories.customers import VehicleFactory, VisitFactory

NIGHT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # still the 19th in Chicago


@pytest.fixture
def visit(world: World):
    with tenant_scope(world.dealership):
        vehicle = VehicleFactory(dealership=world.dealership)
        return VisitFactory(dealership=world.dealership, vehicle=vehicle, opened_on=date(2026, 11, 1))


def _forecast_dates(world: World) -> list[date]:
    with tenant_scope(world.dealership):
        return list(Forecast.objects.values_list("forecast_on", flat=True))


def test_refresh_forecasts_of_a_dealership_on_its_own_date(world: World, visit):
    out = io.StringIO()
    with time_machine.travel(NIGHT, tick=False):
        call_command("refresh_forecasts", dealership="live-oak", stdout=out)

    assert out.getvalue() == "1 forecasts\n"
    assert _forecast_dates(world) == [date(2026, 11, 19)]


@pytest.mark.django_db
def test_refresh_forecasts_of_an_unknown_dealership():
    with pytest.raises(CommandError, match="No dealership 'nowhere'"):
        call_command("refresh_forecasts", dealership="nowhere")


@pytest.mark.parametrize("is_whole", [True, False])
def test_refresh_task_works_within_its_dealership(world: World, visit, is_whole):
    vehicle_ids = None if is_whole else [visit.vehicle_id]

    with time_machine.travel(NIGHT, tick=False):
        tasks.refresh_forecasts(dealership_id=world.dealership.pk, vehicle_ids=vehicle_ids)

    assert _forecast_dates(world) == [date(2026, 11, 19)]


def test_status_change_rings_for_new_forecasts(
    world: World, visit, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr("common.doorbell._send", lambda name, kwargs: rung.append((name, kwargs)))
    told = {"dealership_id": world.dealership.pk, "vehicle_ids": [visit.vehicle_id]}
    with tenant_scope(world.dealership), django_capture_on_commit_callbacks(execute=True):
        vehicle_status_changed.send(sender=None, **told)

    assert ("customers.refresh_forecasts", told) in rung
