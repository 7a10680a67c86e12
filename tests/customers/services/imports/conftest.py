from collections.abc import Callable
from pathlib import Path

import pytest

from common.tenancy import tenant_scope
from customers.models import (
    ContactPoint,
    Customer,
    OdometerReading,
    OpCode,
    Ownership,
    SearchToken,
    Vehicle,
    Visit,
    VisitImport,
    VisitLine,
)
from customers.services.imports import intake, running

MODELS = (Customer, ContactPoint, Vehicle, Ownership, Visit, VisitLine, OdometerReading, OpCode, SearchToken)

Importer = Callable[..., VisitImport]


@pytest.fixture(autouse=True)
def scope(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with tenant_scope(world.dealership):
        yield


@pytest.fixture
def import_files(tmp_path, now) -> Importer:
    """Import texts as files, in the order given; `dry` and `order` as on the command line."""
    count = 0

    def run(*texts: str | bytes | Path, dry: bool = False, order: str = "") -> VisitImport:
        nonlocal count
        paths = []
        for text in texts:
            count += 1
            path = text if isinstance(text, Path) else tmp_path / f"file{count}.csv"
            if not isinstance(text, Path):
                path.write_bytes(text.encode() if isinstance(text, str) else text)
            paths.append(path)
        visit_import = intake.create_from_paths(paths)
        if order:
            intake.answer_date_order(visit_import, date_order=order)
        return (running.dry_run if dry else running.run)(visit_import.pk, now=now)

    return run


@pytest.fixture
def everything() -> Callable[[], dict[str, list]]:
    """Return all that imports write, without ids, so that two states can be compared."""

    def read() -> dict[str, list]:
        return {
            "customers": list(
                Customer.objects.order_by("external_id").values_list(
                    "external_id", "display_name", "language", "is_fleet", "is_internal"
                )
            ),
            "points": list(
                ContactPoint.objects.order_by("customer__external_id", "kind", "rank").values_list(
                    "customer__external_id", "kind", "value", "rank"
                )
            ),
            "vehicles": list(
                Vehicle.objects.order_by("vin").values_list(
                    "vin", "customer__external_id", "make", "model", "owned_since_on", "is_internal"
                )
            ),
            "owned": list(
                Ownership.objects.order_by("vehicle__vin", "from_on").values_list(
                    "vehicle__vin", "customer__external_id", "from_on", "to_on"
                )
            ),
            "visits": list(
                Visit.objects.order_by("ro_number").values_list(
                    "ro_number", "vehicle__vin", "opened_on", "closed_on", "customer_pay_cents"
                )
            ),
            "lines": list(
                VisitLine.objects.order_by("visit__ro_number", "line_number").values_list(
                    "visit__ro_number", "line_number", "op_code", "outcome", "amount_cents", "service__code"
                )
            ),
            "readings": list(
                OdometerReading.objects.order_by("vehicle__vin", "read_on").values_list(
                    "vehicle__vin", "read_on", "value", "quality", "quality_reason"
                )
            ),
            "codes": list(OpCode.objects.order_by("code").values_list("code", "service__code", "times_seen")),
            "tokens": sorted(SearchToken.objects.values_list("token", flat=True)),
        }

    return read
