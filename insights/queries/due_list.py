"""The due list: each vehicle once, at its earliest service, by due date.

Fast at a million vehicles: the page is read in the order of the partial index `forecast_due_list` from a
place on, never by OFFSET, and every condition is one PostgreSQL may use an index for under forced row-level
security (docs/performance.md has the plans and the cost).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from booking.enums import AppointmentStatus
from booking.models import Appointment
from campaigns.enums import EnrolmentState
from campaigns.models import EnrolmentItem
from conversations.enums import ConversationState
from conversations.models import Conversation
from customers.enums import VehicleStatus
from customers.models import Customer, Forecast, Service, Vehicle
from insights.logic.cursor import Place
from insights.logic.due_filter import DueFilter, Progress
from insights.logic.moments import Near, ago_words, day_words
from insights.logic.range_bar import RangeBar, draw, short
from insights.queries import row_facts, search

PAGE_SIZE = 50
MOST_COUNTED = 1000  # the total says "1,000+" beyond: counting a million rows is not worth a second
MOST_COUNTED_IN_PROGRESS = (
    200  # each counted row costs looks into other tables, and twenty rows beside it too
)


@dataclass(frozen=True)
class DueRow:
    place: Place
    customer: Customer
    vehicle: Vehicle
    service: str
    basis: str
    due_words: str
    range_words: str
    bar: RangeBar
    percent: int
    last_contact: str
    last_channel: str
    is_reply: bool
    next_touch: row_facts.NextTouch | None
    next_words: str
    booked_words: str


@dataclass(frozen=True)
class DuePage:
    rows: list[DueRow]
    before: Place | None
    after: Place | None
    total: int
    most_counted: int

    @property
    def total_words(self) -> str:
        return f"{self.most_counted:,}+" if self.total > self.most_counted else f"{self.total:,}"


def page(
    wanted: DueFilter,
    *,
    near: Near,
    after: Place | None = None,
    before: Place | None = None,
    size: int = PAGE_SIZE,
) -> DuePage:
    """Return the page of the due list after or before a place; without a place the first."""
    candidates = filtered(wanted, near=near)
    is_back = before is not None and after is None
    forecasts, has_more = _slice(
        candidates, wanted, place=before if is_back else after, is_back=is_back, size=size
    )
    rows = _rows(forecasts, wanted, near=near)
    most = MOST_COUNTED_IN_PROGRESS if wanted.progress else MOST_COUNTED
    has_earlier, has_later = (has_more, True) if is_back else (after is not None, has_more)
    return DuePage(
        rows=rows,
        before=rows[0].place if rows and has_earlier else None,
        after=rows[-1].place if rows and has_later else None,
        # In the list's order, though a count needs none: it keeps PostgreSQL on the list's index, where it can stop.
        total=candidates.order_by("due_on", "id")[: most + 1].count(),
        most_counted=most,
    )


def filtered(wanted: DueFilter, *, near: Near) -> QuerySet[Forecast]:
    """Return the forecasts a filter asks for, without an order."""
    first, last = wanted.days(near.today)
    found = Forecast.objects.filter(
        is_next=True,
        vehicle__status=VehicleStatus.ACTIVE,
        vehicle__is_internal=False,
        vehicle__customer__is_internal=False,
    )
    if first is not None:
        found = found.filter(due_on__gte=first)
    if last is not None:
        found = found.filter(due_on__lte=last)
    if wanted.service:
        # By its id, looked up first: joined by code, PostgreSQL would not know how rare it is.
        service_id = Service.objects.filter(code=wanted.service).values_list("id", flat=True).first()
        found = found.filter(service_id=service_id) if service_id else found.none()
    if wanted.query:
        found = found.filter(vehicle__customer_id__in=search.customer_ids(wanted.query))
    return _in_progress(found, wanted.progress, now=near.now)


def _in_progress(found: QuerySet[Forecast], progress: Progress, *, now: datetime) -> QuerySet[Forecast]:
    running = Exists(
        EnrolmentItem.objects.filter(vehicle=OuterRef("vehicle")).exclude(
            enrolment__state=EnrolmentState.ENDED
        )
    )
    booked = Exists(
        Appointment.objects.filter(
            customer=OuterRef("vehicle__customer"), starts_at__gte=now, status=AppointmentStatus.BOOKED
        )
    )
    waiting = Exists(
        Conversation.objects.filter(customer=OuterRef("vehicle__customer"), state=ConversationState.WAITING)
    )
    conditions = {
        Progress.RUNNING: Q(running),
        Progress.BOOKED: Q(booked),
        Progress.WAITING: Q(waiting),
        Progress.IDLE: ~running & ~booked & ~waiting,
    }
    return found.filter(conditions[progress]) if progress in conditions else found


def _slice(
    candidates: QuerySet[Forecast], wanted: DueFilter, *, place: Place | None, is_back: bool, size: int
) -> tuple[list[Forecast], bool]:
    """Return up to a page from the place on, in the list's order, and whether there is more beyond."""
    is_falling = wanted.is_newest_first != is_back
    if place is not None:
        candidates = candidates.filter(_beyond(place, is_falling=is_falling))
    order = ("-due_on", "-id") if is_falling else ("due_on", "id")
    rows = list(
        candidates.order_by(*order).select_related("vehicle", "vehicle__customer", "service")[: size + 1]
    )
    shown = rows[:size]
    return (shown[::-1] if is_back else shown), len(rows) > size


def _beyond(place: Place, *, is_falling: bool) -> Q:
    """Return the condition for rows after a place; its first part is what the index is searched by."""
    if is_falling:
        return Q(due_on__lte=place.on) & (Q(due_on__lt=place.on) | Q(id__lt=place.id))
    return Q(due_on__gte=place.on) & (Q(due_on__gt=place.on) | Q(id__gt=place.id))


def _rows(forecasts: Sequence[Forecast], wanted: DueFilter, *, near: Near) -> list[DueRow]:
    customer_ids = [f.vehicle.customer_id for f in forecasts if f.vehicle.customer_id]
    contacts = row_facts.last_contacts(customer_ids)
    touches = row_facts.next_touches([f.vehicle_id for f in forecasts])
    booked = row_facts.booked(customer_ids, now=near.now)
    axis = wanted.axis(near.today)

    def row(forecast: Forecast) -> DueRow:
        vehicle = forecast.vehicle
        customer = vehicle.customer
        assert customer is not None  # noqa: S101 -- `filtered` asks for a customer's flag, so there is one
        contact = contacts.get(customer.pk)
        touch = touches.get(vehicle.pk)
        appointment = booked.get(customer.pk)
        return DueRow(
            place=Place(forecast.due_on, forecast.pk),
            customer=customer,
            vehicle=vehicle,
            service=forecast.service.name,
            basis=forecast.basis,
            due_words=short(forecast.due_on, near.today),
            range_words=f"{short(forecast.low_on, near.today)} to {short(forecast.high_on, near.today)}",
            bar=draw(
                low_on=forecast.low_on,
                due_on=forecast.due_on,
                high_on=forecast.high_on,
                today=near.today,
                axis=axis,
            ),
            percent=round(forecast.probability_30d * 100),
            last_contact=ago_words(contact.at, now=near.now, zone=near.zone) if contact else "",
            last_channel=contact.channel if contact else "",
            is_reply=bool(contact and contact.is_inbound),
            next_touch=touch,
            next_words=day_words(touch.at.astimezone(near.zone).date(), today=near.today) if touch else "",
            booked_words=day_words(appointment.local_on, today=near.today) if appointment else "",
        )

    return [row(forecast) for forecast in forecasts]
