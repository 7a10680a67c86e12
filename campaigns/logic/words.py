"""How dates and lists are said to customers, in each language messages are written in."""

from collections.abc import Sequence
from datetime import date

from common.enums import Language

MONTHS = {
    Language.ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    Language.SPANISH: (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip

NOW_WITHIN_DAYS = 3  # this near, a forecast date would pretend to know more than it does: "due now"


def known_language(language: str) -> Language:
    """Return the language if messages are written in it, else English."""
    return Language(language) if language in MONTHS else Language.ENGLISH


def say_day(day: date, *, language: Language) -> str:
    """Return a day as in "March 14" or "14 de marzo"."""
    month = MONTHS[language][day.month - 1]
    return f"{day.day} de {month}" if language == Language.SPANISH else f"{month} {day.day}"


def say_day_short(day: date, *, language: Language) -> str:
    """Return a day as in "Mar 14" or "14 mar", for texts, where every character counts."""
    month = MONTHS[language][day.month - 1][:3]
    return f"{day.day} {month}" if language == Language.SPANISH else f"{month} {day.day}"


def say_date(day: date, *, language: Language) -> str:
    """Return a day with its year, as a letter is dated: "March 14, 2026" or "14 de marzo de 2026"."""
    between = " de " if language == Language.SPANISH else ", "
    return f"{say_day(day, language=language)}{between}{day.year}"


def say_due(day: date, *, today: date, language: Language) -> str:
    """Return when something is due, seen from today: "due around March 14", "due now", "due since March 14"."""
    said_day = say_day(day, language=language)
    if language == Language.SPANISH:
        phrases = ("ya le toca", f"le toca hacia el {said_day}", f"pendiente desde el {said_day}")
    else:
        phrases = ("due now", f"due around {said_day}", f"due since {said_day}")
    return phrases[_tense(day, today=today)]


def say_due_short(day: date, *, today: date, language: Language) -> str:
    """Return the same in as few characters as a text needs: "due Mar 14", "due now", "due since Mar 14"."""
    said_day = say_day_short(day, language=language)
    if language == Language.SPANISH:
        phrases = ("ya toca", f"toca {said_day}", f"desde {said_day}")
    else:
        phrases = ("due now", f"due {said_day}", f"due since {said_day}")
    return phrases[_tense(day, today=today)]


def say_list(parts: Sequence[str], *, language: Language) -> str:
    """Return "a", "a and b" or "a, b and c"; in Spanish with "y", and "e" before the sound of i."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {_and_before(parts[-1], language=language)} {parts[-1]}"


def inside_sentence(name: str) -> str:
    """Return a menu item's name as it stands within a sentence: "Oil change" -> "oil change", "A/C check" as it is."""
    is_plain_word = len(name) > 1 and name[1].islower()
    return name[0].lower() + name[1:] if is_plain_word else name


def _tense(day: date, *, today: date) -> int:
    """Return 0 for about now, 1 for ahead, 2 for past."""
    if abs((day - today).days) <= NOW_WITHIN_DAYS:
        return 0
    return 1 if day > today else 2


def _and_before(word: str, *, language: Language) -> str:
    if language != Language.SPANISH:
        return "and"
    word = word.lower()
    return (
        "e" if word.startswith(("i", "hi", "í")) and not word.startswith(("hia", "hie", "ia", "ie")) else "y"
    )
