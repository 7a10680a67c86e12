"""What the cadence pages show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from campaigns.enums import EnrolmentState
from campaigns.models import Cadence, CadenceVersion, Enrolment
from campaigns.queries import cadences
from campaigns.queries.cadences import Version


@dataclass(frozen=True, slots=True)
class CadenceRow:
    """One cadence in the list."""

    cadence: Cadence
    version: Version
    published_at: datetime
    published_by: str
    running: int  # enrolments under way
    on_earlier_versions: int


def rows() -> list[CadenceRow]:
    """Return the dealership's cadences with their current versions, by name."""
    running: dict[int, dict[int, int]] = {}
    counted = (
        Enrolment.objects.exclude(state=EnrolmentState.ENDED)
        .values_list("version__cadence_id", "version_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for cadence_id, version_id, count in counted:
        running.setdefault(cadence_id, {})[version_id] = count
    return [_row(cadence, running.get(cadence.pk, {})) for cadence in Cadence.objects.order_by("name")]


def row(key: str) -> CadenceRow:
    """Return one cadence as in the list.

    raises: Cadence.DoesNotExist
    """
    cadence = Cadence.objects.get(key=key)
    return next(found for found in rows() if found.cadence == cadence)


def _row(cadence: Cadence, running: dict[int, int]) -> CadenceRow:
    version = cadences.current_version(cadence)
    published = CadenceVersion.objects.select_related("published_by").get(pk=version.id)
    by = published.published_by
    return CadenceRow(
        cadence=cadence,
        version=version,
        published_at=published.published_at,
        published_by=str(by) if by else "",
        running=sum(running.values()),
        on_earlier_versions=sum(running.values()) - running.get(version.id, 0),
    )
