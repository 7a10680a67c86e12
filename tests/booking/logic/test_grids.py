from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.logic.grids import Stay, cars_reaching_in, off_grid
from booking.logic.slots import Slot

pytestmark = pytest.mark.logic

NINE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def at(minutes):
    return NINE + timedelta(minutes=minutes)


def slot(start, end):
    return Slot(at(start), at(end), at(start).replace(tzinfo=None))


def stay(start, end, cars=1):
    return Stay(at(start), at(end), cars)


@pytest.mark.parametrize(
    ("other", "cars"),
    [
        (stay(-15, 15), 1),
        (stay(15, 45, cars=3), 3),
        (stay(10, 20), 1),
        (stay(-60, 90), 1),
        (stay(-30, 0), 0),
        (stay(30, 60), 0),
        (stay(0, 60), 0),
    ],
    ids=["begins-before", "ends-after", "inside", "around", "ends-with", "begins-after", "same-start"],
)
def test_cars_reaching_in(other, cars):
    assert cars_reaching_in(slot(0, 30), [other]) == cars


def test_cars_reaching_in_adds_up():
    assert (
        cars_reaching_in(slot(0, 60), [stay(-15, 15), stay(15, 45, cars=2), stay(45, 75), stay(60, 90)]) == 4
    )


def test_off_grid_leaves_only_what_is_no_slot():
    grid = [slot(0, 30), slot(30, 60)]

    assert off_grid([stay(0, 30), stay(0, 60), stay(15, 45), stay(30, 60)], slots=grid) == [
        stay(0, 60),
        stay(15, 45),
    ]


@given(
    length=st.integers(5, 240),
    count=st.integers(1, 20),
    booked=st.lists(st.integers(0, 19), max_size=20),
)
def test_stays_of_the_present_grid_never_reach_into_another_slot(length, count, booked):
    grid = [slot(number * length, (number + 1) * length) for number in range(count)]
    stays = [Stay(grid[n % count].starts_at, grid[n % count].ends_at, 1) for n in booked]

    assert off_grid(stays, slots=grid) == []
    assert [cars_reaching_in(one, stays) for one in grid] == [0] * count
