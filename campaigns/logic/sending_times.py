"""When a planned contact goes out: the gate's own hours, asked when planning, so that the plan is what happens."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from common import wall_time
from common.enums import Channel, Purpose
from messaging.enums import RuleKind
from messaging.logic.law import Law, SendingHours
from messaging.logic.rules import EVERYWHERE, Hours, Rule, Span
from messaging.logic.sending_windows import next_allowed

ALL_DAY = Span(time(0), time(0))
PRINT_DAYS = Rule(
    key="letters-on-print-days",
    kind=RuleKind.HOURS,
    jurisdiction=EVERYWHERE,
    channels=frozenset({Channel.LETTER}),
    purpose="",
    effective_on=date(2000, 1, 1),
    source="House rule: the gate lets a letter go at any hour, but somebody has to print it and the post to take it",
    terms=Hours((*[ALL_DAY] * 5, None, None), keeps_holidays=True),
)


@dataclass(frozen=True, slots=True)
class SendingTimes:
    """Where a cadence sends from, what for, and by which law; with the customer's zones and places, all that its hours depend on."""

    zone_name: str
    law: Law
    country: str = "US"
    purpose: str = Purpose.MARKETING

    def place(
        self,
        local_at: datetime,
        *,
        channel: str,
        zone_names: tuple[str, ...] = (),
        places: tuple[str, ...] = (),
    ) -> tuple[datetime, datetime]:
        """Return the first allowed moment not before the wall time `local_at`: as local wall time, and in UTC.

        On another day the hour meant is kept where it is allowed there. What no hour suits (zones without one
        in common) stays as meant: the gate has the last word when it is due.

        shapes: `zone_names` and `places` all zones and jurisdictions the customer may be in; empty: the dealership's.
        Letters go by the dealership's days, wherever they are sent to.
        """
        if channel == Channel.LETTER:
            return _place(local_at, _print_days(self.country), (self.zone_name,), self)
        where = places or (self.country,)
        hours = self.law.hours(channel=channel, purpose=self.purpose, places=where)
        return _place(local_at, hours, zone_names or (self.zone_name,), self)


@lru_cache(maxsize=20)
def _print_days(country: str) -> SendingHours:
    return SendingHours([PRINT_DAYS], (country,))


@lru_cache(maxsize=50_000)
def _place(
    local_at: datetime, hours: SendingHours | None, zones: tuple[str, ...], times: SendingTimes
) -> tuple[datetime, datetime]:
    """Cached, because a hundred thousand touches of one run have a few thousand different answers."""
    meant_at = wall_time.to_utc(local_at, zone_name=times.zone_name)
    allowed_at = next_allowed(meant_at, hours=hours, zone_names=zones)
    if allowed_at is None or allowed_at == meant_at:
        return local_at, meant_at
    opens_at = wall_time.to_local(allowed_at, zone_name=times.zone_name)
    own_hour = datetime.combine(opens_at.date(), local_at.time())
    own_hour_at = wall_time.to_utc(own_hour, zone_name=times.zone_name)
    if own_hour_at > allowed_at and _is_allowed(own_hour_at, hours, zones):
        return own_hour, own_hour_at
    return opens_at, allowed_at


def _is_allowed(at: datetime, hours: SendingHours | None, zones: tuple[str, ...]) -> bool:
    return next_allowed(at, hours=hours, zone_names=zones) == at
