"""Appointments from booking to arrival. Every change, by whatever channel, goes through here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from booking import queries
from booking.enums import AppointmentStatus
from booking.logic.slots import FreeSlot, Schedule, Slot, find_slot
from booking.models import Appointment, CapacitySlot
from booking.services import places
from booking.signals import appointment_changed
from common.tenancy import current_dealership
from customers.models import Customer, Vehicle
from dealerships.models import User
from dealerships.services import log

NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Booked:
    """The customer has this appointment; `is_new` is False when nothing had to be changed for it."""

    appointment: Appointment
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Full:
    """No place is left at that time."""

    alternatives: Sequence[FreeSlot]


@dataclass(frozen=True, slots=True)
class Closed:
    """That is no time one can book: closed, too soon, too far ahead or between two slots."""

    alternatives: Sequence[FreeSlot]


Answer = Booked | Full | Closed


@dataclass(frozen=True, slots=True)
class _Request:
    customer: Customer
    vehicle: Vehicle | None
    starts_at: datetime
    source: str
    key: str
    by: User | None
    now: datetime
    note: str


def book(
    *,
    customer: Customer,
    vehicle: Vehicle | None,
    starts_at: datetime,
    source: str,
    key: str,
    by: User | None,
    now: datetime,
    note: str = "",
) -> Answer:
    """Book a place at exactly `starts_at`, or say why not and what is free close to it.

    Idempotent by `key`: the second call answers with the appointment of the first, whatever became of it.
    Of any number of parallel calls for the last place exactly one is `Booked`. Sends `appointment_changed`
    inside the transaction. Where the customer may already have an appointment for this vehicle, use
    `book_or_move`.
    """
    _assert_same_dealership(customer, vehicle)
    request = _Request(customer, vehicle, starts_at, source, key, by, now, note[:NOTE_LENGTH])
    if earlier := queries.appointment_with_key(key):
        return Booked(earlier, is_new=False)
    try:
        with transaction.atomic():
            return _take_and_write(request)
    except IntegrityError:
        # A parallel call with the same key was faster; the place taken here was rolled back.
        earlier = queries.appointment_with_key(key)
    if earlier:
        return Booked(earlier, is_new=False)
    return Full(queries.alternatives_near(starts_at, now=now))


def _take_and_write(request: _Request) -> Answer:
    places.hold_rules()
    schedule = queries.read_schedule()
    slot = find_slot(schedule, starts_at=request.starts_at, now=request.now)
    if slot is None:
        return Closed(queries.alternatives_near(request.starts_at, now=request.now))
    place = places.take(slot, capacity=schedule.rules.capacity_per_slot)
    if place is None:
        earlier = queries.appointment_with_key(request.key)
        if earlier:
            return Booked(earlier, is_new=False)
        return Full(queries.alternatives_near(request.starts_at, now=request.now))
    appointment = Appointment.objects.create(
        dealership=current_dealership(),
        customer=request.customer,
        vehicle=request.vehicle,
        source=request.source,
        key=request.key,
        note=request.note,
        created_at=request.now,
        **_times(slot, place, schedule),
    )
    _tell(appointment, "booked", by=request.by, now=request.now, source=request.source)
    return Booked(appointment)


def _times(slot: Slot, place: CapacitySlot, schedule: Schedule) -> dict[str, object]:
    return {
        "slot": place,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "local_on": slot.local_start.date(),
        "local_time": slot.local_start.time(),
        "zone_name": schedule.zone_name,
    }


@transaction.atomic
def book_or_move(
    *,
    customer: Customer,
    vehicle: Vehicle | None,
    starts_at: datetime,
    source: str,
    key: str,
    by: User | None,
    now: datetime,
    note: str = "",
) -> Answer:
    """Give the customer exactly this time for the vehicle: move the appointment they have, or book one.

    For everything a customer does: answers, taps and keys of one customer wait for each other here, so that
    the same wish by two channels leads to one appointment.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    for appointment in queries.upcoming_appointments(customer.pk, now=now):
        if vehicle is None or appointment.vehicle_id in {vehicle.pk, None}:
            return reschedule(appointment, starts_at=starts_at, by=by, now=now)
    return book(
        customer=customer,
        vehicle=vehicle,
        starts_at=starts_at,
        source=source,
        key=key,
        by=by,
        now=now,
        note=note,
    )


