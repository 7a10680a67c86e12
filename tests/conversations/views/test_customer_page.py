import re
from datetime import UTC, datetime, time, timedelta
from html import unescape
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from booking.models import Appointment, BookingRules, CapacitySlot
from booking.services import appointments
from campaigns.models import Touch
from common.links import CustomerLink, LinkPurpose, make
from common.tenancy import tenant_scope
from conversations.views.customer_page import CHANGES, WRONG_LINKS
from dealerships.models import Dealership, OpeningHours
from messaging.models import ConsentEvent, Message
from tests.conftest import NOW
from tests.conversations.conftest import TUESDAY_3PM
from tests.factories.campaigns import EnrolmentItemFactory
from tests.factories.customers import CustomerFactory, VehicleFactory

# In these tests nothing but the link itself opens a scope: the page is asked from outside.


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def phone():
    """A phone's browser that keeps no cookies and is checked for CSRF as a real one would be."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def link(dealership, customer, reminder):
    return CustomerLink(LinkPurpose.BOOK, dealership.pk, customer.pk, Touch.objects.get().pk)


@pytest.fixture
def address(link):
    return f"/b/{make(link)}"


def words(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def hidden(response, name):
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1])


def first_time(response):
    return unescape(re.search(r'href="(\?at=[^"]+)"', response.content.decode())[1])


def first_start(response):
    """The first free time on the page."""
    return unquote(first_time(response).split("&")[0].removeprefix("?at="))


def tap(phone, address, starts_at=TUESDAY_3PM):
    """Tap a time, then the button; as the page's own forms do it."""
    review = phone.get(address, {"at": starts_at.isoformat()})
    return phone.post(address, {"at": hidden(review, "at"), "nonce": hidden(review, "nonce")})


def test_the_page_says_who_which_car_what_is_due_and_when_it_is_free(phone, address):
    response = phone.get(address)

    shown = words(response)
    assert response.status_code == 200
    assert "Hello Marisol, when does it suit you?" in shown
    assert "Your 2019 Honda Civic" in shown
    assert "Due: Oil and filter change" in shown
    assert "Friday, November 20 12 PM 12:30 PM" in shown
    assert "Saturday, November 21 8 AM" in shown
    assert "Live Oak Motors" in shown


def test_two_taps_book_without_script_or_cookies(phone, address, vehicle):
    chosen = phone.get(address + first_time(phone.get(address)))
    assert "Book this time? " in words(chosen)
    assert "Friday, November 20 at 12 PM" in words(chosen)

    done = phone.post(address, {"at": hidden(chosen, "at"), "nonce": hidden(chosen, "nonce")}, follow=True)

    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.vehicle) == (datetime(2026, 11, 20, 18, tzinfo=UTC), vehicle)
    assert appointment.source == "link"
    assert "You are booked" in words(done)
    assert "Friday, November 20 at 12 PM" in words(done)
    assert b"<script" not in chosen.content


def test_a_booking_is_confirmed_by_e_mail_with_a_calendar_entry(phone, address):
    tap(phone, address)

    message = Message.objects.get(key__startswith="confirmation:")
    assert (message.channel, message.purpose, message.state) == ("email", "transactional", "queued")
    assert message.attachments[0]["name"] == "appointment.ics"


def test_the_same_button_twice_books_and_confirms_once(phone, address):
    review = phone.get(address, {"at": TUESDAY_3PM.isoformat()})
    form = {"at": hidden(review, "at"), "nonce": hidden(review, "nonce")}

    assert [phone.post(address, form).status_code for _ in range(3)] == [302, 302, 302]

    assert Appointment.objects.count() == 1
    assert Message.objects.filter(key__startswith="confirmation:").count() == 1


def test_a_time_taken_meanwhile_is_answered_with_free_ones(phone, address, dealership, now):
    BookingRules.objects.update(capacity_per_slot=1)
    review = phone.get(address, {"at": TUESDAY_3PM.isoformat()})
    somebody = CustomerFactory(dealership=dealership)
    appointments.book(
        customer=somebody, vehicle=None, starts_at=TUESDAY_3PM, source="link", key="x", by=None, now=now
    )

    response = phone.post(address, {"at": hidden(review, "at"), "nonce": hidden(review, "nonce")})

    assert response.status_code == 409
    assert "That time has just been taken." in words(response)
    assert Appointment.objects.count() == 1
    assert "just been taken" in words(phone.get(address, {"at": TUESDAY_3PM.isoformat()}))


