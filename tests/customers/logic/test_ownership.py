from datetime import date

import pytest

from customers.logic.ownership import Owned, Seen, ownership_periods

pytestmark = pytest.mark.logic

ANN, BEN, CAT = 1, 2, 3
TODAY = date(2026, 6, 1)


def on(year: int, month: int = 1) -> date:
    return date(year, month, 1)


CASES = {
    "one owner": ([Seen(ANN, on(2020), on(2024))], None, [Owned(ANN, on(2020), None)]),
    "nobody seen": ([], None, []),
    "handed over": (
        [Seen(ANN, on(2018), on(2020)), Seen(BEN, on(2021), on(2024))],
        None,
        [Owned(ANN, on(2018), on(2021)), Owned(BEN, on(2021), None)],
    ),
    "a guest between two visits": (
        [Seen(ANN, on(2018), on(2024)), Seen(BEN, on(2020), on(2021))],
        None,
        [Owned(ANN, on(2018), None)],
    ),
    "overlap: begins after the last visit of the one before": (
        [Seen(ANN, on(2018), on(2021)), Seen(BEN, on(2020), on(2024))],
        None,
        [Owned(ANN, on(2018), on(2021)), Owned(BEN, on(2021), None)],
    ),
    "stated owner never seen": (
        [Seen(ANN, on(2018), on(2020))],
        BEN,
        [Owned(ANN, on(2018), TODAY), Owned(BEN, TODAY, None)],
    ),
    "stated owner seen before a guest": (
        [Seen(ANN, on(2018), on(2020)), Seen(BEN, on(2022), on(2024))],
        ANN,
        [Owned(ANN, on(2018), None)],
    ),
    "stated owner without visits at all": ([], CAT, [Owned(CAT, TODAY, None)]),
    "three owners": (
        [Seen(CAT, on(2024), on(2025)), Seen(ANN, on(2018), on(2019)), Seen(BEN, on(2020), on(2022))],
        None,
        [Owned(ANN, on(2018), on(2020)), Owned(BEN, on(2020), on(2024)), Owned(CAT, on(2024), None)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_ownership_periods(name):
    seen, stated, expected = CASES[name]

    assert ownership_periods(seen, stated=stated, stated_on=TODAY) == expected


def test_two_who_came_first_on_one_day_do_not_begin_on_one_day():
    seen = [Seen(ANN, on(2020), on(2020)), Seen(BEN, on(2020), on(2022))]

    periods = ownership_periods(seen, stated=None, stated_on=TODAY)

    assert periods == [Owned(BEN, on(2020), None)]
