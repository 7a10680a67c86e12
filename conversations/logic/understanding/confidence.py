"""How sure a reading is: what may be wrong with it has a name and a measured weight.

Each doubt multiplies the confidence by its weight, which stands for the share of readings with that doubt that turned out
right on dialogues held back while the grammar was written (docs/understanding.md, "Confidence"). One table, so that it
is read, explained and calibrated in one place.
"""

import re
from collections.abc import Collection

from conversations.enums import Intent
from conversations.logic.understanding.combine import Said
from conversations.logic.understanding.intents import PAST
from conversations.logic.understanding.meaning import Context, Fact
from conversations.logic.understanding.tokens import Tokens

SURE = 0.99
DOUBTS = {
    "told of the past": 0.4,
    "beside a complaint or changed facts": 0.4,
    "may be an opt-out": 0.4,
    "long": 0.4,
    "about another matter": 0.6,
    "half of the day assumed": 0.65,
    "over": 0.65,
    "a yes among other things": 0.65,
}
_OTHER_MATTER = re.compile(
    r"\b(?:weather|forecast|calend[ae]r|itinerary|events?|alarm|my schedule|free time|time free|spare time|am i free|i am free|have (?:free|any|some) (?:time|hours|room)|i have (?:free|time)|do i have|would i have"
    r"|transfer|transactions?|payment|spent|spend|spending|loan|deposit|refund|overdraft|account|salary|room|suite|hotel|flight|restaurant|table|check ?-?out|leave|stole|stolen|lost)\b",
    re.ASCII,
)
_SEARCH = re.compile(r"\b(?:find|search|look|looking|instead|actually|but|however|except|add)\b", re.ASCII)
NOT_A_PLAN = frozenset({Fact.RUNNING_LATE, Fact.MOVED})
# A reply with more words than this beside its day and time is telling a story, and is read by a person.
LONG_WORDS = 40
# Said of these, a day or time is no wish to come then.
NOT_A_WISH = frozenset(
    {Intent.COMPLAINT, Intent.ALREADY_DONE, Intent.SOLD_VEHICLE, Intent.WRONG_PERSON, Intent.HUMAN}
)


def doubts_of(
    tokens: Tokens,
    said: Said,
    intents: Collection[Intent],
    *,
    facts: Collection[Fact],
    has_choice: bool,
    context: Context,
) -> tuple[str, ...]:
    """Name what may be wrong with a reading, in the order of `DOUBTS`."""
    text = " ".join(tokens.texts)
    is_wish = bool(said.wishes) and not has_choice
    holds = {
        "told of the past": is_wish and bool(PAST.search(text)),
        "beside a complaint or changed facts": is_wish
        and not (NOT_A_WISH.isdisjoint(intents) and NOT_A_PLAN.isdisjoint(facts)),
        "about another matter": is_wish and bool(_OTHER_MATTER.search(text)),
        "half of the day assumed": is_wish and said.has_guessed_half and not context.hours,
        "over": is_wish and said.on is not None and said.on < context.now.date(),
        "a yes among other things": not is_wish and Intent.ACCEPT in intents and bool(_SEARCH.search(text)),
        "long": len(tokens.texts) > LONG_WORDS,
    }
    return tuple(name for name, is_so in holds.items() if is_so)


def confidence_of(doubts: Collection[str]) -> float:
    sure = SURE
    for doubt in doubts:
        sure *= DOUBTS[doubt]
    return round(sure, 3)
