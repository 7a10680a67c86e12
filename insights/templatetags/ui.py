"""Words, tones and icons for codes, and form controls in our look. Loaded by templates as ``{% load ui %}``."""

import re
from datetime import date, datetime

import phonenumbers
from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dealerships.models import Dealership
from insights.logic.moments import clock_words, offset_words, uses_24h

register = template.Library()

CHANNELS: dict[str, tuple[str, str]] = {
    "email": ("mail", "E-mail"),
    "sms": ("message-square", "Text"),
    "voice": ("phone-call", "Call"),
    "letter": ("file-text", "Letter"),
    "web_push": ("bell", "Notification"),
}

TONE_ICONS = {
    "info": "info",
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "brand": "sparkles",
    "quiet": "info",
}

# One look per state, whichever model it belongs to: tone and icon; the words come from the code itself.
STATES: dict[str, tuple[str, str]] = {
    "planned": ("info", "clock"),
    "held": ("warn", "circle-pause"),
    "skipped": ("quiet", "ban"),
    "queued": ("info", "hourglass"),
    "sending": ("info", "send"),
    "sent": ("good", "check"),
    "accepted": ("good", "check"),
    "delivered": ("good", "check-check"),
    "failed": ("bad", "circle-x"),
    "unconfirmed": ("warn", "circle-help"),
    "cancelled": ("quiet", "x"),
    "active": ("brand", "play"),
    "paused": ("warn", "pause"),
    "ended": ("quiet", "check"),
    "open": ("info", "message-circle"),
    "waiting": ("warn", "hourglass"),
    "closed": ("quiet", "archive"),
    "booked": ("good", "calendar-check"),
    "confirmed": ("good", "calendar-check"),
    "arrived": ("brand", "map-pin"),
    "no_show": ("bad", "calendar-x"),
    "completed": ("quiet", "check-check"),
    "performed": ("good", "check"),
    "declined": ("warn", "x"),
    "good": ("good", "check"),
    "quarantined": ("warn", "triangle-alert"),
    "granted": ("good", "shield-check"),
    "withdrawn": ("bad", "shield-off"),
    "opted_out": ("bad", "hand"),
    "sold": ("quiet", "arrow-up-right"),
    "scrapped": ("quiet", "trash-2"),
    "excluded": ("quiet", "ban"),
    "pending": ("info", "hourglass"),
    "running": ("brand", "refresh-cw"),
    "previewed": ("info", "eye"),
    "applied": ("good", "check"),
    "done": ("good", "check"),
    "undone": ("quiet", "undo-2"),
    "draft": ("warn", "pencil"),
    "published": ("good", "check"),
    "printed": ("good", "printer"),
}


@register.filter
def channel_icon(channel: str) -> str:
    return CHANNELS.get(str(channel), ("send", ""))[0]


@register.filter
def channel_words(channel: str) -> str:
    return CHANNELS.get(str(channel), ("", str(channel).replace("_", " ").capitalize()))[1]


@register.filter
def tone_icon(tone: str) -> str:
    return TONE_ICONS.get(tone, "info")


@register.filter
def status_tone(state: str) -> str:
    return STATES.get(str(state), ("quiet", ""))[0]


@register.filter
def status_icon(state: str) -> str:
    return STATES.get(str(state), ("", "info"))[1]


@register.filter
def status_words(state: str) -> str:
    """Return a code such as ``no_show`` as words; leave what already reads as words alone."""
    text = str(state)
    return text.replace("_", " ").capitalize() if text.islower() and " " not in text else text


@register.filter
def phone(e164: str) -> str:
    """Return a number as people of its country write it."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    style = phonenumbers.PhoneNumberFormat
    is_american = number.country_code == phonenumbers.country_code_for_region("US")
    return phonenumbers.format_number(number, style.NATIONAL if is_american else style.INTERNATIONAL)


@register.filter
def percent(fraction: float | None) -> str:
    return "" if fraction is None else f"{round(fraction * 100)}%"


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a date as `14 Mar 2026`, which reads the same on both sides of the Atlantic.

    A moment's is its date at the dealership: in the evening of America it is already tomorrow in UTC.
    """
    if value is None:
        return ""
    on = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{on.day} {on:%b %Y}"


@register.filter
def at_desk(at: datetime | None, dealership: Dealership) -> str:
    """Return a moment as people at the dealership write it: `5 Dec, 3:30 pm`."""
    if at is None:
        return ""
    local = at.astimezone(dealership.zone)
    clock = clock_words(at, zone=dealership.zone, uses_24h=uses_24h(dealership.country))
    return f"{local.day} {local:%b}, {clock}"


_ANY_WORD = re.compile(r"\w")
_TAG_OR_WORD = re.compile(r"<[^>]*>|\b[A-Z][a-z]+\b")


@register.filter(is_safe=True)
def sentence_case(text: str) -> str:
    """Return a heading as ours are written: of `Change Password` only the first word keeps its capital.

    For pages of libraries, whose headings are in title case. Abbreviations (`QR`) and what stands in tags stay.
    """
    words = 0

    def lower(found: re.Match[str]) -> str:
        nonlocal words
        if found[0].startswith("<"):
            return found[0]
        words += 1
        is_first = words == 1 and not _ANY_WORD.search(_TAG_OR_WORD.sub("", text[: found.start()]))
        return found[0] if is_first else found[0].lower()

    return _TAG_OR_WORD.sub(lower, text)


@register.filter
def days_from_due(days: int) -> str:
    """Return when a step comes, in full: `14 days before the due date`."""
    return offset_words(days)


@register.filter
def days_from_due_short(days: int) -> str:
    """Return when a step comes where its heading says from what: `14 days before`, `due date`."""
    return offset_words(days).removesuffix(" the due date") if days else "due date"


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choice_group(field: BoundField) -> bool:
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


def _control_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "checkbox checkbox-primary checkbox-sm mt-0.5"
    if isinstance(widget, Textarea):
        return "textarea"
    if isinstance(widget, Select):
        return "select"
    return "file-input" if isinstance(widget, ClearableFileInput) else "input"


@register.filter
def control(field: BoundField) -> SafeString:
    """Render a field's control in our look; `aria-describedby` names its hint and its errors."""
    own = field.field.widget.attrs.get("class", "")
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
    attrs: dict[str, str | bool] = {"class": f"{_control_class(field)} {own}".strip()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return format_html("{}", field.as_widget(attrs=attrs))
