"""What the page of one import shows."""

from dataclasses import dataclass
from typing import Any

from customers.enums import ImportStatus
from customers.logic.imports.fields import FIELD_BY_KEY, Part
from customers.logic.imports.problems import PROBLEM_WORDS, REJECTING, Problem
from customers.models import VisitImport
from customers.queries.imports import IssueLine, first_issues
from customers.services.imports.error_file import error_files
from customers.services.imports.locking import is_held
from customers.services.imports.planning import FileOutline, outline_file

_KINDS = (
    ("customers", "Customers", "users"),
    ("contact_points", "Phones, e-mails, addresses", "phone"),
    ("vehicles", "Vehicles", "car"),
    ("visits", "Repair orders", "wrench"),
)
_PART_WORDS = {Part.CUSTOMER: "customers", Part.VEHICLE: "vehicles", Part.VISIT: "repair orders"}
_PHASES = {
    "reading": "Reading the rows",
    "recording": "Recording repair orders",
    "comparing": "Comparing with what is known",
}
# Files given on the command line stay where they were, and people tidy up after an import.
_PAST = {ImportStatus.DONE, ImportStatus.UNDONE}
_GONE = "This file was removed after the import. What came in from it is not affected."
_MOVING = {ImportStatus.QUEUED, ImportStatus.RUNNING}


@dataclass(frozen=True, slots=True)
class KindCount:
    label: str
    icon: str
    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ProblemCount:
    words: str
    count: int
    is_rejection: bool


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file with what it was taken for; `has_errors`: rows of it wait to be corrected; `note`: no reason to worry."""

    outline: FileOutline
    holds: str
    meanings: list[tuple[str, str]]
    has_errors: bool
    problem: str
    note: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Everything the page shows; templates ask no queries."""

    visit_import: VisitImport
    files: list[FileCard]
    kinds: list[KindCount]
    problems: list[ProblemCount]
    issues: list[IssueLine]
    is_moving: bool
    is_interrupted: bool
    phase: str
    percent: int
    attestation: str

    @property
    def counts(self) -> dict[str, Any]:
        counts: dict[str, Any] = self.visit_import.counts
        return counts

    @property
    def is_preview(self) -> bool:
        return self.visit_import.status == ImportStatus.PREVIEWED

    @property
    def may_be_undone(self) -> bool:
        was_started = self.visit_import.status in {ImportStatus.DONE, ImportStatus.FAILED}
        return (was_started and not self.visit_import.is_dry_run) or (
            self.is_interrupted and not self.visit_import.is_dry_run
        )

    @property
    def rows_taken(self) -> int:
        """How many rows come in, or would: the rejected ones stay out."""
        return int(self.counts.get("rows_read", 0)) - int(self.counts.get("rows_rejected", 0))

    @property
    def has_counts(self) -> bool:
        return "rows_read" in self.counts


def import_page(visit_import: VisitImport) -> ImportPage:
    """Gather the page of an import."""
    is_running = visit_import.status == ImportStatus.RUNNING
    is_interrupted = is_running and not is_held(visit_import.dealership)
    progress = visit_import.counts.get("progress", {})
    return ImportPage(
        visit_import=visit_import,
        files=_files(visit_import),
        kinds=_kinds(visit_import.counts),
        problems=_problems(visit_import.counts),
        issues=[] if visit_import.status in _MOVING else first_issues(visit_import),
        is_moving=visit_import.status in _MOVING and not is_interrupted,
        is_interrupted=is_interrupted,
        phase=_PHASES.get(
            progress.get("phase", ""), "Looking over the files" if is_running else "Waiting for a worker"
        ),
        percent=min(100, round(100 * progress.get("done", 0) / max(1, progress.get("total", 0)))),
        attestation=visit_import.dealership.consent_attestation,
    )


def _files(visit_import: VisitImport) -> list[FileCard]:
    with_errors = {path.name.partition("-")[0] for path in error_files(visit_import)}
    cards = []
    for file in visit_import.files.all():
        outline = outline_file(file)
        holds = ", ".join(words for part, words in _PART_WORDS.items() if part in outline.parts)
        meanings = [(header, FIELD_BY_KEY[key].words) for header, key in outline.mapping.items()]
        is_past = outline.is_gone and visit_import.status in _PAST
        cards.append(
            FileCard(
                outline,
                holds,
                meanings,
                has_errors=str(file.pk) in with_errors,
                problem="" if is_past else outline.problem,
                note=_GONE if is_past else "",
            )
        )
    return cards


def _kinds(counts: dict[str, Any]) -> list[KindCount]:
    return [
        KindCount(
            label, icon, *(counts.get(f"{key}_{what}", 0) for what in ("created", "updated", "unchanged"))
        )
        for key, label, icon in _KINDS
    ]


def _problems(counts: dict[str, Any]) -> list[ProblemCount]:
    problems = [(Problem(code), count) for code, count in counts.get("problems", {}).items()]
    rows = [
        ProblemCount(PROBLEM_WORDS[problem].reason, count, problem in REJECTING)
        for problem, count in problems
    ]
    return sorted(rows, key=lambda row: (not row.is_rejection, -row.count))
