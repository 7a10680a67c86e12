import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.tenancy import cross_tenant, tenant_scope
from customers.enums import ImportStatus
from customers.interfaces.import_summary import question_lines, summary_lines, undo_lines
from customers.logic.imports.dates import DateOrder
from customers.logic.imports.source import UnusableFile
from customers.models import VisitImport
from customers.queries.imports import first_issues
from customers.services.imports import intake, running, undoing
from customers.services.imports.locking import ImportRunning
from dealerships.models import Dealership

# Exit codes, for scripts: 0 all rows in, 1 it could not be done, 2 something must be answered, 3 some rows rejected.
NEEDS_ANSWER = 2
ROWS_REJECTED = 3
_SUFFIXES = {".csv", ".txt", ".tsv", ".xml"}


class Command(BaseCommand):
    help = (
        "Import customers, vehicles and repair orders from files of a dealership's system, or undo an import."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            type=Path,
            metavar="PATH",
            help="Files, or folders of .csv, .tsv, .txt and .xml files",
        )
        parser.add_argument("--dealership", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change and change nothing")
        parser.add_argument(
            "--date-order",
            choices=[order.value for order in DateOrder],
            help="Which stands first in 03/04/2025: month (mdy) or day (dmy)",
        )
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="JSON",
            help='File of {"Column as written": "field"}; other columns are left out',
        )
        parser.add_argument("--undo", type=int, metavar="ID", help="Take back the import with this number")

    def handle(self, *_: Any, **options: Any) -> None:
        with cross_tenant(reason="the operator names the dealership"):
            dealership = Dealership.objects.filter(slug=options["dealership"]).select_related("group").first()
        if dealership is None:
            raise CommandError(f"There is no dealership “{options['dealership']}”.")
        with tenant_scope(dealership):
            try:
                self._undo(options["undo"]) if options["undo"] else self._import(options)
            except (ImportRunning, running.NotRunnable) as error:
                raise CommandError(str(error)) from error

    def _import(self, options: dict[str, Any]) -> None:
        files, left_out = _files(options["paths"])
        for path in left_out:
            self.stderr.write(f"Left out, as it is no .csv, .tsv, .txt or .xml file: {path}")
        visit_import = intake.create_from_paths(files)
        if options["mapping"]:
            _set_mapping(visit_import, _mapping(options["mapping"]))
        if options["date_order"]:
            intake.answer_date_order(visit_import, date_order=options["date_order"])
        run = running.dry_run if options["dry_run"] else running.run
        visit_import = run(visit_import.pk, now=clock.now())
        if visit_import.status == ImportStatus.FAILED:
            raise CommandError(visit_import.failure)
        if visit_import.status == ImportStatus.NEEDS_ANSWER:
            raise CommandError("\n".join(question_lines(visit_import)), returncode=NEEDS_ANSWER)
        self.stdout.write("\n".join(summary_lines(visit_import, first_issues(visit_import))))
        if visit_import.counts.get("rows_rejected"):
            raise SystemExit(ROWS_REJECTED)

    def _undo(self, import_id: int) -> None:
        if not VisitImport.objects.filter(pk=import_id).exists():
            raise CommandError(f"This dealership has no import {import_id}.")
        self.stdout.write(
            "\n".join(undo_lines(f"Import {import_id}", undoing.undo(import_id, now=clock.now())))
        )


def _files(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files to import, and what folders hold beside them: nobody shall think it came in."""
    if not paths:
        raise CommandError("Name at least one file or folder to import.")
    files: list[Path] = []
    left_out: list[Path] = []
    for path in paths:
        if path.is_dir():
            for child in sorted(path.iterdir()):
                is_taken = child.is_file() and child.suffix.lower() in _SUFFIXES
                (files if is_taken else left_out).append(child)
        elif path.is_file():
            files.append(path)
        else:
            raise CommandError(f"There is no file {path}.")
    if not files:
        raise CommandError("The folder holds no .csv, .tsv, .txt or .xml file.")
    return files, left_out


def _set_mapping(visit_import: VisitImport, columns: dict[str, str]) -> None:
    try:
        intake.set_mapping(visit_import, columns=columns)
    except (ValueError, UnusableFile) as error:
        raise CommandError(str(error)) from error


def _mapping(path: Path) -> dict[str, str]:
    try:
        columns = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"The mapping {path} cannot be read: {error}") from error
    if not isinstance(columns, dict) or not all(isinstance(value, str) for value in columns.values()):
        raise CommandError('The mapping must be a JSON object of {"Column as written": "field"}.')
    return columns
