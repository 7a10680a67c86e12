from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.db import OperationalError, connection
from liquid.exceptions import LiquidError

from campaigns.enums import EnrolmentState, TouchState
from campaigns.models import Cadence, Enrolment, Step, StepTemplate, Touch
from campaigns.queries import reminders, touches, troubles
from campaigns.queries.troubles import Trouble
from campaigns.services import dispatch, drafts
from campaigns.services.dispatch import Dispatched
from common import links
from common.enums import Channel, Purpose
from common.links import CustomerLink, LinkPurpose
from common.tenancy import tenant_scope
from customers.enums import VehicleStatus
from customers.models import Forecast, Vehicle
from dealerships.models import Dealership
from messaging.enums import ConsentSource, MessageState, Reason, SuppressionReason
from messaging.logic.segments import count_segments
from messaging.models import Message, ProviderAccount
from messaging.queries import gate
from messaging.services import consent
from messaging.services.consent import Evidence
from tests.campaigns.worlds import a_customer, a_due_car, add_due_service, enrol, touches_of
from tests.factories.booking import AppointmentFactory
from tests.factories.customers import CustomerFactory, VisitFactory

DUE_ON = date(2026, 12, 8)
EMAIL_AT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # Tuesday, 10:00 in Chicago
TEXT_AT = EMAIL_AT + timedelta(days=7, hours=2)
LETTER_AT = EMAIL_AT + timedelta(days=24)

SENT_ONE, SKIPPED_ONE, WAITING_ONE = Dispatched(sent=1), Dispatched(skipped=1), Dispatched(waiting=1)


@pytest.fixture
def car(dealership, now):
    car = a_due_car(
        dealership, due_on=DUE_ON, customer=a_customer(dealership, first_name="Marisol", language="en")
    )
    enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    return car


def the_touch(step_number=1):
    return Touch.objects.get(step_number=step_number, fallback_number=0)


def test_dispatch_batch_before_its_time_does_nothing(car):
    assert dispatch.dispatch_batch(now=EMAIL_AT - timedelta(seconds=1)) == Dispatched()


def test_dispatch_batch_due_email_is_queued_with_its_touch(car, dealership):
    assert dispatch.dispatch_batch(now=EMAIL_AT) == SENT_ONE

    touch, message = the_touch(), Message.objects.get()
    assert (touch.state, touch.message_id, touch.decided_at) == (TouchState.SENT, message.pk, EMAIL_AT)
    assert message.key == f"touch:{touch.pk}"
    assert (message.channel, message.purpose, message.state) == (
        Channel.EMAIL,
        Purpose.MARKETING,
        MessageState.QUEUED,
    )
    assert message.to_address == car.customer.contact_points.get(kind="email").value
    assert message.expires_at == EMAIL_AT + timedelta(days=5)
    service = car.forecasts.get().service.name.lower()
    assert message.subject == f"2019 Honda Civic: {service}, due around December 8"
    assert f"2019 Honda Civic: {service}, due around December 8" in message.body_text
    assert "Why we think so: about 980 mi a month over 6 visits." in message.body_text
    assert "Live Oak Motors\n100 Congress Ave, Austin, TX 78701\n" in message.body_text
    book, opt_out = (
        links.url_of(CustomerLink(purpose, dealership.pk, car.customer_id, touch.pk))
        for purpose in LinkPurpose
    )
    assert message.body_text.count(book) == message.body_text.count(opt_out) == 1
    assert message.body_html.count(f'<a href="{book}">') == 1


def test_dispatch_batch_repeated_sends_nothing_more(car):
    dispatch.dispatch_batch(now=EMAIL_AT)

    assert dispatch.dispatch_batch(now=EMAIL_AT + timedelta(minutes=1)) == Dispatched()
    assert Message.objects.count() == 1


def test_dispatch_batch_text_is_one_part_with_its_way_out(car):
    Touch.objects.exclude(step_number=2).delete()

    assert dispatch.dispatch_batch(now=TEXT_AT) == SENT_ONE

    body = Message.objects.get().body_text
    assert body.startswith("Live Oak Motors: 2019 Honda Civic, ")
    assert body.endswith("STOP to opt out")
    assert count_segments(body).encoding == "GSM-7"


