import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from booking.models import Appointment
from booking.signals import appointment_changed
from common.enums import Channel
from conversations.models import Conversation
from dealerships.models import LogEntry
from messaging.enums import ConsentSource
from messaging.models import Message
from messaging.services import consent
from messaging.services.consent import Evidence
from tests.conftest import NOW
from tests.conversations.conftest import EMAIL, PHONE
from tests.factories.booking import AppointmentFactory
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import InboundMessageFactory

LIST = "/d/live-oak/conversations/"


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bob(client, world):
    client.force_login(world.bob)
    client.member = world.bob
    return client


def words(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def answer_form(page, text="Yes, we have a loaner."):
    return {"text": text, "nonce": re.search(r'name="nonce" value="([^"]+)"', page.content.decode())[1]}


def test_who_waits_is_listed_with_the_reason(bob, write, reminder):
    write("do you have a loaner?")

    shown = words(bob.get(LIST))

    assert "Marisol" in shown
    assert "do you have a loaner?" in shown
    assert "Asks something" in shown


def test_nobody_waiting_says_so(bob, dealership):
    assert "Nobody waits for an answer" in words(bob.get(LIST))
    assert "No conversations here" in words(bob.get(f"{LIST}?state=closed"))
    assert "Nobody waits for an answer" in words(bob.get(f"{LIST}?state=nonsense"))


def test_threads_of_a_state(bob, write, reminder):
    write("tuesday at 3")

    assert "Marisol" not in words(bob.get(LIST))
    assert "Marisol" in words(bob.get(f"{LIST}?state=closed"))


def test_messages_from_nobody_we_know_are_shown(bob, dealership):
    InboundMessageFactory(
        dealership=dealership, customer=None, state="unmatched", from_address="+15125559999", body="who dis"
    )

    shown = words(bob.get(LIST))

    assert "From nobody we know" in shown
    assert "who dis" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    bob, dealership, write, rows, django_assert_num_queries
):
    for _ in range(rows):
        write("blue", customer=CustomerFactory(dealership=dealership))

    with django_assert_num_queries(11):
        bob.get(LIST)


def test_the_thread_shows_all_channels_and_what_was_understood(bob, write, reminder, customer):
    write("tuesday at 3 works")
    write("do you have a loaner?", channel="email", from_address=EMAIL)

    shown = words(bob.get(f"{LIST}{customer.pk}/"))

    assert "Reminder" in shown
    assert "tuesday at 3 works" in shown
    assert "Understood: Yes, Names a day or time, Tue 24 Nov, 3 PM (99% sure). Booked an appointment" in shown
    assert "Automatic answer" in shown
    assert "Left to an advisor" in shown
    assert "Booked for Tuesday, November 24 at 3:00 PM: 2019 Honda Civic" in shown
    assert f"Goes by e-mail to {EMAIL}" in shown


def test_an_answer_goes_back_the_way_they_wrote_and_ends_the_wait(bob, write, reminder, customer):
    write("do you have a loaner?")
    page = f"{LIST}{customer.pk}/"
    form = answer_form(bob.get(page))

    assert bob.post(page, form).status_code == 302
    bob.post(page, form)

    message = Message.objects.get(key__startswith="advisor:")
    assert (message.channel, message.to_address, message.purpose) == ("sms", PHONE, "transactional")
    assert (message.body_text, message.is_answer) == ("Yes, we have a loaner.", True)
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.waiting_since) == ("open", None)
    assert (
        LogEntry.objects.filter(action="conversations.thread.answered").first().actor.email
        == "bob@example.com"
    )


def test_an_answer_long_after_keeps_to_quiet_hours(bob, write, reminder, customer):
    write("do you have a loaner?")
    page = f"{LIST}{customer.pk}/"
    with time_machine.travel(NOW.replace(day=23), tick=False):
        bob.post(page, answer_form(bob.get(page)))

    assert Message.objects.get(key__startswith="advisor:").is_answer is False


@pytest.mark.parametrize(("minutes", "is_answer"), [(59, True), (60, False)])
def test_an_answer_is_one_for_an_hour(bob, write, customer, minutes, is_answer):
    write("do you have a loaner?")
    page = f"{LIST}{customer.pk}/"
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        bob.post(page, answer_form(bob.get(page)))

    assert Message.objects.get(key__startswith="advisor:").is_answer is is_answer


def test_to_one_who_never_wrote_it_goes_by_their_best_way(bob, customer):
    page = f"{LIST}{customer.pk}/"
    bob.post(page, answer_form(bob.get(page), "Your part is here."))

    assert Message.objects.get().to_address == EMAIL


@pytest.mark.parametrize("status", ["booked", "cancelled"])
def test_what_an_advisor_changed_is_no_answer_and_keeps_to_the_hours(
    dealership, customer, vehicle, world, status
):
    appointment = AppointmentFactory(dealership=dealership, customer=customer, vehicle=vehicle, status=status)

    appointment_changed.send(
        sender=Appointment,
        dealership_id=dealership.pk,
        appointment_id=appointment.pk,
        status=status,
        actor_id=world.bob.pk,
    )

    assert Message.objects.get().is_answer is False


def test_one_who_cannot_be_reached_says_so(bob, dealership):
    nobody = CustomerFactory(dealership=dealership)
    page = f"{LIST}{nobody.pk}/"

    assert "There is no number or e-mail address" in words(bob.get(page))
    assert bob.post(page, {"text": "hello", "nonce": "12345678"}).status_code == 409


