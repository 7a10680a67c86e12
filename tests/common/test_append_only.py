from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from dealerships.models import LogEntry
from dealerships.services import log

AT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def test_evidence_cannot_be_rewritten(dealership):
    entry = log.record(dealership, "dealerships.dealership.renamed", at=AT, name="Live Oak")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        LogEntry.objects.filter(pk=entry.pk).update(action="nothing.happened")

    assert LogEntry.objects.get(pk=entry.pk).action == "dealerships.dealership.renamed"
