"""One customer: who they are, how they are reached, what they drive and what is ahead."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Prefetch, Q

from booking.enums import AppointmentStatus
from booking.models import Appointment
from campaigns.enums import EnrolmentState, TouchState
from campaigns.logic.standing import Standing
from campaigns.models import Enrolment, Touch
from campaigns.queries.standings import standings
from conversations.models import Conversation
from customers.models import ContactPoint, Customer, Forecast, Vehicle
from insights.logic.due_filter import DueFilter, Window
from insights.logic.moments import Near, clock_words, day_words
from insights.logic.range_bar import RangeBar, draw, short
from messaging.reason_words import words_for

MOST_VEHICLES = 8  # of a fleet; the rest is in the due list
MOST_AHEAD = 12


@dataclass(frozen=True)
class ForecastRow:
    service: str
    due_words: str
    range_words: str
    percent: int
    basis: str
    bar: RangeBar


@dataclass(frozen=True)
class VehicleCard:
    vehicle: Vehicle
    forecasts: list[ForecastRow]
    reminders: Standing | None  # None: nobody owns it


@dataclass(frozen=True)
class AheadRow:
    """Something planned: a touch or an appointment."""

    at: datetime
    day: str
    time: str
    icon: str
    title: str
    note: str
    state: str
    words: str
    touch_id: int | None = None
    waits: bool = False  # put off by something, not only planned


@dataclass(frozen=True)
class CustomerPage:
    customer: Customer
    points: list[ContactPoint]
    vehicles: list[VehicleCard]
    more_vehicles: int
    ahead: list[AheadRow]
    conversation: Conversation | None


def load(customer_id: int, *, near: Near) -> CustomerPage:
    """Return all the customer page shows beside the timeline. Queries: 30, whatever the customer owns.

    raises: Customer.DoesNotExist, also for a customer of another dealership
    """
    customer = Customer.objects.select_related("conversation").get(pk=customer_id)
    vehicles = _vehicles(customer_id)
    shown = vehicles[:MOST_VEHICLES]
    total = (
        len(vehicles) if len(vehicles) <= MOST_VEHICLES else Vehicle.objects.filter(customer=customer).count()
    )
    reminders = standings([vehicle.pk for vehicle in shown], now=near.now)
    return CustomerPage(
        customer=customer,
        points=list(ContactPoint.objects.filter(customer=customer).order_by("kind", "rank", "id")),
        vehicles=[_card(vehicle, near, reminders.get(vehicle.pk)) for vehicle in shown],
        more_vehicles=total - len(shown),
        ahead=_ahead(customer_id, near),
        conversation=getattr(customer, "conversation", None),
    )


def _vehicles(customer_id: int) -> list[Vehicle]:
    """Return the vehicles of a customer, the one due first in front; one more than is shown."""
    return list(
        Vehicle.objects.filter(customer_id=customer_id)
        .annotate(next_due_on=Min("forecasts__due_on", filter=Q(forecasts__is_next=True)))
        .order_by("next_due_on", "-year", "id")
        .prefetch_related(
            Prefetch(
                "forecasts", queryset=Forecast.objects.select_related("service").order_by("due_on", "id")
            )
        )[: MOST_VEHICLES + 1]
    )


def _card(vehicle: Vehicle, near: Near, reminders: Standing | None) -> VehicleCard:
    axis = DueFilter(window=Window.ALL).axis(near.today)

    def row(forecast: Forecast) -> ForecastRow:
        low, due, high = (
            short(on, near.today) for on in (forecast.low_on, forecast.due_on, forecast.high_on)
        )
        bar = draw(
            low_on=forecast.low_on,
            due_on=forecast.due_on,
            high_on=forecast.high_on,
            today=near.today,
            axis=axis,
        )
        return ForecastRow(
            service=forecast.service.name,
            due_words=due,
            range_words=f"{low} to {high}",
            percent=round(forecast.probability_30d * 100),
            basis=forecast.basis,
            bar=bar,
        )

    forecasts = [row(forecast) for forecast in vehicle.forecasts.all()]
    return VehicleCard(vehicle=vehicle, forecasts=forecasts, reminders=reminders)


def _ahead(customer_id: int, near: Near) -> list[AheadRow]:
    touches = (
        Touch.objects.filter(enrolment__customer_id=customer_id, state__in=TouchState.open())
        .exclude(enrolment__state=EnrolmentState.ENDED)
        .select_related("enrolment__version__cadence")
        .order_by("next_try_at")[:MOST_AHEAD]
    )
    appointments = Appointment.objects.filter(
        customer_id=customer_id, starts_at__gte=near.now, status=AppointmentStatus.BOOKED
    ).select_related("vehicle")
    rows = [_touch(touch, near) for touch in touches] + [_appointment(each, near) for each in appointments]
    return sorted(rows, key=lambda row: row.at)[:MOST_AHEAD]


def _touch(touch: Touch, near: Near) -> AheadRow:
    is_paused = touch.enrolment.state == EnrolmentState.PAUSED
    return AheadRow(
        at=touch.next_try_at,
        day=day_words(touch.next_try_at.astimezone(near.zone).date(), today=near.today),
        time=clock_words(touch.next_try_at, zone=near.zone, uses_24h=near.uses_24h),
        icon=touch.channel,
        title=touch.get_channel_display(),
        note=f"{touch.enrolment.version.cadence.name}, step {touch.step_number}"
        + (f". {words_for(touch.reason)}" if touch.reason else ""),
        state="paused" if is_paused else touch.state,
        words=Enrolment(state=touch.enrolment.state).get_state_display()
        if is_paused
        else touch.get_state_display(),
        touch_id=touch.pk,
        waits=bool(touch.reason),
    )


def _appointment(appointment: Appointment, near: Near) -> AheadRow:
    return AheadRow(
        at=appointment.starts_at,
        day=day_words(appointment.local_on, today=near.today),
        time=clock_words(appointment.starts_at, zone=near.zone, uses_24h=near.uses_24h),
        icon="appointment",
        title="Appointment",
        note=str(appointment.vehicle or ""),
        state=appointment.status,
        words=appointment.get_status_display(),
    )
