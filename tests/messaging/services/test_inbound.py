"""What customers write: the way in for a stop, in every form it takes."""

import pytest

from campaigns.logic.built_in import FRAMES
from conversations.models import Conversation
from messaging.adapters.webhook import InboundEvent
from messaging.models import ConsentEvent, InboundMessage, Message, ProviderAccount, Suppression
from messaging.services import inbound
from tests.factories.campaigns import EnrolmentFactory, TouchFactory
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import MessageFactory

EMAIL = "marisol@mail.example.com"
PHONE = "+15125550123"
OURS = FRAMES["email", "en"]  # asks for "Tuesday at 3" and says "No more reminders, please"


@pytest.fixture
def customer(dealership):
    customer = CustomerFactory(dealership=dealership)
    ContactPointFactory(dealership=dealership, customer=customer, value=PHONE)
    ContactPointFactory(dealership=dealership, customer=customer, kind="email", value=EMAIL)
    return customer


@pytest.fixture
def hear(dealership, now):
    """Take in what somebody wrote: `hear("stop")`."""

    def receive(text, *, channel="email", sender="", **more):
        account = ProviderAccount.objects.get(channel=channel)
        event = InboundEvent(
            channel=channel,
            from_address=sender or (EMAIL if channel == "email" else PHONE),
            to_address="",
            text=text,
            **more,
        )
        key = f"in{InboundMessage.objects.count()}"
        return inbound.receive(event, account_id=account.pk, event_key=key, now=now)

    return receive


def quoted(lines):
    return "\n".join(f"> {line}" for line in lines.split("\n"))


