from datetime import date

import pytest

from campaigns.logic.link_life import books_until

pytestmark = pytest.mark.logic

FIRST_OF_MARCH = date(2028, 3, 1)


@pytest.mark.parametrize(
    ("due_on", "touched_on", "until"),
    [
        ([FIRST_OF_MARCH], date(2028, 2, 16), date(2028, 4, 30)),
        ([FIRST_OF_MARCH, date(2028, 3, 20)], date(2028, 2, 16), date(2028, 5, 19)),
        ([date(2028, 3, 20), FIRST_OF_MARCH], date(2028, 2, 16), date(2028, 5, 19)),
        ([FIRST_OF_MARCH], date(2028, 3, 31), date(2028, 4, 30)),
        ([FIRST_OF_MARCH], date(2028, 4, 1), date(2028, 5, 1)),
        ([], date(2028, 2, 28), date(2028, 3, 29)),
    ],
    ids=["before-due", "last-of-two", "in-any-order", "both-the-same", "late-step", "nothing-due"],
)
def test_books_until(due_on, touched_on, until):
    assert books_until(due_on, touched_on=touched_on) == until
