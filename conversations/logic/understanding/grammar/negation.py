"""What is ruled out: "not tuesday", "anything but monday", "tuesday doesn't work", "el jueves no puedo"."""

import re

# Read before the day or time, on the words as typed.
_BEFORE_DAY = re.compile(
    r"(?:\b(?:not|except|excepto|excluding|besides|no)|\b(?:anything|any ?day|any ?time|all|everything|every day|whenever|cualquier dia) (?:but|menos|except|excepto)"
    r"|\b(?:can'?t|cannot|can not|couldn'?t|won'?t|don'?t|do not|no puedo)(?: (?:do|make|come|be|work|want|have|make it|come in|get there|get in|ir))?"
    r"|\bunable to \w+|\b(?:i'?m|i am|we'?re|we are) (?:busy|away|booked|booked up|working|off|out|out of town|gone|not around)|\bnot (?:free|available|in town|good on|around)|\bno puedo)(?: (?:on|this|for|until|in the|at|around|the|any|it|el|los|por|en))*$",
    re.ASCII,
)
_AFTER_DAY = re.compile(
    r"^(?:(?:,|morning|afternoon|evening|at \d+|is|that) )*(?:(?:does|do|will|would|is|are|did) not\b|(?:does|do|is|are|wo|would|did)n'?t\b|won'?t\b|no (?:good|puedo|bueno|me|esta)"
    r"|is (?:bad|no good|out|not|booked|full)\b|no(?:pe)?\s*$|am (?:busy|not)\b|(?:i'?m|i am|we'?re) (?:busy|not|out|away|booked|working|off)\b|i (?:can'?t|cannot|won'?t)|no\b(?! (?:problem|later|earlier|sooner)))",
    re.ASCII,
)
_BEFORE_TIME = re.compile(
    r"\b(?:not|except|no|(?:can'?t|cannot|won'?t)(?: do| make| come)?)(?: (?:in the|at|around|the|any|por|en))*$",
    re.ASCII,
)
_JOINTS = {"or", "nor", "and", "o", "ni", ", or", ", and", "y"}


def is_day_ruled_out(before: str, after: str) -> bool:
    """Return whether the words around a day rule it out."""
    return bool(_BEFORE_DAY.search(before) or _AFTER_DAY.search(after))


def is_time_ruled_out(before: str) -> bool:
    return bool(_BEFORE_TIME.search(before))


def joins(between: str) -> bool:
    """Return whether what is ruled out goes on: "not tuesday or wednesday"."""
    return between in _JOINTS
