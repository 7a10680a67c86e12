"""Typing errors in words of time: a word nobody knows, one or two slips away from exactly one that the grammar knows.

Only long words are corrected, and only into days, months, parts of the day and the like: of short ones
("soon", "match", "might") every second is a word of its own.

source: docs/understanding.md, "Libraries measured" (rapidfuzz corrects the same words; behind the cache its speed does not show)
"""

from functools import lru_cache

from conversations.logic.understanding.words.spelling import COMMON, KNOWN_SLIPS, TARGETS

SHORTEST, LONG = 5, 8
CACHED_WORDS = 20_000


def _deletions(word: str, slips: int) -> frozenset[str]:
    """Return the word and what is left of it with up to so many letters gone."""
    found = {word}
    for _ in range(slips):
        found |= {each[:at] + each[at + 1 :] for each in found for at in range(len(each))}
    return frozenset(found)


def _index() -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for word in TARGETS:
        for left in _deletions(word, 2 if len(word) >= LONG else 1):
            index.setdefault(left, set()).add(word)
    return index


_INDEX = _index()


@lru_cache(maxsize=CACHED_WORDS)
def corrected(word: str) -> str | None:
    """Return the word of time that was meant, or None when it is none or may be several."""
    if word in KNOWN_SLIPS:
        return KNOWN_SLIPS[word]
    if not SHORTEST <= len(word) <= max(map(len, TARGETS)) + 2 or word in COMMON:
        return None
    lefts = _deletions(word, 2 if len(word) >= LONG else 1)
    near = {meant for left in lefts for meant in _INDEX.get(left, ()) if _is_near(word, meant)}
    return near.pop() if len(near) == 1 else None


def _is_near(word: str, meant: str) -> bool:
    """Return whether few enough slips make one of the other; the first letter is hardly ever wrong."""
    if word[0] != meant[0]:
        return False
    return slips_between(word, meant) <= (2 if min(len(word), len(meant)) >= LONG else 1)


def slips_between(word: str, other: str) -> int:
    """Return the number of letters missing, added, wrong or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
