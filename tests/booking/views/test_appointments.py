import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from booking.models import Appointment, BookingRules, CapacitySlot
from booking.services import appointments
from common.enums import Channel
from common.tenancy import tenant_scope
from customers.models import Customer
from messaging.enums import ConsentSource
from messaging.models import Message
from messaging.services import consent
from messaging.services.consent import Evidence
from tests.booking.conftest import TUESDAY_3PM
from tests.conftest import NOW
from tests.factories.customers import ContactPointFactory, CustomerFactory, VehicleFactory

LIST = "/d/live-oak/appointments/"
TUESDAY = f"{LIST}?on=2026-11-24"


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bob(client, world):
    client.force_login(world.bob)
    return client


def words(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_a_day_shows_its_appointments(bob, booked):
    shown = words(bob.get(TUESDAY))

    assert "Tuesday, November 24" in shown
    assert "1 of 42 places taken" in shown
    assert "3 PM" in shown
    assert booked.customer.display_name in shown
    assert "2019 Honda Civic" in shown


def test_today_is_shown_unless_another_day_is_asked_for(bob, dealership):
    assert "Friday, November 20" in words(bob.get(LIST))
    assert "Friday, November 20" in words(bob.get(f"{LIST}?on=nonsense"))
    assert "Closed: nothing can be booked" in words(bob.get(f"{LIST}?on=2026-11-22"))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_day_takes_the_same_queries_however_full(bob, booking, dealership, rows, django_assert_num_queries):
    for number in range(rows):
        customer = CustomerFactory(dealership=dealership)
        vehicle = VehicleFactory(dealership=dealership, customer=customer)
        at = TUESDAY_3PM + timedelta(hours=number) / 2
        appointments.book(
            **{**booking, "customer": customer, "vehicle": vehicle, "key": str(number), "starts_at": at}
        )

    with django_assert_num_queries(10):
        bob.get(TUESDAY)


@pytest.mark.parametrize(
    ("step", "status", "told"),
    [("arrive", "arrived", 0), ("cancel", "cancelled", 1)],
)
def test_a_step_is_taken_and_the_customer_told_what_they_must_know(bob, booked, step, status, told):
    ContactPointFactory(dealership=booked.dealership, customer=booked.customer, value="+15125550177")

    response = bob.post(f"{LIST}{booked.pk}/{step}/", follow=True)

    assert response.redirect_chain == [(TUESDAY, 302)]
    assert Appointment.objects.get().status == status
    assert Message.objects.filter(key__startswith="confirmation:").count() == told


def test_not_come_is_possible_once_the_time_has_come(bob, booked):
    assert "already changed" in words(bob.post(f"{LIST}{booked.pk}/no-show/", follow=True))
    assert Appointment.objects.get().status == "booked"

    with time_machine.travel(TUESDAY_3PM, tick=False):
        bob.post(f"{LIST}{booked.pk}/no-show/")
    assert Appointment.objects.get().status == "no_show"


def test_a_step_twice_says_that_it_was_done(bob, booked):
    bob.post(f"{LIST}{booked.pk}/cancel/")

    assert "already changed" in words(bob.post(f"{LIST}{booked.pk}/cancel/", follow=True))
    assert CapacitySlot.objects.get().used == 0


def test_get_takes_no_step(bob, booked):
    assert bob.get(f"{LIST}{booked.pk}/cancel/").status_code == 405
    assert Appointment.objects.get().status == "booked"


def form_of(response):
    html = response.content.decode()
    return {
        "nonce": re.search(r'name="nonce" value="([^"]+)"', html)[1],
        "at": TUESDAY_3PM.isoformat(),
    }


def test_an_advisor_books_for_a_customer_who_is_told(bob, customer, vehicle, world):
    ContactPointFactory(
        dealership=world.dealership, customer=customer, kind="email", value="m@mail.example.com"
    )
    page = f"{LIST}new/?customer={customer.pk}"
    form = {**form_of(bob.get(page)), "vehicle": vehicle.pk, "note": "brakes"}

    response = bob.post(page, form, follow=True)
    bob.post(page, form)

    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.vehicle, appointment.source) == (
        TUESDAY_3PM,
        vehicle,
        "advisor",
    )
    assert appointment.note == "brakes"
    assert "is booked for Tuesday, November 24 at 3 PM. They are told by e-mail." in words(response)
    message = Message.objects.get()
    assert (message.channel, message.body_text[:26]) == ("email", "Booked: Tue, Nov 24 at 3 P")
    assert message.attachments[0]["name"] == "appointment.ics"


def test_the_only_car_is_chosen_already(bob, customer, vehicle):
    html = bob.get(f"{LIST}new/?customer={customer.pk}").content.decode()

    assert f'<option value="{vehicle.pk}" selected>' in html


