"""What an expression of time says, before it is known which half of the day is meant."""

from dataclasses import dataclass
from datetime import time

from conversations.logic.understanding.meaning import Hours

NOON_HOUR, HOURS, MINUTES = 12, 24, 60
# Without opening hours a time is taken to be by day.
DAYTIME = (time(7), time(19))
# "One at night" is after midnight, "eight at night" before it.
FIRST_EVENING_HOUR = 5


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour as said; `half` is am, pm, night (am up to 4, pm from 5 on), 24h, or "" where it was not said."""

    hour: int
    minute: int = 0
    half: str = ""

    @property
    def is_settled(self) -> bool:
        return bool(self.half) or self.hour > NOON_HOUR

    def in_half(self, half: str) -> "Clock":
        return self if self.is_settled or not half else Clock(self.hour, self.minute, half)


def clock_of(hour: int, minute: int = 0, half: str = "") -> Clock | None:
    """Return the clock, or None where there is no such time of day; 13:00 and 00:30 say which half they are in."""
    if not (0 <= minute < MINUTES and 0 <= hour <= HOURS):
        return None
    if hour > NOON_HOUR or (hour == 0 and half not in {"pm", "night"}):
        half = "24h"
    return Clock(hour % HOURS, minute, half)


def readings(clock: Clock, *, hours: tuple[Hours, ...], is_end: bool = False) -> list[time]:
    """Return the times of day a clock may mean; more than one only when the dealership is open at both."""
    if clock.half == "24h" or clock.hour > NOON_HOUR:
        return [time(clock.hour, clock.minute)]
    both = both_halves(clock)
    half = clock.half
    if half == "night":
        half = "pm" if FIRST_EVENING_HOUR <= clock.hour < NOON_HOUR else "am"
    if half:
        return [both[half == "pm"]]
    return [each for each in both if _is_open(each, hours, is_end=is_end)] or [_closest(both, hours)]


def both_halves(clock: Clock) -> list[time]:
    if clock.hour > NOON_HOUR:
        return [time(clock.hour, clock.minute)]
    hour = clock.hour % NOON_HOUR
    return [time(hour, clock.minute), time(hour + NOON_HOUR, clock.minute)]


def _is_open(moment: time, hours: tuple[Hours, ...], *, is_end: bool) -> bool:
    if is_end:
        return any(stretch.opens_at < moment <= stretch.closes_at for stretch in hours)
    return any(stretch.opens_at <= moment < stretch.closes_at for stretch in hours)


def _closest(both: list[time], hours: tuple[Hours, ...]) -> time:
    """Return the reading closest to opening hours where none is within; without hours the one by day."""
    if not hours:
        return next((each for each in both if DAYTIME[0] <= each < DAYTIME[1]), both[0])
    return min(both, key=lambda each: min(_distance(each, stretch) for stretch in hours))


def _distance(moment: time, stretch: Hours) -> int:
    opens, closes = in_minutes(stretch.opens_at), in_minutes(stretch.closes_at)
    return min(abs(in_minutes(moment) - opens), abs(in_minutes(moment) - closes))


def in_minutes(moment: time) -> int:
    return moment.hour * MINUTES + moment.minute


def shifted(moment: time, minutes: int) -> time:
    """Return the time so many minutes later or earlier, within the day."""
    total = min(max(in_minutes(moment) + minutes, 0), HOURS * MINUTES - 1)
    return time(total // MINUTES, total % MINUTES)
