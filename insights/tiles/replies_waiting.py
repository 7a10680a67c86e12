from insights.logic.moments import Near, ago_words
from insights.queries import waiting
from insights.tiles.tile import Figures, Tile


def load(near: Near) -> Figures:
    """Return how many customers wait for an answer and for how long the first has waited. Queries: 1."""
    found = waiting.oldest_first(limit=waiting.MOST_COUNTED + 1)
    if not found:
        return Figures(value="0", hint="Everybody has an answer", is_empty=True)
    since = found[0].waiting_since
    hint = f"First wrote {ago_words(since, now=near.now, zone=near.zone)}" if since else ""
    value = f"{waiting.MOST_COUNTED}+" if len(found) > waiting.MOST_COUNTED else str(len(found))
    return Figures(value=value, hint=hint, is_urgent=True)


def rows(near: Near) -> list[waiting.WaitingRow]:
    return waiting.rows(near, limit=15)


TILE = Tile(
    key="replies",
    order=20,
    label="Replies waiting",
    icon="message-circle",
    load=load,
    rows=rows,
    template="insights/tiles/replies_waiting.html",
)
