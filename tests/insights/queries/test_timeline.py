from datetime import timedelta

import pytest

from customers.models import OdometerReading
from dealerships.services import log
from insights.logic.timeline import Filter, Kind
from insights.queries import timeline
from insights.queries.timeline import stream
from tests.conftest import NOW
from tests.factories.customers import (
    CustomerFactory,
    OdometerReadingFactory,
    VehicleFactory,
    VisitFactory,
    VisitImportFactory,
    VisitLineFactory,
)
from tests.factories.messaging import ConsentEventFactory, MessageFactory


def entries(page) -> list:
    return [shown.entry for day in page.days for shown in day.entries]


def of_kind(customer_id: int, kind: Kind, near):
    found = entries(timeline.page(customer_id, near=near))
    return [entry for entry in found if entry.kind == kind]


def test_page_has_every_kind_of_thing_newest_first(make_busy_customer, near, dealership):
    car = make_busy_customer()
    car.visits.update(created_by_import=VisitImportFactory(dealership=dealership))
    OdometerReadingFactory(dealership=dealership, vehicle=car, value=50000.0, source="customer")
    log.record(car.customer, "customers.customer.note_added", at=NOW)

    found = entries(timeline.page(car.customer_id, near=near))

    assert {entry.kind for entry in found} == set(Kind)
    assert [entry.at for entry in found] == sorted((entry.at for entry in found), reverse=True)


@pytest.mark.parametrize(
    ("shown", "kinds"),
    [
        (Filter.MESSAGES, {Kind.MESSAGE}),
        (Filter.REMINDERS, {Kind.MESSAGE, Kind.REMINDER}),
        (Filter.VISITS, {Kind.VISIT, Kind.APPOINTMENT}),
        (Filter.FORECASTS, {Kind.FORECAST}),
        (Filter.CONSENT, {Kind.CONSENT}),
    ],
)
def test_page_narrowed_has_only_those_kinds(make_busy_customer, near, shown, kinds):
    car = make_busy_customer()

    assert {entry.kind for entry in entries(timeline.page(car.customer_id, near=near, shown=shown))} == kinds


def test_page_of_one_customer_has_nothing_of_another(make_busy_customer, near, dealership):
    make_busy_customer()
    stranger = CustomerFactory(dealership=dealership)

    assert entries(timeline.page(stranger.pk, near=near)) == []


def test_visit_says_what_was_done_declined_and_why_a_reading_was_set_aside(near, dealership):
    car = VehicleFactory(dealership=dealership)
    visit = VisitFactory(dealership=dealership, vehicle=car, ro_number="881", advisor_name="Dana Fells")
    VisitLineFactory(dealership=dealership, visit=visit, description="LUBE OIL FILTER")
    VisitLineFactory(dealership=dealership, visit=visit, description="BRAKE PADS", outcome="declined")
    OdometerReadingFactory(
        dealership=dealership,
        vehicle=car,
        visit=visit,
        value=412300.0,
        quality="quarantined",
        quality_reason="extra_digit",
    )

    (entry,) = of_kind(car.customer_id, Kind.VISIT, near)

    assert entry.lines == (
        "Done: Lube oil filter",
        "Declined: Brake pads",
        "RO 881 · $89.95 paid · advisor Dana Fells",
    )
    assert entry.warning == "Reading of 412,300 mi set aside: looks like a digit too many"


def test_reading_of_a_visit_is_shown_with_it_and_not_again(make_busy_customer, near):
    car = make_busy_customer()

    assert OdometerReading.objects.filter(vehicle=car).count() == 1
    assert of_kind(car.customer_id, Kind.READING, near) == []