def test_with_an_appointment_the_page_shows_it_and_moves_it(phone, address):
    tap(phone, address)
    assert "You are booked Your 2019 Honda Civic" in words(phone.get(address))

    review = phone.get(address, {"at": (TUESDAY_3PM + timedelta(hours=1)).isoformat()})
    assert "Instead of Tuesday, November 24 at 3 PM" in words(review)
    tap(phone, address, TUESDAY_3PM + timedelta(hours=1))

    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.sequence) == (TUESDAY_3PM + timedelta(hours=1), 1)
    assert Message.objects.filter(body_text__startswith="Moved:").count() == 1


def test_an_appointment_is_cancelled_by_its_button_and_can_be_booked_again(phone, address):
    tap(phone, address)

    response = phone.post(f"{address}/cancel", follow=True)

    assert "The appointment is cancelled." in words(response)
    assert Appointment.objects.get().status == "cancelled"
    assert CapacitySlot.objects.get().used == 0
    assert Message.objects.filter(body_text__contains="is cancelled").count() == 1
    tap(phone, address)
    assert Appointment.objects.filter(status="booked").count() == 1


def test_no_get_changes_anything(phone, address, link, dealership):
    stop = (
        f"/b/{make(CustomerLink(LinkPurpose.OPT_OUT, link.dealership_id, link.customer_id, link.touch_id))}"
    )
    tap(phone, address)
    before = (Appointment.objects.count(), Message.objects.count(), ConsentEvent.objects.count())

    for path in (
        address,
        f"{address}/",
        f"{address}/cancel",
        f"{address}/stop",
        f"{address}/stop/",
        stop,
        f"{stop}/",
    ):
        for query in ({}, {"choice": "everything"}, {"at": TUESDAY_3PM.isoformat(), "nonce": "12345678"}):
            phone.get(path, query)
            phone.head(path, query)

    assert (Appointment.objects.count(), Message.objects.count(), ConsentEvent.objects.count()) == before
    assert Appointment.objects.get().status == "booked"


@pytest.mark.parametrize(
    ("form", "purpose"),
    [
        ({"choice": "reminders"}, "marketing"),
        ({"choice": "everything"}, ""),
        ({"choice": "senseless"}, ""),
        ({}, ""),
    ],
    ids=["reminders", "everything", "senseless", "nothing"],
)
@pytest.mark.parametrize("where", ["own-link", "stop-page"])
def test_stop_withdraws_at_once(phone, link, *, form, purpose, where):
    stop = CustomerLink(LinkPurpose.OPT_OUT, link.dealership_id, link.customer_id, link.touch_id)
    target = f"/b/{make(stop)}" if where == "own-link" else f"/b/{make(link)}/stop"
    assert "Stop all messages" in words(phone.get(target))

    response = phone.post(target, form)

    event = ConsentEvent.objects.filter(action="withdrawn").get()
    assert (event.customer_id, event.channel, event.purpose, event.source) == (
        link.customer_id,
        "",
        purpose,
        "link",
    )
    assert event.wording.startswith("Stop service reminders and offers" if purpose else "Stop all messages")
    assert "You will get no more of these messages from Live Oak Motors." in words(response)


def last_day(link):
    """The last day on which the reminder's link books: 60 days after the last of its services was due."""
    return Touch.objects.get(pk=link.touch_id).enrolment.items.latest("due_on").due_on + timedelta(days=60)


def late_on(day):
    """Five to midnight on a day in Chicago."""
    return datetime.combine(day, time(23, 55), ZoneInfo("America/Chicago"))


def test_the_page_states_until_when_its_link_books(phone, address, link):
    until = last_day(link)

    assert f"This link books until {until:%A, %B} {until.day}, {until.year}." in words(phone.get(address))


def test_a_link_books_to_the_last_minute_of_its_last_day(phone, address, link):
    with time_machine.travel(late_on(last_day(link)), tick=False):
        response = phone.get(address)
        tap(phone, address, starts_at=datetime.fromisoformat(first_start(response)))

    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("later", [timedelta(minutes=10), timedelta(days=400)])
