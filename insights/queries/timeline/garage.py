"""What is known about a customer's vehicles: visits, readings, forecasts."""

from django.db.models import Prefetch, QuerySet
from django.utils.text import capfirst

from campaigns.models import Outcome
from common.distance import from_km
from common.money import amount
from common.tenancy import current_dealership
from customers.enums import LineOutcome, ReadingQuality
from customers.models import Forecast, OdometerReading, Visit, VisitLine
from insights.logic.range_bar import short
from insights.logic.timeline import Entry, Kind
from insights.queries.timeline.span import Span

MOST_LINES = 6


def visits(customer_id: int, span: Span) -> list[Entry]:
    """Return repair orders with what was done and declined, and the odometer."""
    rows = (
        Visit.objects.filter(span.days(Kind.VISIT, "opened_on"), customer_id=customer_id)
        .select_related("vehicle")
        .prefetch_related("lines", "readings", Prefetch("outcomes", _outcomes()))
        .order_by("-opened_on", "-id")[: span.limit]
    )
    return [_visit(visit, span) for visit in rows]


def _outcomes() -> QuerySet[Outcome]:
    return Outcome.objects.select_related("version__cadence", "touch")


def _visit(visit: Visit, span: Span) -> Entry:
    lines = list(visit.lines.all())
    done = [line for line in lines if line.outcome == LineOutcome.PERFORMED]
    declined = [line for line in lines if line.outcome == LineOutcome.DECLINED]
    readings = list(visit.readings.all())
    return Entry(
        kind=Kind.VISIT,
        id=visit.pk,
        at=span.noon(visit.opened_on),
        has_time=False,
        icon="wrench",
        tone="good",
        title=f"Visit, {visit.vehicle}",
        lines=tuple(
            line
            for line in (
                _work("Done", done),
                _work("Declined", declined),
                _about(visit, readings),
                *(_brought_by(outcome, span) for outcome in visit.outcomes.all()),
            )
            if line
        ),
        warning=". ".join(_doubt(reading) for reading in readings if _is_doubtful(reading)),
    )


def _brought_by(outcome: Outcome, span: Span) -> str:
    touch = outcome.touch
    last = (
        f", last by {touch.get_channel_display().lower()} on {short(touch.local_on, span.near.today)}"
        if touch
        else ""
    )
    return f"Brought by reminders: {outcome.version.cadence}{last}"


def _work(label: str, lines: list[VisitLine]) -> str:
    names = [line.description.capitalize() or line.op_code for line in lines[:MOST_LINES]]
    more = f" and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
    return f"{label}: {', '.join(names)}{more}" if names else ""


def _about(visit: Visit, readings: list[OdometerReading]) -> str:
    good = [_distance(reading) for reading in readings if not _is_doubtful(reading)]
    paid = _paid(visit.customer_pay_cents)
    parts = (f"RO {visit.ro_number}", *good, paid, visit.advisor_name and f"advisor {visit.advisor_name}")
    return " · ".join(part for part in parts if part)


def _paid(cents: int) -> str:
    return f"{amount(cents, country=current_dealership().country)} paid" if cents else ""


def readings(customer_id: int, span: Span) -> list[Entry]:
    """Return readings that came with no visit: told by the customer or typed by an advisor."""
    rows = (
        OdometerReading.objects.filter(
            span.days(Kind.READING, "read_on"), vehicle__customer_id=customer_id, visit=None
        )
        .select_related("vehicle")
        .order_by("-read_on", "-id")[: span.limit]
    )
    return [
        Entry(
            kind=Kind.READING,
            id=reading.pk,
            at=span.noon(reading.read_on),
            has_time=False,
            icon="gauge",
            tone="warn" if _is_doubtful(reading) else "quiet",
            title=f"{_distance(reading)}, {reading.vehicle}",
            lines=(f"Source: {reading.get_source_display().lower()}",),
            warning=_doubt(reading) if _is_doubtful(reading) else "",
        )
        for reading in rows
    ]


def forecasts(customer_id: int, span: Span) -> list[Entry]:
    """Return the standing forecast of each vehicle's next service, on the day it was made."""
    rows = (
        Forecast.objects.filter(
            span.days(Kind.FORECAST, "forecast_on"), vehicle__customer_id=customer_id, is_next=True
        )
        .select_related("vehicle", "service")
        .order_by("-forecast_on", "-id")[: span.limit]
    )
    today = span.near.today
    return [
        Entry(
            kind=Kind.FORECAST,
            id=forecast.pk,
            at=span.noon(forecast.forecast_on),
            has_time=False,
            icon="sparkles",
            tone="brand",
            title=f"Forecast: {forecast.service.name}, {forecast.vehicle}",
            lines=(
                (
                    f"Likely {short(forecast.due_on, today)}; 8 in 10 between {short(forecast.low_on, today)} "
                    f"and {short(forecast.high_on, today)}; {forecast.probability_30d:.0%} within 30 days"
                ),
                capfirst(forecast.basis),
            ),
        )
        for forecast in rows
    ]


def _distance(reading: OdometerReading) -> str:
    unit = reading.vehicle.distance_unit if reading.visit_id is None else reading.unit
    return f"{from_km(reading.distance_km, unit):,.0f} {unit}"


def _is_doubtful(reading: OdometerReading) -> bool:
    return reading.quality == ReadingQuality.QUARANTINED


def _doubt(reading: OdometerReading) -> str:
    why = reading.get_quality_reason_display().lower()
    return f"Reading of {reading.value:,.0f} {reading.unit} set aside: {why}"