def test_sent_reminder_is_one_entry_with_its_message(make_busy_customer, near):
    car = make_busy_customer()

    (skipped,) = of_kind(car.customer_id, Kind.REMINDER, near)
    sent = [entry for entry in of_kind(car.customer_id, Kind.MESSAGE, near) if entry.is_ours]

    assert [(entry.lines, bool(entry.touch_id)) for entry in sent] == [(("Service due, step 1",), True)]
    assert (skipped.title, skipped.state) == ("E-mail not sent", ("skipped", "Skipped"))


def test_reply_says_what_it_was_taken_to_mean(make_busy_customer, near):
    car = make_busy_customer()

    (reply,) = [entry for entry in of_kind(car.customer_id, Kind.MESSAGE, near) if not entry.is_ours]

    assert (reply.quote, reply.lines) == (
        "tuesday at 3 works",
        ("Understood: Yes, Names a day or time (90% sure). Booked an appointment.",),
    )


def test_numbers_stand_as_people_write_them(make_busy_customer, near):
    car = make_busy_customer()
    car.customer.messages.update(channel="sms", to_address="+15125550177")

    titles = [entry.title for entry in of_kind(car.customer_id, Kind.MESSAGE, near) if entry.is_ours]

    assert titles
    assert set(titles) == {"Text to (512) 555-0177"}


@pytest.mark.parametrize(
    ("source", "lines", "quote"),
    [
        ("reply", ("Booked by: reply",), "tuesday at 3 works"),
        ("advisor", ("Booked by: advisor", "tuesday at 3 works"), ""),
    ],
)
def test_the_note_of_a_booking_by_reply_is_shown_as_the_customers_words(
    make_busy_customer, near, source, lines, quote
):
    car = make_busy_customer()
    car.appointments.update(source=source, note="tuesday at 3 works")

    (entry,) = of_kind(car.customer_id, Kind.APPOINTMENT, near)

    assert (entry.lines[1:], entry.quote) == (lines, quote)


def test_a_refusal_of_an_import_shows_no_code(make_busy_customer, near):
    car = make_busy_customer()
    ConsentEventFactory(
        dealership=car.dealership,
        customer=car.customer,
        action="withdrawn",
        source="dms_refusal",
        wording="dms_refusal",
        at=NOW,
    )

    newest = of_kind(car.customer_id, Kind.CONSENT, near)[0]

    assert (newest.lines, newest.quote) == (("Refusal in the dealership's data",), "")


def test_pages_show_each_entry_once_also_where_many_share_a_moment(
    make_busy_customer, near, dealership, monkeypatch
):
    monkeypatch.setattr(stream, "PAGE_SIZE", 3)
    car = make_busy_customer()
    noon = NOW.replace(hour=18)  # as midday entries do
    for number in range(7):
        MessageFactory(
            dealership=dealership, customer=car.customer, created_at=noon - timedelta(days=number // 3)
        )
        VisitFactory(
            dealership=dealership, vehicle=car, opened_on=(noon - timedelta(days=number // 3)).date()
        )
    car.visits.update(created_by_import=VisitImportFactory(dealership=dealership))

    seen, mark = [], None
    while True:
        page = timeline.page(car.customer_id, near=near, mark=mark)
        seen += [(entry.kind, entry.id) for entry in entries(page)]
        mark = page.next
        if mark is None:
            break
    monkeypatch.setattr(stream, "PAGE_SIZE", 500)
    whole = [(entry.kind, entry.id) for entry in entries(timeline.page(car.customer_id, near=near))]

    assert len(whole) > 20
    assert seen == whole


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_entries(
    make_busy_customer, near, dealership, count, django_assert_num_queries
):
    car = make_busy_customer()
    for number in range(count - 1):
        MessageFactory(dealership=dealership, customer=car.customer)
        visit = VisitFactory(dealership=dealership, vehicle=car)
        VisitLineFactory(dealership=dealership, visit=visit)
        OdometerReadingFactory(dealership=dealership, vehicle=car, visit=visit, value=90000.0 + number)

    with django_assert_num_queries(13):
        assert entries(timeline.page(car.customer_id, near=near))
