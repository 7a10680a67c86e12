"""What an import changed, row by row, so that it can be taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from customers.models import ImportChange, VisitImport
from customers.services.imports import bulk

# `before` of a row which the import added beside rows that were there; rows that carry `created_by_import` need no
# record of their own.
CREATED: Mapping[str, Any] = {}


def record(
    visit_import: VisitImport,
    model: type[Model],
    changes: Sequence[tuple[int, Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """Record rows an import changed: id, values before, values after (attribute names as keys).

    Rows the import itself added need no record: an undo removes them.
    """
    if not changes:
        return
    own: set[int] = set()
    if any(field.name == "created_by_import" for field in model._meta.fields):
        rows = model._default_manager.filter(
            created_by_import=visit_import, pk__any_of=[row_id for row_id, _, _ in changes]
        )
        own = set(rows.values_list("pk", flat=True))
    bulk.insert(
        ImportChange,
        ("subject_id", "before", "after"),
        [change for change in changes if change[0] not in own],
        constants={"visit_import_id": visit_import.pk, "subject_type": model._meta.label_lower},
    )


def record_created(visit_import: VisitImport, model: type[Model], ids: Sequence[int]) -> None:
    """Record rows an import added to parents that were there before."""
    record(visit_import, model, [(row_id, CREATED, {}) for row_id in ids])
