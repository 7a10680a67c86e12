from datetime import timedelta

import pytest

from insights import tiles
from insights.tiles import appointments, due_this_week, replies_waiting, sends
from insights.tiles.tile import Figures
from tests.conftest import NOW
from tests.factories.booking import AppointmentFactory
from tests.factories.campaigns import TouchFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.messaging import MessageFactory

# The most queries a tile may cost: (its figures, its list).
BUDGETS = {"due": (2, 6), "replies": (1, 2), "appointments": (1, 1), "sends": (2, 1)}

MIDNIGHT = NOW.replace(hour=6)  # in Chicago


def test_every_tile_has_a_budget_an_order_and_a_template():
    assert {tile.key for tile in tiles.ALL} == set(BUDGETS)
    assert len({tile.order for tile in tiles.ALL}) == len(tiles.ALL)


@pytest.mark.parametrize("tile", tiles.ALL, ids=lambda tile: tile.key)
@pytest.mark.parametrize("count", [1, 3])
def test_tile_keeps_its_budget_for_any_number_of_rows(
    make_busy_customer, near, tile, count, django_assert_num_queries
):
    for _ in range(count):
        make_busy_customer()

    figures, rows = BUDGETS[tile.key]
    with django_assert_num_queries(figures):
        tile.load(near)
    with django_assert_num_queries(rows):
        tile.rows(near)


@pytest.mark.parametrize("tile", tiles.ALL, ids=lambda tile: tile.key)
def test_tile_of_an_empty_dealership_is_empty(dealership, near, tile):
    assert tile.load(near).is_empty is True


def test_due_this_week_counts_the_week_and_what_is_overdue(make_busy_customer, near):
    for days in (0, 6, 7, -1):
        make_busy_customer(due_in=days)

    assert due_this_week.load(near) == Figures(value="2", hint="1 overdue")


def test_replies_waiting_counts_and_names_the_longest_wait(dealership, near):
    for hours in (3, 5):
        ConversationFactory(dealership=dealership, waiting_since=NOW - timedelta(hours=hours))
    ConversationFactory(dealership=dealership, state="open", waiting_since=None)

    assert replies_waiting.load(near) == Figures(value="2", hint="First wrote 5 h ago", is_urgent=True)
    assert [row.since for row in replies_waiting.rows(near)] == ["5 h ago", "3 h ago"]


def test_appointments_count_local_days_and_leave_out_cancelled_ones(dealership, near):
    today = near.today
    for starts_at, status in (
        (MIDNIGHT, "booked"),
        (MIDNIGHT + timedelta(hours=23), "arrived"),
        (MIDNIGHT + timedelta(hours=24), "booked"),
        (MIDNIGHT + timedelta(hours=48), "booked"),
        (MIDNIGHT + timedelta(hours=5), "cancelled"),
    ):
        local_on = starts_at.astimezone(near.zone).date()
        AppointmentFactory(dealership=dealership, starts_at=starts_at, status=status, local_on=local_on)

    assert appointments.load(near) == Figures(value="2", hint="1 tomorrow")
    assert [row.appointment.local_on == today for row in appointments.rows(near)] == [True, True, False]


def test_sends_count_todays_messages_by_what_came_of_them(dealership, near):
    for state in ("accepted", "delivered", "failed", "unconfirmed", "queued", "cancelled"):
        MessageFactory(dealership=dealership, state=state, created_at=MIDNIGHT)
    MessageFactory(dealership=dealership, created_at=MIDNIGHT - timedelta(seconds=1))
    TouchFactory(dealership=dealership, due_at=NOW + timedelta(hours=1))
    TouchFactory(dealership=dealership, due_at=NOW + timedelta(hours=30))

    assert sends.load(near) == Figures(
        value="2", hint="2 still to go today, 1 failed, 1 unconfirmed", is_urgent=True
    )
    assert len(sends.rows(near)) == 6
