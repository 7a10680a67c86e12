from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.enums import ErrorCode, MessageState
from messaging.logic import zones
from messaging.logic.consent import Said, has_asked_to_stop
from messaging.logic.outcomes import Failure, Try, not_accepted, put_back
from messaging.logic.person import PersonFacts, Point
from messaging.logic.retry import MOST_ATTEMPTS, GiveUp, TryAgain, next_try
from messaging.logic.segments import Segments, count_segments
from messaging.logic.states import RANK, advances, states_before
from messaging.logic.stop_confirmation import confirmation
from messaging.logic.zones import plausible_zones
from tests.law import LAW

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


class TestStates:
    @pytest.mark.parametrize("current", list(RANK))
    @pytest.mark.parametrize("news", ["accepted", "delivered", "failed"])
    def test_news_moves_up_only(self, current, news):
        assert advances(current, news) is (RANK[news] > RANK[current])

    def test_nothing_leaves_cancelled(self):
        assert "cancelled" not in {*states_before("accepted"), *states_before("failed")}

    def test_no_provider_says_queued(self):
        with pytest.raises(ValueError, match="queued"):
            advances(MessageState.SENDING, MessageState.QUEUED)


class TestRetry:
    def wait(self, attempts=1, code=ErrorCode.TEMPORARY, **more):
        usual = {"is_permanent": False, "retry_after": None, "spread": 0.0, "now": NOW}
        return next_try(code=code, attempts=attempts, **(usual | more))

    def test_waits_grow_and_end(self):
        waits = [self.wait(number) for number in range(1, MOST_ATTEMPTS + 1)]

        moments = [each.at for each in waits[:-1]]
        assert moments == sorted(moments)
        assert moments[0] == NOW + timedelta(seconds=15)
        assert waits[-1] == GiveUp()

    def test_refused_credentials_are_never_given_up(self):
        late = self.wait(MOST_ATTEMPTS + 5, code=ErrorCode.AUTHENTICATION)

        assert isinstance(late, TryAgain)
        assert self.wait(MOST_ATTEMPTS, code=ErrorCode.CONFIGURATION) == GiveUp()

    def test_permanent_is_never_tried_again(self):
        assert self.wait(is_permanent=True) == GiveUp()

    def test_provider_may_ask_for_more_time_not_less_and_not_for_ever(self):
        assert self.wait(retry_after=3600) == TryAgain(NOW + timedelta(hours=1))
        assert self.wait(retry_after=1) == TryAgain(NOW + timedelta(seconds=15))
        assert self.wait(retry_after=1e9) == TryAgain(NOW + timedelta(days=1))

    def test_spread_lengthens_by_a_quarter_at_most(self):
        assert self.wait(spread=1.0) == TryAgain(NOW + timedelta(seconds=18.75))

    def test_wrong_credentials_wait_for_a_person(self):
        assert self.wait(code=ErrorCode.AUTHENTICATION) == TryAgain(NOW + timedelta(minutes=15))

    def test_unknown_outcome_is_never_queued(self):
        tried = Try(1, 1, "c", 1, NOW, NOW)
        outcome = not_accepted(tried, Failure(ErrorCode.UNKNOWN_OUTCOME), spread=0.0)
        assert (outcome.state, outcome.retry_at) == ("unconfirmed", None)

    def test_put_back_is_no_attempt(self):
        outcome = put_back(Try(1, 1, "c", 1, NOW, NOW), at=NOW)
        assert (outcome.state, outcome.attempt) == ("queued", "")


class TestSegments:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", Segments("GSM-7", 0, 1)),
            ("a" * 160, Segments("GSM-7", 160, 1)),
            ("a" * 161, Segments("GSM-7", 161, 2)),
            ("a" * 306, Segments("GSM-7", 306, 2)),
            ("a" * 307, Segments("GSM-7", 307, 3)),
            ("€" * 80, Segments("GSM-7", 160, 1)),
            (
                "a" * 152 + "€" + "a" * 152,
                Segments("GSM-7", 306, 3),
            ),  # the euro does not fit and opens part two
            ("é" * 160, Segments("GSM-7", 160, 1)),
            ("á" * 70, Segments("UCS-2", 70, 1)),
            ("á" * 71, Segments("UCS-2", 71, 2)),
            ("🚗" * 35, Segments("UCS-2", 70, 1)),
            ("a" * 66 + "🚗" + "a" * 66, Segments("UCS-2", 134, 3)),
        ],
    )
    def test_parts_are_counted(self, text, expected):
        assert count_segments(text) == expected


