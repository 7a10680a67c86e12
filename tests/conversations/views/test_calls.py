"""A whole reminder call as Twilio leads it, through the real addresses."""

from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest
import time_machine
from twilio.request_validator import RequestValidator

from booking.models import Appointment
from common.tenancy import cross_tenant
from conversations.models import Conversation
from dealerships.models import OpeningHours
from messaging.models import ConsentEvent, InboundMessage, Message, ProviderAccount, Suppression
from tests.conversations.conftest import PHONE, answers, thread
from tests.factories.campaigns import EnrolmentItemFactory, TouchFactory
from tests.factories.messaging import ConsentEventFactory, MessageFactory, SuppressionFactory

SID, TOKEN = "AC" + "a" * 32, "0123456789abcdef0123456789abcdef"
WORDS = "Hello. This is an automated call from Live Oak Motors. To book a time, press 1."


@pytest.fixture
def account(dealership):
    account = ProviderAccount.objects.get(channel="voice", is_active=True)
    account.provider, account.config = "twilio_voice", {"account_sid": SID, "auth_token": TOKEN}
    account.from_address = "+15005550006"
    account.save()
    return account


@pytest.fixture
def call(dealership, customer, vehicle, account, now):
    """The message whose call is going on."""
    item = EnrolmentItemFactory(dealership=dealership, vehicle=vehicle)
    message = MessageFactory(
        dealership=dealership,
        customer=customer,
        account=account,
        key="touch:1",
        channel="voice",
        purpose="marketing",
        to_address=PHONE,
        body_text=WORDS,
        state="accepted",
    )
    TouchFactory(
        dealership=dealership, enrolment=item.enrolment, channel="voice", state="sent", message=message
    )
    return message


class Line:
    """The phone of a customer: what is said into it, and the address Twilio asks next."""

    def __init__(self, client, account, public_url):
        self.client, self.account, self.public_url = client, account, public_url
        self.next = ""

    def post(self, path, token=TOKEN, **fields):
        fields = {"AccountSid": SID, "CallSid": "CA1", "From": "+15005550006", "To": PHONE} | fields
        signature = RequestValidator(token).compute_signature(self.public_url + path, fields)
        return self.client.post(
            path,
            urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )

    def pick_up(self, *, reference="touch%3A1", **fields):
        return self._heard(
            self.post(f"/hooks/twilio_voice/{self.account.uuid}/call/?m={reference}", **fields)
        )

    def press(self, digits):
        return self._turn(Digits=digits)

    def speak(self, words):
        return self._turn(SpeechResult=words, Confidence="0.9")

    def stay_silent(self):
        return self._turn()

    def _turn(self, **fields):
        return self._heard(self.post(self.next, **fields))

    def _heard(self, answer):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml")
        root = ET.fromstring(answer.content)
        gather = root.find("Gather")
        if gather is not None:
            parts = urlsplit(gather.attrib["action"])
            self.next = f"{parts.path}?{parts.query}"
        tags = [each.tag for each in root]
        said = [each.text for each in root.iter("Say")]
        return tags, said[0] if said else ""


@pytest.fixture
def phone(client, account, call, settings, now):
    with time_machine.travel(now, tick=False):
        yield Line(client, account, settings.PUBLIC_URL)


ASKED, SAID, SILENT = ["Gather", "Hangup"], ["Say", "Hangup"], ["Hangup"]


def test_key_1_hears_three_real_times_and_books_one(phone, vehicle, call):
    assert phone.pick_up(AnsweredBy="human") == (ASKED, WORDS)

    tags, said = phone.press("1")
    assert tags == ASKED
    assert said == (
        "Live Oak Motors: for your 2019 Honda Civic we have 3 times. "
        "Press 1 for Friday, November 20 at 12 PM. Press 2 for Saturday, November 21 at 10 AM. "
        "Press 3 for Monday, November 23 at 2:30 PM. Press 9 for no more calls."
    )

    tags, said = phone.press("2")
    assert tags == SAID
    assert said == (
        "You are booked for Saturday, November 21 at 10 AM for your 2019 Honda Civic at Live Oak Motors, "
        "100 Congress Ave, Austin. We will send you a confirmation. Goodbye."
    )
    appointment = Appointment.objects.get()
    assert (appointment.source, appointment.vehicle, str(appointment.local_on)) == (
        "call",
        vehicle,
        "2026-11-21",
    )


