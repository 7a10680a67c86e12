from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from insights.logic.moments import Near
from insights.logic.timeline import Kind, Mark, at_noon


@dataclass(frozen=True)
class Span:
    """Which entries a page of the timeline may hold: those beyond a mark, at most `limit` of a kind."""

    near: Near
    limit: int
    mark: Mark | None = None

    def moments(self, kind: Kind, field: str) -> Q:
        """Return the condition on a moment; entries of the mark's own moment count by kind, then id."""
        mark = self.mark
        if mark is None:
            return Q()
        same = self._same(kind, mark, {field: mark.at})
        return Q(**{f"{field}__lt": mark.at}) | same

    def days(self, kind: Kind, field: str) -> Q:
        """Return the same for a field that has a date and no time."""
        mark = self.mark
        if mark is None:
            return Q()
        on = mark.at.astimezone(self.near.zone).date()
        noon = at_noon(on, self.near.zone)
        if noon == mark.at:
            return Q(**{f"{field}__lt": on}) | self._same(kind, mark, {field: on})
        return Q(**{f"{field}__lte": on if noon < mark.at else on - timedelta(days=1)})

    def _same(self, kind: Kind, mark: Mark, at: dict[str, object]) -> Q:
        if kind.rank < mark.rank:
            return Q(pk__in=[])
        if kind.rank > mark.rank:
            return Q(**at)
        return Q(**at) & Q(pk__lt=mark.id)

    def noon(self, on: date) -> datetime:
        return at_noon(on, self.near.zone)
