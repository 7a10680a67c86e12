import pytest

from common.batches import in_batches

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((), []),
        ((1,), [[1]]),
        ((1, 2, 3), [[1, 2, 3]]),
        ((1, 2, 3, 4), [[1, 2, 3], [4]]),
        (range(6), [[0, 1, 2], [3, 4, 5]]),
    ],
)
def test_every_row_is_in_one_batch_in_its_order(rows, expected):
    assert list(in_batches(rows, size=3)) == expected