@pytest.mark.parametrize(
    "form", [{}, {"text": " ", "nonce": "12345678"}, {"text": "x" * 1001, "nonce": "12345678"}]
)
def test_senseless_answers_are_not_sent(bob, customer, form):
    assert bob.post(f"{LIST}{customer.pk}/", form).status_code == 400
    assert not Message.objects.exists()


def test_a_thread_is_closed(bob, write, reminder, customer):
    write("blue")

    assert bob.get(f"{LIST}{customer.pk}/close/").status_code == 405
    bob.post(f"{LIST}{customer.pk}/close/")

    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.waiting_reason) == ("closed", "")


def test_a_viewer_reads_but_does_not_write(client, world, write, reminder, customer):
    write("blue")
    client.force_login(world.vera)
    page = f"{LIST}{customer.pk}/"

    assert "Your answer" not in words(client.get(page))
    assert client.post(page, {"text": "hi", "nonce": "12345678"}).status_code == 403
    assert client.post(f"{page}close/").status_code == 403
    assert Conversation.objects.get().state == "waiting"


def test_what_a_customer_wrote_is_only_text(bob, write, reminder, customer):
    write("<script>alert(1)</script>{{ 7 }}")

    assert b"<script>alert" not in bob.get(f"{LIST}{customer.pk}/").content
    assert b"<script>alert" not in bob.get(LIST).content


def test_a_thread_of_another_dealership_does_not_exist(client, world, customer):
    client.force_login(world.charlie)

    assert client.get(f"/d/elmwood/conversations/{customer.pk}/").status_code == 404
    assert client.post(f"/d/elmwood/conversations/{customer.pk}/close/").status_code == 404


def test_a_car_said_to_be_sold_is_settled_on_the_thread(bob, write, customer, vehicle, *, reminder):
    write("I sold it")
    page, settle = f"{LIST}{customer.pk}/", f"{LIST}{customer.pk}/vehicles/{vehicle.pk}/sold/"
    assert "that it was sold: 2019 Honda Civic. Its reminders are held until you settle it." in words(
        bob.get(page)
    )

    kept = bob.post(settle, {"answer": "kept"}, follow=True)
    assert "Reminders for the 2019 Honda Civic go on." in words(kept)
    assert "until you settle it" not in words(kept)
    write("no really, sold it")
    sold = bob.post(settle, {"answer": "sold"}, follow=True)

    vehicle.refresh_from_db()
    assert vehicle.status == "sold"
    assert "The 2019 Honda Civic is marked as sold; its reminders have ended." in words(sold)
    assert list(
        LogEntry.objects.filter(action__startswith="campaigns.vehicle").values_list("action", flat=True)
    ) == [
        "campaigns.vehicle.kept",
        "campaigns.vehicle.sold",
    ]


def test_only_advisors_settle_and_only_for_the_owner(
    bob, write, customer, vehicle, *, reminder, client, dealership, world
):
    write("I sold it")
    other = CustomerFactory(dealership=dealership)
    assert bob.post(f"{LIST}{other.pk}/vehicles/{vehicle.pk}/sold/").status_code == 404
    assert bob.get(f"{LIST}{customer.pk}/vehicles/{vehicle.pk}/sold/").status_code == 405

    client.force_login(world.vera)

    assert client.post(f"{LIST}{customer.pk}/vehicles/{vehicle.pk}/sold/").status_code == 403
    assert "It was sold" not in words(client.get(f"{LIST}{customer.pk}/"))


def opted_out(customer, channel=None):
    consent.withdraw(
        customer,
        channels=channel and [channel],
        purpose=None,
        evidence=Evidence(ConsentSource.ADVISOR),
        now=NOW,
    )


def test_an_answer_to_who_stopped_us_is_not_sent_and_says_so(bob, write, reminder, customer):
    write("do you have a loaner?")
    page = f"{LIST}{customer.pk}/"
    form = answer_form(bob.get(page))
    opted_out(customer, Channel.SMS)

    refused = bob.post(page, form)

    assert refused.status_code == 409
    assert "Nothing was sent: the customer asked us to stop." in words(refused)
    assert "Nothing can be sent this way: the customer asked us to stop." in words(bob.get(page))
    assert not Message.objects.filter(key__startswith="advisor:").exists()
    assert Conversation.objects.get().state == "waiting"


def test_an_answer_to_an_address_that_is_suppressed_is_not_sent(bob, write, reminder, customer):
    write("do you have a loaner?")
    page = f"{LIST}{customer.pk}/"
    form = answer_form(bob.get(page))
    consent.suppress(PHONE, channels=[Channel.SMS], reason="blocked", proof={}, now=NOW)

    assert "Nothing was sent: the address must not be used" in words(bob.post(page, form))


def test_an_answer_that_waits_for_the_hours_says_until_when(bob, write, reminder, customer):
    write("do you have a loaner?")
    page = f"{LIST}{customer.pk}/"
    night = NOW + timedelta(hours=2 * 24 + 12)
    with time_machine.travel(night, tick=False):
        bob.force_login(bob.member)
        sent = bob.post(page, answer_form(bob.get(page)), follow=True)

    assert "Your answer to Marisol" in words(sent)
    assert "goes out on Monday, November 23 at 8 AM (quiet hours where the customer lives)" in words(sent)
    assert "is on its way" not in words(sent)


def test_an_answer_that_leaves_at_once_is_on_its_way(bob, write, reminder, customer):
    write("do you have a loaner?")
    page = f"{LIST}{customer.pk}/"

    assert "is on its way." in words(bob.post(page, answer_form(bob.get(page)), follow=True))
