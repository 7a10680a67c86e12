import numpy as np
import pytest

from customers.logic.forecast.likely_chain import Histories, likely_chain

pytestmark = pytest.mark.logic


def _chain(*history: tuple[int, float], asked: float = np.nan) -> tuple[list[bool], list[bool]]:
    day = np.array([[day for day, _ in history]])
    km = np.array([[km for _, km in history]], dtype=np.float64)
    chain, reset = likely_chain(Histories(day, km, np.ones(day.shape, dtype=bool), np.array([asked])))
    return chain[0].tolist(), reset[0].tolist()


def test_likely_chain_of_two_equal_candidates_takes_the_more_even():
    history = [(0, 30_000.0), (365, 72_000.0), (730, 61_000.0), (1095, 76_000.0)]

    assert _chain(*history)[0] == [True, False, True, True]


def test_likely_chain_newest_lower_reading_does_not_replace_what_was_known():
    assert _chain((0, 30_000.0), (365, 45_000.0), (366, 44_000.0))[0] == [True, True, False]
    assert _chain((0, 30_000.0), (365, 29_000.0))[0] == [True, False]


def test_likely_chain_lower_reading_wins_once_others_confirm_it():
    history = [(0, 30_000.0), (365, 65_000.0), (400, 46_000.0), (500, 50_000.0)]

    assert _chain(*history)[0] == [True, False, True, True]


def test_likely_chain_asked_odometer_decides_between_two():
    assert _chain((0, 97_000.0), (300, 9_800.0), asked=105_000.0)[0] == [True, False]
    assert _chain((0, 97_000.0), (300, 9_800.0), asked=12_000.0)[0] == [False, True]


def test_likely_chain_improbably_old_car_loses_against_an_ordinary_one():
    assert _chain((0, 609_000.0), (365, 71_000.0), (700, 80_000.0))[0] == [False, True, True]


def test_likely_chain_reaches_over_at_most_eight_wrong_readings():
    wrong = [(100 + number, 1_000_000.0 - 50_000 * number) for number in range(7)]

    chain, _ = _chain((0, 30_000.0), *wrong, (730, 61_000.0), (1095, 76_000.0))

    assert chain == [True, *[False] * 7, True, True]


def test_likely_chain_new_odometer_needs_three_readings():
    old = [(0, 30_000.0), (365, 45_000.0), (730, 60_000.0)]

    two, _ = _chain(*old, (800, 100.0), (850, 5_000.0))
    three, reset = _chain(*old, (800, 100.0), (850, 5_000.0), (900, 9_000.0))

    assert two == [True, True, True, False, False]
    assert three == [True] * 6
    assert reset == [False, False, False, True, False, False]


def test_likely_chain_two_wrong_readings_in_a_row_are_no_new_odometer():
    history = [
        (0, 10_000.0),
        (365, 20_000.0),
        (500, 60_000.0),
        (600, 61_000.0),
        (730, 30_000.0),
        (1095, 40_000.0),
        (1460, 50_000.0),
    ]

    chain, reset = _chain(*history)

    assert chain == [True, True, False, False, True, True, True]
    assert not any(reset)


def test_likely_chain_padding_is_never_part_of_it():
    histories = Histories(
        day=np.array([[0, 365, 0], [0, 10, 20]]),
        km=np.array([[10.0, 20.0, 0.0], [30.0, 20.0, 40.0]]),
        is_reading=np.array([[True, True, False], [True, True, True]]),
        asked_km=np.full(2, np.nan),
    )

    chain, _ = likely_chain(histories)

    assert chain.tolist() == [[True, True, False], [True, False, True]]
