"""How a rule of the grammar is written, and how rules are looked for in a text.

A rule is a regular expression over *kinds* of words instead of letters: `the? ordinal of? any_month year?` finds
"the 5th of december", "5 de diciembre" and "5th dec 2026" alike. Of rules that claim the same words the longest wins, then
the one written first.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from conversations.logic.understanding.grammar.needs import letters_of, needs_of, shape_pattern
from conversations.logic.understanding.tokens import Tokens

Item = TypeVar("Item")


@dataclass(frozen=True)
class Match:
    """The words one rule matched, and what it may need to know beside them."""

    tokens: Tokens
    start: int
    end: int
    now: datetime
    is_day_first: bool = False

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def shape(self) -> str:
        return self.tokens.shape[self.start : self.end]

    @property
    def text(self) -> str:
        return " ".join(self.tokens.texts[self.start : self.end])

    def all(self, kind: str) -> list[Any]:
        """Return the values of all words of a kind, in order."""
        letters = letters_of(kind)
        return [self.tokens.values[self.start + at] for at, each in enumerate(self.shape) if each in letters]

    def one(self, kind: str) -> Any:
        """Return the value of the first word of a kind, or None."""
        return next(iter(self.all(kind)), None)

    def has(self, kind: str) -> bool:
        return not letters_of(kind).isdisjoint(self.shape)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Item]):
    """`build` returns None when the words are no such thing after all (the 31st of june)."""

    name: str
    pattern: re.Pattern[str]
    build: Callable[[Match], Item | None]
    # Letters of which a shape must have one: most rules need not be tried on most texts.
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    start: int
    end: int
    rule: str
    item: Item


def rule(name: str, shape: str, build: Callable[[Match], Item | None]) -> Rule[Item]:
    """Return a rule for a shape written in the names of kinds and groups, otherwise like a regular expression."""
    return Rule(name, shape_pattern(shape), build, needs_of(shape))


def find(rules: Iterable[Rule[Item]], match: Match) -> list[Found[Item]]:
    """Return what the rules find in a whole text, in order, no word used twice; `match` spans the text."""
    shape = match.tokens.shape
    letters = frozenset(shape)
    claims = [
        (found.start() - found.end(), order, found.start(), each)
        for order, each in enumerate(rules)
        if not each.needs.isdisjoint(letters)
        for found in each.pattern.finditer(shape)
    ]
    kept: list[Found[Item]] = []
    for width, _, start, each in sorted(claims, key=lambda claim: claim[:3]):
        end = start - width
        if any(start < other.end and other.start < end for other in kept):
            continue
        item = each.build(Match(match.tokens, start, end, match.now, match.is_day_first))
        if item is not None:
            kept.append(Found(start, end, each.name, item))
    return sorted(kept, key=lambda found: found.start)
