"""What our last words asked for, as far as it changes how an answer is read."""

import re
from enum import Flag, auto
from functools import lru_cache


class Asked(Flag):
    NOTHING = 0
    TIME = auto()
    DATE = auto()
    COUNT = auto()
    YES_OR_NO = auto()


_TIME = re.compile(r"\b(?:time|times|hour|what time|when|hora|cuando)\b", re.ASCII)
_DATE = re.compile(r"\b(?:date|day|when|dia|fecha|cuando)\b", re.ASCII)
_COUNT = re.compile(
    r"\b(?:people|guests|persons|how many|party|seats|name|phone|zip|mileage|miles|odometer|kilometraje|millas|cuantas personas)\b",
    re.ASCII,
)
_YES_OR_NO = re.compile(
    r"\b(?:would you|do you|did you|shall i|should i|want (?:me )?to|can i|does (?:this|that|it)|is (?:this|that|it)|are you|correct|right|confirm\w*|how about|what about|interested|work for you|ok|okay|le gustaria|quiere|confirma\w*)\b|\?\s*$",
    re.ASCII,
)
CACHED = 2_000


@lru_cache(maxsize=CACHED)
def read_prompt(prompt: str) -> Asked:
    """Return what a prompt asks for; of a long one its last two sentences count."""
    if not prompt:
        return Asked.NOTHING
    last = " ".join(re.split(r"(?<=[.!?])\s+", prompt.lower().strip())[-2:])
    asked = Asked.NOTHING
    for pattern, what in (
        (_TIME, Asked.TIME),
        (_DATE, Asked.DATE),
        (_COUNT, Asked.COUNT),
        (_YES_OR_NO, Asked.YES_OR_NO),
    ):
        if pattern.search(last):
            asked |= what
    # "What time, and for how many people?": a lone number may be either.
    return asked & ~Asked.COUNT if Asked.TIME in asked else asked
