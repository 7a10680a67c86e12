from datetime import date

import pytest

from customers.logic.forecast.relevance import Cycle, VehicleRecord, running_cycles

pytestmark = pytest.mark.logic

SEEN = date(2026, 9, 1)
DONE = date(2026, 3, 1)
MENU = {1: "oil-change", 2: "state-inspection", 3: "battery"}


@pytest.mark.parametrize(
    ("done", "cycles"),
    [
        ({}, [Cycle(1, SEEN, None)]),
        ({1: DONE}, [Cycle(1, DONE, DONE)]),
        ({2: DONE}, [Cycle(2, DONE, DONE), Cycle(1, SEEN, None)]),
        ({1: DONE, 3: SEEN}, [Cycle(1, DONE, DONE), Cycle(3, SEEN, SEEN)]),
        ({1: DONE, 99: SEEN}, [Cycle(1, DONE, DONE)]),  # no longer on the menu
    ],
)
def test_running_cycles_are_what_was_done_here_and_the_oil(done, cycles):
    assert running_cycles(VehicleRecord(SEEN, done), menu=MENU) == cycles


def test_running_cycles_without_oil_on_the_menu():
    assert running_cycles(VehicleRecord(SEEN, {}), menu={3: "battery"}) == []
