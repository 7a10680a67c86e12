from insights.logic.moments import Near
from insights.queries import appointments
from insights.tiles.tile import Figures, Tile


def load(near: Near) -> Figures:
    """Return how many are booked for today, and for tomorrow. Queries: 1."""
    today, tomorrow = appointments.counts(near)
    return Figures(value=str(today), hint=f"{tomorrow} tomorrow", is_empty=not today and not tomorrow)


def rows(near: Near) -> list[appointments.AppointmentRow]:
    return appointments.rows(near)


TILE = Tile(
    key="appointments",
    order=30,
    label="Appointments today",
    icon="calendar",
    load=load,
    rows=rows,
    template="insights/tiles/appointments.html",
)