def test_what_was_said_in_the_call_is_in_the_thread_and_never_sent(phone, call):
    phone.pick_up()
    phone.press("1")
    phone.press("2")

    assert [(each.state, each.provider_id, each.channel) for each in answers()] == [
        ("delivered", "CA1", "voice")
    ] * 2
    assert [(each.body, each.in_reply_to) for each in InboundMessage.objects.order_by("pk")] == [
        ("1", call),
        ("2", call),
    ]
    # The one thing sent is the confirmation in writing.
    assert [
        (each.channel, each.key.partition(":")[0]) for each in Message.objects.filter(state="queued")
    ] == [("email", "confirmation")]


def test_repeated_turn_books_and_answers_once_and_says_the_same(phone):
    phone.pick_up()
    first = phone.next
    said = phone.press("1")
    phone.next = first
    assert phone.press("1") == said

    second = phone.next
    booked = phone.press("1")
    phone.next = second
    assert phone.press("1") == booked

    assert Appointment.objects.count() == 1
    assert InboundMessage.objects.count() == 2


def test_key_2_asks_for_a_day_and_words_book_it(phone):
    phone.pick_up()

    assert phone.press("2")[1].startswith("When would suit you?")
    tags, said = phone.speak("Tuesday at three works.")

    assert (tags, said[:54]) == (SAID, "You are booked for Tuesday, November 24 at 3 PM for yo")
    assert Appointment.objects.get().note == "Tuesday at three works."


def test_words_are_understood_at_any_time(phone):
    phone.pick_up()
    phone.press("1")

    tags, said = phone.speak("no, next week")

    assert tags == ASKED
    assert "Press 1 for" in said


def test_key_3_puts_through_while_open(phone, dealership):
    phone.pick_up()

    tags, said = phone.press("3")

    assert tags == ["Say", "Dial", "Hangup"]
    assert said == "One moment please, I am putting you through to Live Oak Motors."
    assert (thread().state, thread().waiting_reason) == ("waiting", "asked_for_person")


def test_key_3_is_called_back_when_closed(phone):
    OpeningHours.objects.all().delete()
    phone.pick_up()

    tags, said = phone.press("3")

    assert (tags, said) == (
        SAID,
        "Thank you. A service advisor of Live Oak Motors will get back to you. Goodbye.",
    )


def test_number_that_would_call_itself_is_not_dialled(phone, account, dealership):
    account.from_address = dealership.phone
    account.save()
    phone.pick_up()

    assert phone.press("3")[0] == SAID


@pytest.mark.parametrize("way", ["key", "words"])
def test_stop_is_carried_out_at_once(phone, customer, dealership, way):
    waiting = MessageFactory(
        dealership=dealership, customer=customer, to_address=PHONE, state="queued", purpose="marketing"
    )
    phone.pick_up()

    tags, said = phone.press("9") if way == "key" else phone.speak("stop calling me")

    assert (tags, said) == (
        SAID,
        "You will get no more automated calls or texts from Live Oak Motors. Goodbye.",
    )
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert {each.channel for each in Suppression.objects.all()} == {"sms", "voice"}
    assert ConsentEvent.objects.filter(action="withdrawn").first().source == (
        "keypress" if way == "key" else "reply"
    )


def test_nine_stops_while_times_are_offered(phone):
    phone.pick_up()
    phone.press("1")

    assert phone.press("9")[1].startswith("You will get no more")
    assert not Appointment.objects.exists()


def test_two_silent_rounds_then_goodbye(phone):
    phone.pick_up()

    tags, said = phone.stay_silent()
    assert tags == ASKED
    assert said.startswith("Sorry, I did not hear you. To book a time, press 1.")

    assert phone.stay_silent() == (
        SAID,
        "We did not hear anything. You can call Live Oak Motors at 5 1 2, 5 5 5, 0 1 0 0. Goodbye.",
    )
    assert not InboundMessage.objects.exists()


def test_silence_after_an_offer_repeats_it_and_a_word_ends_the_count(phone):
    phone.pick_up()
    phone.stay_silent()
    _, offered = phone.press("1")

    assert phone.stay_silent() == (ASKED, f"Sorry, I did not hear you. {offered}")
    assert phone.press("1")[1].startswith("You are booked")


