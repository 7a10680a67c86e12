"""The word tables as lookups: one word -> its kind and value, and the phrases a word may begin."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from conversations.logic.understanding.kinds import KINDS
from conversations.logic.understanding.words import english, numbers, spanish

# Kind -> words with the same value, separated by spaces; the words of a phrase by hyphens.
Table = Mapping[str, Mapping[str, Any]]
Value = Any  # an offset, a (hour, minute), a name: whatever the kind says


class Sense(NamedTuple):
    """What a word is to the grammar: the letter of its kind, and its value."""

    kind: str
    value: Value


class Phrase(NamedTuple):
    """The words after the first one, and what all of them are together."""

    rest: tuple[str, ...]
    sense: Sense


def _entries() -> Iterator[tuple[tuple[str, ...], Sense]]:
    tables: tuple[Table, ...] = (*spanish.TABLES, *english.TABLES)
    for table in tables:
        for kind, by_words in table.items():
            for words, value in by_words.items():
                for entry in words.split():
                    yield tuple(entry.split("-")), Sense(KINDS[kind], value)
    for kind, by_word in (
        ("number", {**numbers.NUMBERS, **numbers.TENS}),
        ("loose_number", numbers.LOOSE_NUMBERS),
        ("ordinal", numbers.ORDINALS),
        ("loose_ordinal", numbers.LOOSE_ORDINALS),
    ):
        for word, number in by_word.items():
            yield (word,), Sense(KINDS[kind], number)


def _build() -> tuple[Mapping[str, Sense], Mapping[str, tuple[Phrase, ...]]]:
    senses: dict[str, Sense] = {}
    phrases: dict[str, list[Phrase]] = {}
    for words, sense in _entries():
        if len(words) == 1:
            senses[words[0]] = sense
        else:
            phrases.setdefault(words[0], []).append(Phrase(words[1:], sense))
    longest_first = {
        word: tuple(sorted(found, key=lambda phrase: -len(phrase.rest))) for word, found in phrases.items()
    }
    return senses, longest_first


SENSES, PHRASES = _build()
