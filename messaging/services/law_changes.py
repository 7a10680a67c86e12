"""Changes of the law and of a dealership's own rules: always a new row, so that what held when stays on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from common.enums import Purpose
from common.tenancy import current_dealership
from dealerships.models import User
from dealerships.services import log
from messaging.enums import RuleForce, RuleKind
from messaging.logic.rules import Rule, Terms, write_terms
from messaging.models import LawRule, OwnRule
from messaging.services.law_seed import LOCK

BEHIND_UTC = timedelta(hours=12)  # somewhere it is still the day before


class ChangeRefused(ValueError):
    """The change cannot be made; the text says why, in words for whoever makes it."""


@dataclass(frozen=True, slots=True)
class LawChange:
    """What a rule is to say from a day on; `terms` None: it ends. `source` must tell where that stands."""

    terms: Terms | None
    effective_on: date
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What a new rule is about; that never changes afterwards."""

    kind: str
    jurisdiction: str
    purpose: str
    channels: frozenset[str]
    force: str = RuleForce.BINDING

    @property
    def key(self) -> str:
        """The name of the rule, made of what it is about."""
        what = "-".join(sorted(self.channels))
        return f"{self.jurisdiction.lower()}.{self.kind}.{self.purpose or 'any'}.{what}.{self.force}"


@transaction.atomic
def supersede(key: str, change: LawChange, *, by: User, now: datetime) -> LawRule:
    """Have a rule of the law say something else from a day on, for every dealership.

    Decisions made from then on go by it at once, in every process; those made before stay explained by the old row.

    raises: LawRule.DoesNotExist for an unknown key; ChangeRefused for a day that has passed
    """
    _lock()
    newest = LawRule.objects.filter(key=key).latest("pk")
    subject = Subject(
        newest.kind, newest.jurisdiction, newest.purpose, frozenset(newest.channels), newest.force
    )
    return _append(key, subject, change, by=by, now=now)


@transaction.atomic
def add_rule(subject: Subject, change: LawChange, *, by: User, now: datetime) -> LawRule:
    """Add a rule that was not there.

    raises: ChangeRefused if there is one about just that, for a cap on other than marketing, or a day that has passed
    """
    _lock()
    if subject.kind == RuleKind.CAP and subject.purpose != Purpose.MARKETING:
        raise ChangeRefused("Only service reminders and offers are counted: choose that purpose for a cap.")
    if LawRule.objects.filter(key=subject.key).exists():
        raise ChangeRefused("There is a rule about just this already: change that one.")
    return _append(subject.key, subject, change, by=by, now=now)


def _append(key: str, subject: Subject, change: LawChange, *, by: User, now: datetime) -> LawRule:
    if change.effective_on < (now - BEHIND_UTC).date():
        raise ChangeRefused("It can take effect today or later: what was in force before stays on record.")
    if not change.source.strip():
        raise ChangeRefused("Say where it stands.")
    return LawRule.objects.create(
        key=key,
        kind=subject.kind,
        jurisdiction=subject.jurisdiction,
        purpose=subject.purpose,
        channels=sorted(subject.channels),
        force=subject.force,
        evidence=change.evidence,
        effective_on=change.effective_on,
        source=change.source.strip(),
        terms=_stored(change.terms),
        recorded_at=now,
        actor=by,
    )


@transaction.atomic
def set_own(rule: Rule, *, by: User, now: datetime) -> bool:
    """Have a rule of the dealership in scope say something from its day on; False when it says so already.

    On top of the law: it can only narrow what is allowed. `terms` None takes it back.
    """
    _lock()
    rows = OwnRule.objects.filter(key=rule.key)
    before = rows.latest("pk") if rows.exists() else None
    if (before.terms if before else None) == _stored(rule.terms):
        return False
    row = OwnRule.objects.create(
        dealership=current_dealership(),
        key=rule.key,
        kind=rule.kind,
        purpose=rule.purpose,
        channels=sorted(rule.channels),
        effective_on=rule.effective_on,
        source=rule.source,
        terms=_stored(rule.terms),
        recorded_at=now,
        actor=by,
    )
    log.record(row, "messaging.own_rule.changed", at=now, actor=by, key=row.key, terms=row.terms)
    return True


def _stored(terms: Terms | None) -> dict[str, object] | None:
    return write_terms(terms) if terms is not None else None


def _lock() -> None:
    """One change at a time: whoever sees the highest id must be able to see every row below it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
