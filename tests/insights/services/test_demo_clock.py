import threading
from datetime import timedelta

import pytest
from django.db import connection

from common import clock
from insights.services import demo_clock
from tests.conftest import NOW
from tests.factories.campaigns import TouchFactory


@pytest.fixture
def demo(settings, tmp_path, frozen):
    settings.DEMO = True
    settings.VAR_DIR = tmp_path


@pytest.fixture
def work(monkeypatch):
    """Record when the clock stopped for work instead of doing it."""
    stops = []

    def note(now):
        stops.append(now)
        return 1

    monkeypatch.setattr(demo_clock, "_work", note)
    return stops


def test_advance_stops_at_due_touches_and_nights(demo, work, dealership):
    TouchFactory(dealership=dealership, due_at=NOW + timedelta(hours=3))
    TouchFactory(dealership=dealership, due_at=NOW + timedelta(hours=3), state="skipped")
    TouchFactory(dealership=dealership, due_at=NOW + timedelta(days=9))

    done = demo_clock.advance(until=NOW + timedelta(days=1))

    hours = [(moment - NOW) / timedelta(hours=1) for moment in work]
    assert hours == [3.0, pytest.approx(15 + 1 / 60), pytest.approx(16 + 1 / 60), 24.0]  # two zones' nights
    assert (done.now, done.stops, done.sent) == (NOW + timedelta(days=1), 4, 4)


def test_advance_of_a_real_installation_is_refused(work, dealership, settings, frozen):
    settings.DEMO = False

    with pytest.raises(ValueError, match="demo installation only"):
        demo_clock.advance(until=clock.now() + timedelta(days=1))

    assert work == []


def test_advance_while_another_is_under_way_is_refused_and_adds_nothing(demo, world, monkeypatch):
    others = []

    def press_again():
        try:
            demo_clock.advance(until=clock.now() + timedelta(days=1))
        except demo_clock.AlreadyMoving:
            others.append("refused")
        finally:
            connection.close()

    def work(now):
        if not others:
            others.append("pressed")
            thread = threading.Thread(target=press_again)
            thread.start()
            thread.join()
        return 0

    monkeypatch.setattr(demo_clock, "_work", work)

    done = demo_clock.advance(until=NOW + timedelta(days=1))

    assert others == ["pressed", "refused"]
    assert (done.now, clock.now()) == (NOW + timedelta(days=1), NOW + timedelta(days=1))
    demo_clock.advance(until=NOW + timedelta(days=2))  # the lock was given back
    assert clock.now() == NOW + timedelta(days=2)


def test_advance_does_the_nights_work_and_sends(demo, world):
    demo_clock.advance(until=NOW + timedelta(days=2))

    world.dealership.refresh_from_db()
    assert world.dealership.nightly_ran_on == (NOW + timedelta(days=2)).date()
