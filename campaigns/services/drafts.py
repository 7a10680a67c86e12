"""Writes the messages of touches: text, address, and what a letter needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.logic import gsm, wording, words
from campaigns.logic.dispatch import Send, TouchFacts
from campaigns.logic.wording import ReminderFacts, Template
from campaigns.queries import reminders
from campaigns.queries.cadences import Version
from campaigns.queries.reminders import Names
from campaigns.queries.touches import DueTouch, Situation
from common import wall_time
from common.enums import Channel, Language, Purpose
from messaging.adapters.base import Letter, PostalAddress
from messaging.logic.person import PersonFacts, Point
from messaging.services.outbox import MessageDraft

LONGEST_SUBJECT = 300  # as a message can hold; a household of many cars reaches it


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the messages of one batch from names loaded once."""

    names: Names
    situation: Situation
    now: datetime

    def draft(self, touch: DueTouch, *, facts: TouchFacts, send: Send, person: PersonFacts) -> MessageDraft:
        """Return the message of one touch, ready for the outbox.

        raises: LiquidError for a template that cannot be rendered
        """
        today = wall_time.to_local(self.now, zone_name=touch.zone_name).date()
        says = reminders.reminder_facts(
            touch.id, customer_id=touch.customer_id, items=send.items, names=self.names, today=today
        )
        template = template_for(
            self.situation.versions[touch.version_id],
            step_number=touch.step_number,
            channel=send.channel,
            language=says.language,
        )
        text = wording.render(template, facts=says)
        point = person.point_for(send.channel)
        if point is None:
            raise LookupError(f"touch {touch.id}: the gate let through a channel without an address")
        return MessageDraft(
            key=f"touch:{touch.id}",
            customer_id=touch.customer_id,
            channel=Channel(send.channel),
            purpose=Purpose(facts.purpose),
            to_address=point.value,
            subject=text.subject[:LONGEST_SUBJECT],
            body_text=gsm.fold(text.body) if send.channel == Channel.SMS else text.body,
            body_html=text.html,
            zone_names=person.zone_names(send.channel),
            places=person.places(send.channel),
            expires_at=facts.expires_at,
            letter=self._letter(says, point=point, touch=touch) if send.channel == Channel.LETTER else None,
        )

    def _letter(self, says: ReminderFacts, *, point: Point, touch: DueTouch) -> Letter:
        home = self.names.dealership
        language = words.known_language(says.language)
        return Letter(
            recipient=PostalAddress(
                name=self.names.customers[touch.customer_id].display_name,
                street=point.street,
                city=point.city,
                region=point.region,
                postal_code=point.postal_code,
                country=point.country or home.country,
            ),
            sender=PostalAddress(
                name=home.name,
                street=home.street,
                city=home.city,
                region=home.region,
                postal_code=home.postal_code,
                country=home.country,
            ),
            phone=says.dealership_phone,
            language=language,
            written_on=words.say_date(says.today, language=language),
            book_url=says.booking_link,
            opt_out_line=wording.letter_way_out(says),
        )


def writer_for(sends: Sequence[tuple[DueTouch, Send]], *, situation: Situation, now: datetime) -> Writer:
    """Return a writer that knows the names everything in these messages mentions."""
    customer_ids = {touch.customer_id for touch, _ in sends}
    items = {(item.vehicle_id, item.service_id) for _, send in sends for item in send.items}
    return Writer(reminders.names(customer_ids, items), situation, now)


def template_for(version: Version, *, step_number: int, channel: str, language: str) -> Template:
    """Return a step's template for a channel: in the language, or in English, or in any there is."""
    for wanted in (language, Language.ENGLISH, *Language):
        if template := version.templates.get((step_number, channel, wanted)):
            return template
    raise LookupError(f"version {version.id} has no text for step {step_number} on {channel}")
