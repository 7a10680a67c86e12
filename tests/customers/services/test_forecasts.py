from datetime import date

import pytest

from common.tenancy import tenant_scope
from customers.enums import LineOutcome, QuarantineReason, ReadingQuality, VehicleStatus, VisitStatus
from customers.models import Forecast, OdometerReading, Service, Vehicle
from customers.services import forecasts
from customers.signals import forecasts_refreshed
from tests.conftest import World
from tests.factories.customers import (
    OdometerReadingFactory,
    VehicleFactory,
    VisitFactory,
    VisitLineFactory,
)

TODAY = date(2026, 11, 20)


def _service(code: str) -> Service:
    return Service.objects.get(code=code)


def _visit(vehicle: Vehicle, on: date, miles: float | None, *services: str, **visit) -> None:
    """Record a visit on which the services were performed."""
    made = VisitFactory(dealership=vehicle.dealership, vehicle=vehicle, opened_on=on, **visit)
    if miles is not None:
        OdometerReadingFactory(
            dealership=vehicle.dealership, vehicle=vehicle, visit=made, read_on=on, value=miles
        )
    for code in services:
        VisitLineFactory(dealership=vehicle.dealership, visit=made, service=_service(code))


def _oil_forecast(vehicle: Vehicle) -> Forecast:
    return Forecast.objects.get(vehicle=vehicle, service__code="oil-change")


@pytest.fixture
def car(dealership) -> Vehicle:
    """Driven 1,000 miles a month, oil done every half year."""
    vehicle = VehicleFactory(dealership=dealership)
    for month, miles in (
        (date(2024, 9, 15), 10_000),
        (date(2025, 3, 15), 16_000),
        (date(2025, 9, 15), 22_000),
    ):
        _visit(vehicle, month, miles, "oil-change")
    _visit(vehicle, date(2026, 9, 15), 34_000, "oil-change")
    return vehicle


def test_refresh_forecasts_by_distance_when_that_comes_first(car):
    assert forecasts.refresh(vehicle_ids=[car.pk], today=TODAY) == 1

    forecast = _oil_forecast(car)
    assert forecast.cycle_started_on == date(2026, 9, 15)
    assert date(2027, 2, 1) < forecast.due_on < date(2027, 3, 1)  # five months for 5,000 mi, winter ones
    assert forecast.low_on < forecast.due_on <= forecast.high_on <= date(2027, 3, 15)
    assert (forecast.limit, forecast.is_next, forecast.forecast_on) == ("distance", True, TODAY)
    assert 0 < forecast.probability_30d < 0.1
    assert forecast.basis == (
        "about 1,000 mi a month over 4 visits; oil and filter change every 5,000 mi or 6 months, "
        "last done 15 September"
    )


def test_refresh_twice_gives_the_same_rows(car):
    forecasts.refresh(vehicle_ids=None, today=TODAY)
    first = list(Forecast.objects.order_by("id").values())

    forecasts.refresh(vehicle_ids=None, today=TODAY)

    assert list(Forecast.objects.order_by("id").values()) == first


def test_refresh_work_done_starts_the_next_cycle(car):
    forecasts.refresh(vehicle_ids=[car.pk], today=TODAY)
    before = _oil_forecast(car)

    _visit(car, date(2026, 11, 18), 36_000, "oil-change")
    forecasts.refresh(vehicle_ids=[car.pk], today=TODAY)

    after = _oil_forecast(car)
    assert after.pk == before.pk
    assert after.cycle_started_on == date(2026, 11, 18)
    assert after.due_on > before.due_on


def test_refresh_declined_work_and_void_visits_start_nothing(car):
    declined = VisitFactory(dealership=car.dealership, vehicle=car, opened_on=date(2026, 10, 1))
    for code in ("oil-change", "battery"):
        VisitLineFactory(
            dealership=car.dealership,
            visit=declined,
            service=_service(code),
            outcome=LineOutcome.DECLINED,
        )
    _visit(car, date(2026, 10, 2), None, "oil-change", status=VisitStatus.VOID)

    forecasts.refresh(vehicle_ids=[car.pk], today=TODAY)

    assert [(f.service.code, f.cycle_started_on) for f in Forecast.objects.all()] == [
        ("oil-change", date(2026, 9, 15))
    ]


def test_refresh_inspection_runs_for_cars_that_had_one_and_oil_for_all(dealership):
    vehicle = VehicleFactory(dealership=dealership)
    _visit(vehicle, date(2026, 3, 3), 40_000, "state-inspection")

    forecasts.refresh(vehicle_ids=[vehicle.pk], today=TODAY)

    oil, inspection = Forecast.objects.order_by("due_on")
    assert (oil.service.code, oil.is_next, oil.limit) == ("oil-change", True, "distance")
    assert "not on record, last seen 3 March" in oil.basis
    assert (inspection.service.code, inspection.is_next) == ("state-inspection", False)
    assert (inspection.low_on, inspection.due_on, inspection.high_on) == (date(2027, 3, 3),) * 3
    assert (inspection.limit, inspection.probability_30d) == ("time", 0.0)


