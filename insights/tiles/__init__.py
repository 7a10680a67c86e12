from dealerships.models import Membership
from insights.tiles import appointments, due_this_week, replies_waiting, sends
from insights.tiles.tile import Tile

ALL = (due_this_week.TILE, replies_waiting.TILE, appointments.TILE, sends.TILE)


def shown_to(membership: Membership) -> list[Tile]:
    """Return the tiles of a member's Today in their order."""
    return sorted((tile for tile in ALL if tile.is_shown(membership)), key=lambda tile: tile.order)
