"""The rejected rows of an import as a CSV file that can be corrected and imported as it is."""

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings

from customers.logic.imports.fields import ERROR_HEADERS
from customers.logic.imports.problems import PROBLEM_WORDS, Problem
from customers.logic.imports.source import SourceRow, UnusableFile
from customers.models import ImportIssue, VisitImport
from customers.services.imports.planning import FilePlan

# A spreadsheet runs a cell that begins so as a formula; a leading apostrophe makes it text.
_FORMULA = ("=", "+", "@", "\t")


def write_error_file(visit_import: VisitImport, plans: list[FilePlan]) -> str:
    """Write the rejected rows as they were, with what is wrong in columns beside them; returns the path or "".

    One file for each file of the import, side by side in one folder, as their columns differ; the path is the first
    one's. The added columns are known to the importer and left out when the corrected file comes back.
    """
    folder = Path("imports") / str(visit_import.pk) / "errors"
    written = [path for plan in plans if (path := _write(visit_import, plan, folder))]
    return str(written[0]) if written else ""


def error_files(visit_import: VisitImport) -> list[Path]:
    """Return the error files of an import, absolute, in the order of its files."""
    if not visit_import.error_file:
        return []
    return sorted((Path(settings.MEDIA_ROOT) / visit_import.error_file).parent.glob("*.csv"))


def _write(visit_import: VisitImport, plan: FilePlan, folder: Path) -> Path | None:
    path = folder / f"{plan.file.pk}-errors-{Path(plan.file.name).stem[:80]}.csv"
    target = Path(settings.MEDIA_ROOT) / path
    target.unlink(missing_ok=True)
    rejected = _rejections(visit_import, plan)
    first = next(rejected, None)
    if first is None:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*plan.source.headers, *ERROR_HEADERS])
        for row, issues in _joined(_rows(plan), first, rejected):
            writer.writerow([*_cells(row, len(plan.source.headers)), *_words(plan, issues)])
    return path


Rejected = tuple[int, list[dict[str, Any]]]


def _rejections(visit_import: VisitImport, plan: FilePlan) -> Iterator[Rejected]:
    issues = ImportIssue.objects.filter(
        visit_import=visit_import, file=plan.file, is_rejection=True
    ).order_by("line", "id")
    rows = issues.values("line", "column", "value", "problem").iterator(chunk_size=2_000)
    for line, group in groupby(rows, key=lambda issue: int(issue["line"])):
        yield line, [dict(issue) for issue in group]


def _joined(
    rows: Iterator[SourceRow], first: Rejected, others: Iterator[Rejected]
) -> Iterator[tuple[SourceRow, list[dict[str, Any]]]]:
    """Join the source's rows with the rejections, both in the order of lines."""
    wanted: Rejected | None = first
    for row in rows:
        while wanted is not None and wanted[0] < row.line:
            wanted = next(others, None)
        if wanted is None:
            return
        if wanted[0] == row.line:
            yield row, wanted[1]


def _rows(plan: FilePlan) -> Iterator[SourceRow]:
    try:
        yield from plan.source.rows()
    except UnusableFile:  # a file that breaks off: the rows before that were read
        return


def _cells(row: SourceRow, width: int) -> list[str]:
    """Return the row's cells under the headers; surplus ones are joined to the last so that none is lost."""
    cells = [cell.replace("\x00", "") for cell in row.cells]
    if len(cells) > width:
        cells = [*cells[: width - 1], ",".join(cells[width - 1 :])]
    return cells + [""] * (width - len(cells))


def _words(plan: FilePlan, issues: list[dict[str, Any]]) -> list[str]:
    words = [PROBLEM_WORDS[Problem(issue["problem"])] for issue in issues]
    return [
        plan.file.name,
        str(issues[0]["line"]),
        " | ".join(issue["column"] for issue in issues),
        " | ".join(_harmless(issue["value"]) for issue in issues),
        " | ".join(word.reason for word in words),
        " | ".join(word.advice for word in words),
    ]


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
