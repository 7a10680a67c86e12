"""The law as it stands, read once for many decisions: kept in the process until a row is added."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import connection

from common.tenancy import current_dealership
from messaging.enums import Evidence, RuleForce
from messaging.logic.law import Law
from messaging.logic.rules import EVERYWHERE, Rule, read_terms
from messaging.models import LawRule, OwnRule

VERSIONS = """
SELECT (SELECT coalesce(max(id), 0) FROM messaging_lawrule),
       (SELECT coalesce(max(id), 0) FROM messaging_ownrule WHERE dealership_id = %s)
"""


class LawMissing(RuntimeError):
    """No rule of the law is stored: nothing may be sent before `manage.py load_law` has run."""


def law_here() -> Law:
    """Return the law of the dealership in scope, its own rules included. Queries: 1, or 3 after a change."""
    dealership_id = current_dealership().pk
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, [dealership_id])
        version, own_version = cursor.fetchone()
    return law_of(dealership_id, version=version, own_version=own_version)


def law_of(dealership_id: int, *, version: int, own_version: int) -> Law:
    """Return a dealership's law in these versions (the highest ids of both tables).

    Rows are append-only, so a version never changes its content and is read once a process.

    raises: LawMissing when there is no row at all
    """
    if not version:
        raise LawMissing("No rules of the law are stored. Run manage.py load_law.")
    return _own(dealership_id, version, own_version) if own_version else _common(version)


@lru_cache(maxsize=4)
def _common(version: int) -> Law:
    return Law([to_rule(row) for row in LawRule.objects.filter(pk__lte=version)], version=version)


@lru_cache(maxsize=2_000)
def _own(dealership_id: int, version: int, own_version: int) -> Law:
    own = OwnRule.objects.filter(dealership_id=dealership_id, pk__lte=own_version)
    return _common(version).with_own(to_rule(row) for row in own)


def law_known_at(at: datetime) -> Law:
    """Return the law as it was recorded at a moment: what a decision of that time went by.

    For decisions older than the table, the law as it stands. Queries: 2 to 4.
    """
    common = LawRule.objects.filter(recorded_at__lte=at)
    if not common.exists():
        return law_here()
    own = OwnRule.objects.filter(recorded_at__lte=at)
    return Law([*map(to_rule, common), *map(to_rule, own)])


def to_rule(row: LawRule | OwnRule) -> Rule:
    """Return a stored row as the pure code knows it. A dealership's own rule holds wherever its customers are."""
    return Rule(
        key=row.key,
        kind=row.kind,
        jurisdiction=getattr(row, "jurisdiction", EVERYWHERE),
        purpose=row.purpose,
        channels=frozenset(row.channels),
        effective_on=row.effective_on,
        source=row.source,
        terms=None if row.terms is None else read_terms(row.kind, row.terms),
        force=getattr(row, "force", RuleForce.BINDING),
        evidence=getattr(row, "evidence", Evidence.HOUSE),
        id=row.pk,
    )