@pytest.mark.parametrize("who", ["machine_end_beep", "machine_end_silence", "machine_end_other", "fax"])
def test_voicemail_gets_a_message_without_a_menu(phone, who):
    assert phone.pick_up(AnsweredBy=who) == (
        SAID,
        (
            "Hello. This is an automated message from Live Oak Motors. Your 2019 Honda Civic may be due for service. "
            "To book a time, or to get no more of these calls, please call us at 5 1 2, 5 5 5, 0 1 0 0. "
            "Thank you, and goodbye."
        ),
    )


def test_call_speaks_the_customers_language(phone, customer):
    customer.language = "es"
    customer.save()
    phone.pick_up()

    assert phone.stay_silent()[1].startswith("Disculpe, no le escuché. Para reservar una hora, oprima 1.")
    assert phone.press("1")[1].startswith("Live Oak Motors: para su 2019 Honda Civic tenemos 3 horarios.")


def test_who_said_stop_since_the_call_was_made_hears_nothing(phone, customer, dealership):
    ConsentEventFactory(dealership=dealership, customer=customer, channel="voice", action="withdrawn")

    assert phone.pick_up() == (SILENT, "")


def test_number_suppressed_since_hears_nothing_even_if_nobody_has_it_any_more(phone, customer, dealership):
    SuppressionFactory(dealership=dealership, channel="sms", address=PHONE)
    assert phone.pick_up() == (ASKED, WORDS)

    SuppressionFactory(dealership=dealership, channel="voice", address=PHONE)
    customer.contact_points.all().delete()
    assert phone.pick_up() == (SILENT, "")


def test_times_offered_in_texts_are_not_what_the_keys_mean(phone, customer, dealership, now):
    Conversation.objects.create(
        dealership=dealership,
        customer=customer,
        state="open",
        last_message_at=now,
        offered=["2026-11-25T15:00:00+00:00"],
    )
    phone.pick_up()

    assert phone.press("1")[0] == ASKED
    assert not Appointment.objects.exists()


def test_key_without_a_meaning_goes_to_an_advisor(phone):
    phone.pick_up()

    assert phone.press("7")[1].startswith("Thank you. A service advisor")
    assert thread().state == "waiting"


def test_call_has_an_end_whatever_is_said(phone, account):
    phone.pick_up()
    phone.next = f"/hooks/twilio_voice/{account.uuid}/turn/?m=touch%3A1&w=menu&s=13&q=0"

    assert phone.press("1") == (SILENT, "")


@pytest.mark.parametrize("reference", ["touch%3A2", "", "%00"])
def test_call_about_no_message_of_ours_says_nothing(phone, reference):
    assert phone.pick_up(reference=reference) == (SILENT, "")


def test_message_of_another_dealership_is_not_spoken(phone, world):
    with cross_tenant(reason="test"):
        other = ProviderAccount.objects.get(dealership=world.other, channel="voice", is_active=True)
        other.provider, other.config = "twilio_voice", {"account_sid": SID, "auth_token": TOKEN}
        other.save()
    phone.account = other

    assert phone.pick_up() == (SILENT, "")


def test_odd_addresses_change_nothing(phone, account):
    for query in ("?m=touch%3A1", "?m=touch%3A1&w=x&s=-1&q=9999", "?w=menu", ""):
        phone.next = f"/hooks/twilio_voice/{account.uuid}/turn/{query}"
        phone.stay_silent()
    assert not InboundMessage.objects.exists()


def test_strangers_are_forbidden(phone, client, account):
    path = f"/hooks/twilio_voice/{account.uuid}/"
    for below in ("call/?m=touch%3A1", "turn/?m=touch%3A1&w=menu&s=0&q=0"):
        assert phone.post(path + below, token="wrong", Digits="9").status_code == 403
        assert client.post(path + below).status_code == 403
        assert client.get(path + below).status_code == 405
    assert phone.post(path + "call/?m=touch%3A1", AccountSid="AC" + "b" * 32).status_code == 403
    assert phone.post(path + "call/?m=touch%3A1", CallSid="").status_code == 400
    assert client.post("/hooks/twilio_voice/00000000-0000-4000-8000-000000000000/call/").status_code == 404
    assert not InboundMessage.objects.exists()
