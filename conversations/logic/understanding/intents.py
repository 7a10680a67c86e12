"""What a customer wants beside a day and a time, by the words they use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from conversations.enums import Intent
from conversations.logic.understanding.meaning import Fact
from conversations.logic.understanding.phrases import Heard, PhraseBook
from conversations.logic.understanding.words import facts, intents_english, intents_spanish

BOOK = PhraseBook([intents_english.INTENTS, intents_spanish.INTENTS, facts.FACTS])
_FACTS = frozenset(facts.FACTS)
# Noted in this order: what only a person can deal with first.
ORDER = (
    Intent.COMPLAINT,
    Intent.HUMAN,
    Intent.WRONG_PERSON,
    Intent.SOLD_VEHICLE,
    Intent.ALREADY_DONE,
    Intent.CANCEL,
    Intent.RESCHEDULE,
    Intent.LATER,
    Intent.QUESTION,
    Intent.OTHER_TIME,
    Intent.DECLINE,
    Intent.ACCEPT,
    Intent.THANKS,
    Intent.HELP,
    Intent.OPT_IN,
)
# Said about the past, a day is no wish: "I was in last tuesday" must not book one.
PAST = re.compile(
    r"\b(?:was|were|had|did|took|brought|came|went|got|called|last (?:week|month|year|time|\w+day)|ago|yesterday|already"
    r"|just (?:had|got|did)|ayer|ya (?:lo|la|hice|fui|lleve))\b",
    re.ASCII,
)
_NOT_BEFORE = re.compile(
    r"(?:\b(?:not|dont|doesnt|didnt|isnt|wont|wouldnt|cant|cannot|never|neither|nor|hardly)(?: (?:a|the|so|very|really|that|it|be|sound|sounds|seem|going|to|want|think|sure|if|all)){0,3} |\bno me |\bno )$",
    re.ASCII,
)
# What is no more than part of a longer phrase of another meaning, and what never is that longer phrase.
_SWALLOWED = frozenset(
    {"accept", "reschedule", "decline", "thanks", "later", "question", "other_time", "unsuitable", "human"}
)
_WEAK = _FACTS | {"question", "asking"}
_NEGATABLE = frozenset({"accept", "already_done", "sold_vehicle"})
_TAKES_BACK = frozenset({Intent.OTHER_TIME, Intent.LATER, Intent.CANCEL})
_FACT_QUESTIONS = frozenset(
    {Fact.ASKS_PRICE, Fact.ASKS_DURATION, Fact.ASKS_HOURS, Fact.ASKS_ADDRESS, Fact.ASKS_WHAT}
)


@dataclass(frozen=True, slots=True)
class Meant:
    """What the phrases of a text come to: the intents, the facts, and every meaning that was heard."""

    intents: tuple[Intent, ...] = ()
    facts: frozenset[Fact] = frozenset()
    meanings: frozenset[str] = frozenset()
    heard: tuple[Heard, ...] = ()

    @property
    def is_asking(self) -> bool:
        return "asking" in self.meanings


def find_intents(framed: str) -> Meant:
    """Return what a framed text says, in the order of `ORDER`, each once."""
    heard = _outermost(_without_nothing(BOOK.hear(framed)))
    meanings = {each.meaning for each in heard if not _is_negated(each, framed)}
    if "urgent" in meanings:
        meanings.add("human")
    found = {intent for intent in ORDER if intent.value in meanings}
    said = frozenset(Fact(meaning) for meaning in meanings & _FACTS)
    if _FACT_QUESTIONS & said:
        found.add(Intent.QUESTION)
    if "unsuitable" in meanings:
        found.add(Intent.OTHER_TIME)
    found = _agreed(found, meanings, heard)
    return Meant(
        tuple(intent for intent in ORDER if intent in found), said, frozenset(meanings), tuple(heard)
    )


def _without_nothing(heard: list[Heard]) -> list[Heard]:
    """Leave out what overlaps with a phrase that means nothing: "later today" is no "later"."""
    nothing = [each for each in heard if each.meaning == "nothing"]
    if not nothing:
        return heard
    return [
        each for each in heard if all(each.end <= other.start or other.end <= each.start for other in nothing)
    ]


def _outermost(heard: list[Heard]) -> list[Heard]:
    """Leave out what lies within a longer phrase of another meaning: "can't make it" is no "make it"."""
    return [
        each
        for each in heard
        if not any(
            other.start <= each.start and each.end <= other.end
            and other.end - other.start > each.end - each.start
            and each.meaning in _SWALLOWED and other.meaning != each.meaning and other.meaning not in _WEAK
            for other in heard
        )
    ]  # fmt: skip


def _is_negated(heard: Heard, framed: str) -> bool:
    """Return whether "not" stands right before a yes: "that is not good", "I don't think that works"."""
    if heard.meaning not in _NEGATABLE:
        return False
    sentence = framed[: heard.start].rsplit(" . ", 1)[-1].rsplit(" , ", 1)[-1]
    return bool(_NOT_BEFORE.search(sentence))


def _asks_facts(meanings: set[str]) -> bool:
    return any(meaning.startswith("asks_") for meaning in meanings)


def _agreed(found: set[Intent], meanings: set[str], heard: Iterable[Heard]) -> set[Intent]:
    """Return the intents that can stand beside each other: a yes or a no may be taken back by what follows."""
    if Intent.LATER in found:
        found = found - {Intent.DECLINE}
    if Intent.OTHER_TIME in found:
        found = found - ({Intent.QUESTION} if not _asks_facts(meanings) else set())
    if {Intent.ALREADY_DONE, Intent.SOLD_VEHICLE} & found:
        found = found - {Intent.OTHER_TIME, Intent.WRONG_PERSON}
    if "other_time" in meanings:
        found = found - {Intent.DECLINE, Intent.ACCEPT}
    if Intent.ACCEPT in found and _TAKES_BACK & found:
        found = found - {Intent.ACCEPT}
    if {Intent.ACCEPT, Intent.DECLINE} <= found:
        first = next(each.meaning for each in heard if each.meaning in {"accept", "decline"})
        found = found - {Intent.DECLINE if first == "accept" else Intent.ACCEPT}
    return found
