"""An import in words, for the command line."""

from collections.abc import Sequence
from typing import Any

from customers.logic.imports.problems import PROBLEM_WORDS, Problem
from customers.models import VisitImport
from customers.queries.imports import IssueLine
from customers.services.imports.error_file import error_files
from customers.services.imports.undoing import Undone

_KINDS = {
    "customers": "Customers",
    "contact_points": "Phones, e-mails, addresses",
    "vehicles": "Vehicles",
    "visits": "Repair orders",
}


def summary_lines(visit_import: VisitImport, issues: Sequence[IssueLine]) -> list[str]:
    """Return what an import did, or would do, and what was wrong with which rows."""
    counts: dict[str, Any] = visit_import.counts
    title = (
        "Dry run: nothing was changed. This is what would be."
        if visit_import.is_dry_run
        else f"Import {visit_import.pk} is done."
    )
    lines = [
        title,
        f"  {counts.get('rows_read', 0):,} rows read, {counts.get('rows_rejected', 0):,} rejected",
    ]
    for key, words in _KINDS.items():
        made, changed, same = (counts.get(f"{key}_{what}", 0) for what in ("created", "updated", "unchanged"))
        lines.append(f"  {words}: {made:,} new, {changed:,} changed, {same:,} as before")
    for key, words in (
        ("vehicles_changed_hands", "Vehicles that changed hands"),
        ("refusals", "Refusals of contact"),
        ("op_codes_unmapped", "Op codes without a service (map them in the web app)"),
    ):
        if counts.get(key):
            lines.append(f"  {words}: {counts[key]:,}")
    if counts.get("problems"):
        lines += ["", "What was found:"]
        lines += [
            f"  {count:,} x {PROBLEM_WORDS[Problem(problem)].reason}"
            for problem, count in counts["problems"].items()
        ]
    if issues:
        lines += ["", *(_issue_line(issue) for issue in issues)]
    lines += [f"Rejected rows, to be corrected and imported: {path}" for path in error_files(visit_import)]
    return lines


def question_lines(visit_import: VisitImport) -> list[str]:
    """Return what must be answered before an import can go on, and how."""
    lines = [
        f"{asked['file']}: is the day or the month first in column “{asked['column']}”"
        + (f" (e.g. {asked['example']})?" if asked["example"] else "? Its dates contradict each other.")
        for asked in visit_import.question["date_order"]
    ]
    return [
        *lines,
        "Nothing was imported. Say it with --date-order mdy (month first) or --date-order dmy (day first).",
    ]


def undo_lines(title: str, undone: Undone) -> list[str]:
    """Return what an undo took back and what it had to leave."""
    lines = [f"{title} is undone."]
    lines += [f"  {name}: {count:,} removed" for name, count in undone.removed.items() if count]
    lines += [
        f"  {name}: {count:,} put back as they were" for name, count in undone.restored.items() if count
    ]
    lines += [
        f"  {name}: {count:,} kept, because later work depends on them"
        for name, count in undone.kept.items()
        if count
    ]
    lines += [
        f"  {name}: {count:,} left as they are, because they were changed since"
        for name, count in undone.changed_since.items()
        if count
    ]
    return lines


def _issue_line(issue: IssueLine) -> str:
    where = (
        f"{issue.file} line {issue.line}"
        + (f", {issue.column}" if issue.column else "")
        + (f" “{issue.value}”" if issue.value else "")
    )
    return (
        f"{'Rejected' if issue.is_rejection else 'Note'}: {where}: {issue.words.reason} {issue.words.advice}"
    )