def reschedule(appointment: Appointment, *, starts_at: datetime, by: User | None, now: datetime) -> Answer:
    """Move a booked appointment to exactly `starts_at`; it keeps its calendar entry and counts its changes.

    Moving it to the time it already has changes nothing. The old place is free at once; when the new one is
    not to be had, the old one stays taken. One that is no longer booked cannot be moved: `Closed`.
    """
    with transaction.atomic():
        current = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
        places.hold_rules()
        schedule = queries.read_schedule()
        slot = find_slot(schedule, starts_at=starts_at, now=now)
        if current.starts_at == starts_at and current.status == AppointmentStatus.BOOKED:
            return Booked(current, is_new=False)
        if slot is None or current.status != AppointmentStatus.BOOKED:
            return Closed(queries.alternatives_near(starts_at, now=now))
        if not _move(current, slot, schedule):
            return Full(queries.alternatives_near(starts_at, now=now))
        _tell(current, "moved", by=by, now=now, from_at=appointment.starts_at.isoformat())
    return Booked(current)


def _move(current: Appointment, slot: Slot, schedule: Schedule) -> bool:
    capacity = schedule.rules.capacity_per_slot
    places.lock([current.starts_at, slot.starts_at], capacity=capacity)
    place = places.take(slot, capacity=capacity, moving=current.pk)
    if place is None:
        return False
    places.give_back(current.slot_id)
    changes = {**_times(slot, place, schedule), "sequence": current.sequence + 1}
    for name, value in changes.items():
        setattr(current, name, value)
    current.save(update_fields=list(changes))
    return True


def cancel(appointment: Appointment, *, by: User | None, now: datetime) -> bool:
    """Cancel a booked appointment and free its place. Returns False when it was not booked any more."""

    def free_place(current: Appointment) -> None:
        places.give_back(current.slot_id)
        Appointment.objects.filter(pk=current.pk).update(sequence=current.sequence + 1)

    return _turn(
        appointment,
        frozenset({AppointmentStatus.BOOKED}),
        into=AppointmentStatus.CANCELLED,
        by=by,
        now=now,
        then=free_place,
    )


def arrive(appointment: Appointment, *, by: User | None, now: datetime) -> bool:
    """Record that the customer is here; also of one who was already given up. False: nothing to change."""
    waiting = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.NO_SHOW})
    return _turn(appointment, waiting, into=AppointmentStatus.ARRIVED, by=by, now=now)


def mark_no_show(appointment: Appointment, *, by: User | None, now: datetime) -> bool:
    """Record that nobody came. False before its time, and when it is not booked any more."""
    if now < appointment.starts_at:
        return False
    booked = frozenset({AppointmentStatus.BOOKED})
    return _turn(appointment, booked, into=AppointmentStatus.NO_SHOW, by=by, now=now)


def finish(appointment: Appointment, *, by: User | None, now: datetime) -> bool:
    """Record that the visit took place. False when it was cancelled or is finished already."""
    expected = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.NO_SHOW})
    return _turn(appointment, expected, into=AppointmentStatus.DONE, by=by, now=now)


@transaction.atomic
def _turn(
    appointment: Appointment,
    before: frozenset[AppointmentStatus],
    *,
    into: AppointmentStatus,
    by: User | None,
    now: datetime,
    then: Callable[[Appointment], None] = lambda _: None,
) -> bool:
    """Change the status by filtered update: of two who press at once, one does it and one is told nothing was left."""
    if not Appointment.objects.filter(pk=appointment.pk, status__in=before).update(status=into):
        return False
    current = Appointment.objects.get(pk=appointment.pk)
    then(current)
    _tell(current, into.value, by=by, now=now)
    return True


def _tell(appointment: Appointment, verb: str, *, by: User | None, now: datetime, **data: str) -> None:
    log.record(
        appointment,
        f"booking.appointment.{verb}",
        at=now,
        actor=by,
        customer_id=appointment.customer_id,
        starts_at=appointment.starts_at.isoformat(),
        **data,
    )
    appointment_changed.send(
        sender=Appointment,
        dealership_id=appointment.dealership_id,
        appointment_id=appointment.pk,
        status=str(appointment.status),
        actor_id=by.pk if by else None,
    )


def _assert_same_dealership(customer: Customer, vehicle: Vehicle | None) -> None:
    """Refuse objects of another dealership, which a caller may hold from outside the scope."""
    wanted = current_dealership().pk
    if customer.dealership_id != wanted or (vehicle is not None and vehicle.dealership_id != wanted):
        raise ValueError("Customer and vehicle must belong to the dealership in scope.")
