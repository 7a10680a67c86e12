from datetime import date

import numpy as np
import pytest

from customers.logic.forecast.facts import (
    ChunkFacts,
    DealershipFacts,
    ReadingFacts,
    SampleVehicle,
    VehicleFacts,
)
from customers.logic.forecast.similar import as_arrays, prior_rates, shown_driving
from tests.customers.logic.forecast.histories import readings_of

pytestmark = pytest.mark.logic

TODAY = date(2026, 11, 20)


def test_as_arrays_numbers_the_vehicles_as_given():
    vehicles = [VehicleFacts(7, "Ford", 2019), VehicleFacts(3, "Audi", None)]
    stored = [ReadingFacts(1, 3, date(2020, 1, 2), 20.0, ""), ReadingFacts(2, 7, date(2020, 1, 1), 10.0, "")]

    readings, place = as_arrays(vehicles, stored)

    assert readings.vehicle.tolist() == [0, 1]
    assert readings.km.tolist() == [10.0, 20.0]
    assert place.tolist() == [1, 0]


def test_shown_driving_leaves_out_the_silent_and_the_impossible():
    vehicles = [VehicleFacts(id_, "Ford", 2019) for id_ in range(5)]
    readings = readings_of(
        [(0, 10_000.0), (365, 25_000.0)],  # tells
        [(0, 10_000.0)],  # one reading
        [(0, 10_000.0), (30, 11_000.0)],  # a month
        [(0, 10_000.0), (365, 10_001.0)],  # stood still
        [(0, 10_000.0), (365, 250_000.0), (730, 40_000.0)],  # tells, once its typing error is set aside
    )

    shown = shown_driving(vehicles, readings)

    assert [vehicle.make for vehicle in shown] == ["Ford", "Ford"]
    np.testing.assert_allclose([vehicle.km_per_day for vehicle in shown], 41, rtol=0.03)


def test_prior_rates_same_make_however_it_is_written():
    sample = [SampleVehicle("SUBARU", None, 80.0 + number % 5) for number in range(50)] + [
        SampleVehicle("Kia", None, 40.0 + number % 5) for number in range(50)
    ]
    chunk = ChunkFacts(
        vehicles=[VehicleFacts(1, "Subaru ", None), VehicleFacts(2, "KIA", None)], readings=[], records={}
    )

    subaru, kia = prior_rates(chunk, DealershipFacts(menu=[], sample=sample, unit="mi"), today=TODAY)

    assert (subaru, kia) == (pytest.approx(82, rel=0.03), pytest.approx(42, rel=0.03))
