"""Words every app shares."""

from django.db import models


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "Text"
    VOICE = "voice", "Call"
    LETTER = "letter", "Letter"
    WEB_PUSH = "web_push", "Web push"


class Purpose(models.TextChoices):
    TRANSACTIONAL = "transactional", "Appointments and vehicle status"
    MARKETING = "marketing", "Service reminders and offers"


class DistanceUnit(models.TextChoices):
    MILES = "mi", "miles"
    KILOMETRES = "km", "kilometres"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"
