from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from booking.logic.calendar import Invitation, render_booked, render_cancelled

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
INVITATION = Invitation(
    uid=UUID("7d3f6f0e-5b1d-4f0e-9a53-0d7b3b0a6f11"),
    sequence=0,
    starts_at=datetime(2026, 11, 24, 21, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 21, 30, tzinfo=UTC),
    zone_name="America/Chicago",
    summary="Service: 2019 Honda Civic",
    description="Oil change, Tire rotation",
    location="1 Main St, Springfield",
    organizer_name="Lakeside Motors",
    organizer_email="service@lakeside.example",
    attendee_email="alice@mail.example",
)


def parsed(ics):
    calendar = Calendar.from_ical(ics)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_render_booked_says_everything_about_the_appointment():
    calendar, event = parsed(render_booked(INVITATION, now=NOW))

    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == "7d3f6f0e-5b1d-4f0e-9a53-0d7b3b0a6f11"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["DTSTART"].to_ical() == b"20261124T150000"
    assert event["DTSTART"].params["TZID"] == "America/Chicago"
    assert event["DTEND"].dt == INVITATION.ends_at
    assert event["DTSTAMP"].dt == NOW
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (INVITATION.summary, INVITATION.description)
    assert event["LOCATION"] == INVITATION.location
    assert event["ORGANIZER"] == "MAILTO:service@lakeside.example"
    assert event["ORGANIZER"].params["CN"] == "Lakeside Motors"
    assert event["ATTENDEE"] == "MAILTO:alice@mail.example"


def test_render_booked_carries_the_rules_of_the_zone_and_stays_small():
    ics = render_booked(INVITATION, now=NOW)

    (zone,) = Calendar.from_ical(ics).walk("VTIMEZONE")
    assert zone["TZID"] == "America/Chicago"
    assert len(ics) < 1500


def test_render_cancelled_keeps_the_uid_and_raises_the_sequence():
    calendar, event = parsed(render_cancelled(replace(INVITATION, sequence=3), now=NOW))

    assert calendar["METHOD"] == "CANCEL"
    assert event["UID"] == str(INVITATION.uid)
    assert (event["SEQUENCE"], event["STATUS"]) == (3, "CANCELLED")


def test_render_booked_without_addresses_has_neither_organizer_nor_attendee():
    _, event = parsed(render_booked(replace(INVITATION, organizer_email="", attendee_email=""), now=NOW))

    assert "ORGANIZER" not in event
    assert "ATTENDEE" not in event


@pytest.mark.parametrize(
    ("starts_at", "written"),
    [
        pytest.param(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), b"20261101T013000", id="first-half-past-one"),
        pytest.param(
            datetime(2026, 11, 1, 7, 30, tzinfo=UTC), b"20261101T073000Z", id="second-half-past-one"
        ),
        pytest.param(
            datetime(2027, 3, 14, 8, 0, tzinfo=UTC), b"20270314T030000", id="after-the-skipped-hour"
        ),
    ],
)
def test_render_booked_is_unambiguous_when_the_clocks_change(starts_at, written):
    _, event = parsed(render_booked(replace(INVITATION, starts_at=starts_at), now=NOW))

    assert event["DTSTART"].to_ical() == written
    assert event["DTSTART"].dt.astimezone(UTC) == starts_at


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_render_booked_never_lets_text_become_properties(text):
    hostile = "x\r\nATTENDEE:MAILTO:evil@mail.example\r\n" + text.replace("\x00", "")

    calendar, event = parsed(
        render_booked(
            replace(
                INVITATION, summary=hostile, description=hostile, location=hostile, organizer_name=hostile
            ),
            now=NOW,
        )
    )

    assert event["ATTENDEE"] == "MAILTO:alice@mail.example"
    assert len(calendar.walk("VEVENT")) == 1