def test_dispatch_batch_letter_carries_address_link_and_way_out(car):
    Touch.objects.exclude(step_number=4).delete()

    assert dispatch.dispatch_batch(now=LETTER_AT) == SENT_ONE

    letter = Message.objects.get().letter
    assert letter["recipient"] == {
        "name": car.customer.display_name,
        "street": "2210 Live Oak St",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78704",
        "country": "US",
    }
    assert letter["sender"]["name"] == "Live Oak Motors"
    assert letter["written_on"] == "December 18, 2026"
    assert links.read(letter["book_url"].rsplit("/", 1)[1]).purpose == LinkPurpose.BOOK
    assert letter["opt_out_line"].startswith("No more reminders, please: http")


def test_dispatch_batch_spanish_customer_is_written_to_in_spanish(car):
    type(car.customer).objects.update(language="es")

    dispatch.dispatch_batch(now=EMAIL_AT)

    body = Message.objects.get().body_text
    assert body.startswith("Hola Marisol:")
    assert "le toca hacia el 8 de diciembre" in body
    assert "visits" not in body  # the forecast's reason is in English


def test_dispatch_batch_language_without_texts_gets_english(car):
    StepTemplate.objects.filter(language="es").delete()
    type(car.customer).objects.update(language="es")

    assert dispatch.dispatch_batch(now=EMAIL_AT) == SENT_ONE
    assert Message.objects.get().body_text.startswith("Hello Marisol,")


def opt_out(car):
    consent.withdraw(
        car.customer,
        channels=None,
        purpose=Purpose.MARKETING,
        evidence=Evidence(ConsentSource.REPLY),
        now=EMAIL_AT,
    )


def quietly(change):
    """Make a change without telling campaigns: what only the check at the moment of sending can notice."""
    return change


def end_enrolment(car):
    Enrolment.objects.update(state=EnrolmentState.ENDED)


def pause_enrolment(car):
    Enrolment.objects.update(state=EnrolmentState.PAUSED)


def suppress(car):
    address = car.customer.contact_points.get(kind="email").value
    consent.suppress(
        address, channels=[Channel.EMAIL], reason=SuppressionReason.BOUNCED, proof={}, now=EMAIL_AT
    )
    car.customer.contact_points.filter(kind="phone").delete()


def book(car):
    AppointmentFactory(
        dealership=car.dealership, customer=car.customer, vehicle=car, starts_at=EMAIL_AT + timedelta(days=3)
    )


def book_without_car(car):
    AppointmentFactory(
        dealership=car.dealership, customer=car.customer, vehicle=None, starts_at=EMAIL_AT + timedelta(days=3)
    )


def sell_to_somebody(car):
    Vehicle.objects.update(customer=CustomerFactory(dealership=car.dealership))


def only_post(car):
    car.customer.contact_points.exclude(kind="postal").delete()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (end_enrolment, Reason.ENROLMENT_ENDED),
        (pause_enrolment, Reason.REPLIED),
        (only_post, Reason.NO_CONTACT_POINT),
        (suppress, Reason.SUPPRESSED),
        (book, Reason.BOOKED),
        (book_without_car, Reason.BOOKED),
        (sell_to_somebody, Reason.VEHICLE_GONE),
        (quietly(lambda car: Vehicle.objects.update(customer=None)), Reason.VEHICLE_GONE),
        (quietly(lambda car: Vehicle.objects.update(status=VehicleStatus.SOLD)), Reason.VEHICLE_GONE),
        (quietly(lambda car: Vehicle.objects.update(is_internal=True)), Reason.VEHICLE_GONE),
        (
            quietly(
                lambda car: VisitFactory(dealership=car.dealership, vehicle=car, opened_on=EMAIL_AT.date())
            ),
            Reason.VISITED,
        ),
        (
            quietly(lambda car: Forecast.objects.update(cycle_started_on=date(2026, 11, 1))),
            Reason.NO_LONGER_DUE,
        ),
        (quietly(lambda car: type(car.customer).objects.update(is_internal=True)), Reason.INTERNAL),
        (quietly(lambda car: ProviderAccount.objects.update(is_active=False)), Reason.NO_PROVIDER),
        (quietly(lambda car: Dealership.objects.update(is_active=False)), Reason.DEALERSHIP_INACTIVE),
    ],
)
def test_dispatch_batch_each_reason_is_found_at_the_moment_of_sending(car, change, reason):
    change(car)
    with tenant_scope(Dealership.objects.get(pk=car.dealership_id)):
        assert dispatch.dispatch_batch(now=EMAIL_AT) == SKIPPED_ONE

    touch = the_touch()
    assert (touch.state, touch.reason, touch.decided_at) == (TouchState.SKIPPED, reason, EMAIL_AT)
    assert Message.objects.count() == 0