def test_moving_names_the_car(bob, booked, customer, vehicle, dealership):
    VehicleFactory(dealership=dealership, customer=customer)
    link = re.search(r'href="([^"]+new/[^"]+)"', bob.get(TUESDAY).content.decode())[1]

    html = bob.get(unescape(link)).content.decode()

    assert f'<option value="{vehicle.pk}" selected>' in html


def test_booking_again_for_the_same_car_moves(bob, booked, customer, vehicle):
    page = f"{LIST}new/?customer={customer.pk}"
    response = bob.get(page)
    assert "Booked for Tuesday, November 24 at 3 PM" in words(response)

    at = (TUESDAY_3PM + timedelta(hours=1)).isoformat()
    bob.post(page, {**form_of(response), "at": at, "vehicle": vehicle.pk})

    assert Appointment.objects.get().sequence == 1


def test_a_time_taken_meanwhile_is_said(bob, customer, booking, dealership):
    BookingRules.objects.update(capacity_per_slot=1)
    page = f"{LIST}new/?customer={customer.pk}"
    form = form_of(bob.get(page))
    appointments.book(**{**booking, "customer": CustomerFactory(dealership=dealership), "vehicle": None})

    assert "That time is not free any more." in words(bob.post(page, form))
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"at": ""},
        {"at": "soon"},
        {"at": "9999-12-31T00:00:00+00:00"},
        {"at": TUESDAY_3PM.isoformat(), "nonce": "<>"},
    ],
)
def test_senseless_forms_book_nothing(bob, customer, form):
    page = f"{LIST}new/?customer={customer.pk}"
    assert bob.post(page, {"nonce": "12345678", **form}).status_code == 200
    assert not Appointment.objects.exists()


def test_a_car_of_somebody_else_cannot_be_booked(bob, customer, dealership):
    foreign = VehicleFactory(dealership=dealership)
    page = f"{LIST}new/?customer={customer.pk}"

    bob.post(page, {**form_of(bob.get(page)), "vehicle": foreign.pk})

    assert not Appointment.objects.exists()


@pytest.mark.parametrize("customer_id", ["", "0", "x", "9" * 30])
def test_booking_for_nobody_is_not_found(bob, dealership, customer_id):
    assert bob.get(f"{LIST}new/?customer={customer_id}").status_code == 404


def test_a_viewer_reads_but_does_not_work(client, world, booked, customer):
    client.force_login(world.vera)

    assert "Arrived" not in words(client.get(TUESDAY))
    assert client.post(f"{LIST}{booked.pk}/cancel/").status_code == 403
    assert client.get(f"{LIST}new/?customer={customer.pk}").status_code == 403
    assert Appointment.objects.get().status == "booked"


def test_appointments_of_another_dealership_do_not_exist(client, world, booked, customer):
    client.force_login(world.charlie)

    assert client.post(f"/d/elmwood/appointments/{booked.pk}/cancel/").status_code == 404
    assert client.get(f"/d/elmwood/appointments/new/?customer={customer.pk}").status_code == 404
    with tenant_scope(world.dealership):
        assert Appointment.objects.get().status == "booked"
        assert Customer.objects.filter(pk=customer.pk).exists()


def test_the_page_says_beforehand_and_afterwards_that_who_stopped_us_is_not_told(bob, booked):
    customer = booked.customer
    ContactPointFactory(
        dealership=booked.dealership, customer=customer, kind="email", value="m@mail.example.com"
    )
    evidence = Evidence(ConsentSource.LINK)
    consent.withdraw(customer, channels=None, purpose=None, evidence=evidence, now=NOW)

    assert "They are not told: the customer asked us to stop." in words(
        bob.get(f"{LIST}new/?customer={customer.pk}")
    )
    cancelled = words(bob.post(f"{LIST}{booked.pk}/cancel/", follow=True))

    assert (
        f"The appointment of {customer} is cancelled. They are not told: the customer asked us to stop."
        in cancelled
    )


def test_who_stopped_e_mails_is_told_by_text(bob, booked):
    customer = booked.customer
    ContactPointFactory(
        dealership=booked.dealership, customer=customer, kind="email", value="m@mail.example.com"
    )
    ContactPointFactory(dealership=booked.dealership, customer=customer, value="+15125550177")
    evidence = Evidence(ConsentSource.LINK)
    consent.withdraw(customer, channels=[Channel.EMAIL], purpose=None, evidence=evidence, now=NOW)

    shown = words(bob.post(f"{LIST}{booked.pk}/cancel/", follow=True))

    assert "is cancelled. They are told by text." in shown
    assert Message.objects.get(key__startswith="confirmation:").channel == "sms"


def test_who_cannot_be_reached_is_to_be_called(bob, booked):
    shown = words(bob.post(f"{LIST}{booked.pk}/cancel/", follow=True))

    assert "They are not told: there is no e-mail address or number that takes texts. Call them." in shown
