"""Appointments as calendar invitations (RFC 5545, RFC 5546)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Anticipate//Appointments//EN"
# What a mail program needs to offer the invitation as one.
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One appointment as the customer's calendar shall show it.

    `sequence` counts the changes since the first invitation: calendars keep the highest one for a `uid`.
    """

    uid: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone_name: str
    summary: str
    description: str
    location: str
    organizer_name: str
    organizer_email: str
    attendee_email: str


def render_booked(invitation: Invitation, *, now: datetime) -> bytes:
    """Return the .ics of a new or moved appointment; the same uid replaces what the calendar already holds."""
    return _render(invitation, method="REQUEST", status="CONFIRMED", now=now)


def render_cancelled(invitation: Invitation, *, now: datetime) -> bytes:
    """Return the .ics that takes the appointment out of the calendar again."""
    return _render(invitation, method="CANCEL", status="CANCELLED", now=now)


def _render(invitation: Invitation, *, method: str, status: str, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_event(invitation, status=status, now=now))
    # The zone's rules travel along, but only those around the appointment: the whole history of a zone would
    # be 4 kB in every e-mail.
    year = invitation.starts_at.year
    calendar.add_missing_timezones(first_date=date(year - 1, 1, 1), last_date=date(year + 1, 12, 31))
    return bytes(calendar.to_ical())


def _event(invitation: Invitation, *, status: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", str(invitation.uid))
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", _in_zone(invitation.starts_at, zone_name=invitation.zone_name))
    event.add("dtend", _in_zone(invitation.ends_at, zone_name=invitation.zone_name))
    event.add("summary", invitation.summary)
    event.add("description", invitation.description)
    event.add("location", invitation.location)
    event.add("status", status)
    if invitation.organizer_email:
        event.add("organizer", _address(invitation.organizer_email, name=invitation.organizer_name))
    if invitation.attendee_email:
        event.add("attendee", _address(invitation.attendee_email, name=""))
    return event


def _in_zone(moment: datetime, *, zone_name: str) -> datetime:
    """Wall time with its zone; in UTC where the clock shows that time for the second time.

    RFC 5545 reads an ambiguous local time as its first occurrence, an hour before the one meant here.
    """
    local = moment.astimezone(ZoneInfo(zone_name))
    return moment.astimezone(UTC) if local.fold else local


def _address(email: str, *, name: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{email}")
    if name:
        address.params["CN"] = vText(name)
    return address
