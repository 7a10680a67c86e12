"""The issues of a run: kept in a file while it runs, in the table when it is over.

A dry run takes everything back that it wrote to the database; what it found out must outlive that.
"""

import json
import tempfile
from collections import Counter
from itertools import islice
from typing import Self

from django.db import transaction

from customers.logic.imports.problems import REJECTING, Issue, Problem
from customers.models import ImportIssue, VisitImport
from customers.services.imports import bulk

_CHUNK = 2_000
_LONGEST = 255


class IssueLog:
    """Collects issues in constant memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 -- closed in `__exit__`
        self.problems: Counter[Problem] = Counter()
        self.rejected_rows = 0
        self._last_rejected = (-1, -1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, file: int, issue: Issue) -> None:
        """Keep an issue of a row of the file with this id."""
        self.problems[issue.problem] += 1
        if issue.is_rejection and (file, issue.line) != self._last_rejected:
            self.rejected_rows += 1
            self._last_rejected = (file, issue.line)
        row = (
            file,
            issue.line,
            issue.column[:_LONGEST],
            issue.value.replace("\x00", "")[:_LONGEST],
            issue.problem.value,
        )
        self._file.write(json.dumps(row) + "\n")

    def save(self, visit_import: VisitImport) -> None:
        """Replace the import's issues in the table by these."""
        self._file.seek(0)
        with transaction.atomic():
            ImportIssue.objects.filter(visit_import=visit_import).delete()
            while lines := list(islice(self._file, _CHUNK)):
                rows = [tuple(json.loads(line)) for line in lines]
                bulk.insert(
                    ImportIssue,
                    ("file_id", "line", "column", "value", "problem", "is_rejection"),
                    [(*row, Problem(row[4]) in REJECTING) for row in rows],
                    constants={"visit_import_id": visit_import.pk},
                )