def test_an_ended_link_books_no_more_but_says_whom_to_call_and_still_stops(phone, address, link, later):
    until = last_day(link)
    with time_machine.travel(late_on(until) + later, tick=False):
        response = phone.get(address)
        posted = phone.post(address, {"at": TUESDAY_3PM.isoformat(), "nonce": "12345678"})
        assert f'href="{address}/stop"' in response.content.decode()
        phone.post(f"{address}/stop", {"choice": "everything"})

    assert (response.status_code, posted.status_code) == (410, 410)
    shown = words(response)
    assert "This link has ended" in shown
    assert f"It could be used until {until:%A, %B} {until.day}, {until.year}." in shown
    assert shown.count("Call (512) 555-0100") == 2
    assert 'href="tel:+15125550100"' in response.content.decode()
    assert not Appointment.objects.exists()
    assert ConsentEvent.objects.filter(action="withdrawn").exists()


def test_an_ended_link_names_the_appointment_but_does_not_cancel_it(phone, address, link):
    with time_machine.travel(late_on(last_day(link)), tick=False):
        tap(phone, address, starts_at=datetime.fromisoformat(first_start(phone.get(address))))
    with time_machine.travel(late_on(last_day(link)) + timedelta(minutes=10), tick=False):
        response = phone.get(address)
        phone.post(f"{address}/cancel")

    assert "You are booked for" in words(response)
    assert Appointment.objects.get().status == "booked"


def test_an_ended_link_in_spanish(phone, address, link):
    with time_machine.travel(NOW + timedelta(days=400), tick=False):
        shown = words(phone.get(address, {"lang": "es"}))

    assert "Este enlace ya no sirve" in shown
    assert "Se podía usar hasta el" in shown


def test_a_link_whose_reminder_is_gone_books_no_more(phone, link, dealership):
    gone = CustomerLink(link.purpose, link.dealership_id, link.customer_id, link.touch_id + 1000)

    response = phone.get(f"/b/{make(gone)}")

    assert response.status_code == 410
    assert "It could be used until" not in words(response)


def test_a_link_made_by_hand_does_not_end(phone, link, dealership):
    by_hand = f"/b/{make(CustomerLink(link.purpose, link.dealership_id, link.customer_id))}"

    with time_machine.travel(NOW + timedelta(days=400), tick=False):
        response = phone.get(by_hand)

    assert response.status_code == 200
    assert "This link books until" not in words(response)


def test_the_page_in_spanish(phone, address, customer):
    asked = phone.get(address, {"lang": "es"})
    customer.language = "es"
    customer.save()
    own = phone.get(address)

    for response in (asked, own):
        assert "Hola, Marisol. ¿Cuándo le conviene?" in words(response)
        assert "viernes 20 de noviembre 12 pm" in words(response)
        assert '<html lang="es"' in response.content.decode()


def test_later_days(phone, address):
    first = phone.get(address)

    later = phone.get(address + "?" + re.search(r'href="\?(from=[^"&]+)', first.content.decode())[1])

    assert "Tuesday, November 24 7:30 AM" in words(later)
    assert "Back to the first days" in words(later)


def test_nothing_free_says_so(phone, address):
    OpeningHours.objects.all().delete()

    assert "No free times here. Call us" in words(phone.get(address))


def test_one_of_several_cars_is_chosen(phone, address, dealership, customer, vehicle):
    other = VehicleFactory(dealership=dealership, customer=customer, model="Odyssey")
    enrolment = Touch.objects.get().enrolment
    EnrolmentItemFactory(dealership=dealership, vehicle=other, enrolment=enrolment)

    response = phone.get(address, {"vehicle": other.pk})
    assert "Your 2019 Honda Odyssey" in words(response)
    tap(phone, f"{address}?vehicle={other.pk}")

    assert Appointment.objects.get().vehicle == other


@pytest.mark.parametrize("asked", ["0", "-1", "x", "9" * 40, "٣", ""])
def test_a_foreign_or_senseless_car_is_ignored(phone, address, asked):
    assert "Your 2019 Honda Civic" in words(phone.get(address, {"vehicle": asked}))


def test_a_car_of_somebody_else_cannot_be_named(phone, address, dealership):
    foreign = VehicleFactory(dealership=dealership, model="Pilot")

    assert "Pilot" not in words(phone.get(address, {"vehicle": foreign.pk}))


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"at": "tomorrow", "nonce": "12345678"},
        {"at": "2026-11-24T21:00:00", "nonce": "12345678"},
        {"at": TUESDAY_3PM.isoformat()},
        {"at": TUESDAY_3PM.isoformat(), "nonce": "<script>"},
        {"at": TUESDAY_3PM.isoformat(), "nonce": "x" * 400},
        {"at": "9999-12-31T23:59:59+00:00", "nonce": "12345678"},
        {"at": "0001-01-01T00:00:00+14:00", "nonce": "12345678"},
        {"at": "2026-11-24T21:07:00+00:00", "nonce": "12345678"},
    ],
)
def test_senseless_forms_book_nothing(phone, address, form):
    assert phone.post(address, form).status_code in {400, 409}
    assert phone.get(address, form).status_code == 200
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("start", ["x", "9999-12-31", "0001-01-01", "2026-13-01"])
def test_a_senseless_start_shows_something(phone, address, start):
    assert phone.get(address, {"from": start}).status_code == 200


