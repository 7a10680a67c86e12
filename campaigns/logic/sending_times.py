"""When a planned contact goes out: the gate's own hours, asked when planning, so that the plan is what happens."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from common import wall_time
from common.enums import Channel, Purpose
from messaging.logic.sending_windows import MONDAY_TO_FRIDAY, WindowRule, next_allowed, rule_for

PRINT_DAYS = WindowRule(
    key="letters-on-print-days",
    channels=frozenset({Channel.LETTER}),
    purpose=Purpose.MARKETING,
    weekdays=MONDAY_TO_FRIDAY,
    opens=time(0),
    closes=time(23, 59),
    keeps_holidays=True,
    source="House rule: the gate lets a letter go at any hour, but somebody has to print it and the post to take it",
    effective_on=date(2026, 11, 22),
)


@dataclass(frozen=True, slots=True)
class SendingTimes:
    """Where a cadence sends from and what for; with the customer's zones, all that its hours depend on."""

    zone_name: str
    country: str = "US"
    purpose: str = Purpose.MARKETING

    def place(
        self, local_at: datetime, *, channel: str, zone_names: tuple[str, ...] = ()
    ) -> tuple[datetime, datetime]:
        """Return the first allowed moment not before the wall time `local_at`: as local wall time, and in UTC.

        On another day the hour meant is kept where it is allowed there. What no hour suits (zones without one
        in common) stays as meant: the gate has the last word when it is due.

        shapes: `zone_names` all zones the customer may be in; empty: the dealership's. Letters go by the
        dealership's days, wherever they are sent to.
        """
        is_printed = channel == Channel.LETTER
        rule = PRINT_DAYS if is_printed else rule_for(channel=channel, purpose=self.purpose)
        zones = (self.zone_name,) if is_printed or not zone_names else zone_names
        return _place(local_at, rule, zones, self)


@lru_cache(maxsize=50_000)
def _place(
    local_at: datetime, rule: WindowRule | None, zones: tuple[str, ...], times: SendingTimes
) -> tuple[datetime, datetime]:
    """Cached, because a hundred thousand touches of one run have a few thousand different answers."""
    meant_at = wall_time.to_utc(local_at, zone_name=times.zone_name)
    allowed_at = next_allowed(meant_at, rule=rule, zone_names=zones, country=times.country)
    if allowed_at is None or allowed_at == meant_at:
        return local_at, meant_at
    opens_at = wall_time.to_local(allowed_at, zone_name=times.zone_name)
    own_hour = datetime.combine(opens_at.date(), local_at.time())
    own_hour_at = wall_time.to_utc(own_hour, zone_name=times.zone_name)
    if own_hour_at > allowed_at and _is_allowed(own_hour_at, rule, zones, times):
        return own_hour, own_hour_at
    return opens_at, allowed_at


def _is_allowed(at: datetime, rule: WindowRule | None, zones: tuple[str, ...], times: SendingTimes) -> bool:
    return next_allowed(at, rule=rule, zone_names=zones, country=times.country) == at
