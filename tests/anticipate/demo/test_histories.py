from datetime import date

import pytest

from anticipate.demo.histories import FLEET_CARS, Place, Town
from customers.logic.op_codes import Unmapped, recognise
from customers.logic.vins import is_valid_vin

pytestmark = pytest.mark.logic

TODAY = date(2026, 11, 20)
PLACE = Place("Austin", "TX", ("78701",), ("512", "737"))


@pytest.fixture(scope="module")
def people():
    return Town(PLACE, today=TODAY, seed="demo").people(120)


def test_people_same_seed_and_day_are_the_same(people):
    assert Town(PLACE, today=TODAY, seed="demo").people(120) == people
    assert Town(PLACE, today=TODAY, seed="other").people(120) != people


def test_people_numbers_are_unique_and_nobody_is_lost(people):
    assert len({person.number for person in people}) == 120


def test_people_can_be_nobody_real(people):
    assert all(person.phone[5:].startswith(" 555-01") for person in people)
    assert all(person.email.endswith("example.com") for person in people if person.email)


def test_people_hold_what_a_page_must_show(people):
    assert len(people[0].cars) == FLEET_CARS
    assert any(person.is_blocked for person in people)
    assert any(not person.email for person in people)
    assert any(person.language == "Spanish" for person in people)
    assert any(
        not line.is_performed
        for person in people
        for car in person.cars
        for v in car.visits
        for line in v.lines
    )


def test_visits_lie_in_the_past_in_order_and_on_open_days(people):
    for person in people:
        for car in person.cars:
            days = [visit.on for visit in car.visits]
            assert days == sorted(days)
            assert days[-1] < TODAY
            assert all(day.weekday() != 6 for day in days[1:])


def test_visits_have_numbers_of_their_own(people):
    numbers = [visit.ro_number for person in people for car in person.cars for visit in car.visits]

    assert len(set(numbers)) == len(numbers)


def test_some_are_due_now_and_some_have_long_been_away(people):
    last = [car.visits[-1].on for person in people for car in person.cars]

    assert sum((TODAY - on).days < 100 for on in last) > 20
    assert sum((TODAY - on).days > 380 for on in last) > 5


def test_vins_have_a_right_check_digit(people):
    assert all(is_valid_vin(car.vin) for person in people for car in person.cars)


def test_op_codes_are_recognised(people):
    lines = {
        (line.op_code, line.description)
        for person in people
        for car in person.cars
        for visit in car.visits
        for line in visit.lines
    }

    assert [pair for pair in lines if isinstance(recognise(*pair), Unmapped)] == []