def test_dispatch_batch_opt_out_leaves_nothing_due(car):
    opt_out(car)

    assert dispatch.dispatch_batch(now=EMAIL_AT) == Dispatched()
    assert {reason for *_, reason in touches_of(Enrolment.objects.get())} == {Reason.OPTED_OUT}


def test_dispatch_batch_old_visit_of_the_cycle_does_not_count(car):
    VisitFactory(dealership=car.dealership, vehicle=car, opened_on=date(2026, 11, 1))

    assert dispatch.dispatch_batch(now=EMAIL_AT) == SENT_ONE


def test_dispatch_batch_channel_gone_uses_the_next_that_works(car):
    car.customer.contact_points.filter(kind="email").delete()

    assert dispatch.dispatch_batch(now=EMAIL_AT + timedelta(hours=2)) == SENT_ONE
    assert the_touch().channel == Message.objects.get().channel == Channel.SMS


def test_dispatch_batch_fixed_channel_gone_is_skipped(car):
    car.customer.contact_points.filter(kind="postal").delete()
    Touch.objects.exclude(step_number=4).delete()

    assert dispatch.dispatch_batch(now=LETTER_AT) == SKIPPED_ONE
    assert the_touch(4).reason == Reason.NO_CONTACT_POINT


def test_dispatch_batch_paused_cadence_waits_until_too_late(car):
    Cadence.objects.update(is_active=False)

    assert dispatch.dispatch_batch(now=EMAIL_AT) == WAITING_ONE
    touch = the_touch()
    assert (touch.state, touch.reason) == (TouchState.PLANNED, Reason.CADENCE_PAUSED)
    assert touch.next_try_at == EMAIL_AT + timedelta(hours=1)

    late = EMAIL_AT + timedelta(days=5) - timedelta(minutes=30)
    assert dispatch.dispatch_batch(now=late) == SKIPPED_ONE
    assert the_touch().reason == Reason.CADENCE_PAUSED


def test_dispatch_batch_after_a_stopped_worker_is_too_late(car):
    assert dispatch.dispatch_batch(now=EMAIL_AT + timedelta(days=5)) == SKIPPED_ONE
    assert the_touch().reason == Reason.TOO_LATE


def test_dispatch_batch_two_overdue_of_one_enrolment_sends_the_later_only(car):
    assert dispatch.dispatch_batch(now=TEXT_AT) == Dispatched(sent=1, skipped=1)
    assert [touch.state for touch in Touch.objects.filter(step_number__lt=3).order_by("step_number")] == [
        TouchState.SKIPPED,
        TouchState.SENT,
    ]


def test_dispatch_batch_second_touch_of_a_day_waits_for_tomorrow(car):
    dispatch.dispatch_batch(now=EMAIL_AT)
    soon = EMAIL_AT + timedelta(hours=2)
    Touch.objects.filter(step_number=2).update(due_at=soon, next_try_at=soon)

    assert dispatch.dispatch_batch(now=soon) == WAITING_ONE
    assert the_touch(2).next_try_at == EMAIL_AT + timedelta(days=1, hours=2)  # its own hour
    assert the_touch(2).reason == Reason.FREQUENCY_CAP


