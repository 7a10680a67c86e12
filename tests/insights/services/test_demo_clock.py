from datetime import timedelta

import pytest

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


def test_advance_does_the_nights_work_and_sends(demo, world):
    demo_clock.advance(until=NOW + timedelta(days=2))

    world.dealership.refresh_from_db()
    assert world.dealership.nightly_ran_on == (NOW + timedelta(days=2)).date()