def test_refresh_vehicle_without_readings_drives_like_similar_ones(car):
    unread = VehicleFactory(dealership=car.dealership, make="HONDA ")
    _visit(unread, date(2026, 10, 1), None, "oil-change")

    forecasts.refresh(vehicle_ids=None, today=TODAY)

    forecast = _oil_forecast(unread)
    assert forecast.basis.startswith("no usable reading yet, similar cars drive about 850 mi a month;")
    assert date(2027, 1, 15) < forecast.due_on <= date(2027, 4, 1)


def test_refresh_sets_doubtful_readings_aside_and_takes_them_back(car):
    typo = OdometerReadingFactory(
        dealership=car.dealership, vehicle=car, read_on=date(2026, 10, 20), value=351_000
    )
    forecasts.refresh(vehicle_ids=[car.pk], today=TODAY)

    typo.refresh_from_db()
    assert (typo.quality, typo.quality_reason) == (ReadingQuality.QUARANTINED, QuarantineReason.EXTRA_DIGIT)
    assert "(1 reading set aside)" in _oil_forecast(car).basis

    OdometerReading.objects.filter(pk=typo.pk).update(value=35_100, distance_km=35_100 * 1.609344)
    forecasts.refresh(vehicle_ids=[car.pk], today=TODAY)

    typo.refresh_from_db()
    assert (typo.quality, typo.quality_reason) == (ReadingQuality.GOOD, "")


def test_refresh_takes_no_notice_of_what_is_dated_ahead(car):
    forecasts.refresh(vehicle_ids=[car.pk], today=TODAY)
    before = _oil_forecast(car)

    _visit(car, date(2027, 5, 1), 90_000, "oil-change")
    forecasts.refresh(vehicle_ids=[car.pk], today=TODAY)

    assert _oil_forecast(car).due_on == before.due_on


@pytest.mark.parametrize(
    "change", [{"status": VehicleStatus.SOLD}, {"status": VehicleStatus.EXCLUDED}, {"is_internal": True}]
)
def test_refresh_forgets_vehicles_that_are_not_reminded(car, change):
    forecasts.refresh(vehicle_ids=None, today=TODAY)
    Vehicle.objects.filter(pk=car.pk).update(**change)

    assert forecasts.refresh(vehicle_ids=None, today=TODAY) == 0
    assert not Forecast.objects.exists()


def test_refresh_forgets_services_taken_off_the_menu(car):
    forecasts.refresh(vehicle_ids=None, today=TODAY)
    Service.objects.filter(code="oil-change").update(is_active=False)

    forecasts.refresh(vehicle_ids=None, today=TODAY)

    assert not Forecast.objects.exists()


def test_refresh_next_service_moves_with_the_due_dates(car):
    _visit(car, date(2025, 12, 10), None, "state-inspection")
    forecasts.refresh(vehicle_ids=None, today=TODAY)
    assert Forecast.objects.get(is_next=True).service.code == "state-inspection"

    _visit(car, date(2026, 11, 19), None, "state-inspection")
    forecasts.refresh(vehicle_ids=None, today=TODAY)

    assert Forecast.objects.get(is_next=True).service.code == "oil-change"


def test_refresh_tells_each_chunk(car, monkeypatch):
    others = [VehicleFactory(dealership=car.dealership) for _ in range(2)]
    monkeypatch.setattr(forecasts, "CHUNK_SIZE", 2)
    told = []

    def listen(*, dealership_id, vehicle_ids, **_):
        told.append((dealership_id, vehicle_ids))

    forecasts_refreshed.connect(listen)
    try:
        forecasts.refresh(vehicle_ids=None, today=TODAY)
    finally:
        forecasts_refreshed.disconnect(listen)

    ids = [car.pk, *(other.pk for other in others)]
    assert told == [(car.dealership_id, ids[:2]), (car.dealership_id, ids[2:])]


def test_refresh_leaves_other_dealerships_alone(car, world: World):
    with tenant_scope(world.other):
        foreign = VehicleFactory(dealership=world.other)
        _visit(foreign, date(2026, 10, 1), 20_000, "oil-change")
        forecasts.refresh(vehicle_ids=None, today=TODAY)
        before = list(Forecast.objects.values())

    with tenant_scope(world.dealership):
        forecasts.refresh(vehicle_ids=[car.pk, foreign.pk], today=TODAY)

        assert set(Forecast.objects.values_list("vehicle_id", flat=True)) == {car.pk}
    with tenant_scope(world.other):
        assert list(Forecast.objects.values()) == before
        assert len(before) == 1


def test_refresh_of_many_vehicles_takes_as_many_queries_as_of_one(
    car, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(forecasts_refreshed, "receivers", [])  # what others do then is theirs to count
    with django_assert_num_queries(14):
        forecasts.refresh(vehicle_ids=[car.pk], today=TODAY)
    others = [VehicleFactory(dealership=car.dealership) for _ in range(5)]
    for other in others:
        _visit(other, date(2026, 10, 1), 20_000, "oil-change", "battery")

    with django_assert_num_queries(14):
        forecasts.refresh(vehicle_ids=[car.pk, *(other.pk for other in others)], today=TODAY)