def test_dispatch_batch_quiet_hours_put_it_off(car):
    at_night = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # ten in the evening
    Touch.objects.filter(step_number=1).update(due_at=at_night, next_try_at=at_night)

    Touch.objects.filter(step_number=1).update(channel=Channel.SMS)
    car.customer.contact_points.filter(kind="email").delete()

    assert dispatch.dispatch_batch(now=at_night) == WAITING_ONE
    touch = the_touch()
    assert touch.reason == Reason.QUIET_HOURS
    assert touch.next_try_at > at_night


def test_dispatch_batch_caps_count_within_one_batch(dealership):
    """Two cars of one owner, far apart in their cycles and due for a text on the same day: one waits."""
    owner = a_customer(dealership, kinds=("phone",))
    for service, due_on in ((0, date(2026, 12, 8)), (1, date(2027, 1, 15))):
        a_due_car(dealership, due_on=due_on, customer=owner, service=service)
    enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    enrol(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    at = datetime(2027, 1, 6, 18, 0, tzinfo=UTC)
    first, second = Enrolment.objects.order_by("pk")
    for enrolment in (first, second):
        Touch.objects.filter(enrolment=enrolment).exclude(step_number=1).delete()
        Touch.objects.filter(enrolment=enrolment).update(due_at=at, next_try_at=at)

    assert dispatch.dispatch_batch(now=at) == Dispatched(sent=1, waiting=1)
    assert Touch.objects.get(enrolment=second).reason == Reason.FREQUENCY_CAP


def test_dispatch_batch_household_with_one_car_booked_speaks_of_the_other(dealership):
    home = [a_customer(dealership, household_key="h") for _ in range(2)]
    booked, other = (a_due_car(dealership, due_on=DUE_ON, customer=customer) for customer in home)
    Vehicle.objects.filter(pk=other.pk).update(model="Fit")
    enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    AppointmentFactory(
        dealership=dealership,
        customer=booked.customer,
        vehicle=booked,
        starts_at=EMAIL_AT + timedelta(days=2),
    )

    assert dispatch.dispatch_batch(now=EMAIL_AT) == SENT_ONE
    body = Message.objects.get().body_text
    assert "Honda Fit" in body
    assert "Honda Civic" not in body


def test_dispatch_batch_services_and_cars_share_one_message(dealership):
    home = [a_customer(dealership, household_key="h") for _ in range(2)]
    cars = [a_due_car(dealership, due_on=DUE_ON, customer=customer) for customer in home]
    add_due_service(cars[0], due_on=DUE_ON + timedelta(days=9), service=1)
    Vehicle.objects.filter(pk=cars[1].pk).update(model="Fit")
    enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))

    assert dispatch.dispatch_batch(now=EMAIL_AT) == SENT_ONE
    body = Message.objects.get().body_text
    assert (body.count("2019 Honda Civic:"), body.count("2019 Honda Fit:")) == (1, 1)
    assert " and " in body.split("2019 Honda Civic:")[1].splitlines()[0]


def test_dispatch_batch_template_trouble_holds_up_nobody_else(car, dealership, monkeypatch):
    a_due_car(dealership, due_on=DUE_ON)
    enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    calls, real = count(), drafts.wording.render

    def fail_once(template, *, facts):
        if next(calls) == 0:
            raise LiquidError("no such filter", token=None)
        return real(template, facts=facts)

    monkeypatch.setattr(drafts.wording, "render", fail_once)

    assert dispatch.dispatch_batch(now=EMAIL_AT) == Dispatched(sent=1, failed=1)
    assert Touch.objects.filter(step_number=1, next_try_at=EMAIL_AT + timedelta(hours=1)).count() == 1
    assert dispatch.dispatch_batch(now=EMAIL_AT + timedelta(hours=1)) == SENT_ONE


def test_dispatch_batch_stopped_before_it_is_recorded_is_done_again(car, monkeypatch):
    real = dispatch.decided_rows.write

    def die(rows):
        raise ConnectionError

    monkeypatch.setattr(dispatch.decided_rows, "write", die)
    with pytest.raises(ConnectionError):
        dispatch.dispatch_batch(now=EMAIL_AT)
    assert Message.objects.count() == 0
    monkeypatch.setattr(dispatch.decided_rows, "write", real)

    assert dispatch.dispatch_batch(now=EMAIL_AT) == SENT_ONE
    assert Message.objects.count() == 1


