"""Readers of files: ordinary ones, odd ones, and those made to break them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.interfaces.importers import open_source
from customers.interfaces.importers.records import MAX_RECORD_CHARACTERS
from customers.logic.imports.problems import Problem
from customers.logic.imports.source import UnusableFile

pytestmark = pytest.mark.logic

HEADER = "Cust No,Customer Name,Phone\n"


@pytest.fixture
def write(tmp_path):
    def write_file(content: bytes | str, name: str = "x.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def rows(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.line, row.cells) for row in open_source(path).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(write, encoding):
    path = write((HEADER + "1,José Muñoz,512\n").encode(encoding))

    source = open_source(path)

    assert source.headers == ("Cust No", "Customer Name", "Phone")
    assert rows(path) == [(2, ("1", "José Muñoz", "512"))]


def test_one_foreign_byte_at_the_end_decides_the_encoding(write):
    path = write((HEADER + "1,Ann Lee,5\n" * 50_000).encode() + "2,Muñoz,6\n".encode("cp1252"))

    assert rows(path)[-1][1] == ("2", "Muñoz", "6")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(write, separator, end):
    text = end.join(separator.join(cells) for cells in [("Cust No", "Customer Name"), ("1", "Ann Lee")]) + end

    assert rows(write(text)) == [(2, ("1", "Ann Lee"))]


def test_quoted_line_break_separator_and_mark(write):
    path = write(HEADER + '1,"Lee, ""Ann""\nof Austin",5\n2,Bo,6\n')

    assert rows(path) == [(2, ("1", 'Lee, "Ann"\nof Austin', "5")), (4, ("2", "Bo", "6"))]


def test_mark_inside_an_unquoted_cell_opens_nothing(write):
    path = write(HEADER + '1,5" pipe,5\n2,Bo,6\n')

    assert rows(path) == [(2, ("1", '5" pipe', "5")), (3, ("2", "Bo", "6"))]


def test_title_above_the_header_is_skipped(write):
    path = write("Customer list\n\n2026-11-01\n" + HEADER + "1,Ann,5\n")

    assert open_source(path).headers == ("Cust No", "Customer Name", "Phone")
    assert rows(path) == [(5, ("1", "Ann", "5"))]


def test_empty_and_double_headers_get_names(write):
    assert open_source(write("Cust No,,Phone,Phone\n1,2,3,4\n")).headers == (
        "Cust No",
        "Column 2",
        "Phone",
        "Phone (2)",
    )


def test_unclosed_mark_costs_one_row(write):
    path = write(HEADER + '1,"Ann,5\n' + "".join(f"{number},Bo,6\n" for number in range(2, 1000)))

    found = list(open_source(path).rows())

    assert [issue.problem for row in found for issue in row.issues] == [Problem.UNCLOSED_QUOTE]
    assert (found[0].line, found[-1].cells, len(found)) == (2, ("999", "Bo", "6"), 999)


def test_line_of_ten_megabytes_costs_one_row(write):
    path = write(HEADER + "1," + "x" * 10_000_000 + ",5\n2,Bo,6\n")

    found = list(open_source(path).rows())

    assert [issue.problem for row in found for issue in row.issues] == [Problem.TOO_LONG]
    assert all(len(cell) <= MAX_RECORD_CHARACTERS for row in found for cell in row.cells)
    assert found[-1].cells == ("2", "Bo", "6")


def test_marks_that_never_close_do_not_take_long(write):
    path = write(HEADER + '"x"y,"\n' * 20_000)

    assert len(list(open_source(path).rows())) == 20_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<html></html>", "RoRecord"),
        (b"<a", "broken"),
    ],
)
def test_what_is_no_export_is_named(write, content, words):
    with pytest.raises(UnusableFile, match=words):
        open_source(write(content)).headers  # noqa: B018 -- reads the header


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=3000) | st.text(alphabet='a",;\n\r\t\x00|é', max_size=2000).map(str.encode))
def test_no_content_crashes_a_reader(write, content):
    try:
        found = list(open_source(write(content)).rows())
    except UnusableFile:
        return
    assert all(isinstance(cell, str) for row in found for cell in row.cells)


ORDER = """<RoRecord TransactionType="Close"><Rogen RoNo="{number}" RoCreateDate="01/02/2024" CustInvoiceDate="" FinalPostDate="01/05/2024"
 Vin="1FTFW5L86RFB45612" CustNo="7" CustName="SMITH, JOHN" CarlineDesc="FORD TRUCK" MileageIn="100" MileageOut="102" AdvName="LEE, BO"
 CustRoTotalAmt="39.95" WarrRoTotalAmt="0.00" IntrRoTotalAmt="0.00">
 <RecommendedServc RecSvcOpCode="BRK" RecSvcOpCdDesc="FRONT BRAKE PADS" RecSvcPerformFlag="NO"/>
 <RecommendedServc RecSvcOpCode="LOF" RecSvcOpCdDesc="OIL" RecSvcPerformFlag="YES"/></Rogen>
 <Rolabor><OpCodeLaborInfo JobNo="1" OpCode="LOF" OpCodeDesc="*OIL &amp;amp; FILTER CHANGE">
 <RoAmts PayType="Cust" AmtType="Labor" TotalAmt="20.00"/><RoAmts PayType="Cust" AmtType="Job" TotalAmt="39.95"/></OpCodeLaborInfo></Rolabor></RoRecord>
