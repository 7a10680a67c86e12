"""What an operator enters about a rule of the law, and an admin about the dealership's own hours."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from common.enums import Channel, Purpose
from messaging.enums import Evidence, Part, RuleForce, RuleKind
from messaging.logic.own_rules import beyond
from messaging.logic.rules import DAYS, EVERYWHERE, MOST_HOURS, BadTerms, Cap, Hours, Terms, read_terms
from messaging.services.law_changes import LawChange, Subject

JURISDICTION = re.compile(r"^(?:\*|[A-Z]{2}(?:-[A-Z0-9]{1,3})?)$")
LONGEST_SOURCE = 300


class TermsForm(forms.Form):
    """What a rule says; `terms` once it is valid."""

    kind = ""

    def data_of_terms(self) -> dict[str, Any]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            self.terms: Terms = read_terms(self.kind, self.data_of_terms())
        except BadTerms as error:
            raise forms.ValidationError(str(error)) from error
        return given


class WeekForm(TermsForm):
    """Hours by weekday."""

    kind = RuleKind.HOURS
    keeps_holidays = forms.BooleanField(label="Closed on public holidays", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, day in enumerate(DAYS):
            self.fields[f"day_{number}"] = forms.CharField(
                label=day,
                required=False,
                max_length=13,
                widget=forms.TextInput(attrs={"placeholder": "closed"}),
            )

    def data_of_terms(self) -> dict[str, Any]:
        days = [self.cleaned_data.get(f"day_{number}", "").replace(" ", "") for number in range(len(DAYS))]
        return {"week": days, "holidays": "closed" if self.cleaned_data.get("keeps_holidays") else "open"}

    @staticmethod
    def initial_of(stored: dict[str, Any]) -> dict[str, Any]:
        days = {f"day_{number}": text for number, text in enumerate(stored.get("week", []))}
        return days | {"keeps_holidays": stored.get("holidays") == "closed"}


class CapForm(TermsForm):
    """How many messages in how many hours."""

    kind = RuleKind.CAP
    most = forms.IntegerField(label="At most so many messages", min_value=1, max_value=100)
    span = forms.IntegerField(label="in", min_value=1, max_value=MOST_HOURS)
    unit = forms.ChoiceField(label="Unit", choices=[("hours", "hours"), ("days", "calendar days")])
    each_channel = forms.BooleanField(label="Counted on each channel by itself", required=False)

    def data_of_terms(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "most": given.get("most", 0),
            given.get("unit", "hours"): given.get("span", 0),
            "each_channel": given.get("each_channel", False),
        }

    @staticmethod
    def initial_of(stored: dict[str, Any]) -> dict[str, Any]:
        unit = "hours" if "hours" in stored else "days"
        return {
            "most": stored.get("most"),
            "span": stored.get(unit),
            "unit": unit,
            "each_channel": stored.get("each_channel"),
        }


class PartsForm(TermsForm):
    """What a message must say."""

    kind = RuleKind.PARTS
    parts = forms.MultipleChoiceField(
        label="A message must contain", choices=Part.choices, widget=forms.CheckboxSelectMultiple
    )

    def data_of_terms(self) -> dict[str, Any]:
        return {"parts": self.cleaned_data.get("parts", [])}

    @staticmethod
    def initial_of(stored: dict[str, Any]) -> dict[str, Any]:
        return {"parts": stored.get("parts", [])}


TERMS_FORMS: dict[str, type[WeekForm | CapForm | PartsForm]] = {
    RuleKind.HOURS: WeekForm,
    RuleKind.CAP: CapForm,
    RuleKind.PARTS: PartsForm,
}


def terms_form(kind: str, data: Any = None, *, stored: dict[str, Any] | None = None) -> TermsForm:
    """Return the form for what a rule of a kind says, filled in with what it says now."""
    form = TERMS_FORMS[kind]
    return form(data, initial=form.initial_of(stored or {}))


class ChangeForm(forms.Form):
    """From when, and where it stands."""

    effective_on = forms.DateField(
        label="In force from",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="From midnight of this day, where the recipient is; today at the earliest.",
    )
    evidence = forms.ChoiceField(
        label="How do we know?",
        choices=Evidence.choices,
        help_text="A cautious default gives way only where the law's own text was read or a lawyer confirmed it.",
    )
    source = forms.CharField(
        label="Source",
        max_length=LONGEST_SOURCE,
        help_text="Statute or page with its section; shown to dealerships.",
    )
    ends = forms.BooleanField(label="The rule ends that day", required=False)

    def change(self, terms: Terms | None) -> LawChange:
        given = self.cleaned_data
        return LawChange(
            terms=None if given["ends"] else terms,
            effective_on=given["effective_on"],
            evidence=given["evidence"],
            source=given["source"],
        )


class SubjectForm(forms.Form):
    """What a new rule is about."""

    kind = forms.ChoiceField(label="About", choices=RuleKind.choices)
    jurisdiction = forms.CharField(
        label="Where", max_length=10, help_text="US, US-TX, CA-ON (ISO 3166), or * for everywhere"
    )
    purpose = forms.ChoiceField(
        label="Purpose", choices=[*Purpose.choices, ("", "Every message")], required=False
    )
    channels = forms.MultipleChoiceField(
        label="Channels", choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    force = forms.ChoiceField(label="Force", choices=RuleForce.choices)

    def clean_jurisdiction(self) -> str:
        place = str(self.cleaned_data["jurisdiction"]).strip().upper()
        if not JURISDICTION.match(place):
            raise forms.ValidationError(f"Write US, US-TX or {EVERYWHERE}.")
        return place

    @property
    def subject(self) -> Subject:
        given = self.cleaned_data
        return Subject(
            given["kind"],
            given["jurisdiction"],
            given["purpose"],
            frozenset(given["channels"]),
            given["force"],
        )


def initial_change(*, evidence: str, source: str, today: date) -> dict[str, Any]:
    """Return how the form of a change begins: with what the rule rests on now."""
    return {"evidence": evidence, "source": source, "effective_on": today}


class OwnWeekForm(WeekForm):
    """A dealership's own hours; all days empty: the law's alone."""

    def __init__(
        self, data: Any = None, *, stored: dict[str, Any], allowed: list[Hours], prefix: str
    ) -> None:
        super().__init__(data, initial=self.initial_of(stored), prefix=prefix)
        self.allowed = allowed
        self.own_terms: Terms | None = None

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.get(f"day_{number}", "").strip() for number in range(len(DAYS))):
            return self.cleaned_data
        given = super().clean()
        if isinstance(self.terms, Hours):
            if faults := beyond(self.terms, self.allowed):
                raise forms.ValidationError(faults)
            self.own_terms = self.terms
        return given


class OwnCapForm(forms.Form):
    """How many reminders a week at most; empty: the law's number alone."""

    most = forms.IntegerField(
        label="At most so many reminders in seven days", min_value=1, max_value=100, required=False
    )

    def __init__(self, data: Any = None, *, stored: dict[str, Any], prefix: str) -> None:
        super().__init__(data, initial={"most": stored.get("most")}, prefix=prefix)

    @property
    def own_terms(self) -> Terms | None:
        most = self.cleaned_data.get("most")
        return Cap(most, hours=MOST_HOURS) if most else None