def test_dispatch_batch_step_without_a_text_waits_and_is_given_up_in_the_end(car, dealership):
    StepTemplate.objects.filter(step__number=1).delete()
    other = a_due_car(dealership, due_on=DUE_ON + timedelta(days=5))
    enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC) + timedelta(days=5))
    Touch.objects.filter(enrolment__customer=other.customer).exclude(step_number=4).delete()
    Touch.objects.filter(enrolment__customer=other.customer).update(due_at=EMAIL_AT, next_try_at=EMAIL_AT)

    assert dispatch.dispatch_batch(now=EMAIL_AT) == Dispatched(waiting=1, sent=1)
    touch = Touch.objects.get(enrolment__customer=car.customer, step_number=1)
    assert (touch.state, touch.reason, touch.next_try_at) == (
        TouchState.PLANNED,
        Reason.NO_TEXT,
        EMAIL_AT + timedelta(hours=1),
    )
    assert troubles.troubles(now=EMAIL_AT) == [
        Trouble(
            cadence_key="service-due",
            cadence_name="Service due",
            step_number=1,
            channel="E-mail",
            words="The cadence has no text for this step that can be filled in",
            waiting=1,
            given_up=0,
            customer_id=car.customer_id,
        )
    ]
    last = EMAIL_AT + timedelta(days=5) - timedelta(minutes=30)
    Touch.objects.exclude(pk=touch.pk).delete()
    assert dispatch.dispatch_batch(now=last) == SKIPPED_ONE
    assert Touch.objects.get().reason == Reason.NO_TEXT
    (shown,) = troubles.troubles(now=last)
    assert (shown.waiting, shown.given_up) == (0, 1)
    assert troubles.troubles(now=last + timedelta(days=8)) == []


def test_dispatch_batch_version_without_the_step_waits(car):
    Step.objects.filter(number=1).delete()

    assert dispatch.dispatch_batch(now=EMAIL_AT) == WAITING_ONE
    assert the_touch().reason == Reason.NO_TEXT


def test_dispatch_batch_bad_row_is_put_off_and_the_others_go_out(car, dealership):
    for _ in range(5):
        a_due_car(dealership, due_on=DUE_ON)
    enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    bad = Touch.objects.filter(step_number=1).order_by("pk")[3]
    Touch.objects.filter(pk=bad.pk).update(zone_name="Mars/Olympus_Mons")

    assert dispatch.dispatch_batch(now=EMAIL_AT) == Dispatched(sent=5, failed=1)
    bad.refresh_from_db()
    assert (bad.state, bad.reason, bad.next_try_at) == (
        TouchState.PLANNED,
        Reason.TROUBLE,
        EMAIL_AT + timedelta(hours=1),
    )
    assert Message.objects.count() == 5
    assert dispatch.dispatch_batch(now=EMAIL_AT) == Dispatched()

    Touch.objects.exclude(pk=bad.pk).delete()
    late = EMAIL_AT + timedelta(days=5)
    assert dispatch.dispatch_batch(now=late) == Dispatched(failed=1)
    bad.refresh_from_db()
    assert (bad.state, bad.reason, bad.decided_at) == (TouchState.SKIPPED, Reason.TROUBLE, late)


def test_dispatch_batch_subject_of_many_cars_is_cut(car, dealership):
    Vehicle.objects.update(model="Civic " * 9)
    for _ in range(4):
        a_due_car(dealership, due_on=DUE_ON, customer=car.customer)
    Vehicle.objects.update(model="Civic " * 9)
    Enrolment.objects.all().delete()
    enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))

    assert dispatch.dispatch_batch(now=EMAIL_AT) == SENT_ONE
    assert len(Message.objects.get().subject) == 300


def a_car_due_at(dealership, *, cars):
    with tenant_scope(dealership):
        for _ in range(cars):
            a_due_car(dealership, due_on=DUE_ON)
        enrol(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))


