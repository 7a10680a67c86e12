import numpy as np
import pytest

from customers.enums import QuarantineReason as R
from customers.logic.forecast.quality import VERDICTS, judge
from tests.customers.logic.forecast.histories import readings_of

pytestmark = pytest.mark.logic

YEARLY = [(0, 30_000.0), (365, 45_000.0), (730, 61_000.0)]


def _verdicts(*history: tuple[int, float], asked: float | None = None) -> list[str]:
    asked_km = None if asked is None else np.array([asked])
    return [VERDICTS[code].value for code in judge(readings_of(list(history)), asked_km=asked_km).verdict]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ((1095, 760_000.0), R.EXTRA_DIGIT),
        ((1095, 7_600.0), R.MISSING_DIGIT),
        ((1095, 76_000 * 1.609344), R.WRONG_UNIT),
        ((1095, 76_000 / 1.609344), R.WRONG_UNIT),
        ((740, 60_700.0), R.BELOW_EARLIER),
        ((740, 130_000.0), R.TOO_FAST),
        ((1095, -1.0), R.IMPOSSIBLE),
        ((1095, float("nan")), R.IMPOSSIBLE),
        ((1095, 2_000_001.0), R.IMPOSSIBLE),
        ((1095, float("inf")), R.IMPOSSIBLE),
    ],
)
def test_judge_newest_reading_is_set_aside_with_its_reason(bad: tuple[int, float], reason: R):
    assert _verdicts(*YEARLY, bad) == ["", "", "", reason.value]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ((365, 450_000.0), R.EXTRA_DIGIT),
        ((365, 4_500.0), R.MISSING_DIGIT),
        ((365, 45_000 * 1.609344), R.WRONG_UNIT),
        ((365, 45_000 / 1.609344), R.WRONG_UNIT),
    ],
)
def test_judge_reading_between_good_ones_is_set_aside(bad: tuple[int, float], reason: R):
    history = [(0, 30_000.0), bad, (730, 61_000.0), (1095, 76_000.0)]

    assert _verdicts(*history) == ["", reason.value, "", ""]


def test_judge_reading_a_little_above_the_next_ones_is_set_aside():
    history = [(365, 45_000.0), (730, 61_500.0), (734, 61_000.0), (1095, 75_000.0)]

    assert _verdicts(*history) == ["", R.ABOVE_LATER.value, "", ""]


def test_judge_wrong_first_reading_loses_against_two_that_agree():
    assert _verdicts((0, 300_000.0), (365, 45_000.0), (730, 61_000.0)) == [R.EXTRA_DIGIT.value, "", ""]


def test_judge_ordinary_history_is_all_good():
    assert _verdicts(*YEARLY, (1095, 61_000.0), (1096, 61_400.0)) == [""] * 5


def test_judge_test_and_retest_and_repeated_rows_are_good():
    assert (
        _verdicts((0, 30_000.0), (365, 45_000.0), (365, 45_000.0), (365, 45_003.0), (369, 45_010.0))
        == [""] * 5
    )


def test_judge_error_entered_twice_on_a_day_counts_once():
    history = [
        (0, 30_000.0),
        (365, 450_000.0),
        (365, 450_000.0),
        (365, 450_000.0),
        (730, 61_000.0),
        (800, 64_000.0),
    ]

    assert _verdicts(*history) == ["", *[R.EXTRA_DIGIT.value] * 3, "", ""]


def test_judge_exchanged_odometer_starts_anew_after_three_readings_agree():
    judgement = judge(readings_of([*YEARLY, (800, 500.0), (900, 4_500.0), (1000, 9_000.0)]))

    assert judgement.is_good.all()
    assert judgement.starts_anew.tolist() == [False, False, False, True, False, False]


def test_judge_two_lower_readings_are_not_yet_a_new_odometer():
    verdicts = _verdicts(*YEARLY, (800, 500.0), (900, 4_500.0))

    assert verdicts[:3] == ["", "", ""]
    assert "" not in verdicts[3:]


def test_judge_courier_is_not_quarantined():
    assert _verdicts((0, 10_000.0), (100, 40_000.0), (200, 71_000.0), (300, 99_000.0)) == [""] * 4


def test_judge_of_two_contradicting_readings_the_one_that_fits_the_question_is_kept():
    history = [(0, 97_000.0), (365, 980_000.0)]

    assert _verdicts(*history, asked=105_000.0) == ["", R.EXTRA_DIGIT.value]
    assert _verdicts((0, 9_700.0), (365, 100_000.0 * 1.61), asked=170_000.0)[1] == ""


def test_judge_vehicles_do_not_influence_each_other():
    judgement = judge(
        readings_of(YEARLY, [(0, 300_000.0)], [(0, -5.0)], [], [(10, 5.0), (11, 90_000.0), (400, 9_000.0)])
    )

    assert [VERDICTS[code].value for code in judgement.verdict] == [
        "", "", "", "", R.IMPOSSIBLE.value, "", R.EXTRA_DIGIT.value, "",
    ]  # fmt: skip


def test_judge_short_histories_beside_a_long_one():
    short = [(0, 10_000.0), (100, 1_000.0), (200, 12_000.0)]
    long = [(day, 20_000.0 + 10 * day) for day in range(200)]
    long[120] = (120, 1_000.0)
    judgement = judge(readings_of(short, long, short))

    verdicts = [VERDICTS[code].value for code in judgement.verdict]

    short_verdicts = ["", R.MISSING_DIGIT.value, ""]
    assert verdicts[:3] == verdicts[-3:] == short_verdicts
    assert {number: verdict for number, verdict in enumerate(verdicts[3:-3]) if verdict} == {
        120: R.BELOW_EARLIER.value
    }
