"""How many senders run at once, and what a connection that is cut does to that."""

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from messaging.services import patience
from messaging.services.slots import LOCK_CLASS, sender_slot
from tests.database_address import database_url

pytestmark = pytest.mark.django_db(transaction=True)


class Cutter:
    """Ends each new connection as soon as it is made, as an administrator or a failing server does, `times` times."""

    def __init__(self, times):
        self.times = times

    def __call__(self, connection, **_):
        if not self.times:
            return
        self.times -= 1
        with psycopg.connect(database_url()) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])


@pytest.fixture
def cut():
    made = []

    def start(times):
        cutter = Cutter(times)
        connection_created.connect(cutter)
        made.append(cutter)
        connection.close()
        return cutter

    yield start
    for cutter in made:
        connection_created.disconnect(cutter)


def held_slots():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s ORDER BY objid",
            [LOCK_CLASS],
        )
        return [number for (number,) in cursor.fetchall()]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_slot_is_taken_although_the_connection_is_cut_again_and_again(cut, times):
    cutter = cut(times)

    with sender_slot() as slot:
        assert (slot, held_slots(), cutter.times) == (0, [0], 0)

    assert held_slots() == []


def test_database_that_stays_away_is_said_after_the_wait(cut, monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.2)
    cut(1000)

    with pytest.raises(OperationalError), sender_slot():
        pytest.fail("there was no database")


def test_as_many_slots_as_set_and_no_more():
    others = [psycopg.connect(database_url()) for _ in range(settings.SENDERS)]
    try:
        for number, other in enumerate(others):
            other.execute("SELECT pg_advisory_lock(%s::int, %s::int)", [LOCK_CLASS, number])

        with sender_slot() as slot:
            assert slot is None
        others[1].close()
        with sender_slot() as slot:
            assert slot == 1
    finally:
        for other in others:
            other.close()
