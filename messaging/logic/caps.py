"""How often a person may be reached with marketing, over all cadences and channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from common.enums import Purpose

# source: Fla. Stat. 501.059(8) and 15 O.S. 775C.3: at most three calls or texts in 24 hours; one a day is our own
MOST_IN_24_HOURS = 3
MOST_A_DAY_PER_CHANNEL = 1
ROLLING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sent:
    """A marketing message that went out, or may have."""

    channel: str
    at: datetime


def cap_lifts_at(
    now: datetime, *, channel: str, purpose: str, sent: Sequence[Sent], zone_names: Iterable[str]
) -> datetime | None:
    """When the next message on this channel may go; None: now. Transactional messages are never held."""
    if not sent or purpose != Purpose.MARKETING:
        return None
    lifts = [lift for lift in (_overall(now, sent), _channel(now, channel, sent, zone_names)) if lift]
    return max(lifts, default=None)


def _overall(now: datetime, sent: Sequence[Sent]) -> datetime | None:
    recent = sorted(each.at for each in sent if each.at > now - ROLLING)
    return None if len(recent) < MOST_IN_24_HOURS else recent[-MOST_IN_24_HOURS] + ROLLING


def _channel(now: datetime, channel: str, sent: Sequence[Sent], zone_names: Iterable[str]) -> datetime | None:
    """One a calendar day: the next may go when the date has changed in every zone the person may be in."""
    here = [each.at for each in sent if each.channel == channel]
    lifts = [_end_of_day(now, ZoneInfo(name)) for name in zone_names if _count(here, now, ZoneInfo(name))]
    return max(lifts, default=None)


def _count(moments: Iterable[datetime], now: datetime, zone: ZoneInfo) -> bool:
    today = now.astimezone(zone).date()
    return sum(each.astimezone(zone).date() >= today for each in moments) >= MOST_A_DAY_PER_CHANNEL


def _end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC)
