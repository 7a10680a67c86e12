from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.imports.dates import DateOrder, OrderEvidence, columns_to_ask, decide_orders, read_date
from customers.logic.imports.values import Decimals, read_cents, read_flag, read_whole_number

pytestmark = pytest.mark.logic

MDY, DMY = DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21176", 21176), ("21,176", 21176), ("21.176", 21176), ("21 176", 21176), ("1,021,176", 1021176), ("21176 mi", 21176),
        ("34,550 km", 34550), ("12345.6", 12345), ("12345.00", 12345), ("12,345.67", 12345), ("0", 0), ("N/A", None), ("", None), ("  ", None),
        ("999999", None),
    ],
)  # fmt: skip
def test_read_whole_number(text, expected):
    assert read_whole_number(text) == expected


@pytest.mark.parametrize("text", ["12345A", "12,34,567", "-5", "1e5", "twelve", "8" * 30])
def test_read_whole_number_refuses(text):
    with pytest.raises(ValueError, match=r"."):
        read_whole_number(text)


@pytest.mark.parametrize(
    ("text", "decimals", "cents"),
    [
        ("25.50", Decimals.POINT, 2550), ("$1,234.50", Decimals.POINT, 123450), ("(12.00)", Decimals.POINT, -1200),
        ("12.00-", Decimals.POINT, -1200), ("-3", Decimals.POINT, -300), ("5.00CR", Decimals.POINT, -500), (".5", Decimals.POINT, 50),
        ("1234", Decimals.POINT, 123400), ("1.234,50 €", Decimals.COMMA, 123450), ("89,95", Decimals.COMMA, 8995),
        ("0.005", Decimals.POINT, 1), ("", Decimals.POINT, None), ("N/A", Decimals.POINT, None), ("0.00", Decimals.POINT, 0),
    ],
)  # fmt: skip
def test_read_cents(text, decimals, cents):
    assert read_cents(text, decimals=decimals) == cents


@pytest.mark.parametrize("text", ["89,95", "1.2.3", "abc", "1e9", "99999999999999"])
def test_read_cents_refuses(text):
    with pytest.raises(ValueError, match=r"."):
        read_cents(text, decimals=Decimals.POINT)


@pytest.mark.parametrize(
    ("text", "flag"), [("Y", True), ("yes", True), ("1", True), ("N", False), ("false", False), ("", None)]
)
def test_read_flag(text, flag):
    assert read_flag(text) is flag


def test_read_flag_refuses_others():
    with pytest.raises(ValueError, match="maybe"):
        read_flag("maybe")


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("03/04/2025", MDY, date(2025, 3, 4)), ("03/04/2025", DMY, date(2025, 4, 3)), ("3-4-25", MDY, date(2025, 3, 4)),
        ("31.12.2024", DMY, date(2024, 12, 31)), ("2025-03-04", None, date(2025, 3, 4)), ("2025-03-04T10:00:00Z", None, date(2025, 3, 4)),
        ("20250304", None, date(2025, 3, 4)), ("03/04/2025 08:15 AM", MDY, date(2025, 3, 4)), ("14-Mar-2024", None, date(2024, 3, 14)),
        ("March 14, 2024", None, date(2024, 3, 14)), ("02/29/2024", MDY, date(2024, 2, 29)), ("05/05/2025", None, date(2025, 5, 5)),
        ("1/1/70", MDY, date(1970, 1, 1)), ("1/1/69", MDY, date(2069, 1, 1)), ("", MDY, None), ("00/00/0000", MDY, None),
        ("01/01/1900", MDY, None), ("N/A", MDY, None),
    ],
)  # fmt: skip
def test_read_date(text, order, expected):
    assert read_date(text, order) == expected


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("13/25/2026", MDY),
        ("13/25/2026", DMY),
        ("02/29/2025", MDY),
        ("03/04/2025", None),
        ("2025-13-01", None),
        ("soon", MDY),
        ("14-Foo-2024", None),
    ],
)
def test_read_date_refuses(text, order):
    with pytest.raises(ValueError, match=r"."):
        read_date(text, order)


def evidence_of(dates):
    evidence = OrderEvidence()
    for each in dates:
        evidence.add(each)
    return evidence


@pytest.mark.parametrize(
    ("dates", "order", "is_asked"),
    [
        (["06/15/2007", "03/04/2025", "13/25/2026"], MDY, False),
        (["15/06/2007", "03/04/2025"], DMY, False),
        (["03/04/2025", "05/06/2025"], None, True),
        (["06/15/2007", "15/06/2007"], None, True),
        (["06/15/2007"] * 21 + ["15/06/2007"], MDY, False),
        (["06/15/2007"] * 20 + ["15/06/2007"], None, True),
        (["2025-03-04", "14-Mar-2024", "", "N/A"], None, False),
        (["05/05/2025"], None, False),
        ([], None, False),
    ],
)
def test_order_is_decided_over_the_column(dates, order, is_asked):
    columns = {"Date": evidence_of(dates)}

    assert decide_orders(columns) == {"Date": order}
    assert columns_to_ask(columns) == (["Date"] if is_asked else [])


def test_column_that_does_not_say_follows_the_others_of_its_file():
    columns = {"Open": evidence_of(["06/15/2007"]), "Close": evidence_of(["03/04/2025"])}

    assert decide_orders(columns) == {"Open": MDY, "Close": MDY}


def test_column_is_asked_for_where_the_others_disagree():
    columns = {
        "A": evidence_of(["06/15/2007"]),
        "B": evidence_of(["15/06/2007"]),
        "C": evidence_of(["03/04/2025"]),
    }

    assert columns_to_ask(columns) == ["C"]


@given(st.text(max_size=40), st.sampled_from([MDY, DMY, None]))
def test_values_are_read_or_refused_never_else(text, order):
    for read in (
        lambda: read_date(text, order),
        lambda: read_whole_number(text),
        lambda: read_cents(text, decimals=Decimals.POINT),
        lambda: read_flag(text),
    ):
        try:
            read()
        except (ValueError, ArithmeticError):
            continue
