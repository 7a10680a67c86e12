"""The maintenance menu of the dealership in scope."""

from common.enums import DistanceUnit
from common.tenancy import current_dealership
from customers.logic.menu import STANDARD_MENU
from customers.models import Service

KM_STEP = 5_000  # menus in kilometres are in round figures: 5,000 mi is offered as 10,000 km


def add_standard_menu() -> int:
    """Give the dealership in scope the standard services it does not have yet; returns how many were added.

    Those it has are left as they are, whatever their interval.
    """
    dealership = current_dealership()
    known = set(Service.objects.values_list("code", flat=True))
    services = [
        Service(
            dealership=dealership,
            code=item.code.value,
            name=item.name,
            name_es=item.name_es,
            interval_distance=_interval(item.interval_miles, unit=dealership.distance_unit),
            interval_unit=dealership.distance_unit,
            interval_months=item.interval_months,
            rank=rank,
        )
        for rank, item in enumerate(STANDARD_MENU)
        if item.code.value not in known
    ]
    return len(Service.objects.bulk_create(services))


def _interval(miles: int | None, *, unit: str) -> int | None:
    if miles is None or unit == DistanceUnit.MILES:
        return miles
    return max(KM_STEP, -(-int(miles * 1.6) // KM_STEP) * KM_STEP)
