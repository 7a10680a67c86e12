import pytest

from customers.logic.forecast.backtest import OURS, VehicleHistory, backtest, rolling_origins

pytestmark = pytest.mark.logic

DAYS = [18_000 + 100 * number for number in range(6)]
STEADY = [(day, 10_000.0 + 40 * (day - DAYS[0])) for day in DAYS]


def test_rolling_origins_ask_for_each_next_reading():
    origins = rolling_origins([VehicleHistory(STEADY)])

    assert [(len(o.known), o.next_day, o.next_km) for o in origins] == [
        (number, *STEADY[number]) for number in range(1, 6)
    ]


def test_rolling_origins_sort_and_pass_over_what_is_no_question():
    retest_same_day = (STEADY[1][0], STEADY[1][1])
    stood_still = (STEADY[1][0] + 3, STEADY[1][1])
    typing_error = (STEADY[2][0] + 5, STEADY[2][1] * 10)
    history = [*STEADY[::-1], retest_same_day, stood_still, typing_error]

    asked = {(o.next_day, o.next_km) for o in rolling_origins([VehicleHistory(history)])}

    assert asked == set(STEADY[1:])


def test_rolling_origins_leave_the_typing_error_in_what_was_known():
    typing_error = (STEADY[2][0] + 5, STEADY[2][1] * 10)

    last = rolling_origins([VehicleHistory([*STEADY, typing_error])])[-1]

    assert typing_error in last.known


def test_rolling_origins_of_one_reading_are_none():
    assert rolling_origins([VehicleHistory(STEADY[:1])]) == []


def test_backtest_gives_the_usual_methods_one_reading_a_day():
    twice = [reading for reading in STEADY for _ in range(2)]

    once, repeated = (
        {part.name: part for part in backtest(rolling_origins([VehicleHistory(history)]))}["3 or more"]
        for history in (STEADY, twice)
    )

    assert repeated.mean_error == once.mean_error


def test_backtest_slices_by_readings_and_by_owner():
    origins = rolling_origins([VehicleHistory(STEADY), VehicleHistory(STEADY, is_fleet=True)])

    slices = {part.name: part for part in backtest(origins)}

    assert {name: part.origins for name, part in slices.items()} == {
        "All": 10,
        "1 reading": 2,
        "2 readings": 2,
        "3 or more": 6,
        "Private": 5,
        "Fleet": 5,
    }
    assert slices["3 or more"].mean_error[OURS] < 10
    assert slices["3 or more"].coverage[0.8] == 1.0
    assert slices["1 reading"].mean_error["National default"] == pytest.approx(30, abs=1)
    assert slices["3 or more"].mean_error["Last two"] == 0.0
    assert slices["Private"].mean_error == slices["Fleet"].mean_error
