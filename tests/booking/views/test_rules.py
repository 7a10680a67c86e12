import re
from datetime import date, time
from html import unescape

import pytest
import time_machine

from booking.models import BookingRules
from dealerships.models import ClosedDay, LogEntry, OpeningHours
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("dealership")

PAGE = "/d/live-oak/appointments/rules/"
CLOSE = "/d/live-oak/appointments/closed-days/"


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def alice(client, world):
    client.force_login(world.alice)
    return client


def words(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def form(**changes):
    """What the page sends when nothing was touched: Monday to Friday 7:30 to 18:00, Saturday 8:00 to 14:00."""
    sent = {"slot_minutes": "30", "capacity_per_slot": "2", "lead_minutes": "120", "horizon_days": "60"}
    for day in range(7):
        opens, closes = ("07:30", "18:00") if day < 5 else ("08:00", "14:00") if day == 5 else ("", "")
        sent |= {
            f"{day}-0-opens": opens,
            f"{day}-0-closes": closes,
            f"{day}-1-opens": "",
            f"{day}-1-closes": "",
        }
    return sent | changes


def present():
    return list(
        OpeningHours.objects.order_by("weekday", "opens_at").values_list("weekday", "opens_at", "closes_at")
    )


def test_the_page_shows_hours_slots_and_what_follows(alice):
    response = alice.get(PAGE)

    shown, html = words(response), response.content.decode()
    assert 'name="0-0-opens" value="07:30"' in html
    assert 'name="slot_minutes" value="30"' in html
    assert "Monday to to 21 slots" in shown
    assert "Saturday to to 12 slots" in shown
    assert "Sunday to to Closed" in shown
    assert "No closed days ahead." in shown
    assert "Thu 26 Nov Thanksgiving Day" in shown


def test_saving_what_is_there_changes_nothing_but_the_log(alice):
    before = present()

    response = alice.post(PAGE, form(), follow=True)

    assert response.redirect_chain == [(PAGE, 302)]
    assert "Saved. What is booked keeps its time." in words(response)
    assert present() == before


def test_an_admin_changes_hours_and_slots(alice, world):
    sent = form(
        slot_minutes="60",
        capacity_per_slot="4",
        **{
            "0-0-opens": "08:00",
            "0-0-closes": "12:00",
            "0-1-opens": "13:00",
            "0-1-closes": "17:00",
            "5-0-opens": "",
            "5-0-closes": "",
        },
    )

    response = alice.post(PAGE, sent, follow=True)

    assert present()[:2] == [(0, time(8), time(12)), (0, time(13), time(17))]
    assert [row[0] for row in present()] == [0, 0, 1, 2, 3, 4]
    rules = BookingRules.objects.get()
    assert (rules.slot_minutes, rules.capacity_per_slot) == (60, 4)
    assert "Monday to to 8 slots" in words(response)
    assert LogEntry.objects.get(action="booking.rules.changed").actor == world.alice


WRONG = {
    "half-a-pair": ({"0-0-closes": ""}, "Monday: both ends are needed, or neither."),
    "backwards": ({"1-0-closes": "07:00"}, "Tuesday closes before it opens. 23:59 is the latest."),
    "midnight": ({"1-0-closes": "00:00"}, "Tuesday closes before it opens. 23:59 is the latest."),
    "overlap": ({"2-1-opens": "17:00", "2-1-closes": "19:00"}, "Wednesday: the two stretches overlap."),
    "same-twice": ({"2-1-opens": "07:30", "2-1-closes": "18:00"}, "Wednesday: the two stretches overlap."),
    "no-time": ({"3-0-opens": "early"}, "Thursday opens: write the time as 08:00."),
    "always-closed": (
        {f"{day}-0-{end}": "" for day in range(7) for end in ("opens", "closes")},
        "The dealership would be closed all week",
    ),
    "no-length": ({"slot_minutes": "0"}, "Ensure this value is greater than or equal to 5."),
    "too-long": ({"slot_minutes": "600"}, "Ensure this value is less than or equal to 480."),
    "not-a-number": ({"capacity_per_slot": "two"}, "Enter a whole number."),
    "nobody": ({"capacity_per_slot": "0"}, "Ensure this value is greater than or equal to 1."),
    "empty": ({"horizon_days": ""}, "This field is required."),
    "no-slot-fits": (
        {"slot_minutes": "480"}
        | {f"{day}-0-opens": "09:00" for day in range(6)}
        | {f"{day}-0-closes": "16:59" for day in range(6)},
        "No slot of this length fits into the opening hours.",
    ),
}


@pytest.mark.parametrize(("changes", "complaint"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_where_it_is_and_nothing_is_saved(alice, changes, complaint):
    before = present()

    response = alice.post(PAGE, form(**changes))

    assert response.status_code == 422
    assert complaint in words(response)
    assert "Nothing is saved yet" in words(response)
    assert present() == before
    assert BookingRules.objects.get().slot_minutes == 30
    assert not LogEntry.objects.filter(action="booking.rules.changed").exists()


def test_a_third_stretch_is_kept(alice, dealership):
    OpeningHours.objects.filter(weekday=0).update(closes_at=time(10))
    for opens, closes in ((time(11), time(12)), (time(13), time(14))):
        OpeningHours.objects.create(dealership=dealership, weekday=0, opens_at=opens, closes_at=closes)

    html = alice.get(PAGE).content.decode()

    assert 'name="0-2-opens" value="13:00"' in html


@pytest.mark.parametrize("who", ["bob", "vera"])
def test_others_see_and_change_nothing(client, world, who):
    client.force_login(getattr(world, who))
    day = ClosedDay.objects.create(dealership=world.dealership, on=date(2026, 12, 24))

    shown = client.get(PAGE)

    assert "Only admins of the dealership change these." in words(shown)
    assert "Save hours" not in words(shown)
    assert "Open again" not in words(shown)
    assert client.post(PAGE, form(slot_minutes="60")).status_code == 403
    assert client.post(CLOSE, {"on": "2026-12-25"}).status_code == 403
    assert client.post(f"{CLOSE}{day.pk}/reopen/").status_code == 403
    assert ClosedDay.objects.count() == 1
    assert BookingRules.objects.get().slot_minutes == 30


def test_closing_several_days_leaves_those_closed_already(alice, dealership):
    ClosedDay.objects.create(dealership=dealership, on=date(2026, 12, 25), reason="Christmas")

    response = alice.post(
        CLOSE, {"on": "2026-12-24", "until": "2026-12-26", "reason": "Stocktaking"}, follow=True
    )

    assert "Closed on 2 more days." in words(response)
    assert list(ClosedDay.objects.order_by("on").values_list("on", "reason")) == [
        (date(2026, 12, 24), "Stocktaking"),
        (date(2026, 12, 25), "Christmas"),
        (date(2026, 12, 26), "Stocktaking"),
    ]


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({}, "This field is required."),
        ({"on": "2026-11-19"}, "That day is over."),
        ({"on": "9999-01-01"}, "That day is over."),
        ({"on": "2026-12-24", "until": "2026-12-23"}, "The last day lies before the first."),
        ({"on": "2026-12-24", "until": "2027-12-24"}, "At most 92 days at a time."),
        ({"on": "2026-12-24", "reason": "x" * 101}, "at most 100 characters"),
    ],
)
def test_closing_says_what_is_wrong(alice, sent, complaint):
    response = alice.post(CLOSE, sent)

    assert response.status_code == 422
    assert complaint in words(response)
    assert not ClosedDay.objects.exists()


def test_a_closed_day_is_opened_again(alice, dealership):
    day = ClosedDay.objects.create(dealership=dealership, on=date(2026, 12, 25))

    response = alice.post(f"{CLOSE}{day.pk}/reopen/", follow=True)

    assert "Open again on Fri 25 Dec 2026." in words(response)
    assert not ClosedDay.objects.exists()
    assert alice.post(f"{CLOSE}{day.pk}/reopen/").status_code == 404


def test_a_holiday_that_is_closed_is_not_proposed(alice, dealership):
    ClosedDay.objects.create(dealership=dealership, on=date(2026, 11, 26), reason="Thanksgiving Day")

    assert "Thanksgiving Day Close on" not in words(alice.get(PAGE))
    assert 'aria-label="Close on 26 Nov 2026' not in alice.get(PAGE).content.decode()


def test_appointments_left_outside_are_listed_to_be_moved(alice, booked, dealership):
    assert "Booked while you are closed" not in words(alice.get(PAGE))

    alice.post(CLOSE, {"on": "2026-11-24"})

    shown = words(alice.get(PAGE))
    assert "Booked while you are closed" in shown
    assert f"{booked.customer.display_name} Tuesday, November 24 at 3 PM 2019 Honda Civic Move" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_much_is_closed(
    alice, dealership, count, django_assert_num_queries
):
    for number in range(count):
        ClosedDay.objects.create(dealership=dealership, on=date(2026, 12, 24 + number))

    with django_assert_num_queries(10):
        alice.get(PAGE)