"""


def xml(*numbers: int, prolog: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{prolog}<rey xmlns="http://example.com/star">'
        + "".join(ORDER.format(number=number) for number in numbers)
        + "</rey>"
    )


def test_reynolds_orders_become_rows_per_operation(write):
    source = open_source(write(xml(1, 2), "ro.xml"))

    found = [dict(zip(source.headers, row.cells, strict=True)) for row in source.rows()]

    assert [(row["RoNo"], row["OpCode"], row["RecSvcPerformFlag"], row["TotalAmt"]) for row in found] == [
        ("1", "BRK", "N", ""),
        ("1", "LOF", "", "39.95"),
        ("2", "BRK", "N", ""),
        ("2", "LOF", "", "39.95"),
    ]
    assert (found[0]["CustInvoiceDate"], found[0]["CarlineDesc"], found[0]["AdvName"]) == (
        "01/05/2024",
        "FORD TRUCK",
        "LEE, BO",
    )


def test_reynolds_attribute_names_need_not_agree_in_case(write):
    text = xml(1).replace("RoNo=", "RO_NO=").replace("RoRecord", "rorecord")

    assert next(iter(open_source(write(text, "ro.xml")).rows())).cells[0] == "1"


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a [<!ENTITY x "boom">]>',
        '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_not_read(write, prolog):
    with pytest.raises(UnusableFile, match="entities"):
        open_source(write(xml(1, prolog=prolog), "ro.xml"))


def test_xml_that_breaks_off_gives_the_orders_before(write):
    source = open_source(write(xml(1, 2)[:-300], "ro.xml"))
    found = []

    with pytest.raises(UnusableFile, match="broken in line"):
        found.extend(row.cells[0] for row in source.rows())
    assert source.headers[0] == "RoNo"


def test_xml_nested_deeply_is_refused(write):
    with pytest.raises(UnusableFile, match="nested"):
        open_source(write("<a>" * 5000 + "</a>" * 5000, "ro.xml"))


def test_order_of_thousands_of_operations_is_cut_and_named(write):
    operation = '<OpCodeLaborInfo JobNo="1" OpCode="LOF" OpCodeDesc="OIL"/>'
    text = xml(1).replace("<Rolabor>", "<Rolabor>" + operation * 2000)

    found = list(open_source(write(text, "ro.xml")).rows())

    assert len(found) == 500
    assert {issue.problem for row in found for issue in row.issues} == {Problem.TOO_LONG}
