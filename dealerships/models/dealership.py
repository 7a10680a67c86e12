from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models

from common.enums import DistanceUnit, Language


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no IANA time zone, such as America/Chicago.")


class DealerGroup(models.Model):
    """An owner of several dealerships."""

    name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class Dealership(models.Model):
    """The tenant: one rooftop with its own time zone, hours, numbers and staff."""

    group = models.ForeignKey(
        DealerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="dealerships"
    )
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])
    country = models.CharField(
        max_length=2, default="US", help_text="ISO 3166-1 alpha-2; phone numbers are read with it"
    )
    language = models.CharField(max_length=5, choices=Language, default=Language.ENGLISH)
    distance_unit = models.CharField(max_length=2, choices=DistanceUnit, default=DistanceUnit.MILES)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164")
    email = models.EmailField(blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    consent_attestation = models.TextField(
        blank=True,
        help_text="The words with which the dealership attests that the customers in its DMS agreed in writing to "
        "automated texts and calls. Empty: no such agreement, and no marketing texts or calls.",
    )
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    nightly_ran_on = models.DateField(
        null=True, blank=True, help_text="Local date of the last nightly planning"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
