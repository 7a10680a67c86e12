"""Keyset paging: a place in a list sorted by date and id, written into a link."""

from dataclasses import dataclass
from datetime import date

LONGEST_ID = 18  # digits; a bigint holds that many for sure


@dataclass(frozen=True)
class Place:
    """The row a page starts after (or, going back, ends before)."""

    on: date
    id: int

    def __str__(self) -> str:
        return f"{self.on:%Y%m%d}-{self.id}"


def parse_place(text: str) -> Place | None:
    """Return the place a link names, or None for nothing or nonsense: such a link starts at the first page."""
    day, _, number = text.partition("-")
    if (
        len(day) != len("20260314")
        or not day.isdecimal()
        or not number.isdecimal()
        or len(number) > LONGEST_ID
    ):
        return None
    try:
        return Place(date(int(day[:4]), int(day[4:6]), int(day[6:])), int(number))
    except ValueError:
        return None