def test_links_that_are_not_ours_do_not_work(phone, address, link, dealership, world):
    token = make(link)
    wrong = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:-2],
        "A" * 30,
        make(CustomerLink(LinkPurpose.BOOK, dealership.pk, 999_999, 0)),
        make(CustomerLink(LinkPurpose.BOOK, 999_999, link.customer_id, 0)),
        make(CustomerLink(LinkPurpose.BOOK, world.other.pk, link.customer_id, link.touch_id)),
    ]

    for bad in wrong:
        response = phone.get(f"/b/{bad}")
        assert response.status_code == 404, bad
        assert "This link does not work" in words(response)
        assert phone.post(f"/b/{bad}/stop").status_code == 404


def test_the_touch_of_another_customer_tells_nothing(phone, dealership, link):
    stranger = CustomerFactory(dealership=dealership, first_name="Ana")
    response = phone.get(
        f"/b/{make(CustomerLink(LinkPurpose.BOOK, dealership.pk, stranger.pk, link.touch_id))}"
    )

    assert "Hello Ana" in words(response)
    assert "Civic" not in words(response)


def test_an_inactive_dealership_has_no_pages(phone, address, dealership):
    Dealership.objects.filter(pk=dealership.pk).update(is_active=False)

    assert phone.get(address).status_code == 404


def test_nothing_of_it_is_kept_or_passed_on(phone, address):
    response = phone.get(address)

    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert not response.cookies


def test_names_are_only_text(phone, address, customer, dealership):
    customer.first_name = "<script>alert(1)</script>{{ 7 }}"
    customer.save()

    assert b"<script>" not in phone.get(address).content


def test_the_link_opens_the_scope_by_itself_and_closes_it(phone, address, dealership, world):
    with tenant_scope(world.other):
        assert phone.get(address).status_code == 200
        assert not Appointment.objects.exists()


def refuses_to_book(phone, address, status=410):
    """Return what the page says that books nothing, however one asks."""
    shown = phone.get(address)
    posted = phone.post(address, {"at": TUESDAY_3PM.isoformat(), "nonce": "12345678"})
    assert (shown.status_code, posted.status_code) == (status, status)
    assert not Appointment.objects.exists()
    assert 'href="tel:+15125550100"' in shown.content.decode()
    return words(shown)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "sold"},
        {"status": "scrapped"},
        {"status": "excluded"},
        {"customer": None},
        {"is_internal": True},
    ],
    ids=str,
)
def test_a_link_for_a_car_that_is_gone_books_nothing_and_says_whom_to_call(phone, address, vehicle, change):
    type(vehicle).objects.filter(pk=vehicle.pk).update(**change)

    shown = refuses_to_book(phone, address)

    assert "the car this was about is no longer yours" in shown
    assert "Civic" not in shown


def test_a_link_for_a_car_of_somebody_else_now_does_not_say_whose(phone, address, vehicle, dealership):
    vehicle.customer = CustomerFactory(dealership=dealership, display_name="Bartholomew Buyer")
    vehicle.save()

    shown = refuses_to_book(phone, address)

    assert "Bartholomew" not in shown
    assert "ya no es suyo" in words(phone.get(address, {"lang": "es"}))


def test_a_car_that_went_to_the_same_household_is_booked(phone, address, vehicle, customer, dealership):
    type(customer).objects.filter(pk=customer.pk).update(household_key="reyes-1")
    vehicle.customer = CustomerFactory(dealership=dealership, household_key="reyes-1")
    vehicle.save()

    tap(phone, address)

    assert Appointment.objects.get().vehicle == vehicle


def test_of_two_cars_only_the_one_they_still_have_is_booked(phone, address, dealership, customer, vehicle):
    other = VehicleFactory(dealership=dealership, customer=customer, model="Odyssey")
    EnrolmentItemFactory(dealership=dealership, vehicle=other, enrolment=Touch.objects.get().enrolment)
    vehicle.status = "sold"
    vehicle.save()

    assert "Odyssey" in words(phone.get(address, {"vehicle": vehicle.pk}))
    tap(phone, f"{address}?vehicle={vehicle.pk}")

    assert Appointment.objects.get().vehicle == other


