"""A small language for phrases, and the quick search for all of them in a text.

    call|ring|phone me      one of several words
    dont|do_not want        of which some may be two
    not? interested         a word that may be missing
    took .. to              up to three words between
    ^no$                    at the beginning, at the end of a sentence (a comma ends one as well)
    ^^later$                at the beginning of the whole text

Words are without accents and apostrophes ("dont", "manana"). Each phrase is looked for only in texts that hold
its rarest word, which is what makes hundreds of them cheap.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_COMMON = frozenset(
    "a an the i you it is to that this for me my do can not no in on of and or be was have we your with at if so de la el "
    "que en lo un una por mi yo no se es y are what will would".split()
)
_GAP = r"(?:[^ .,?]+ ){0,3}?"


@dataclass(frozen=True, slots=True)
class Phrase:
    meaning: str
    pattern: re.Pattern[str]
    anchors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Heard:
    """A phrase found, and where in the framed text."""

    meaning: str
    start: int
    end: int
    words: str


def frame(texts: Iterable[str]) -> str:
    """Return words and marks as one line that phrases are looked for in: " . no thanks . "."""
    line = " ".join(texts).replace("'", "")
    return f" . {_STOPS.sub('.', line)} . "


_STOPS = re.compile(r"[!;:()\"]|\?(?= \?)")


def _slots(text: str) -> list[str]:
    return re.sub(r"(\^\^|\^|\$)", r" \1 ", text).split()


def _pattern_of(slot: str) -> str:
    if slot in _MARKS:
        return _MARKS[slot]
    if slot.endswith("?"):
        return f"(?:{_words_of(slot[:-1])} )?"
    return f"{_words_of(slot)} "


_MARKS = {"^^": r"(?<=^ \. )", "^": r"(?<=[.,?] )", "$": r"(?=[.,?])", "..": _GAP}


def _words_of(slot: str) -> str:
    return f"(?:{'|'.join(re.escape(word.replace('_', ' ')) for word in slot.split('|'))})"


def _anchors_of(slots: list[str]) -> frozenset[str]:
    required = [slot.split("|") for slot in slots if slot not in _MARKS and not slot.endswith("?")]
    rarest = min(required, key=lambda words: (not _COMMON.isdisjoint(words), len(words)))
    return frozenset(word.partition("_")[0] for word in rarest)


def phrase(meaning: str, text: str) -> Phrase:
    slots = _slots(text)
    return Phrase(meaning, re.compile(r"(?<= )" + "".join(map(_pattern_of, slots))), _anchors_of(slots))


class PhraseBook:
    """All phrases, found by a word each must hold."""

    def __init__(self, tables: Iterable[Mapping[str, str]]) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        for table in tables:
            for meaning, lines in table.items():
                for line in lines.strip().splitlines():
                    for text in line.split(" / "):
                        self._add(phrase(meaning, text.strip()))

    def _add(self, each: Phrase) -> None:
        for word in each.anchors:
            self._by_word.setdefault(word, []).append(each)

    def hear(self, framed: str) -> list[Heard]:
        """Return every phrase found in a framed text, in the order they stand there."""
        words = self._by_word.keys() & framed.split(" ")
        found = [
            Heard(each.meaning, match.start(), match.end(), match[0].strip())
            for word in words
            for each in self._by_word[word]
            if (match := each.pattern.search(framed))
        ]
        return sorted(found, key=lambda heard: (heard.start, -heard.end, heard.meaning))
