"""The one gate: whether a message may leave at this moment.

Everything that ever sends asks here, twice: campaigns when a touch is due, and the sender in the transaction that
claims the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from messaging.enums import Part, Reason
from messaging.logic.caps import Sent, cap_lifts_at
from messaging.logic.consent import Said, Standing, standing
from messaging.logic.law import Law
from messaging.logic.sending_windows import next_allowed, what_closes

# Who has just written is awake, and an answer within the hour is one to them; the next morning at five it wakes them. House
# rule: 47 CFR 64.1200(c)(1) binds solicitations only, and names no time for answers.
ANSWER_HOLDS = timedelta(hours=1)
ACCOUNT_RECHECK = timedelta(minutes=30)  # likewise; whatever makes an account work again releases what waits
PAUSE_RECHECK = timedelta(hours=1)  # a paused cadence is looked at again; ending the pause rings anyway


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that the gate looks at; what a caller does not know keeps its harmless default.

    `said` newest first; `zone_names` all zones the recipient may be in and `places` all jurisdictions (`US-TX`, or `US` where
    no more is known); `sent` the person's marketing messages of the last week, over all cadences; `lacks` what the law
    requires in the text and is not there; `is_answer`: it answers what the customer has just written or pressed, and
    was written less than `ANSWER_HOLDS` ago; `confirms_stop`: it is the one confirmation a stop is answered with.
    """

    channel: str
    purpose: str
    zone_names: Sequence[str]
    law: Law
    places: tuple[str, ...]
    said: Sequence[Said] = ()
    sent: Sequence[Sent] = ()
    expires_at: datetime | None = None
    dealership_is_active: bool = True
    cadence_is_paused: bool = False
    is_internal: bool = False
    vehicle_is_gone: bool = False
    has_address: bool = True
    is_suppressed: bool = False
    has_provider: bool = True
    is_booked: bool = False
    has_visited: bool = False
    has_replied: bool = False
    is_no_longer_due: bool = False
    enrolment_has_ended: bool = False
    lacks: frozenset[Part] = frozenset()
    is_answer: bool = False
    confirms_stop: bool = False
    account_is_held: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    pass


@dataclass(frozen=True, slots=True)
class Wait:
    """`rule` is the key of the rule of the law that decided; two waits until the same moment are equal without it."""

    until: datetime
    reason: Reason
    rule: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Skip:
    """`rule` as for Wait: empty where no rule of the law decided."""

    reason: Reason
    rule: str = field(default="", compare=False)


Verdict = Send | Wait | Skip


def decide(facts: GateFacts, *, now: datetime) -> Verdict:
    """Send, Wait(until, reason) or Skip(reason). The first that applies, in this order:

    1. dealership inactive  2. internal customer (the dealership itself)  3. opted out  4. no consent
    5. no contact point  6. suppressed address  7. no provider for the channel  8. vehicle gone
    9. enrolment ended  10. visited  11. booked  12. no longer due  13. replied  14. text lacks what the law requires
    15. too late already  16. the provider account is paused or failing (waits)  17. cadence paused (waits)
    18. quiet hours and frequency cap (waits for both)  19. too late by then

    A stop thus comes before every reason that might pass; only its own confirmation gets through it. An answer to the customer's own message is held by
    neither quiet hours nor caps, but by everything else.

    The law comes with the facts (`law`), so that whoever loaded it once asks about many; a verdict names its rule.
    """
    if (reason := _refusal(facts)) is not Reason.NONE:
        return Skip(reason)
    if facts.expires_at is not None and now >= facts.expires_at:
        return Skip(Reason.TOO_LATE)
    if facts.account_is_held:
        return Wait(now + ACCOUNT_RECHECK, Reason.ACCOUNT_HELD)
    if facts.cadence_is_paused:
        return Wait(now + PAUSE_RECHECK, Reason.CADENCE_PAUSED)
    if facts.is_answer:
        return Send()
    return _when(facts, now=now)


def _refusal(facts: GateFacts) -> Reason:
    consent = standing(facts.said, channel=facts.channel, purpose=facts.purpose)
    checks = (
        (not facts.dealership_is_active, Reason.DEALERSHIP_INACTIVE),
        (facts.is_internal, Reason.INTERNAL),
        (consent is Standing.WITHDRAWN and not facts.confirms_stop, Reason.OPTED_OUT),
        (consent is Standing.MISSING, Reason.NO_CONSENT),
        (not facts.has_address, Reason.NO_CONTACT_POINT),
        (facts.is_suppressed and not facts.confirms_stop, Reason.SUPPRESSED),
        (not facts.has_provider, Reason.NO_PROVIDER),
        (facts.vehicle_is_gone, Reason.VEHICLE_GONE),
        (facts.enrolment_has_ended, Reason.ENROLMENT_ENDED),
        (facts.has_visited, Reason.VISITED),
        (facts.is_booked, Reason.BOOKED),
        (facts.is_no_longer_due, Reason.NO_LONGER_DUE),
        (facts.has_replied, Reason.REPLIED),
        (bool(facts.lacks), Reason.INCOMPLETE),
    )
    return next((reason for applies, reason in checks if applies), Reason.NONE)


def _when(facts: GateFacts, *, now: datetime) -> Verdict:
    law, zones = facts.law, facts.zone_names
    hours = law.hours(channel=facts.channel, purpose=facts.purpose, places=facts.places)
    lift = cap_lifts_at(
        now,
        channel=facts.channel,
        purpose=facts.purpose,
        sent=facts.sent,
        zone_names=zones,
        law=law,
        places=facts.places,
    )
    at = next_allowed(lift.at if lift else now, hours=hours, zone_names=zones)
    if at is not None and at <= now:
        return Send()
    closing = what_closes(now, hours=hours, zone_names=zones)
    closed_by = closing.rule.key if closing else ""
    if at is None:
        return Skip(Reason.QUIET_HOURS, closed_by)
    rule = lift.rule.key if lift else closed_by
    if facts.expires_at is not None and at >= facts.expires_at:
        return Skip(Reason.TOO_LATE, rule)
    return Wait(at, Reason.FREQUENCY_CAP if lift else Reason.QUIET_HOURS, rule)
