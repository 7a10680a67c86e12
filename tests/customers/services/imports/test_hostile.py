"""Files that are broken, or made to break an import: each ends in words for a person, with the good rows in."""

import tracemalloc

import pytest

from customers.models import ContactPoint, Customer, ImportIssue, Vehicle, Visit, VisitLine
from tests.customers.services.imports.files import CUSTOMERS, VEHICLES

HEADER = "Cust No,Customer Name,Phone\n"
RO_HEADER = "RO Number,Open Date,VIN,Mileage In,Op Code,Amount\n"
VIN = "1FTFW5L86RFB45612"
BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<RoRecords><RoRecord><Rogen RoNo="&b;"/></RoRecord></RoRecords>"""
EXTERNAL = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<RoRecords><RoRecord><Rogen RoNo="1" CustName="x"/>&x;</RoRecord></RoRecords>"""
OTHER_DTD = """<?xml version="1.0"?><!DOCTYPE r SYSTEM "http://example.com/r.dtd">
<RoRecords><RoRecord><Rogen RoNo="1" CustName="x"/></RoRecord></RoRecords>"""


def found() -> list[tuple[int, str, str, str]]:
    return list(
        ImportIssue.objects.order_by("file", "line").values_list("line", "column", "value", "problem")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file1.csv: The file is empty."),
        (b"PK\x03\x04" + bytes(100), "This is an Excel workbook or a ZIP archive."),
        (BOMB.encode(), "The XML defines entities"),
        (EXTERNAL.encode(), "The XML defines entities"),
        (
            (",".join(f"Column {n}" for n in range(10_000)) + "\n").encode(),
            "The first line is no row of column names",
        ),
        (b"a" * 1_000_000, "The first line is no row of column names"),
        (b"\x00\x01\x02\x03" * 100, "file1.csv: "),
        (b"Colour,Weather\nred,rain\n", "No column is recognised. The first line reads: Colour, Weather."),
    ],
    ids=["empty", "zip", "bomb", "external", "10,000 columns", "no line end", "binary", "unknown columns"],
)
def test_file_that_is_no_export_is_named_and_nothing_comes_in(import_files, content, words):
    done = import_files(content, CUSTOMERS)

    assert (done.status, words in done.failure) == ("failed", True), done.failure
    assert Customer.objects.count() == 0


def test_document_type_of_elsewhere_is_not_fetched(import_files):
    """Sockets are closed in tests: a fetch would raise."""
    done = import_files(OTHER_DTD)

    assert done.status in {"done", "failed"}
    assert Visit.objects.count() == 0


def test_bad_rows_between_good_ones_are_named_and_cost_nothing_else(import_files):
    done = import_files(
        HEADER.encode()
        + b'1,"LEE, ANN",512-555-0142\n'
        + b'2,"LEE,\x00BOB",512-555-0143\n'
        + b'3,"LEE, CAT",512-555-0144,more,cells\n'
        + b"4\n"
        + b'5,"LEE, DAN"\n'
        + b"6,"
        + b"x" * 300_000
        + b",1\n"
        + b'7,"LEE, EVE",512-555-0145,,,,\n'
    )

    assert (done.status, done.counts["rows_read"], done.counts["rows_rejected"]) == ("done", 7, 4)
    assert [(line, problem) for line, _, _, problem in found()] == [
        (3, "binary"),
        (4, "too_many_cells"),
        (5, "no_name"),
        (7, "too_long"),
    ]
    assert list(Customer.objects.order_by("external_id").values_list("external_id", "display_name")) == [
        ("1", "Ann Lee"),
        ("5", "Dan Lee"),
        ("7", "Eve Lee"),
    ]


def test_repair_order_rows_with_too_few_cells_are_read_as_far_as_they_go(import_files):
    import_files(CUSTOMERS, VEHICLES)

    done = import_files(
        f"{RO_HEADER}1,03/15/2025,{VIN}\n2,03/16/2025\n3\n4,03/17/2025,{VIN},5000,LOF,89.95\n"
    )

    assert list(Visit.objects.order_by("ro_number").values_list("ro_number", flat=True)) == ["1", "4"]
    assert done.counts["problems"] == {"no_vin": 2}


@pytest.mark.parametrize("files", [(HEADER,), (HEADER, RO_HEADER)], ids=["one", "two"])
def test_header_alone_brings_nothing_and_is_no_failure(import_files, files):
    """A nightly export has days without a new customer."""
    done = import_files(*files)

    assert (done.status, done.counts["rows_read"], Customer.objects.count()) == ("done", 0, 0)


def test_headers_twice_keep_both_columns_apart(import_files):
    import_files("Cust No,Customer Name,Phone,Phone\n1,Ann Lee,512-555-0142,512-555-0143\n")

    points = Customer.objects.get().contact_points.order_by("rank")
    assert list(points.values_list("value", flat=True)) == ["+15125550142", "+15125550143"]


