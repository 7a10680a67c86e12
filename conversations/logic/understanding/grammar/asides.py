"""Days and times that are no wish: the weather on a day, "that's all for today", "every monday", "5 star"."""

import re

# A sentence about these speaks of a day for another reason than to come in.
_OTHER_TOPIC = re.compile(
    r"\b(?:weather|forecast|temperature|humidity|raining|snowing|(?:when|times?|hours|if) (?:am i|i am|i'?m|i will be|will i be|i'?ll be) (?:\w+ )?(?:free|available)|am i (?:\w+ )?free"
    r"|check my (?:\w+ )?(?:schedule|availability|calendar)|my availability|opening (?:times|hours)|are you open|clima)\b",
    re.ASCII,
)
_PLEASANTRY = re.compile(
    r"(?:\b(?:that(?:'s| is|'ll be| will be)?|be|is) (?:all|it|everything|enough)(?: (?:i|need|needed|wanted|you|me|the|help))*(?: for)?|\b(?:all|everything|help|assistance|helping me|good|done|okay|fine|set|nothing else|nothing more|are you|you doing|your day|i need(?:ed)?) for|\bthis is(?: it)? for|\b(?:your|the) (?:help|assistance|time)|\bhelping(?: me)?(?: out)?|\b(?:how are you|all i need(?:ed)?|you been)(?: doing)?)$",
    re.ASCII,
)
_LATER_IN_DAY = re.compile(r"\b(?:great|good|nice|lovely|wonderful) (?:rest of )?(?:the|your)?$", re.ASCII)
_TODAY = {"today", "tonight", "hoy", "this evening", "today's", "todays"}
_RECURRING_BEFORE = re.compile(r"\b(?:every|each|cada|todos los|all|any given)(?: other)?$", re.ASCII)
_RECURRING_AFTER = re.compile(r"^(?:of |in )?(?:each|every|cada)\b", re.ASCII)
_ENDS = re.compile(r"\b(?:leaving|departing|depart|ending|ends)(?: at| around| by)*$", re.ASCII)
_GREETING = re.compile(r"\b(?:good|lovely|nice|buenos?|buenas?)$", re.ASCII)


def is_other_topic(sentence: str) -> bool:
    """Return whether a sentence speaks of the weather, a calendar, opening hours."""
    return bool(_OTHER_TOPIC.search(sentence))


def is_pleasantry(before: str, said: str) -> bool:
    """Return whether a day is part of a courtesy: "thanks for your help today", "that's all for today"."""
    return said in _TODAY and bool(_PLEASANTRY.search(before) or _LATER_IN_DAY.search(before))


def is_end(before: str) -> bool:
    """Return whether a time is when something else ends: "leaving at 5"."""
    return bool(_ENDS.search(before))


def is_recurring(before: str, after: str) -> bool:
    return bool(_RECURRING_BEFORE.search(before) or _RECURRING_AFTER.search(after))


def is_greeting(before: str) -> bool:
    """Return whether a part of the day only greets: "good morning"."""
    return bool(_GREETING.search(before))
