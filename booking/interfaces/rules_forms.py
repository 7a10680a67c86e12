"""What an admin enters on the page of opening hours and rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from django import forms

from booking.interfaces.parameters import YEARS
from booking.logic.slots import (
    LONGEST_LEAD,
    LONGEST_SLOT,
    MOST_PLACES,
    SHORTEST_SLOT,
    WIDEST_HORIZON,
    SlotRules,
)
from dealerships.enums import Weekday
from dealerships.services.hours import OpenStretch

# A morning and an afternoon; a dealership with more keeps them.
STRETCHES = 2
LONGEST_CLOSURE = 92


class SlotRulesForm(forms.Form):
    """How times are cut into slots and when they can be booked."""

    slot_minutes = forms.IntegerField(
        label="Length of a slot, in minutes",
        min_value=SHORTEST_SLOT,
        max_value=LONGEST_SLOT,
        help_text="The first slot begins at opening, the last one ends by closing.",
    )
    capacity_per_slot = forms.IntegerField(
        label="Cars per slot",
        min_value=1,
        max_value=MOST_PLACES,
        help_text="How many cars your lane can receive in one slot.",
    )
    lead_minutes = forms.IntegerField(
        label="Notice, in minutes",
        min_value=0,
        max_value=LONGEST_LEAD,
        help_text="How soon from now a time can be booked: 120 is two hours ahead, 1440 a day.",
    )
    horizon_days = forms.IntegerField(
        label="Bookable ahead, in days",
        min_value=1,
        max_value=WIDEST_HORIZON,
        help_text="The last day that can be booked, counted from today.",
    )

    @property
    def rules(self) -> SlotRules:
        return SlotRules(**self.cleaned_data)


@dataclass(frozen=True)
class HoursDay:
    """The fields of one weekday."""

    day: Weekday
    pairs: list[tuple[forms.BoundField, forms.BoundField]]

    @property
    def wrong(self) -> list[forms.BoundField]:
        return [field for pair in self.pairs for field in pair if field.errors]


class HoursForm(forms.Form):
    """Opening and closing of each weekday, two stretches or more; both empty means closed."""

    def __init__(self, *args: Any, present: list[OpenStretch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_day = {day: [each for each in present if each.weekday == day] for day in Weekday}
        self.stretches = max(STRETCHES, *map(len, by_day.values()))
        for day, ends in self._ends():
            known = by_day[day][ends] if ends < len(by_day[day]) else None
            which = "" if ends == 0 else " again"
            self._add(day, ends, "opens", f"{day.label} opens{which}", known.opens_at if known else None)
            self._add(day, ends, "closes", f"{day.label} closes{which}", known.closes_at if known else None)

    def _ends(self) -> Iterator[tuple[Weekday, int]]:
        return ((day, number) for day in Weekday for number in range(self.stretches))

    def _add(self, day: Weekday, number: int, end: str, label: str, value: time | None) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "aria-label": label}, format="%H:%M")
        messages = {"invalid": f"{label}: write the time as 08:00."}
        field = forms.TimeField(label=label, required=False, widget=widget, error_messages=messages)
        self.fields[f"{day}-{number}-{end}"] = field
        self.initial[f"{day}-{number}-{end}"] = value

    def days(self) -> list[HoursDay]:
        """Return the fields as the page shows them: a row a weekday, a pair a stretch."""
        return [
            HoursDay(
                day, [(self[f"{day}-{n}-opens"], self[f"{day}-{n}-closes"]) for n in range(self.stretches)]
            )
            for day in Weekday
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.weekly: list[OpenStretch] = []
        for day in Weekday:
            self.weekly += self._clean_day(day, said)
        if not self.weekly and not self.errors:
            self.add_error(None, "The dealership would be closed all week: nobody could book.")
        return said

    def _clean_day(self, day: Weekday, said: dict[str, Any]) -> list[OpenStretch]:
        found = []
        for number in range(self.stretches):
            opens, closes = said.get(f"{day}-{number}-opens"), said.get(f"{day}-{number}-closes")
            if opens is None and closes is None:
                continue
            if opens is None or closes is None:
                missing = "opens" if opens is None else "closes"
                self._refuse(day, number, missing, f"{day.label}: both ends are needed, or neither.")
            elif closes <= opens:
                self._refuse(
                    day, number, "closes", f"{day.label} closes before it opens. 23:59 is the latest."
                )
            else:
                found.append(OpenStretch(day, opens, closes))
        found.sort()
        if any(later.opens_at < earlier.closes_at for earlier, later in pairwise(found)):
            self._refuse(day, 1, "opens", f"{day.label}: the two stretches overlap.")
        return found

    def _refuse(self, day: Weekday, number: int, end: str, words: str) -> None:
        name = f"{day}-{number}-{end}"
        if name not in self.errors:
            self.add_error(name, words)


class ClosedDaysForm(forms.Form):
    """One day, or all days of a stretch, on which the dealership is closed."""

    on = forms.DateField(label="Closed on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label="Until and including",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="For several days",
    )
    reason = forms.CharField(label="Reason", required=False, max_length=100)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on < self.today or on.year not in YEARS:
            raise forms.ValidationError("That day is over.")
        return on

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        on, until = said.get("on"), said.get("until")
        if on and until and until < on:
            self.add_error("until", "The last day lies before the first.")
        elif on and until and until - on > timedelta(days=LONGEST_CLOSURE):
            self.add_error("until", f"At most {LONGEST_CLOSURE} days at a time.")
        return said

    @property
    def days(self) -> list[tuple[date, str]]:
        """Return each day with its reason."""
        first, last = self.cleaned_data["on"], self.cleaned_data["until"] or self.cleaned_data["on"]
        count = (last - first).days + 1
        return [(first + timedelta(days=number), self.cleaned_data["reason"]) for number in range(count)]
