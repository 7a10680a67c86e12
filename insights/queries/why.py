"""Why a reminder was sent, or was not: everything that was decided by, in words."""

from dataclasses import dataclass
from datetime import date, datetime

from campaigns.enums import TouchState
from campaigns.models import EnrolmentItem, Step, Touch
from customers.models import Forecast
from insights.logic.moments import Near, offset_words, within
from insights.logic.range_bar import short
from insights.queries.law_grounds import say_caps, say_hours, where_of
from insights.queries.reach import moment_words
from messaging.enums import ConsentAction, MessageState
from messaging.models import ConsentEvent
from messaging.reason_words import words_for

MOST_EVENTS = 50


@dataclass(frozen=True)
class Ground:
    """One thing a decision rested on."""

    label: str
    words: str
    icon: str


@dataclass(frozen=True)
class Explanation:
    touch: Touch
    headline: str
    tone: str
    grounds: list[Ground]


def explain(touch_id: int, *, customer_id: int, near: Near) -> Explanation:
    """Return the grounds of one touch of a customer. Queries: 16 at most.

    The consent, the law and the messages counted are those that were known when it was decided; the forecast's wording is
    today's, because a forecast is kept only in its newest form.

    raises: Touch.DoesNotExist, also for a touch of somebody else
    """
    touch = Touch.objects.select_related("enrolment__version__cadence", "enrolment__customer", "message").get(
        pk=touch_id, enrolment__customer_id=customer_id
    )
    at = touch.decided_at or near.now
    headline, tone = _headline(touch, near)
    grounds = [
        _rule(touch, near),
        *_due(touch, near),
        _consent(touch, at, near),
        *_law(touch, at, near),
        _guard(touch),
    ]
    return Explanation(touch=touch, headline=headline, tone=tone, grounds=grounds)


def _headline(touch: Touch, near: Near) -> tuple[str, str]:
    channel = touch.get_channel_display()
    when = moment_words(touch.decided_at, near) if touch.decided_at else ""
    reason = words_for(touch.reason)
    message = touch.message
    if message is not None and message.state == MessageState.CANCELLED:
        return f"{channel} not sent. {words_for(message.reason)}", "warn"
    if message is not None and message.state == MessageState.FAILED:
        return f"{channel} not delivered: {message.get_error_code_display().lower()}", "warn"
    if touch.state == TouchState.SENT:
        return f"{channel} sent: {when}", "good"
    if touch.state in TouchState.open():
        waits = f". It waits: {reason.lower()}" if reason else ""
        return f"{channel} planned for {within(moment_words(touch.next_try_at, near))}{waits}", "info"
    return f"{channel} not sent. {reason}", "warn"


def _rule(touch: Touch, near: Near) -> Ground:
    version = touch.enrolment.version
    step = Step.objects.filter(version=version, number=touch.step_number).first()
    when = offset_words(step.offset_days) if step else ""
    rule = f", {step.get_channel_rule_display().lower()}" if step else ""
    fallback = ", after an earlier channel failed" if touch.fallback_number else ""
    return Ground(
        label="Rule",
        icon="route",
        words=f"{version.cadence.name}, version {version.number}, step {touch.step_number}: {when}{rule}{fallback}. "
        f"Meant for {short(touch.local_on, near.today)} at {touch.local_time:%H:%M} ({touch.zone_name})",
    )


def _due(touch: Touch, near: Near) -> list[Ground]:
    """Return what is due for each service the reminder is about."""
    items = list(
        EnrolmentItem.objects.filter(enrolment=touch.enrolment)
        .select_related("vehicle", "service")
        .order_by("due_on")
    )
    forecasts = {
        (forecast.vehicle_id, forecast.service_id): forecast
        for forecast in Forecast.objects.filter(vehicle__in=[item.vehicle_id for item in items])
    }

    def ground(item: EnrolmentItem) -> Ground:
        forecast = forecasts.get((item.vehicle_id, item.service_id))
        now = f". Now: {_range(forecast, near.today)}; {forecast.basis}" if forecast else ""
        return Ground(
            label="Forecast",
            icon="sparkles",
            words=f"{item.service.name}, {item.vehicle}: due {short(item.due_on, near.today)} when this was planned{now}",
        )

    return [ground(item) for item in items]


def _range(forecast: Forecast, today: date) -> str:
    return f"likely {short(forecast.due_on, today)}, {short(forecast.low_on, today)} to {short(forecast.high_on, today)}"


def _consent(touch: Touch, at: datetime, near: Near) -> Ground:
    purpose = touch.enrolment.version.cadence.purpose
    events = ConsentEvent.objects.filter(customer=touch.enrolment.customer, at__lte=at).order_by("-at", "-id")
    about = next(
        (e for e in events[:MOST_EVENTS] if e.channel in {"", touch.channel} and e.purpose in {"", purpose}),
        None,
    )
    if about is None:
        return Ground(
            "Consent", "Nothing was said about this channel; e-mail and letters need no agreement", "shield"
        )
    is_allowed = about.action == ConsentAction.GRANTED
    said = "Allowed" if is_allowed else "Withdrawn"
    wording = f": “{about.wording}”" if about.wording else ""
    words = f"{said} {within(moment_words(about.at, near))}, {about.get_source_display().lower()}{wording}"
    return Ground("Consent", words, "shield-check" if is_allowed else "shield-off")


def _law(touch: Touch, at: datetime, near: Near) -> list[Ground]:
    where = where_of(touch, at=at)
    return [
        Ground("Frequency", say_caps(where, touch), "timer"),
        Ground("Hours", say_hours(where, near), "clock"),
    ]


def _guard(touch: Touch) -> Ground:
    message = touch.message
    if message is None:
        return Ground(
            "Duplicate guard", "No message exists: this reminder can be handed over at most once", "copy"
        )
    tries = f"{message.attempt_count} attempt{'' if message.attempt_count == 1 else 's'}"
    known = f", known to the provider as {message.provider_id}" if message.provider_id else ""
    return Ground("Duplicate guard", f"One message under the key {message.key}, {tries}{known}", "copy")