def test_wrong_encoding_keeps_every_row(import_files):
    """UTF-8 with one foreign byte in it is read as Windows-1252, and bytes that has not are marked."""
    done = import_files(HEADER.encode() + b"1,Ann Lee,5125550142\n2,Jos\x81 Lee,5125550143\n")

    assert done.counts["rows_rejected"] == 0
    assert set(Customer.objects.values_list("display_name", flat=True)) == {"Ann Lee", "Jos\ufffd Lee"}


def test_keys_and_texts_with_signs_of_the_staging_table_come_through(import_files):
    """Backslashes, and what COPY takes for a null or the end of its data."""
    done = import_files(
        HEADER + 'A\\B,"O\\Neil, ""Al""",512-555-0142\n\\N,Ann Lee,512-555-0143\n\\.,Bob Lee,512-555-0144\n'
    )

    assert done.counts["rows_rejected"] == 0
    assert set(Customer.objects.values_list("external_id", "display_name")) == {
        ("A\\B", '"Al" O\\Neil'),
        ("\\N", "Ann Lee"),
        ("\\.", "Bob Lee"),
    }


def test_order_of_more_rows_than_are_staged_together_stays_one(import_files):
    import_files(CUSTOMERS, VEHICLES)
    rows = "".join(f"9,03/15/2025,{VIN},5000,OP{number},1.00\n" for number in range(250))

    done = import_files(RO_HEADER + rows)

    assert (Visit.objects.count(), VisitLine.objects.count()) == (1, 250)
    assert Visit.objects.get().customer_pay_cents == 25_000
    assert list(VisitLine.objects.order_by("line_number").values_list("op_code", flat=True)) == [
        f"OP{number}" for number in range(250)
    ]
    assert done.counts["rows_rejected"] == 0


def test_order_of_more_rows_than_any_has_is_cut_and_the_rest_named(import_files):
    import_files(CUSTOMERS, VEHICLES)
    rows = "".join(f"9,03/15/2025,{VIN},5000,OP{number},1.00\n" for number in range(1_003))

    done = import_files(RO_HEADER + rows)

    assert VisitLine.objects.count() == 1_000
    assert (done.counts["rows_rejected"], done.counts["problems"]) == (3, {"ro_repeated": 3})
    assert [line for line, *_ in found()] == [1002, 1003, 1004]


def test_same_order_in_two_files_is_one_and_names_the_file_that_contradicts(import_files):
    import_files(CUSTOMERS, VEHICLES)
    first, second = f"9,03/15/2025,{VIN},5000,LOF,1.00\n", f"9,03/16/2025,{VIN},5000,ROT,1.00\n"

    done = import_files(RO_HEADER + first, RO_HEADER + second)

    issue = ImportIssue.objects.get()
    assert (issue.file.name, issue.line, issue.problem) == ("file4.csv", 2, "ro_repeated")
    assert (Visit.objects.count(), VisitLine.objects.count(), done.counts["rows_rejected"]) == (1, 1, 1)


def test_rows_with_the_same_cells_are_each_named(import_files):
    """What was read before is remembered, what was wrong with it is not left out."""
    import_files(CUSTOMERS, VEHICLES)

    done = import_files(
        f"{RO_HEADER}1,03/15/2025,{VIN},5000,LOF,cheap\n2,03/16/2025,{VIN},5200,LOF,cheap\n3,13/45/2025,{VIN},1,ROT,1\n3,13/45/2025,{VIN},1,LOF,1\n"
    )

    assert done.counts["problems"] == {"bad_amount": 2, "bad_date": 2}
    assert Visit.objects.count() == 0


def test_long_line_does_not_fill_the_memory(import_files, tmp_path):
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(HEADER.encode() + b"1,Ann Lee,512-555-0142\n")
        for _ in range(40):
            file.write(b"x" * 1_000_000)
        file.write(b"\n2,Bob Lee,512-555-0143\n")
    tracemalloc.start()
    try:
        done = import_files(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (done.counts["rows_rejected"], Customer.objects.count()) == (1, 2)
    assert peak < 20_000_000


def test_vehicle_numbers_of_other_alphabets_are_kept_and_flagged(import_files):
    import_files(CUSTOMERS, "VIN,Cust No,Make,Model\nАБВГД123,7,LADA,NIVA\n")

    assert list(Vehicle.objects.values_list("vin_is_valid", "make")) == [(False, "Lada")]


def test_names_lose_what_nobody_sees_and_keep_what_is_written(import_files):
    done = import_files(
        (
            "Cust No,First Name,Last Name,Phone,E\u200bmail\n"
            "1,Ana\u202e,Re\u200byes,\u202a512-555-0142\u202c,\u200eana@mail.example.com\n"
            "2,Zoë,O’Brien,512-555-0143,\n"
            "3,می\u200cنا,محمدی,512-555-0144,\n"
        ).encode()
    )

    assert (done.status, done.counts["rows_rejected"]) == ("done", 0)
    assert list(Customer.objects.order_by("external_id").values_list("first_name", "last_name")) == [
        ("Ana", "Reyes"),
        ("Zoë", "O’Brien"),
        ("می\u200cنا", "محمدی"),
    ]
    points = ContactPoint.objects.filter(customer__external_id="1")
    assert sorted(points.values_list("value", flat=True)) == [
        "+15125550142",
        "ana@mail.example.com",
    ]
