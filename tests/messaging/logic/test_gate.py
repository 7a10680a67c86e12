from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from messaging.enums import Part, Reason
from messaging.logic.caps import Sent
from messaging.logic.consent import Said
from messaging.logic.gate import ACCOUNT_RECHECK, PAUSE_RECHECK, GateFacts, Send, Skip, Wait, decide
from tests.law import LAW

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # Friday 10:30 in Chicago
CHICAGO = ("America/Chicago",)
GRANTED = Said("sms", "", "granted", "reply", NOW - timedelta(days=9))
WITHDRAWN = Said("", "", "withdrawn", "reply", NOW - timedelta(days=3))


def facts(**fields):
    usual = {
        "channel": "sms",
        "purpose": "marketing",
        "zone_names": CHICAGO,
        "law": LAW,
        "places": ("US-TX",),
        "said": (GRANTED,),
    }
    return GateFacts(**(usual | fields))


# In the documented order: each is put to the test with everything after it true as well.
IN_ORDER = [
    ({"dealership_is_active": False}, Reason.DEALERSHIP_INACTIVE),
    ({"is_internal": True}, Reason.INTERNAL),
    ({"said": (WITHDRAWN, GRANTED)}, Reason.OPTED_OUT),
    ({"said": ()}, Reason.NO_CONSENT),
    ({"has_address": False}, Reason.NO_CONTACT_POINT),
    ({"is_suppressed": True}, Reason.SUPPRESSED),
    ({"has_provider": False}, Reason.NO_PROVIDER),
    ({"vehicle_is_gone": True}, Reason.VEHICLE_GONE),
    ({"enrolment_has_ended": True}, Reason.ENROLMENT_ENDED),
    ({"has_visited": True}, Reason.VISITED),
    ({"is_booked": True}, Reason.BOOKED),
    ({"is_no_longer_due": True}, Reason.NO_LONGER_DUE),
    ({"has_replied": True}, Reason.REPLIED),
    ({"lacks": frozenset({Part.WAY_OUT})}, Reason.INCOMPLETE),
    ({"expires_at": NOW}, Reason.TOO_LATE),
]


@pytest.mark.parametrize("place", range(len(IN_ORDER)))
def test_reason_alone_skips(place):
    fields, reason = IN_ORDER[place]

    assert decide(facts(**fields), now=NOW) == Skip(reason)


@pytest.mark.parametrize("place", range(len(IN_ORDER)))
def test_earlier_reason_wins_over_all_later_ones(place):
    fields: dict = {}
    for later, _ in reversed(IN_ORDER[place:]):
        fields |= later

    assert decide(facts(**fields), now=NOW) == Skip(IN_ORDER[place][1])


def test_nothing_against_it_sends():
    assert decide(facts(), now=NOW) == Send()


def test_paused_cadence_waits():
    assert decide(facts(cadence_is_paused=True), now=NOW) == Wait(NOW + PAUSE_RECHECK, Reason.CADENCE_PAUSED)


def test_before_the_hours_waits_until_they_open():
    early = NOW.replace(hour=12)

    assert decide(facts(), now=early) == Wait(NOW.replace(hour=16, minute=0), Reason.QUIET_HOURS)


def test_wait_that_ends_too_late_skips():
    early = NOW.replace(hour=12)

    verdict = decide(facts(expires_at=NOW.replace(hour=16, minute=0)), now=early)

    assert verdict == Skip(Reason.TOO_LATE)


def test_cap_that_lifts_in_the_night_waits_for_the_next_open_hour():
    verdict = decide(facts(sent=(Sent("sms", NOW - timedelta(hours=1)),)), now=NOW)

    assert verdict == Wait(datetime(2026, 11, 23, 16, 0, tzinfo=UTC), Reason.FREQUENCY_CAP)


def test_answer_is_held_by_neither_hours_nor_caps_but_by_a_stop():
    night = NOW.replace(hour=5)
    answer = facts(is_answer=True, purpose="transactional", sent=(Sent("sms", night),) * 5)

    assert decide(answer, now=night) == Send()
    assert decide(replace(answer, said=(WITHDRAWN,)), now=night) == Skip(Reason.OPTED_OUT)


def test_confirmation_of_a_stop_gets_through_it():
    confirmation = facts(
        said=(WITHDRAWN,), is_suppressed=True, confirms_stop=True, is_answer=True, purpose="transactional"
    )

    assert decide(confirmation, now=NOW) == Send()


@pytest.mark.parametrize(
    ("channel", "purpose", "verdict"),
    [
        ("sms", "marketing", Skip(Reason.NO_CONSENT)),
        ("voice", "marketing", Skip(Reason.NO_CONSENT)),
        ("web_push", "transactional", Skip(Reason.NO_CONSENT)),
        ("sms", "transactional", Send()),
        ("voice", "transactional", Send()),
        ("email", "marketing", Send()),
        ("letter", "marketing", Send()),
    ],
)
def test_consent_needed_by_channel_and_purpose(channel, purpose, verdict):
    assert decide(facts(channel=channel, purpose=purpose, said=()), now=NOW) == verdict


def said(*events):
    """Newest first, as the gate is given them."""
    return tuple(
        Said(channel, purpose, action, source, NOW - timedelta(days=age))
        for age, (channel, purpose, action, source) in enumerate(events)
    )


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("sms", "", "granted", "reply"), ("", "", "withdrawn", "reply")], Send()),
        ([("sms", "", "granted", "dms_attestation"), ("", "", "withdrawn", "reply")], Skip(Reason.OPTED_OUT)),
        (
            [("sms", "", "granted", "dms_attestation"), ("sms", "", "withdrawn", "dms_refusal")],
            Skip(Reason.OPTED_OUT),
        ),
        ([("sms", "", "granted", "dms_attestation")], Send()),
        ([("email", "", "withdrawn", "reply"), ("sms", "", "granted", "reply")], Send()),
        ([("", "marketing", "withdrawn", "link"), ("sms", "", "granted", "reply")], Skip(Reason.OPTED_OUT)),
        ([("sms", "transactional", "withdrawn", "link"), ("sms", "", "granted", "reply")], Send()),
        ([("sms", "transactional", "granted", "reply")], Skip(Reason.NO_CONSENT)),
    ],
)
def test_newest_word_counts_but_an_attestation_never_lifts_a_stop(events, expected):
    assert decide(facts(said=said(*events)), now=NOW) == expected


def test_held_account_makes_everything_wait_that_nothing_refuses():
    held = {"account_is_held": True}
    wait = Wait(NOW + ACCOUNT_RECHECK, Reason.ACCOUNT_HELD)

    assert decide(facts(**held), now=NOW) == wait
    assert decide(facts(**held, is_answer=True), now=NOW) == wait
    assert decide(facts(**held, cadence_is_paused=True), now=NOW) == wait
    for fields, reason in IN_ORDER:
        assert decide(facts(**held, **fields), now=NOW) == Skip(reason)
