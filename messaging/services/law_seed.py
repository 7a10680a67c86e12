"""Brings the rules of the law that come with a release into the table; repeating it is harmless."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from messaging.enums import RuleForce
from messaging.logic.rules import Rule, read_terms, write_terms
from messaging.models import LawRule
from messaging.queries.law import to_rule

FILE = Path(__file__).resolve().parent.parent / "law" / "rules.toml"
NOT_TERMS = (
    "key",
    "kind",
    "jurisdiction",
    "purpose",
    "channels",
    "force",
    "evidence",
    "effective_on",
    "source",
)
LOCK = 0x4C415753  # "LAWS": two migrations at once must not load it twice


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were new, and the rules left alone because an operator has changed them."""

    added: int
    kept: tuple[str, ...]


@transaction.atomic
def load_law(*, now: datetime) -> Loaded:
    """Add the rows of the release's file that are not in the table yet.

    A rule an operator has changed is theirs: later rows of the file are left out and named. A row of the file
    that differs from the one loaded for its day supersedes it; nothing is overwritten.

    raises: BadTerms for a file that cannot be understood
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    known: dict[tuple[str, date], Rule] = {}
    theirs: set[str] = set()
    for row in LawRule.objects.order_by("pk"):
        known[row.key, row.effective_on] = to_rule(row)
        if row.actor_id is not None:
            theirs.add(row.key)
    missing = [rule for rule in read_file() if _says_something_new(rule, known)]
    new = [rule for rule in missing if rule.key not in theirs]
    LawRule.objects.bulk_create(_row(rule, now=now) for rule in new)
    return Loaded(len(new), tuple(sorted({rule.key for rule in missing} & theirs)))


def read_file() -> list[Rule]:
    """Return the rules that come with this release.

    raises: BadTerms, KeyError for a file that is not sound
    """
    return [_read(entry) for entry in tomllib.loads(FILE.read_text())["rule"]]


def _read(entry: dict[str, Any]) -> Rule:
    terms = {name: value for name, value in entry.items() if name not in NOT_TERMS}
    return Rule(
        key=entry["key"],
        kind=entry["kind"],
        jurisdiction=entry["jurisdiction"],
        purpose=entry["purpose"],
        channels=frozenset(entry["channels"]),
        effective_on=entry["effective_on"],
        source=entry["source"],
        terms=read_terms(entry["kind"], terms),
        force=entry.get("force", RuleForce.BINDING),
        evidence=entry["evidence"],
    )


def _says_something_new(rule: Rule, known: dict[tuple[str, date], Rule]) -> bool:
    before = known.get((rule.key, rule.effective_on))
    return before is None or _words(before) != _words(rule)


def _words(rule: Rule) -> tuple[object, ...]:
    return rule.terms, rule.source, rule.force, rule.evidence


def _row(rule: Rule, *, now: datetime) -> LawRule:
    return LawRule(
        key=rule.key,
        kind=rule.kind,
        jurisdiction=rule.jurisdiction,
        purpose=rule.purpose,
        channels=sorted(rule.channels),
        effective_on=rule.effective_on,
        source=rule.source,
        terms=write_terms(rule.terms) if rule.terms else None,
        force=rule.force,
        evidence=rule.evidence,
        recorded_at=now,
    )
