"""What a sandbox account was told to do to us: delay, fail, refuse, stay silent, repeat itself (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Trick(StrEnum):
    """What may happen to one message; the comment says whether the sandbox keeps it."""

    FAIL = "fail"  # 500, not kept
    FAIL_AFTER_ACCEPTING = "fail_after_accepting"  # 500, kept
    REFUSE = "refuse"  # 422 with `code`, not kept
    RATE_LIMIT = "rate_limit"  # 429 with `retry_after`, not kept
    HANG = "hang"  # kept, no answer until the caller gives up
    DROP = "drop"  # kept, then the connection is cut
    HANG_BEFORE = "hang_before"  # no answer, not kept
    BOUNCE = "bounce"  # kept, answered; later reported as failed with `code`


KEEPS = frozenset({Trick.FAIL_AFTER_ACCEPTING, Trick.HANG, Trick.DROP, Trick.BOUNCE})


class BadBehaviour(ValueError):
    """The description of a behaviour is not understood; the text says where."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Do `trick` to messages that match; `times` bounds how often, `share` picks by the reference, repeatably."""

    trick: Trick
    to: str = ""
    channel: str = ""
    share: float = 1.0
    times: int | None = None
    code: str = ""
    retry_after: float = 1.0

    def matches(self, *, to: str, channel: str, reference: str) -> bool:
        fits = self.to in {"", to} and self.channel in {"", channel}
        return fits and (self.share >= 1.0 or _fraction(reference) < self.share)


@dataclass(slots=True)
class Behaviour:
    """One account's behaviour; `used` counts how often each rule was applied."""

    answer_after: float = 0.0
    callbacks_after: float = 0.2
    callback_copies: int = 1
    drops_callbacks: bool = False
    reverses_callbacks: bool = False
    rules: tuple[Rule, ...] = ()
    used: dict[int, int] = field(default_factory=dict)

    def pick(self, *, to: str, channel: str, reference: str) -> Rule | None:
        """The first rule that applies, counted as used."""
        for index, rule in enumerate(self.rules):
            is_left = rule.times is None or self.used.get(index, 0) < rule.times
            if is_left and rule.matches(to=to, channel=channel, reference=reference):
                self.used[index] = self.used.get(index, 0) + 1
                return rule
        return None


def parse_behaviour(data: Mapping[str, Any]) -> Behaviour:
    """raises: BadBehaviour for an unknown key, an unknown trick, or a value of the wrong kind"""
    known = {"answer_after", "callbacks_after", "callback_copies", "drops_callbacks", "reverses_callbacks"}
    if unknown := set(data) - known - {"rules"}:
        raise BadBehaviour(f"unknown: {', '.join(sorted(unknown))}")
    try:
        plain = {key: data[key] for key in known & set(data)}
        return Behaviour(**plain, rules=tuple(_rule(each) for each in data.get("rules", [])))
    except (TypeError, ValueError) as error:
        raise BadBehaviour(str(error)) from error


def _rule(data: Mapping[str, Any]) -> Rule:
    rest = dict(data)
    trick = Trick(rest.pop("do", ""))
    return Rule(trick=trick, **rest)


def _fraction(reference: str) -> float:
    return int.from_bytes(hashlib.sha256(reference.encode()).digest()[:6]) / 2**48
