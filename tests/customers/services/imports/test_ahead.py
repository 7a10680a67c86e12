import threading

import pytest

from customers.services.imports.ahead import prepared_ahead


def test_prepared_ahead_keeps_the_order():
    assert list(prepared_ahead(range(5), lambda number: number * 2)) == [0, 2, 4, 6, 8]
    assert list(prepared_ahead([], str)) == []


def test_prepared_ahead_works_on_the_next_while_the_caller_has_this_one():
    second_is_being_prepared = threading.Event()

    def prepare(number: int) -> int:
        if number == 2:
            second_is_being_prepared.set()
        return number

    batches = prepared_ahead([1, 2, 3], prepare)

    assert next(batches) == 1
    assert second_is_being_prepared.wait(timeout=10)
    assert list(batches) == [2, 3]


def test_prepared_ahead_holds_no_more_than_two():
    taken = []

    def source():
        for number in range(10):
            taken.append(number)
            yield number

    batches = prepared_ahead(source(), str)

    assert next(batches) == "0"
    assert taken == [0, 1]
    batches.close()
    assert taken == [0, 1]


def test_prepared_ahead_raises_in_its_turn():
    batches = prepared_ahead([1, 0, 2], lambda number: 10 // number)

    assert next(batches) == 10
    with pytest.raises(ZeroDivisionError):
        next(batches)


def test_prepared_ahead_raises_what_the_source_raises_and_leaves_no_thread():
    def source():
        yield 1
        yield 2
        raise OSError("gone")

    batches = prepared_ahead(source(), str)
    assert next(batches) == "1"
    with pytest.raises(OSError, match="gone"):
        list(batches)

    assert not [one for one in threading.enumerate() if one.name.startswith("import-ahead")]
