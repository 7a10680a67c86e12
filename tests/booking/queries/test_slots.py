from datetime import UTC, date, datetime, timedelta

from booking import queries
from booking.logic.slots import FreeSlot, Schedule
from booking.models import BookingRules, CapacitySlot
from booking.services import appointments
from common.tenancy import tenant_scope
from dealerships.models import ClosedDay, OpeningHours
from tests.booking.conftest import TUESDAY_3PM

YEAR = timedelta(days=365)


def test_free_slots_are_the_next_ones_in_local_time(dealership, now):
    found = queries.free_slots(from_at=now, until=now + YEAR, limit=2, now=now)

    assert found == [
        FreeSlot(datetime(2026, 11, 20, 18, 0, tzinfo=UTC), datetime(2026, 11, 20, 12, 0), 2),
        FreeSlot(datetime(2026, 11, 20, 18, 30, tzinfo=UTC), datetime(2026, 11, 20, 12, 30), 2),
    ]


def test_free_slots_count_what_is_taken(booked, now):
    hour = timedelta(hours=1)

    found = queries.free_slots(from_at=TUESDAY_3PM - hour, until=TUESDAY_3PM + hour, limit=9, now=now)

    assert [slot.places for slot in found] == [2, 2, 1, 2]


def test_free_slots_leave_out_full_ones(booked, one_place, now):
    found = queries.free_slots(from_at=TUESDAY_3PM, until=TUESDAY_3PM + YEAR, limit=1, now=now)

    assert [slot.starts_at for slot in found] == [TUESDAY_3PM + timedelta(minutes=30)]


def test_free_slots_reach_over_closed_weeks(dealership, now):
    for day in range(20):
        ClosedDay.objects.create(dealership=dealership, on=date(2026, 11, 20) + timedelta(days=day))

    found = queries.free_slots(from_at=now, until=now + YEAR, limit=1, now=now)

    assert [slot.local_start for slot in found] == [datetime(2026, 12, 10, 7, 30)]


def test_free_slots_of_a_dealership_without_hours_are_none(dealership, now):
    OpeningHours.objects.all().delete()

    assert queries.free_slots(from_at=now, until=now + YEAR, limit=3, now=now) == []


def test_free_slots_end_at_the_horizon(dealership, now):
    BookingRules.objects.update(horizon_days=1)

    found = queries.free_slots(from_at=now, until=now + YEAR, limit=999, now=now)

    assert max(slot.local_start.date() for slot in found) == date(2026, 11, 21)


def test_free_slots_of_another_dealership_do_not_count(booked, world, one_place, now):
    with tenant_scope(world.other):
        assert not CapacitySlot.objects.exists()
        found = queries.free_slots(from_at=TUESDAY_3PM, until=TUESDAY_3PM + YEAR, limit=1, now=now)

    assert found[0].starts_at == TUESDAY_3PM


def test_free_slots_take_five_queries(dealership, now, django_assert_num_queries):
    with django_assert_num_queries(5):
        queries.free_slots(from_at=now, until=now + YEAR, limit=3, now=now)


def test_alternatives_near_a_moment_far_from_any_free_one(dealership, now):
    for day in range(20):
        ClosedDay.objects.create(dealership=dealership, on=date(2026, 11, 20) + timedelta(days=day))

    found = queries.alternatives_near(TUESDAY_3PM, now=now)

    assert [slot.local_start for slot in found] == [
        datetime(2026, 12, 10, 7, 30),
        datetime(2026, 12, 10, 8, 0),
        datetime(2026, 12, 10, 8, 30),
    ]


def test_read_schedule_without_rules_uses_the_defaults(dealership):
    BookingRules.objects.all().delete()

    schedule = queries.read_schedule()

    assert isinstance(schedule, Schedule)
    assert schedule.rules.slot_minutes == 30


def test_upcoming_appointments_leave_out_past_and_cancelled(booked, booking, customer, now):
    gone = appointments.book(**{**booking, "key": "2", "starts_at": TUESDAY_3PM + timedelta(days=1)})
    appointments.cancel(gone.appointment, by=None, now=now)

    assert queries.upcoming_appointments(customer.pk, now=now) == [booked]
    assert queries.upcoming_appointments(customer.pk, now=TUESDAY_3PM) == []
