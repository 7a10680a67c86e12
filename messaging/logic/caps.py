"""How often a person may be reached, over all cadences; the numbers are rules of the law, or a dealership's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from messaging.logic.law import Law, caps_of
from messaging.logic.rules import Cap, Rule


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that counts and went out, or may have."""

    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lift:
    """When a cap lets the next message through, and the rule it stands in."""

    at: datetime
    rule: Rule


def cap_lifts_at(
    now: datetime,
    *,
    channel: str,
    purpose: str,
    sent: Sequence[Sent],
    zone_names: Iterable[str],
    law: Law,
    places: tuple[str, ...],
) -> Lift | None:
    """When the next message on this channel may go, by the rule that holds it the longest; None: now.

    shapes: a calendar day ends when the date has changed in every zone the person may be in
    """
    if not sent:
        return None
    zones = tuple(zone_names)
    rules = {
        rule.key: rule
        for on in local_dates(now, zones)
        for rule in law.caps(channel=channel, purpose=purpose, places=places, on=on)
    }
    lifts = [
        Lift(at, rule)
        for rule, cap in caps_of(rules.values())
        if (at := _lifts_at(now, cap, counted=_counted(rule, cap, channel, sent), zones=zones))
    ]
    return max(lifts, key=lambda lift: lift.at, default=None)


@lru_cache(maxsize=2_000)
def local_dates(now: datetime, zones: tuple[str, ...]) -> tuple[date, ...]:
    """Return the dates it is at a moment in the zones, each once; without a zone, that of UTC."""
    return tuple(dict.fromkeys(now.astimezone(ZoneInfo(name)).date() for name in zones or ("UTC",)))


def _counted(rule: Rule, cap: Cap, channel: str, sent: Iterable[Sent]) -> list[datetime]:
    channels = frozenset({channel}) if cap.on_each_channel else rule.channels
    return sorted(each.at for each in sent if each.channel in channels)


def _lifts_at(
    now: datetime, cap: Cap, *, counted: Sequence[datetime], zones: Iterable[str]
) -> datetime | None:
    if len(counted) < cap.most:
        return None
    if cap.hours:
        at = counted[-cap.most] + timedelta(hours=cap.hours)
        return at if at > now else None
    lifts = [_day_after(counted[-cap.most], days=cap.days, zone=ZoneInfo(name)) for name in zones]
    return max((at for at in lifts if at > now), default=None)


def _day_after(moment: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """Return the beginning of the local day so many days after a moment's."""
    on = moment.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)
