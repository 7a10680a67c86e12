"""Appointment times in words, in the languages customers are written to in."""

from datetime import date, datetime, time

WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
SHORT_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip
DEFAULT_LANGUAGE = "en"


def known_language(code: str) -> str:
    """Return the language a customer is addressed in: the asked one if there are words for it, else English."""
    short = code[:2].lower()
    return short if short in WEEKDAYS else DEFAULT_LANGUAGE


def say_time(moment: time, *, language: str) -> str:
    """Return `3 PM` or `3:30 PM`; in Spanish `3 pm`, as people there write it in a message."""
    hour = (moment.hour - 1) % 12 + 1
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    halves = ("AM", "PM") if known_language(language) == "en" else ("am", "pm")
    return f"{hour}{minutes} {halves[moment >= time(12)]}"


def say_day(day: date, *, language: str) -> str:
    """Return `Tuesday, November 24` or `martes 24 de noviembre`."""
    code = known_language(language)
    weekday, month = WEEKDAYS[code][day.weekday()], MONTHS[code][day.month - 1]
    return f"{weekday}, {month} {day.day}" if code == "en" else f"{weekday} {day.day} de {month}"


def say_short_day(day: date, *, language: str) -> str:
    """Return `Tue, Nov 24` or `mar 24 nov`: for texts, where every letter counts."""
    code = known_language(language)
    weekday, month = SHORT_WEEKDAYS[code][day.weekday()], MONTHS[code][day.month - 1][:3]
    return f"{weekday}, {month} {day.day}" if code == "en" else f"{weekday} {day.day} {month}"


def say_moment(moment: datetime, *, language: str) -> str:
    """Return `Tuesday, November 24 at 3 PM` or `martes 24 de noviembre a las 3 pm`."""
    return _at(say_day(moment.date(), language=language), moment.time(), language=language)


def say_short_moment(moment: datetime, *, language: str) -> str:
    """Return `Tue, Nov 24 at 3 PM` or `mar 24 nov a las 3 pm`."""
    return _at(say_short_day(moment.date(), language=language), moment.time(), language=language)


def _at(day: str, moment: time, *, language: str) -> str:
    spoken = say_time(moment, language=language)
    if known_language(language) == "en":
        return f"{day} at {spoken}"
    return f"{day} {'a la' if moment.hour % 12 == 1 else 'a las'} {spoken}"
