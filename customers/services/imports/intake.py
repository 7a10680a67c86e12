"""What comes before a run: files are kept, mappings confirmed, questions answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from common.doorbell import ring
from common.tenancy import current_dealership
from customers.enums import ImportStatus
from customers.logic.imports.dates import DateOrder
from customers.logic.imports.fields import FIELD_BY_KEY, fingerprint
from customers.models import ColumnMapping, ImportFile, VisitImport
from customers.services.imports import readers
from customers.services.imports.planning import FilePlan, stored_path
from dealerships.models import User


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes from a browser: its name and its content in pieces."""

    name: str
    chunks: Iterable[bytes]


def create_from_paths(paths: Sequence[Path], *, started_by: User | None = None) -> VisitImport:
    """Create an import of files that stay where they are (the command line)."""
    visit_import = VisitImport.objects.create(dealership=current_dealership(), started_by=started_by)
    for path in paths:
        _add_file(visit_import, name=path.name, path=str(path.resolve()), size=path.stat().st_size)
    return visit_import


def create_from_uploads(uploads: Sequence[Upload], *, started_by: User) -> VisitImport:
    """Create an import of uploaded files, which are written piece by piece below MEDIA_ROOT."""
    visit_import = VisitImport.objects.create(dealership=current_dealership(), started_by=started_by)
    folder = Path("imports") / str(visit_import.pk)
    (Path(settings.MEDIA_ROOT) / folder).mkdir(parents=True, exist_ok=True)
    for number, upload in enumerate(uploads, 1):
        # The name people gave is only shown; what is written to disk has a name of ours.
        path = folder / f"{number}.upload"
        with (Path(settings.MEDIA_ROOT) / path).open("wb") as file:
            for chunk in upload.chunks:
                file.write(chunk)
            size = file.tell()
        _add_file(visit_import, name=Path(upload.name).name[:255], path=str(path), size=size)
    return visit_import


@transaction.atomic
def confirm_file(
    file: ImportFile, *, columns: dict[str, str], date_order: str, by: User | None, now: datetime
) -> None:
    """Set what the columns of a file mean, and remember it for the next file with these columns.

    An empty date order means: as the dates themselves say. Ordinary files need none.

    raises: ValueError for a field nobody knows or given twice; UnusableFile
    """
    if unknown := set(columns.values()) - FIELD_BY_KEY.keys():
        raise ValueError(f"No such field: {', '.join(sorted(unknown))}.")
    if len(set(columns.values())) < len(columns):
        twice = sorted({key for key in columns.values() if list(columns.values()).count(key) > 1})
        raise ValueError(f"Two columns for one field: {', '.join(FIELD_BY_KEY[key].words for key in twice)}.")
    file.columns = columns
    file.date_order = DateOrder(date_order).value if date_order else ""
    file.save(update_fields=["columns", "date_order"])
    ColumnMapping.objects.update_or_create(
        dealership=current_dealership(),
        header_fingerprint=fingerprint(readers.open_file(stored_path(file)).headers),
        defaults={"columns": columns, "date_order": file.date_order, "confirmed_by": by, "confirmed_at": now},
    )


def set_mapping(visit_import: VisitImport, *, columns: dict[str, str]) -> None:
    """Set what the columns mean in those files of an import that have any of them (the command line's --mapping).

    raises: ValueError for a field nobody knows
    """
    if unknown := set(columns.values()) - FIELD_BY_KEY.keys():
        raise ValueError(f"No such field: {', '.join(sorted(unknown))}. Known: {', '.join(FIELD_BY_KEY)}.")
    for file in visit_import.files.all():
        headers = readers.open_file(stored_path(file)).headers
        file.columns = {header: key for header, key in columns.items() if header in headers}
        file.save(update_fields=["columns"])


def answer_date_order(visit_import: VisitImport, *, date_order: str) -> None:
    """Set which of day and month stands first in all files of this import that leave it open."""
    visit_import.files.update(date_order=DateOrder(date_order).value)


def remember_layouts(plans: Sequence[FilePlan], *, now: datetime) -> None:
    """Remember how the files of an import that went through were read, where nobody has said it yet.

    A corrected error file has the same columns and is then read in the same way.
    """
    for plan in plans:
        orders = {order for order in plan.orders.values() if order}
        if plan.source.fixed_mapping is None and not plan.is_remembered:
            ColumnMapping.objects.get_or_create(
                dealership=current_dealership(),
                header_fingerprint=fingerprint(plan.source.headers),
                defaults={
                    "columns": plan.mapping,
                    "date_order": orders.pop().value if len(orders) == 1 else "",
                    "confirmed_at": now,
                },
            )


def request_preview(visit_import: VisitImport) -> None:
    """Have a worker check the files of an import and say what would change."""
    _request(visit_import, "customers.preview_import")


def request_run(visit_import: VisitImport) -> None:
    """Have a worker do an import."""
    _request(visit_import, "customers.run_import")


def _request(visit_import: VisitImport, task: str) -> None:
    VisitImport.objects.filter(pk=visit_import.pk).exclude(status=ImportStatus.UNDONE).update(
        status=ImportStatus.QUEUED, question={}, failure=""
    )
    ring(task, dealership_id=visit_import.dealership_id, import_id=visit_import.pk)


def _add_file(visit_import: VisitImport, *, name: str, path: str, size: int) -> None:
    ImportFile.objects.create(
        dealership=visit_import.dealership, visit_import=visit_import, name=name, path=path, size_bytes=size
    )
