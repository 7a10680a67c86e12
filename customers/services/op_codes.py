"""What a dealership's op codes mean, as its admins say."""

from datetime import datetime

from django.db import transaction

from common.batches import in_batches
from common.doorbell import ring
from customers.enums import OpCodeSource
from customers.models import OpCode, Service, VisitLine
from dealerships.models import User
from dealerships.services import log

_CHUNK = 5_000


@transaction.atomic
def assign(op_code: OpCode, service: Service | None, *, by: User, now: datetime) -> int:
    """Say which service an op code is (None: no service of the menu), for lines there are and lines to come.

    Returns how many lines changed. Their vehicles are forecast anew: work done counts for its service from now on.
    """
    op_code.service, op_code.source = service, OpCodeSource.ADMIN
    op_code.save(update_fields=["service", "source"])
    lines = VisitLine.objects.filter(op_code=op_code.code).exclude(service=service)
    vehicles = sorted(set(lines.values_list("visit__vehicle_id", flat=True)))
    changed = lines.update(service=service)
    for chunk in in_batches(vehicles, size=_CHUNK):
        ring("customers.refresh_forecasts", dealership_id=op_code.dealership_id, vehicle_ids=chunk)
    log.record(
        op_code, "op_code_assigned", at=now, actor=by, service=service.code if service else "", lines=changed
    )
    return changed
