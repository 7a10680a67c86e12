from dataclasses import dataclass
from typing import Any

import structlog
from django.db import Error
from django.http import HttpResponse
from django.shortcuts import render

from dealerships.enums import Role
from dealerships.permissions import has_role
from dealerships.requests import MemberRequest
from insights import tiles
from insights.logic.moments import Near
from insights.tiles.tile import Figures, Tile
from insights.views.near import near_of
from messaging.queries import stuck

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ShownTile:
    tile: Tile
    figures: Figures | None  # None: it could not be read
    is_chosen: bool


def today(request: MemberRequest) -> HttpResponse:
    """Show the day in four numbers and the list behind one of them; htmx gets the list with the tiles."""
    near = near_of(request)
    mine = tiles.shown_to(request.membership)
    figures = {tile.key: _figures(tile, near) for tile in mine}
    chosen = _chosen(mine, figures, key=request.GET.get("show", ""))
    context = {
        "tiles": [ShownTile(tile, figures[tile.key], is_chosen=tile is chosen) for tile in mine],
        "chosen": chosen,
        "rows": chosen.rows(near) if figures[chosen.key] else None,
        "near": near,
        "stuck": [] if request.htmx else stuck.oldest(),
        "can_retry": has_role(request.membership.role, at_least=Role.ADMIN),
    }
    template = "insights/today.html#day" if request.htmx else "insights/today.html"
    return render(request, template, context)


def _figures(tile: Tile, near: Near) -> Figures | None:
    """Return a tile's figures; one that cannot be read must not take the page down with it."""
    try:
        return tile.load(near)
    except Error:
        log.exception("tile_failed", tile=tile.key)
        return None


def _chosen(mine: list[Tile], figures: dict[str, Any], *, key: str) -> Tile:
    """Return the tile asked for, else the first that wants somebody, else the first that has something."""
    asked = [tile for tile in mine if tile.key == key]
    urgent = [
        tile for tile in mine if figures[tile.key] and figures[tile.key].is_urgent and tile.key == "replies"
    ]
    filled = [tile for tile in mine if figures[tile.key] and not figures[tile.key].is_empty]
    return (asked or urgent or filled or mine)[0]
