from datetime import date, datetime, timedelta

import pytest

from customers.models import Forecast, SearchToken
from dealerships.models import Dealership
from insights.logic.due_filter import DueFilter, Progress, Window
from insights.queries import due_list
from tests.conftest import NOW
from tests.factories.booking import AppointmentFactory
from tests.factories.campaigns import EnrolmentFactory, EnrolmentItemFactory, TouchFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory, ForecastFactory, ServiceFactory, VehicleFactory

TODAY = date(2026, 11, 20)
EVERYTHING = DueFilter(window=Window.ALL)


@pytest.fixture
def service(dealership: Dealership):
    return ServiceFactory(dealership=dealership, code="test-oil")


@pytest.fixture
def due(dealership, service):
    """Return a maker of a vehicle whose next service is due so many days from today."""

    def make(days: int, **vehicle) -> Forecast:
        car = VehicleFactory(dealership=dealership, **vehicle)
        on = TODAY + timedelta(days=days)
        return ForecastFactory(
            dealership=dealership, vehicle=car, service=service, low_on=on, due_on=on, high_on=on
        )

    return make


def days(page: due_list.DuePage) -> list[int]:
    return [(row.place.on - TODAY).days for row in page.rows]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window.LATE, [-1, -400]),
        (Window.WEEK, [0, 6]),
        (Window.MONTH, [0, 6, 7, 29]),
        (Window.QUARTER, [0, 6, 7, 29, 89]),
        (Window.ALL, [-400, -1, 0, 6, 7, 29, 89, 90]),
    ],
)
def test_page_of_a_window_has_its_days_in_order(due, near, window, expected):
    for number in (7, -1, 89, 0, 6, 29, 90, -400):
        due(number)

    assert days(due_list.page(DueFilter(window=window), near=near)) == expected


def test_page_leaves_out_later_services_and_vehicles_never_reminded(due, near, dealership):
    shown = due(1)
    ForecastFactory(dealership=dealership, vehicle=shown.vehicle, is_next=False)
    due(2, status="sold")
    due(3, is_internal=True)
    due(4, customer=CustomerFactory(dealership=dealership, is_internal=True))
    due(5, customer=None)

    assert days(due_list.page(EVERYTHING, near=near)) == [1]


@pytest.mark.parametrize("window", [Window.ALL, Window.LATE])
def test_pages_forth_and_back_show_each_vehicle_once_in_one_order(due, near, window):
    for number in range(11):
        due(-1 - number // 4)  # several on one day: the id decides
    wanted = DueFilter(window=window)
    whole = [row.place for row in due_list.page(wanted, near=near, size=50).rows]

    forth, page = [], due_list.page(wanted, near=near, size=4)
    forth += [row.place for row in page.rows]
    while page.after:
        page = due_list.page(wanted, near=near, after=page.after, size=4)
        forth += [row.place for row in page.rows]
    back = [row.place for row in page.rows]
    while page.before:
        page = due_list.page(wanted, near=near, before=page.before, size=4)
        back = [row.place for row in page.rows] + back

    assert forth == whole
    assert back == whole
    assert len(set(whole)) == 11


def test_page_by_progress_parts_everybody_into_what_is_going_on(due, near, dealership, service):
    _idle, running, ended, waiting, booked, came = (due(number) for number in range(6))
    of = {"dealership": dealership, "service": service}
    EnrolmentItemFactory(vehicle=running.vehicle, **of)
    EnrolmentItemFactory(
        vehicle=ended.vehicle,
        enrolment=EnrolmentFactory(dealership=dealership, customer=ended.vehicle.customer, state="ended"),
        **of,
    )
    ConversationFactory(dealership=dealership, customer=waiting.vehicle.customer)
    AppointmentFactory(dealership=dealership, vehicle=booked.vehicle)
    AppointmentFactory(dealership=dealership, vehicle=came.vehicle, starts_at=NOW - timedelta(days=2))

    found = {
        progress: days(due_list.page(DueFilter(window=Window.ALL, progress=progress), near=near))
        for progress in Progress
    }

    assert found == {
        Progress.ANY: [0, 1, 2, 3, 4, 5],
        Progress.IDLE: [0, 2, 5],
        Progress.RUNNING: [1],
        Progress.WAITING: [3],
        Progress.BOOKED: [4],
    }


def test_page_by_service_and_search(due, near, dealership):
    wanted, other = due(1), due(2)
    SearchToken.objects.create(dealership=dealership, token="ruiz", customer=wanted.vehicle.customer)
    SearchToken.objects.create(dealership=dealership, token="okafor", customer=other.vehicle.customer)

    by_name = due_list.page(DueFilter(window=Window.ALL, query="Ruí"), near=near)
    by_service = due_list.page(DueFilter(window=Window.ALL, service="test-oil"), near=near)
    by_nothing = due_list.page(DueFilter(window=Window.ALL, service="no-such"), near=near)

    assert (days(by_name), days(by_service), days(by_nothing)) == ([1], [1, 2], [])


def test_row_says_last_contact_next_touch_and_booking(make_busy_customer, near):
    car = make_busy_customer(due_in=3)

    (row,) = due_list.page(EVERYTHING, near=near).rows

    assert (row.vehicle, row.due_words, row.range_words, row.percent) == (
        car,
        "23 Nov",
        "14 Nov to 7 Dec",
        70,
    )
    assert (row.last_contact, row.last_channel, row.is_reply) == ("1 h ago", "sms", True)
    assert (row.next_touch.channel, row.next_words, row.booked_words) == ("email", "Mon 23 Nov", "Tue 24 Nov")


def test_next_touch_of_a_row_is_the_earliest_still_to_come(due, near, dealership, service):
    forecast = due(5)
    item = EnrolmentItemFactory(dealership=dealership, vehicle=forecast.vehicle, service=service)
    for number, (state, day) in enumerate([("sent", 18), ("planned", 27), ("planned", 23), ("skipped", 21)]):
        TouchFactory(
            dealership=dealership,
            enrolment=item.enrolment,
            step_number=number,
            state=state,
            local_on=date(2026, 11, day),
            due_at=datetime(2026, 11, day, 16, tzinfo=NOW.tzinfo),
        )

    (row,) = due_list.page(EVERYTHING, near=near).rows

    assert row.next_touch.at == datetime(2026, 11, 23, 16, tzinfo=NOW.tzinfo)


def test_total_beyond_what_is_counted_says_so(due, near, monkeypatch):
    monkeypatch.setattr(due_list, "MOST_COUNTED", 2)
    for number in range(3):
        due(number)

    assert due_list.page(EVERYTHING, near=near).total_words == "2+"


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_rows(
    make_busy_customer, near, count, django_assert_num_queries
):
    for number in range(count):
        make_busy_customer(due_in=number)

    with django_assert_num_queries(6):
        assert len(due_list.page(EVERYTHING, near=near).rows) == count
