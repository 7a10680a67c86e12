"""Short ways to write odometer histories in tests."""

from datetime import date

import numpy as np

from customers.logic.forecast.answers import Questions
from customers.logic.forecast.driving_calendar import day_number
from customers.logic.forecast.readings import Readings, sort_readings

START = day_number(date(2020, 1, 1))


def readings_of(*histories: list[tuple[int, float]]) -> Readings:
    """Return readings of one vehicle per history, each as (days after START, km), in the order given."""
    vehicle = np.array([number for number, history in enumerate(histories) for _ in history], dtype=np.int64)
    day = np.array([START + day for history in histories for day, _ in history], dtype=np.int64)
    km = np.array([km for history in histories for _, km in history], dtype=np.float64)
    readings, _ = sort_readings(vehicle, day, km, vehicle_count=len(histories))
    return readings


def question(history: list[tuple[int, float]], asked_km: float) -> Questions:
    """Return one question about one vehicle."""
    return Questions(
        vehicle=np.zeros(len(history), dtype=np.int64),
        day=np.array([START + day for day, _ in history], dtype=np.int64),
        km=np.array([km for _, km in history], dtype=np.float64),
        asked_km=np.array([asked_km]),
    )