QUOTES = {
    "gmail": f"\n\nOn Fri, Nov 20, 2026 at 10:00 AM Live Oak Motors <service@x.example> wrote:\n\n{quoted(OURS)}",
    "outlook": f"\n\n________________________________\nFrom: Live Oak Motors <service@x.example>\nSent: Friday\n\n{OURS}",
    "outlook, name only": f"\n\nFrom: Live Oak Motors\nSent: Friday\nTo: Marisol\n\n{OURS}",
    "phone": f"\n\nSent from my iPhone\n\n> On Nov 20, 2026, at 10:00 AM, Live Oak <s@x.example> wrote:\n>\n{quoted(OURS)}",
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
class TestReplyThatQuotesOurMail:
    def test_books_and_is_no_stop(self, hear, customer, quote):
        message = hear(f"Tuesday at 3 works{quote}")

        assert not message.is_opt_out
        assert not ConsentEvent.objects.filter(action="withdrawn").exists()
        assert customer.appointments.count() == 1

    def test_stop_above_it_is_one(self, hear, customer, quote):
        assert hear(f"Remove{quote}").is_opt_out

    def test_nothing_above_it_neither_books_nor_stops(self, hear, customer, quote):
        message = hear(quote)

        assert not message.is_opt_out
        assert customer.appointments.count() == 0


@pytest.mark.parametrize(
    ("subject", "text", "is_stop"),
    [
        ("Unsubscribe", "Sent from my iPhone", True),
        ("STOP", "", True),
        ("unsubscribe", "Thank you,\nMarisol", True),
        ("Re: Your Civic: stop reminders", "yes please", False),
        ("Cancel", "my appointment on tuesday, please", False),
    ],
)
def test_stop_in_the_subject_of_a_mail(hear, customer, subject, text, is_stop):
    assert hear(text, subject=subject).is_opt_out is is_stop


@pytest.mark.parametrize(
    ("channel", "sender"),
    [
        ("sms", "512-555-0123"),
        ("sms", "5125550123"),
        ("sms", "+1 (512) 555-0123"),
        ("email", "MARISOL@Mail.Example.com"),
        ("email", "Marisol Delgado <Marisol@mail.example.com>"),
    ],
)
def test_sender_is_known_however_the_provider_writes_it(hear, customer, channel, sender):
    message = hear("STOP", channel=channel, sender=sender)

    assert (message.customer, message.is_opt_out) == (customer, True)
    assert set(customer.consent_events.values_list("action", flat=True)) == {"withdrawn"}


def test_stop_beside_an_answer_counts_and_books_nothing(hear, customer):
    assert hear("Tuesday at 3 works. STOP", channel="sms").is_opt_out
    assert customer.appointments.count() == 0


class TestAnotherMailbox:
    """Whoever names one of our messages from an address we do not know."""

    @pytest.fixture
    def reminder(self, dealership, customer, now):
        return MessageFactory(
            dealership=dealership,
            customer=customer,
            channel="email",
            to_address=EMAIL,
            key="touch:1",
            state="accepted",
            accepted_at=now,
        )

    def test_may_not_book_for_the_customer_nor_be_answered(self, hear, customer, reminder):
        message = hear("tuesday at 3 works", sender="mallory@evil.example", in_reply_to="touch:1")

        assert (message.customer, message.state) == (None, "unmatched")
        assert customer.appointments.count() == 0
        assert not Message.objects.filter(to_address="mallory@evil.example").exists()

    def test_may_stop_it(self, hear, customer, reminder):
        hear("unsubscribe", sender="marisol@work.example", in_reply_to="touch:1")

        assert customer.consent_events.filter(action="withdrawn", channel="email").exists()

    def test_of_the_same_customer_books(self, hear, dealership, customer, reminder):
        ContactPointFactory(dealership=dealership, customer=customer, kind="email", value="m@work.example")

        hear("tuesday at 3 works", sender="m@work.example", in_reply_to="touch:1")

        assert customer.appointments.count() == 1


class TestAnswerOfAHousehold:
    """One person in two rows, or two with one telephone: whoever answers, nobody there is reminded meanwhile."""

    @pytest.fixture
    def enrolments(self, dealership, customer):
        spouse, stranger = CustomerFactory.create_batch(2, dealership=dealership)
        ContactPointFactory(dealership=dealership, customer=spouse, value=PHONE)
        ContactPointFactory(dealership=dealership, customer=stranger, value="+15125550999")
        return [
            EnrolmentFactory(dealership=dealership, customer=each) for each in (customer, spouse, stranger)
        ]

    def states(self, enrolments):
        for each in enrolments:
            each.refresh_from_db()
        return [each.state for each in enrolments]

    def test_pauses_the_reminders_of_all_its_rows(self, hear, dealership, enrolments, now):
        waiting = MessageFactory(dealership=dealership, customer=enrolments[1].customer)
        touch = TouchFactory(
            dealership=dealership, enrolment=enrolments[1], channel="sms", state="sent", message=waiting
        )

        hear("what does it cost?", channel="sms")

        assert self.states(enrolments) == ["paused", "paused", "active"]
        waiting.refresh_from_db()
        touch.refresh_from_db()
        assert (waiting.state, waiting.reason) == ("cancelled", "replied")
        assert (touch.state, touch.reason) == ("cancelled", "replied")

    def test_by_e_mail_pauses_only_who_has_that_mailbox(self, hear, enrolments):
        hear("what does it cost?")

        assert self.states(enrolments) == ["paused", "active", "active"]

    def test_from_a_mailbox_nobody_has_pauses_nobody_else(self, hear, dealership, enrolments, now):
        hear("what does it cost?", sender="mallory@evil.example")

        assert self.states(enrolments) == ["active", "active", "active"]


class TestWordsBesideAStop:
    def waiting(self):
        return list(Conversation.objects.filter(state="waiting").values_list("customer_id", "waiting_reason"))

    def test_are_stopped_first_and_wait_for_a_person(self, hear, customer):
        message = hear("STOP. also is my car ready?", channel="sms")

        assert message.is_opt_out
        assert set(customer.consent_events.values_list("channel", "action")) == {
            ("sms", "withdrawn"),
            ("voice", "withdrawn"),
        }
        assert self.waiting() == [(customer.pk, "stopped_and_more")]
        assert not Message.objects.filter(key__startswith="answer:").exists()
        assert Message.objects.filter(confirms_stop=True).count() == 1

    def test_report_of_the_provider_is_nothing_they_said(self, hear, customer):
        words = "Unsubscribed with the mail provider"
        assert hear(words, provider_has_stopped=True, is_report=True).is_opt_out

        assert self.waiting() == []

    def test_stop_alone_waits_for_nobody(self, hear, customer):
        hear("please stop texting me", channel="sms")

        assert self.waiting() == []

    def test_in_a_mail_only_their_own_words_count(self, hear, customer):
        hear(f"Unsubscribe{QUOTES['gmail']}")
        assert self.waiting() == []

        hear(f"Unsubscribe. Did you find my keys?{QUOTES['gmail']}")
        assert self.waiting() == [(customer.pk, "stopped_and_more")]

    def test_another_way_instead_stops_only_the_named_one(self, hear, customer):
        hear("stop calling me, text me instead", channel="sms")

        assert list(customer.consent_events.values_list("channel", flat=True)) == ["voice"]
        assert list(Suppression.objects.values_list("channel", "address")) == [("voice", PHONE)]
        assert self.waiting() == [(customer.pk, "stopped_and_more")]
        assert not Message.objects.filter(confirms_stop=True).exists()

    def test_another_channel_named_blocks_no_number(self, hear, customer):
        hear("stop emailing me, text me instead", channel="sms")

        assert list(customer.consent_events.values_list("channel", flat=True)) == ["email"]
        assert not Suppression.objects.exists()

    def test_of_nobody_we_know_are_shown_by_themselves(self, hear, dealership):
        assert hear("stop", channel="sms", sender="+15125550777").state == "handled"
        message = hear("stop, this is my work phone", channel="sms", sender="+15125550777")

        assert (message.state, message.is_opt_out) == ("unmatched", True)
