from datetime import date

import pytest

from insights.logic.range_bar import Axis, RangeBar, draw

pytestmark = pytest.mark.logic

AXIS = Axis(date(2026, 1, 1), date(2026, 4, 11))  # 100 days
TODAY = date(2026, 1, 31)


def test_draw_places_range_due_day_and_today_on_the_axis():
    bar = draw(
        low_on=date(2026, 2, 10), due_on=date(2026, 2, 20), high_on=date(2026, 3, 12), today=TODAY, axis=AXIS
    )

    assert bar == RangeBar(
        low_x=40.0,
        width=30.0,
        due_x=50.0,
        today_x=30.0,
        is_late=False,
        words="Likely 20 Feb; 8 in 10 between 10 Feb and 12 Mar",
    )


def test_draw_of_a_past_due_day_is_late():
    bar = draw(
        low_on=date(2026, 1, 1), due_on=date(2026, 1, 30), high_on=date(2026, 2, 2), today=TODAY, axis=AXIS
    )

    assert bar.is_late is True


@pytest.mark.parametrize("year", [2019, 2030])
def test_draw_outside_the_axis_stays_inside_the_picture(year):
    bar = draw(
        low_on=date(year, 5, 1), due_on=date(year, 5, 2), high_on=date(year, 5, 3), today=TODAY, axis=AXIS
    )

    assert 0 <= bar.low_x <= bar.low_x + bar.width <= 100
    assert 0 <= bar.due_x <= 100 - 2.4
    assert str(year) in bar.words
