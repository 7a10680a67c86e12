"""What each file of an import holds and how it is to be read, before a row is taken."""

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from common.clock import today
from common.emails import normalise_email
from common.phones import to_e164
from customers.enums import ImportFormat
from customers.logic.imports.dates import DateOrder, OrderEvidence, columns_to_ask, decide_orders
from customers.logic.imports.fields import FIELD_BY_KEY, Part, fingerprint, guess_mapping, parts_of
from customers.logic.imports.reading import Layout, date_columns, money_columns
from customers.logic.imports.source import Source, UnusableFile
from customers.logic.imports.values import Decimals, money_hint
from customers.models import ColumnMapping, ImportFile, VisitImport
from customers.services.imports import readers
from dealerships.models import Dealership

SAMPLE_ROWS = 5


@dataclass(slots=True)
class FilePlan:
    """How one file is to be read. `questions` are columns whose order of day and month a person must give."""

    file: ImportFile
    source: Source
    mapping: dict[str, str]
    is_remembered: bool
    remembered_order: str
    parts: frozenset[Part] = frozenset()
    rows: int = 0
    evidence: dict[str, OrderEvidence] = field(default_factory=dict)
    decimals: Decimals = Decimals.POINT
    sample: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def questions(self) -> list[str]:
        is_settled = (
            self.file.date_order or self.remembered_order or self.source.format == ImportFormat.REYNOLDS
        )
        return [] if is_settled else columns_to_ask(self.evidence)

    @property
    def orders(self) -> dict[str, DateOrder | None]:
        """Field -> order: what the person said, else what the dates say, else what was remembered.

        A file of a few rows (a corrected error file) often cannot say it itself.
        """
        if self.source.format == ImportFormat.REYNOLDS:
            return dict.fromkeys(date_columns(self.mapping).values(), DateOrder.MONTH_FIRST)
        if self.file.date_order:
            return dict.fromkeys(date_columns(self.mapping).values(), DateOrder(self.file.date_order))
        remembered = DateOrder(self.remembered_order) if self.remembered_order else None
        return {
            self.mapping[column]: order or remembered
            for column, order in decide_orders(self.evidence).items()
        }


def plan_file(file: ImportFile) -> FilePlan:
    """Open a file, find out what its columns are, and look over all its rows once for what is decided by column.

    raises: UnusableFile where the file cannot be read, or nothing in it is recognised
    """
    source = readers.open_file(stored_path(file))
    mapping, is_remembered, remembered_order = _mapping_of(file, source)
    plan = FilePlan(
        file=file,
        source=source,
        mapping=mapping,
        is_remembered=is_remembered,
        remembered_order=remembered_order,
        parts=parts_of(mapping),
    )
    if not plan.parts:
        raise UnusableFile(_nothing_recognised(source, mapping))
    _look_over(plan)
    return plan


@dataclass(frozen=True, slots=True)
class FileOutline:
    """A file at a glance, for the page on which its columns are confirmed; `problem` in place of the rest."""

    file: ImportFile
    headers: tuple[str, ...] = ()
    mapping: dict[str, str] = field(default_factory=dict)
    is_fixed: bool = False
    is_remembered: bool = False
    parts: frozenset[Part] = frozenset()
    sample: tuple[tuple[str, ...], ...] = ()
    problem: str = ""
    is_gone: bool = False


def outline_file(file: ImportFile) -> FileOutline:
    """Return what a file's columns seem to be and its first rows, without looking at the others."""
    try:
        source = readers.open_file(stored_path(file))
        mapping, is_remembered, _ = _mapping_of(file, source)
        sample = tuple(row.cells for row in islice(source.rows(), SAMPLE_ROWS))
    except UnusableFile as error:
        return FileOutline(file, problem=str(error))
    except OSError:
        problem = "The file is no longer where it was. Import it again to have its rows read."
        return FileOutline(file, problem=problem, is_gone=True)
    is_fixed = source.fixed_mapping is not None
    return FileOutline(file, source.headers, mapping, is_fixed, is_remembered, parts_of(mapping), sample)


def _mapping_of(file: ImportFile, source: Source) -> tuple[dict[str, str], bool, str]:
    """Return a file's mapping, whether it was remembered, and the date order remembered with it.

    What the person gave, else what was remembered for these headers, else what the format or the names say.
    """
    saved = ColumnMapping.objects.filter(header_fingerprint=fingerprint(source.headers)).first()
    mapping = (
        file.columns
        or (saved.columns if saved else None)
        or source.fixed_mapping
        or guess_mapping(source.headers)
    )
    known = {header: mapping[header] for header in source.headers if mapping.get(header) in FIELD_BY_KEY}
    return known, saved is not None, saved.date_order if saved else ""


def plan_files(visit_import: VisitImport) -> list[FilePlan]:
    """Plan all files of an import, those with customers first.

    raises: UnusableFile, with the file's name before the reason
    """
    plans = []
    for file in visit_import.files.order_by("id"):
        try:
            plans.append(plan_file(file))
        except UnusableFile as error:
            raise UnusableFile(f"{file.name}: {error}") from error
    return plans


def layout_of(plan: FilePlan, dealership: Dealership) -> Layout:
    """Return how to read the rows of a planned file."""
    headers = plan.source.headers
    return Layout(
        column_of={key: headers.index(header) for header, key in plan.mapping.items()},
        headers=headers,
        parts=plan.parts,
        date_orders=plan.orders,
        decimals=plan.decimals,
        today=today(dealership.time_zone),
        unit=dealership.distance_unit,
        to_phone=lambda text: to_e164(text, region=dealership.country),
        to_email=normalise_email,
    )


def stored_path(file: ImportFile) -> Path:
    """Return where a file of an import is kept."""
    return Path(settings.MEDIA_ROOT) / file.path  # an absolute path stays what it is


def words_for_questions(plans: list[FilePlan]) -> list[dict[str, Any]]:
    """Return what a person must be asked: file, column, an example that may be read both ways."""
    return [
        {
            "file": plan.file.name,
            "file_id": plan.file.pk,
            "column": column,
            "example": plan.evidence[column].example,
        }
        for plan in plans
        for column in plan.questions
    ]


def _look_over(plan: FilePlan) -> None:
    """Count the rows and gather what their dates and amounts say; the first rows are kept as a sample."""
    index_of = {header: index for index, header in enumerate(plan.source.headers)}
    dates = [
        (index_of[header], plan.evidence.setdefault(header, OrderEvidence()))
        for header in date_columns(plan.mapping)
    ]
    amounts = [index_of[header] for header in money_columns(plan.mapping)]
    hints = dict.fromkeys(Decimals, 0)
    for row in plan.source.rows():
        plan.rows += 1
        width = len(row.cells)
        if plan.rows <= SAMPLE_ROWS:
            plan.sample.append(row.cells)
        for index, evidence in dates:
            if index < width:
                evidence.add(row.cells[index])
        for index in amounts:
            hint = money_hint(row.cells[index]) if index < width else None
            if hint:
                hints[hint] += 1
    plan.decimals = max(hints, key=lambda one: hints[one])


def _nothing_recognised(source: Source, mapping: dict[str, str]) -> str:
    found = ", ".join(source.headers[:12])[:300]
    if not mapping:
        return f"No column is recognised. The first line reads: {found}. Name the columns, or say which is which."
    known = ", ".join(FIELD_BY_KEY[key].words for key in mapping.values())
    return f"The columns ({known}) do not make a customer (name), a vehicle (VIN and more) or a repair order (number and date)."
