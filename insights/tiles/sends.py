from insights.logic.moments import Near
from insights.queries import sends
from insights.tiles.tile import Figures, Tile


def load(near: Near) -> Figures:
    """Return how many messages went out today, what went wrong and what is still to come. Queries: 2."""
    day = sends.of_today(near)
    parts = [f"{day.to_come:,} still to go today"] if day.to_come else []
    parts += [f"{day.failed:,} failed"] if day.failed else []
    parts += [f"{day.unconfirmed:,} unconfirmed"] if day.unconfirmed else []
    return Figures(
        value=f"{day.sent:,}",
        hint=", ".join(parts) or "Nothing else planned today",
        is_urgent=bool(day.failed or day.unconfirmed),
        is_empty=not day.sent and not parts,
    )


def rows(near: Near) -> list[sends.SendRow]:
    return sends.rows(near)


TILE = Tile(
    key="sends",
    order=40,
    label="Sent today",
    icon="send",
    load=load,
    rows=rows,
    template="insights/tiles/sends.html",
)
