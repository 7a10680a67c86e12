"""The law as the pages show it: each rule with what it says today, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from common.enums import Channel, Purpose
from messaging.enums import Evidence, RuleForce, RuleKind
from messaging.logic.rule_words import say_place, say_terms
from messaging.models import LawRule
from messaging.queries.law import to_rule


@dataclass(frozen=True, slots=True)
class RowShown:
    """One dated row in words."""

    says: str
    effective_on: date
    source: str
    evidence: str
    is_checked: bool
    recorded: str
    row: LawRule


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One rule: what it is about, what holds today, what comes, and every row, newest first."""

    key: str
    kind: str
    place: str
    about: str
    is_default: bool
    current: RowShown | None
    coming: list[RowShown]
    history: list[RowShown]


def all_rules(*, today: date) -> list[RuleShown]:
    """Return every rule of the law, those for everywhere first, then by place. Queries: 1."""
    rows = LawRule.objects.select_related("actor").order_by("key", "-effective_on", "-pk")
    shown = [_rule(key, list(group), today=today) for key, group in groupby(rows, key=lambda row: row.key)]
    order = list(RuleKind)
    return sorted(
        shown,
        key=lambda one: (
            one.history[0].row.jurisdiction,
            order.index(RuleKind(one.history[0].row.kind)),
            one.key,
        ),
    )


def one_rule(key: str, *, today: date) -> RuleShown | None:
    """Return one rule with its history; None for an unknown key. Queries: 1."""
    rows = list(LawRule.objects.filter(key=key).select_related("actor").order_by("-effective_on", "-pk"))
    return _rule(key, rows, today=today) if rows else None


def _rule(key: str, rows: list[LawRule], *, today: date) -> RuleShown:
    newest = rows[0]
    history = [_row(row) for row in rows]
    current = next((row for row in history if row.effective_on <= today), None)
    return RuleShown(
        key=key,
        kind=newest.get_kind_display(),
        place=say_place(newest.jurisdiction),
        about=_about(newest),
        is_default=newest.force == RuleForce.DEFAULT,
        current=current if current and current.row.terms is not None else None,
        coming=[row for row in history if row.effective_on > today],
        history=history,
    )


def _about(row: LawRule) -> str:
    channels = ", ".join(Channel(channel).label.lower() for channel in row.channels)
    return f"{Purpose(row.purpose).label if row.purpose else 'Every message'}: {channels}"


def _row(row: LawRule) -> RowShown:
    by = f"by {row.actor}" if row.actor else "with a release"
    return RowShown(
        says=say_terms(to_rule(row)),
        effective_on=row.effective_on,
        source=row.source,
        evidence=row.get_evidence_display(),
        is_checked=row.evidence in Evidence.checked(),
        recorded=f"{row.recorded_at:%Y-%m-%d %H:%M} UTC {by}",
        row=row,
    )