class TestZones:
    @pytest.mark.parametrize(
        ("phone", "region", "expected"),
        [
            ("+12125551234", "NY", ("America/New_York",)),
            ("+12125551234", "CA", ("America/Los_Angeles", "America/New_York")),
            ("+18505551234", "", ("America/Chicago", "America/New_York")),
            ("", "TX", ("America/Chicago", "America/Denver")),
            ("", "", ("America/Denver",)),
            ("", "??", ("America/Denver",)),
            ("nonsense", "", ("America/Denver",)),
            ("+18005551234", "IL", ("America/Chicago",)),
        ],
    )
    def test_zones(self, phone, region, expected):
        assert plausible_zones(phone=phone, region=region, dealership_zone="America/Denver") == expected

    @given(st.integers(200, 999), st.integers(0, 999), st.integers(0, 9999))
    def test_last_four_digits_say_nothing(self, area, exchange, subscriber):
        start = f"+1{area}{exchange:03}"
        known = zones._area_zones.__wrapped__
        assert known(f"{start}{subscriber:04}") == known(f"{start}{zones.ANY_SUBSCRIBER}")

    def test_number_from_anywhere_without_address_is_in_every_zone(self):
        found = plausible_zones(phone="+18005551234", dealership_zone="America/Chicago")
        assert {"Pacific/Honolulu", "America/New_York"} <= set(found)


class TestPerson:
    POINTS = (
        Point(1, "phone", "+15125550001", textability="landline"),
        Point(2, "phone", "+15125550002"),
        Point(3, "email", "a@example.com", validity="invalid"),
    )

    def person(self, **fields):
        return PersonFacts(1, "America/Chicago", LAW, points=self.POINTS, **fields)

    def test_landline_is_called_and_not_texted(self):
        assert self.person().point_for("sms").id == 2
        assert self.person().point_for("voice").id == 1

    def test_invalid_address_is_none(self):
        facts = self.person(provided=frozenset({"email"})).gate_facts(channel="email", purpose="marketing")
        assert (facts.has_address, facts.has_provider) == (False, True)

    def test_suppressed_number_is_used_only_if_there_is_no_other(self):
        voice = self.person(suppressed=frozenset({("voice", "+15125550001")}))
        assert voice.point_for("voice").id == 2
        text = self.person(suppressed=frozenset({("sms", "+15125550002")}))
        assert text.gate_facts(channel="sms", purpose="marketing").is_suppressed


def test_confirmation_of_a_stop_names_the_dealership_and_sells_nothing():
    words = confirmation(name="Live Oak", phone="+15125550100", language="es")
    assert (
        words
        == "Live Oak: no recibirá más mensajes ni llamadas automáticas nuestras. ¿Preguntas? Llame al +15125550100."
    )
    assert confirmation(name="Live Oak", phone="", language="xx").startswith("Live Oak: you will get no more")


class TestAskedToStop:
    """Newest first, as consent is read."""

    SINCE = NOW - timedelta(days=10)

    def said(self, days_ago, action, *, channel="sms", purpose="", source="reply"):
        return Said(channel, purpose, action, source, NOW - timedelta(days=days_ago))

    def asked(self, *said):
        return has_asked_to_stop(said, purpose="marketing", since=self.SINCE)

    def test_on_whatever_channel(self):
        assert self.asked(self.said(1, "withdrawn", channel="voice"))
        assert self.asked(self.said(1, "withdrawn", channel="", purpose="marketing"))

    def test_not_before_or_at_the_moment_asked_about(self):
        assert not self.asked(self.said(10, "withdrawn"))
        assert not self.asked(self.said(11, "withdrawn"))

    def test_not_about_another_purpose_nor_in_a_files_words(self):
        assert not self.asked(self.said(1, "withdrawn", purpose="transactional"))
        assert not self.asked(self.said(1, "withdrawn", source="dms_refusal"))

    def test_their_newest_word_counts(self):
        assert not self.asked(self.said(1, "granted"), self.said(2, "withdrawn"))
        assert self.asked(self.said(1, "granted", source="dms_attestation"), self.said(2, "withdrawn"))

    def test_nothing_said_is_no_stop(self):
        assert not self.asked()
