from django import forms

from common.enums import Channel, Purpose


class StopForm(forms.Form):
    """What a customer told an advisor: stop what, and how they said it."""

    channel = forms.ChoiceField(
        label="Stop which messages?",
        choices=[("", "All of them"), *((c.value, c.label) for c in Channel if c != Channel.WEB_PUSH)],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    purpose = forms.ChoiceField(
        label="Of which kind?",
        choices=[
            (Purpose.MARKETING.value, "Service reminders only; messages about an appointment may still come"),
            ("", "Everything"),
        ],
        required=False,
        widget=forms.RadioSelect,
        initial=Purpose.MARKETING.value,
    )
    wording = forms.CharField(
        label="What did they say?",
        help_text="Kept as evidence, with your name and the time.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PreferenceForm(forms.Form):
    """How a customer wants to be reached."""

    channel = forms.ChoiceField(
        label="Prefers",
        choices=[
            ("", "No wish: as they last answered"),
            *((c.value, c.label) for c in Channel if c != Channel.WEB_PUSH),
        ],
        required=False,
    )


class ClockForm(forms.Form):
    """How far a demo clock is set ahead: so many hours, or to the morning of a day."""

    hours = forms.IntegerField(min_value=1, max_value=24 * 31, required=False)
    on = forms.DateField(label="To a day", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if not given.get("hours") and not given.get("on"):
            raise forms.ValidationError("Choose how far, or a day.")
        return given
