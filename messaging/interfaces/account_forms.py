"""The form of a provider account, made from what `messaging.logic.provider_settings` says of the provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from common.emails import normalise_email
from common.enums import Channel
from common.phones import to_e164
from dealerships.models import Dealership
from messaging.logic.provider_settings import LONGEST, ProviderSpec, Setting, problems
from messaging.queries.channels import SecretShown
from messaging.services.account_changes import Draft

FORGET = "forget_"
# A password manager offers no saved password here and keeps none.
QUIET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class AccountForm(forms.Form):
    """Settings of one account. Secrets can be entered and never come back: what is set is said by date and end."""

    from_address = forms.CharField(required=False, max_length=320)

    def __init__(
        self,
        spec: ProviderSpec,
        dealership: Dealership,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        secrets: tuple[SecretShown, ...] = (),
    ) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # Django's own type is a dict
        self.spec, self.dealership = spec, dealership
        self.kept = {each.name: each for each in secrets}
        self._begin_with_sender()
        for setting in spec.settings:
            self.fields[setting.name] = self._field(setting)
            if setting.name in self.kept and not setting.is_required:
                self.fields[FORGET + setting.name] = forms.BooleanField(
                    required=False, label=f"Take out: {setting.label.lower()}"
                )
        if spec.sends_from:
            self.fields["from_address"] = self.fields.pop("from_address")

    def _begin_with_sender(self) -> None:
        if not self.spec.sends_from:
            del self.fields["from_address"]
            return
        field = self.fields["from_address"]
        is_phone = self.spec.sends_from == "phone"
        field.label = "Number to send from" if is_phone else "Address to send from"
        field.help_text = (
            "With area code; it must be a number of this account."
            if is_phone
            else "Its domain must be verified at the provider."
        )
        field.required = self.spec.needs_sender
        field.widget.attrs |= QUIET | {"type": "tel" if is_phone else "email"}

    def _field(self, setting: Setting) -> forms.Field:
        shared: dict[str, Any] = {"label": setting.label, "required": False, "help_text": setting.hint}
        if setting.choices:
            return forms.ChoiceField(choices=setting.choices, **shared)
        kept = self.kept.get(setting.name)
        # Required as the browser and the page should say it; what is kept need not be typed again.
        shared["required"] = setting.is_required and kept is None
        shared["error_messages"] = {"required": f"{setting.label} is needed."}
        if not setting.is_secret:
            return forms.CharField(max_length=LONGEST, widget=forms.TextInput(attrs=QUIET), **shared)
        if kept is not None:
            shared["help_text"] = " ".join(
                filter(None, [_set(kept), "Leave empty to keep it.", setting.hint])
            )
        hidden = forms.PasswordInput(attrs=QUIET | {"autocomplete": "new-password"}, render_value=False)
        return forms.CharField(max_length=LONGEST, widget=hidden, **shared)

    def clean_from_address(self) -> str:
        given = str(self.cleaned_data["from_address"])
        if not given:
            return ""
        is_phone = self.spec.sends_from == "phone"
        found = to_e164(given, region=self.dealership.country) if is_phone else normalise_email(given)
        if found is None or (len(given.split()) > 1 and not is_phone):
            what = "phone number with area code" if is_phone else "e-mail address"
            raise forms.ValidationError(f"This is no {what}.")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        values = {each.name: str(cleaned.get(each.name) or "") for each in self.spec.settings}
        kept = {name for name in self.kept if not cleaned.get(FORGET + name)}
        for name, words in problems(self.spec, values, kept=kept).items():
            if name not in self.errors:
                self.add_error(name, words)
        has_no_number = self.spec.channel == Channel.SMS and not cleaned.get("from_address")
        if has_no_number and not values.get("messaging_service_sid") and "from_address" not in self.errors:
            self.add_error("from_address", "A number is needed, or a messaging service.")
        return cleaned

    @property
    def draft(self) -> Draft:
        """What was entered, when it is valid."""
        cleaned = self.cleaned_data
        names = {each.name for each in self.spec.settings}
        return Draft(
            cleaned.get("from_address", ""),
            {name: str(cleaned.get(name) or "") for name in names},
            frozenset(name for name in names if cleaned.get(FORGET + name) and not cleaned.get(name)),
        )


def _set(kept: SecretShown) -> str:
    on = timezone.localdate(kept.set_at) if kept.set_at else None  # at the dealership
    when = f"Set {on.day} {on:%B %Y}" if on else "Set"
    return f"{when}, ends in ..{kept.end}." if kept.end else f"{when}."


class TrialForm(forms.Form):
    """Where a test message goes."""

    to = forms.CharField(max_length=320)

    def __init__(self, channel: str, dealership: Dealership, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.channel, self.dealership = channel, dealership
        if channel == Channel.LETTER:
            del self.fields["to"]

    def clean_to(self) -> str:
        given = str(self.cleaned_data["to"])
        if self.channel == Channel.EMAIL:
            found, what = normalise_email(given) if len(given.split()) == 1 else None, "e-mail address"
        else:
            found, what = to_e164(given, region=self.dealership.country), "phone number with area code"
        if found is None:
            raise forms.ValidationError(f"This is no {what}: nothing was sent.")
        return found
