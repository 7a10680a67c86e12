from collections.abc import Sequence
from typing import Any

from django import forms

from customers.logic.imports.dates import DateOrder
from customers.logic.imports.fields import FIELD_BY_KEY, FIELDS, Part
from customers.services.imports.planning import FileOutline

MOST_FILES = 20
_PART_WORDS = {Part.CUSTOMER: "Customer", Part.VEHICLE: "Vehicle", Part.VISIT: "Repair order"}
_ORDER_WORDS = {
    DateOrder.MONTH_FIRST: "Month first: 03/04 is 4 March",
    DateOrder.DAY_FIRST: "Day first: 03/04 is 3 April",
}


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files in one field."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, Sequence) else [data]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"At most {MOST_FILES} files at once.")
        return [super(_FilesField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    uploads = _FilesField(
        label="Files",
        help_text="CSV or text from any system, or Reynolds ERA closed repair orders (XML). Customers, vehicles and repair orders may come in one file or in several, in any order.",
        widget=_FilesInput(attrs={"accept": ".csv,.txt,.tsv,.xml"}),
    )


class DateOrderForm(forms.Form):
    date_order = forms.ChoiceField(
        label="Which stands first?",
        choices=[(order.value, words) for order, words in _ORDER_WORDS.items()],
        widget=forms.RadioSelect,
    )


class ColumnsForm(forms.Form):
    """What each column of a file means: one choice per column."""

    date_order = forms.ChoiceField(
        label="Dates such as 03/04/2025",
        choices=[
            ("", "As the dates show; else ask"),
            *((order.value, words) for order, words in _ORDER_WORDS.items()),
        ],
        required=False,
    )

    def __init__(self, outline: FileOutline, data: Any = None) -> None:
        super().__init__(data, initial={"date_order": outline.file.date_order})
        self.outline = outline
        for index, header in enumerate(outline.headers):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=header,
                choices=_field_choices(),
                required=False,
                initial=outline.mapping.get(header, ""),
            )

    @property
    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column's choice with the first values that stand in it."""
        return [
            (
                self[f"column_{index}"],
                [row[index][:60] for row in self.outline.sample if index < len(row) and row[index].strip()][
                    :3
                ],
            )
            for index in range(len(self.outline.headers))
        ]

    def mapping(self) -> dict[str, str]:
        """Return the chosen mapping: column header -> field."""
        chosen = (
            (header, self.cleaned_data.get(f"column_{index}", ""))
            for index, header in enumerate(self.outline.headers)
        )
        return {header: key for header, key in chosen if key}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        keys = [value for name, value in cleaned.items() if name.startswith("column_") and value]
        twice = sorted({FIELD_BY_KEY[key].words for key in keys if keys.count(key) > 1})
        if twice:
            raise forms.ValidationError(
                f"Two columns are given for: {', '.join(twice)}. Choose one for each."
            )
        return cleaned


def _field_choices() -> list[tuple[str, Any]]:
    groups = [
        (words, [(field.key, field.words) for field in FIELDS if field.part is part])
        for part, words in _PART_WORDS.items()
    ]
    return [("", "Leave out"), *groups]
