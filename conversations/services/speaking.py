"""Saying something to a customer: one message through the outbox and its gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from booking.logic.calendar import CONTENT_TYPE, Invitation, render_booked, render_cancelled
from booking.models import Appointment
from common.enums import Channel, Purpose
from common.tenancy import current_dealership
from conversations.logic.wording import Setting
from customers.models import Customer, Vehicle
from messaging.enums import Priority
from messaging.queries.gate import person_facts
from messaging.queries.notices import NOTICE_LIFE, foresee_notice
from messaging.services import outbox

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """The way to a customer: channel, address and the language they are spoken to in."""

    customer: Customer
    channel: Channel
    address: str
    language: str
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    subject: str = ""
    attachments: Sequence[dict[str, str]] = ()


def setting_of(line: Line, *, vehicle: Vehicle | None) -> Setting:
    """Return who speaks about what, for the wording."""
    dealership = current_dealership()
    return Setting(
        language=line.language,
        channel=line.channel,
        dealership=dealership.name,
        address=", ".join(part for part in (dealership.street, dealership.city) if part),
        phone=dealership.phone,
        vehicle=name_of(vehicle) if vehicle else "",
    )


def name_of(vehicle: Vehicle) -> str:
    """Return how a customer knows their car: year, make and model; nothing where only the VIN is known."""
    return " ".join(str(part) for part in (vehicle.year, vehicle.make, vehicle.model) if part)


def say(line: Line, words: Words, *, key: str, now: datetime) -> bool:
    """Queue one message and return whether it could be; the key makes a repetition the same message.

    Transactional and ahead of every campaign. The gate still holds it back from who has stopped us. False when
    the dealership has no provider for the channel: then an advisor has to find another way.
    """
    facts = person_facts([line.customer.pk], now=now).get(line.customer.pk)
    draft = outbox.MessageDraft(
        key=key,
        customer_id=line.customer.pk,
        channel=line.channel,
        purpose=Purpose.TRANSACTIONAL,
        to_address=line.address,
        body_text=words.text,
        subject=words.subject if line.channel == Channel.EMAIL else "",
        attachments=words.attachments if line.channel == Channel.EMAIL else (),
        zone_names=facts.zone_names(line.channel) if facts else (),
        places=facts.places(line.channel) if facts else (),
        priority=Priority.URGENT,
        expires_at=now + NOTICE_LIFE,
        is_answer=line.is_answer,
    )
    try:
        outbox.queue([draft], now=now)
    except outbox.NoProvider:
        log.warning("answer_without_provider", channel=line.channel, key=key)
        return False
    return True


def confirmation_line(customer: Customer, *, is_answer: bool = False, now: datetime) -> Line | None:
    """Return the best way to confirm something: an e-mail, else a text; None without either.

    Of two ways the one the gate lets through. Where it refuses both, the first: the refusal is then on record.
    `is_answer`: it confirms what the customer has just done.
    """
    notice = foresee_notice(customer.pk, is_answer=is_answer, now=now)
    if notice is None:
        return None
    return Line(customer, notice.channel, notice.address, notice.language, is_answer=is_answer)


def booked_attachment(appointment: Appointment, line: Line, *, summary: str, now: datetime) -> dict[str, str]:
    """Return the calendar file of an appointment as it stands."""
    return _attachment(render_booked(_invitation(appointment, line, summary), now=now))


def cancelled_attachment(
    appointment: Appointment, line: Line, *, summary: str, now: datetime
) -> dict[str, str]:
    """Return the calendar file that takes an appointment out again."""
    return _attachment(render_cancelled(_invitation(appointment, line, summary), now=now))


def _attachment(content: bytes) -> dict[str, str]:
    return {"name": "appointment.ics", "content_type": CONTENT_TYPE, "text": content.decode()}


def _invitation(appointment: Appointment, line: Line, summary: str) -> Invitation:
    dealership = current_dealership()
    places = (dealership.name, dealership.street, dealership.city, dealership.region, dealership.postal_code)
    return Invitation(
        uid=appointment.uid,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone_name=appointment.zone_name,
        summary=summary,
        description=dealership.phone,
        location=", ".join(part for part in places if part),
        organizer_name=dealership.name,
        organizer_email=dealership.email,
        attendee_email=line.address if line.channel == Channel.EMAIL else "",
    )
