import pytest

from anticipate.supervisor.backoff import next_wait

pytestmark = pytest.mark.logic


def test_next_wait_doubles_up_to_half_a_minute():
    waits = [0.0]
    for _ in range(8):
        waits.append(next_wait(waits[-1], ran_seconds=0.1))

    assert waits[1:] == [1, 2, 4, 8, 16, 30, 30, 30]


def test_next_wait_after_a_healthy_run_begins_anew():
    assert next_wait(30, ran_seconds=60) == 1


def test_next_wait_just_short_of_healthy_goes_on():
    assert next_wait(4, ran_seconds=59.9) == 8