def test_dispatch_due_one_dealerships_trouble_keeps_none_from_theirs(world, monkeypatch):
    for dealership in (world.dealership, world.other):
        a_car_due_at(dealership, cars=1)
    real = dispatch.dispatch_batch

    def fail_at_first(*, now, limit):
        if dispatch.current_dealership() == world.dealership:
            raise OperationalError("canceling statement due to lock timeout")
        return real(now=now, limit=limit)

    monkeypatch.setattr(dispatch, "dispatch_batch", fail_at_first)

    assert dispatch.dispatch_due(now=EMAIL_AT) == Dispatched(sent=1)


def test_dispatch_due_gives_each_dealership_a_batch_a_round(world, monkeypatch):
    order = []
    real = dispatch.dispatch_batch

    def noted(*, now, limit):
        done = real(now=now, limit=limit)
        order.append((dispatch.current_dealership().slug, done.sent))
        return done

    a_car_due_at(world.dealership, cars=5)
    a_car_due_at(world.other, cars=3)
    monkeypatch.setattr(dispatch, "dispatch_batch", noted)
    monkeypatch.setattr(dispatch, "ROUND", 4)
    monkeypatch.setattr(dispatch, "SMALLEST_SHARE", 1)

    assert dispatch.dispatch_due(now=EMAIL_AT) == Dispatched(sent=8)
    one, other = world.dealership.slug, world.other.slug
    # Two each, then one is left to the other dealership, and the rest to the first alone.
    assert order == [(one, 2), (other, 2), (one, 2), (other, 1), (one, 1)]


def test_dispatch_due_who_becomes_due_meanwhile_joins_the_next_round(world, monkeypatch):
    a_car_due_at(world.dealership, cars=3)
    real = dispatch.dispatch_batch
    order = []

    def noted(*, now, limit):
        done = real(now=now, limit=limit)
        order.append(dispatch.current_dealership().slug)
        if len(order) == 1:
            a_car_due_at(world.other, cars=1)
        return done

    monkeypatch.setattr(dispatch, "dispatch_batch", noted)
    monkeypatch.setattr(dispatch, "ROUND", 1)
    monkeypatch.setattr(dispatch, "SMALLEST_SHARE", 1)

    dispatch.dispatch_due(now=EMAIL_AT)

    assert order == [world.dealership.slug] * 2 + [world.other.slug, world.dealership.slug]


def test_dispatch_due_out_of_time_rings_for_what_is_left(world, monkeypatch):
    rung = []
    a_car_due_at(world.dealership, cars=3)
    monkeypatch.setattr(dispatch, "BATCH", 2)
    monkeypatch.setattr(dispatch, "SMALLEST_SHARE", 1)
    monkeypatch.setattr(dispatch, "LONGEST_RUN_SECONDS", 0.0)
    monkeypatch.setattr(dispatch, "ring", rung.append)

    assert dispatch.dispatch_due(now=EMAIL_AT) == Dispatched(sent=2)
    assert rung == ["campaigns.dispatch"]


def test_dispatch_batch_among_many_due_looks_at_its_own_batch_only(car):
    """Half a million are due at ten: a batch that sorted or joined them all would take minutes for each 500."""
    due = dispatch._due(EMAIL_AT).order_by("next_try_at")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        claim = due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:500]
        plan = claim.explain()

    assert "Index Scan using touch_due" in plan
    assert "Sort" not in plan
    assert "Join" not in plan


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (touches.ITEMS, [1, "{1,2,3}"]),
        (reminders.WHYS, ["{1,2,3}", "{1,2,3}", 1]),
        (gate.SUPPRESSED, [1, ["sms", "email"], '["a@example.com", "+15125550100"]']),
    ],
    ids=["items", "whys", "suppressed"],
)
def test_facts_of_a_batch_are_found_by_index(car, statement, parameters):
    """A batch asks for a few hundred rows of millions; what looks at a whole table takes seconds each time."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Seq Scan" not in plan
    assert "Index" in plan


def test_dispatch_due_nothing_due_asks_once(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert dispatch.dispatch_due(now=EMAIL_AT) == Dispatched()