def test_a_link_for_a_car_that_is_gone_still_stops_and_names_what_is_booked(phone, address, vehicle):
    tap(phone, address)
    vehicle.status = "sold"
    vehicle.save()

    assert "You are booked for Tuesday, November 24 at 3 PM" in words(phone.get(address))
    phone.post(f"{address}/cancel")
    assert Appointment.objects.get().status == "booked"
    phone.post(f"{address}/stop", {"choice": "everything"})
    assert ConsentEvent.objects.filter(action="withdrawn").exists()


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_a_link_of_a_customer_who_was_erased_says_whom_to_call(phone, link, customer, purpose):
    address = f"/b/{make(CustomerLink(purpose, link.dealership_id, link.customer_id, link.touch_id))}"
    customer.delete()

    shown = refuses_to_book(phone, address, 404)

    assert "Live Oak Motors sends no more messages because of them" in shown
    assert phone.post(f"{address}/stop", {"choice": "everything"}).status_code == 404
    assert "Ya no guardamos los datos" in words(phone.get(address, {"lang": "es"}))


def test_who_stopped_all_messages_is_told_that_no_confirmation_comes(phone, address, customer):
    tap(phone, address)
    assert "no confirmation by message" not in words(phone.get(address))
    phone.post(f"{address}/stop", {"choice": "everything"})

    assert "You get no confirmation by message, so please note the time." in words(phone.get(address))
    assert "No le enviaremos confirmación" in words(phone.get(address, {"lang": "es"}))


def test_who_stopped_reminders_only_is_still_sent_the_confirmation(phone, address, customer):
    phone.post(f"{address}/stop", {"choice": "reminders"})
    tap(phone, address)

    assert "no confirmation by message" not in words(phone.get(address))


def wrong_links(phone, count, **where):
    return [phone.get(f"/b/{number:020d}", **where).status_code for number in range(count)]


def test_who_tries_links_is_answered_no_more_for_ten_minutes(phone, address):
    assert set(wrong_links(phone, WRONG_LINKS.most)) == {404}

    refused = phone.get(address)
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert "Please try again in a few minutes" in words(refused)
    assert "Inténtelo de nuevo" in words(refused)
    assert phone.post(address, {"at": TUESDAY_3PM.isoformat(), "nonce": "12345678"}).status_code == 429
    assert phone.get(address, REMOTE_ADDR="198.51.100.7").status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert phone.get(address).status_code == 200


def test_good_links_count_for_nothing_however_many(phone, address):
    assert {phone.get(address).status_code for _ in range(WRONG_LINKS.most + 5)} == {200}


def test_another_address_of_the_same_network_is_the_same_guesser(phone, address):
    wrong_links(phone, WRONG_LINKS.most, REMOTE_ADDR="2001:db8:1:2::1")

    assert phone.get(address, REMOTE_ADDR="2001:db8:1:2:ffff::9").status_code == 429
    assert phone.get(address, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_a_link_is_no_way_to_flood_its_customer_with_confirmations(phone, address):
    for number in range(CHANGES.most // 2):
        assert (
            phone.post(address, {"at": TUESDAY_3PM.isoformat(), "nonce": f"nonce-{number:04d}"}).status_code
            == 302
        )
        assert phone.post(f"{address}/cancel").status_code == 302
    sent = Message.objects.filter(key__startswith="confirmation:").count()

    refused = phone.post(address, {"at": TUESDAY_3PM.isoformat(), "nonce": "one-more-nonce"})

    assert refused.status_code == 429
    assert "Too many changes for now" in words(refused)
    assert "Call (512) 555-0100" in words(refused)
    assert Message.objects.filter(key__startswith="confirmation:").count() == sent == CHANGES.most
    assert phone.post(f"{address}/stop", {"choice": "everything"}).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        tap(phone, address)
    assert Appointment.objects.filter(status="booked").count() == 1


def test_cancelling_counts_as_a_change_too(phone, address):
    tap(phone, address)
    for _ in range(CHANGES.most - 1):
        phone.post(address, {"at": TUESDAY_3PM.isoformat(), "nonce": "the-same-nonce"})

    assert phone.post(f"{address}/cancel").status_code == 429
    assert Appointment.objects.get().status == "booked"
