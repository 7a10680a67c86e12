"""A run of an import from its files to its counts."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from common.clock import today
from customers.enums import ImportStatus
from customers.logic.imports.fields import Part
from customers.logic.imports.read_row import read_row
from customers.logic.imports.reading import ReadRow
from customers.logic.imports.source import UnusableFile
from customers.models import ContactPoint, Customer, OpCode, Vehicle, Visit, VisitImport
from customers.services.imports.apply_customers import apply_customers
from customers.services.imports.apply_vehicles import apply_vehicles
from customers.services.imports.apply_visits import apply_visits
from customers.services.imports.context import FileFacts, Run
from customers.services.imports.error_file import write_error_file
from customers.services.imports.intake import remember_layouts
from customers.services.imports.issues import IssueLog
from customers.services.imports.locking import only_import
from customers.services.imports.planning import FilePlan, layout_of, plan_files, words_for_questions
from customers.services.imports.settling import settle
from customers.services.imports.staging import Stage
from dealerships.services import log

_REPORT_EVERY = 5_000


class NotRunnable(Exception):
    """The import cannot run; the message says why in words."""


def run(import_id: int, *, now: datetime) -> VisitImport:
    """Do an import of the dealership in scope: everything good in its files is in, everything else is named.

    May be called again for an import that was interrupted, failed or asked something: rows are found by their
    natural keys, so nothing comes in twice. Ends in DONE, in NEEDS_ANSWER (nothing written) or FAILED (the batches
    before the failure are in, and can be undone).

    raises: ImportRunning where the dealership has another import running; NotRunnable for one that is undone
    """
    return _run(import_id, now=now, is_dry=False)


def dry_run(import_id: int, *, now: datetime) -> VisitImport:
    """Do everything `run` does and take it back, so that the counts are those of the real run. Ends in PREVIEWED.

    Nobody is told: no signal is sent and no task rung.
    """
    return _run(import_id, now=now, is_dry=True)


def _run(import_id: int, *, now: datetime, is_dry: bool) -> VisitImport:
    visit_import = VisitImport.objects.select_related("dealership__group").get(pk=import_id)
    with only_import(visit_import.dealership):
        # Looked at under the lock: it may have been undone while this waited to begin.
        visit_import.refresh_from_db(fields=["status"])
        if visit_import.status == ImportStatus.UNDONE:
            raise NotRunnable("This import was undone. Import the files again.")
        _begin(visit_import, now=now, is_dry=is_dry)
        try:
            plans = plan_files(visit_import)
            questions = words_for_questions(plans)
            if questions:
                return _end(
                    visit_import, ImportStatus.NEEDS_ANSWER, now=now, question={"date_order": questions}
                )
            _import_files(visit_import, plans, now=now, is_dry=is_dry)
        except UnusableFile as error:
            return _end(visit_import, ImportStatus.FAILED, now=now, failure=str(error))
        except Exception as error:
            # Whatever it was, the import must not look as if it still ran; the error goes on to the log.
            _end(
                visit_import, ImportStatus.FAILED, now=now, failure=f"{type(error).__name__}: {error}"[:1000]
            )
            raise
        return _end(visit_import, ImportStatus.PREVIEWED if is_dry else ImportStatus.DONE, now=now)


def _begin(visit_import: VisitImport, *, now: datetime, is_dry: bool) -> None:
    visit_import.status = ImportStatus.RUNNING
    visit_import.is_dry_run = is_dry
    visit_import.started_at = visit_import.started_at or now
    visit_import.finished_at = None
    visit_import.failure, visit_import.question, visit_import.counts = "", {}, {}
    visit_import.save(
        update_fields=["status", "is_dry_run", "started_at", "finished_at", "failure", "question", "counts"]
    )


def _end(visit_import: VisitImport, status: str, *, now: datetime, **values: Any) -> VisitImport:
    for name, value in {"status": status, "finished_at": now, **values}.items():
        setattr(visit_import, name, value)
    visit_import.save()
    if status == ImportStatus.DONE:
        log.record(
            visit_import, "import_done", at=now, actor=visit_import.started_by, counts=visit_import.counts
        )
    return visit_import


def _import_files(visit_import: VisitImport, plans: list[FilePlan], *, now: datetime, is_dry: bool) -> None:
    visit_import.format = plans[0].source.format if plans else ""
    report = _reporter(visit_import, is_dry=is_dry)
    with Stage() as stage, IssueLog() as issues:
        run = Run(
            visit_import=visit_import,
            dealership=visit_import.dealership,
            now=now,
            today=today(visit_import.dealership.time_zone),
            is_dry=is_dry,
            stage=stage,
            issues=issues,
            files={plan.file.pk: _facts(plan) for plan in plans},
        )
        _read(run, plans, report)
        orders = stage.count(Part.VISIT)
        run.progressed = lambda done: report("recording", done, orders)
        _apply(run, is_dry=is_dry)
        run.issues.save(visit_import)
        if not is_dry:
            remember_layouts(plans, now=now)
        visit_import.counts = _counts(run)
    visit_import.error_file = write_error_file(visit_import, plans)


def _facts(plan: FilePlan) -> FileFacts:
    return FileFacts(plan.file.name, {key: column for column, key in plan.mapping.items()})


def _read(run: Run, plans: list[FilePlan], report: Callable[[str, int, int], None]) -> None:
    """Read all rows of all files into the staging table."""
    total = sum(plan.rows for plan in plans)
    for plan in plans:
        layout = layout_of(plan, run.dealership)
        for source_row in plan.source.rows():
            run.counts["rows_read"] += 1
            _stage_row(run, plan, read_row(source_row, layout))
            if run.counts["rows_read"] % _REPORT_EVERY == 0:
                run.stage.flush()
                report("reading", run.counts["rows_read"], total)
    run.stage.finish()


def _stage_row(run: Run, plan: FilePlan, row: ReadRow) -> None:
    file = plan.file.pk
    for issue in row.issues:
        run.issues.add(file, issue)
    opened_on = row.visits[0].opened_on if row.visits else None
    if row.customer:
        run.stage.put(Part.CUSTOMER, row.customer.key, row.customer, file=file, line=row.line, sort=opened_on)
    if row.vehicle:
        run.stage.put(Part.VEHICLE, row.vehicle.vin, row.vehicle, file=file, line=row.line, sort=opened_on)
    for visit in row.visits:
        run.stage.put_visit(visit, file=file, line=row.line)


def _apply(run: Run, *, is_dry: bool) -> None:
    """Take the staged rows; a dry run does it in one transaction, counts, and takes it back."""
    with transaction.atomic() if is_dry else nullcontext():
        apply_customers(run)
        apply_vehicles(run)
        apply_visits(run)
        settle(run)
        _count_created(run)
        if is_dry:
            transaction.set_rollback(True)


def _count_created(run: Run) -> None:
    """Count what came in by this import, in this run or in one that was interrupted."""
    made = Q(created_by_import=run.visit_import)
    for name, model in {
        "customers": Customer,
        "contact_points": ContactPoint,
        "vehicles": Vehicle,
        "visits": Visit,
    }.items():
        run.counts[f"{name}_created"] = model.objects.filter(made).count()
    run.counts["op_codes_unmapped"] = OpCode.objects.filter(service=None).count()


def _counts(run: Run) -> dict[str, Any]:
    return {
        **{name: count for name, count in run.counts.items() if count},
        "rows_read": run.counts["rows_read"],
        "rows_rejected": run.issues.rejected_rows,
        "problems": {problem.value: count for problem, count in run.issues.problems.most_common()},
    }


def _reporter(visit_import: VisitImport, *, is_dry: bool) -> Callable[[str, int, int], None]:
    """Return what notes the progress for the page. A dry run's second half happens in a transaction nobody sees."""
    done_before = 0

    def report(phase: str, done: int, total: int) -> None:
        nonlocal done_before
        done_before = done_before + done if phase == "recording" else done
        progress = {
            "phase": "comparing" if is_dry and phase == "recording" else phase,
            "done": done_before,
            "total": total,
        }
        VisitImport.objects.filter(pk=visit_import.pk).update(counts={"progress": progress})

    return report
