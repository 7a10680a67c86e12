"""What every step of one run needs."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from customers.logic.imports.problems import Issue, Problem
from customers.models import Customer, VisitImport
from customers.services.imports import bulk
from customers.services.imports.issues import IssueLog
from customers.services.imports.staging import Stage
from dealerships.models import Dealership


@dataclass(slots=True)
class FileFacts:
    """Of one file: its columns by field, for naming them in issues found late."""

    name: str
    column_of_field: dict[str, str]


@dataclass(slots=True)
class Run:
    """One run of an import. `is_dry`: nothing is told to anybody, and all is taken back at the end."""

    visit_import: VisitImport
    dealership: Dealership
    now: datetime
    today: date
    is_dry: bool
    stage: Stage
    issues: IssueLog
    files: dict[int, FileFacts]
    counts: Counter[str] = field(default_factory=Counter)
    progressed: Callable[[int], None] = lambda _: None

    @property
    def import_id(self) -> int:
        return self.visit_import.pk

    @property
    def own_names(self) -> tuple[str, ...]:
        group = self.dealership.group
        return (self.dealership.name, group.name if group else "")

    def complain(self, problem: Problem, *, file: int, line: int, key: str, value: str) -> None:
        """Add an issue found after reading, at the column which holds the field."""
        column = self.files[file].column_of_field.get(key, "")
        self.issues.add(file, Issue(problem, line, column, value))


def customer_ids(keys: Iterable[str]) -> dict[str, int]:
    """Return the ids of customers by their number in the dealership's system."""
    found = bulk.find(Customer, "external_id", {key for key in keys if key}, ("id",))
    return {key: row[0] for key, row in found.items()}
