from datetime import datetime
from typing import Any

from django import forms

from booking.interfaces.parameters import read_moment
from customers.enums import VehicleStatus
from customers.models import Customer, Vehicle


class BookingForm(forms.Form):
    """What an advisor books for a customer: the car, the time, and what the workshop should know."""

    vehicle = forms.ModelChoiceField(Vehicle.objects.none(), required=False, empty_label="Not decided yet")
    at = forms.CharField(error_messages={"required": "Choose a time."})
    note = forms.CharField(
        required=False, max_length=300, help_text="For the workshop", widget=forms.Textarea(attrs={"rows": 2})
    )
    nonce = forms.RegexField(r"^[\w-]{8,40}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owned = Vehicle.objects.filter(customer=customer, status=VehicleStatus.ACTIVE).order_by("pk")
        field = self.fields["vehicle"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = owned
        if not self.is_bound and len(owned) == 1:
            self.initial["vehicle"] = owned[0].pk

    def clean_at(self) -> datetime:
        moment = read_moment(self.cleaned_data["at"])
        if moment is None:
            raise forms.ValidationError("Choose one of the times.")
        return moment
