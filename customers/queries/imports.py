"""What the pages and the command line show of imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, When

from customers.logic.imports.problems import PROBLEM_WORDS, Problem, Words
from customers.models import ImportIssue, OpCode, VisitImport

FIRST_ISSUES = 20


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue with its words."""

    file: str
    line: int
    column: str
    value: str
    words: Words
    is_rejection: bool


def first_issues(visit_import: VisitImport, *, limit: int = FIRST_ISSUES) -> list[IssueLine]:
    """Return the first issues of an import, rejections before notes, in the order of files and lines."""
    return in_words(issues_of(visit_import)[:limit])


def issues_of(visit_import: VisitImport) -> QuerySet[ImportIssue]:
    """Return all issues of an import, rejections first."""
    issues = ImportIssue.objects.filter(visit_import=visit_import).select_related("file")
    return issues.order_by("-is_rejection", "file", "line", "id")


def in_words(issues: Sequence[ImportIssue] | QuerySet[ImportIssue]) -> list[IssueLine]:
    """Return issues with the words of their problems."""
    return [
        IssueLine(
            issue.file.name,
            issue.line,
            issue.column,
            issue.value,
            PROBLEM_WORDS[Problem(issue.problem)],
            issue.is_rejection,
        )
        for issue in issues
    ]


def newest_imports() -> QuerySet[VisitImport]:
    """Return the imports of the dealership in scope, the newest first."""
    return (
        VisitImport.objects.select_related("started_by", "dealership__group")
        .prefetch_related("files")
        .order_by("-created_at", "-id")
    )


def op_codes() -> QuerySet[OpCode]:
    """Return all op codes, those without a service first, the most frequent first."""
    return OpCode.objects.select_related("service").order_by(
        Case(When(service=None, then=0), default=1), "-times_seen", "code"
    )


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list; 0 for a page that is not there."""

    rows: list[Any]
    number: int
    previous: int
    next: int
    total: int


def page_of(rows: QuerySet[Any], *, number: str, size: int) -> Page:
    """Return one page of a list of some thousand rows at most; a number that is none is the first page."""
    at = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1  # noqa: PLR2004 -- no page has more digits
    found = list(rows[(at - 1) * size : at * size + 1])
    return Page(found[:size], at, at - 1, at + 1 if len(found) > size else 0, rows.count())


def unmapped_op_codes() -> QuerySet[OpCode]:
    """Return the op codes no service is known for, the most frequent first."""
    return OpCode.objects.filter(service=None).order_by("-times_seen", "code")
