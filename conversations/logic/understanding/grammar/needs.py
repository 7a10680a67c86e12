"""Which letters a shape must have for a rule to match at all: read off the rule, so that most rules need not be tried."""

import re
from collections.abc import Iterator

from conversations.logic.understanding.kinds import GROUPS, KINDS

ALL = frozenset(KINDS.values())
_COMMON = frozenset(
    KINDS[kind]
    for kind in ("the", "of", "in", "at", "on", "to", "for", "and", "a", "comma", "number", "word", "stop")
)
_ITEM = re.compile(r"(?P<name>[a-z_]+)|(?P<group>\(\?[:=!<]+|\()|(?P<other>\S)")


def letters_of(name: str) -> frozenset[str]:
    """Return the letters of a kind or a group of kinds."""
    return frozenset(KINDS[kind] for kind in GROUPS.get(name, (name,)))


def shape_pattern(shape: str) -> re.Pattern[str]:
    """Return a shape written in names of kinds as a regular expression over letters."""
    letters = re.sub(r"[a-z_]+", lambda found: f"[{''.join(sorted(letters_of(found[0])))}]", shape)
    return re.compile(re.sub(r"\s+", "", letters))


def needs_of(shape: str) -> frozenset[str]:
    """Return letters of which every match has at least one: the fewest and rarest that can be told."""
    alternatives = [_needs_of_sequence(each) for each in _split(shape)]
    return frozenset().union(*alternatives)


def _needs_of_sequence(shape: str) -> frozenset[str]:
    found = [needs_of(inner) if inner else letters_of(name) for name, inner in _required(shape)]
    return min(found, key=lambda letters: (not _COMMON.isdisjoint(letters), len(letters)), default=ALL)


def _required(shape: str) -> Iterator[tuple[str, str]]:
    """Yield the names and the insides of brackets that are not optional; what only looks around is left out."""
    at = 0
    while match := _ITEM.search(shape, at):
        at = match.end()
        if match["name"]:
            if shape[at : at + 1] not in {"?", "*"}:
                yield match["name"], ""
        elif match["group"]:
            end = _closing(shape, at)
            inner, at = shape[at : end - 1], end
            if match["group"] in {"(", "(?:"} and shape[end : end + 1] not in {"?", "*"}:
                yield "", inner


def _closing(shape: str, at: int) -> int:
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(shape[at], 0)
        at += 1
    return at


def _split(shape: str) -> list[str]:
    """Split at the bars outside of brackets."""
    parts, depth = [""], 0
    for letter in shape:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
