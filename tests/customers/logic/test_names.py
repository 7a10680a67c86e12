import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.companies import is_company_name, is_same_company
from customers.logic.names import read_name, read_name_parts, readable, readable_company

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("DELGADO, MARISOL", "Marisol", "Delgado"),
        ("Okafor, Daniel", "Daniel", "Okafor"),
        ("MARISOL DELGADO", "Marisol", "Delgado"),
        ("Whitfield, Tom & Carol", "Tom & Carol", "Whitfield"),
        ("JOHN AND MARY SMITH", "John & Mary", "Smith"),
        ("SMITH, JOHN & JONES, MARY", "John Smith & Mary Jones", ""),
        ("DE LA CRUZ, JUAN", "Juan", "de la Cruz"),
        ("JUAN DE LA CRUZ", "Juan", "de la Cruz"),
        ("VAN DER BERG, JAN", "Jan", "van der Berg"),
        ("VAN DYKE, DICK", "Dick", "Van Dyke"),
        ("LE BLANC, MARC", "Marc", "Le Blanc"),
        ("MCDONALD, OLD", "Old", "McDonald"),
        ("MACDONALD, FLORA", "Flora", "MacDonald"),
        ("MACIAS, ANA", "Ana", "Macias"),
        ("o'brien, pat", "Pat", "O'Brien"),
        ("D'ANGELO, L", "L", "D'Angelo"),
        ("GARCIA-LOPEZ, ANA", "Ana", "Garcia-Lopez"),
        ("ST JOHN, AMY", "Amy", "St. John"),
        ("SMITH, JOHN, JR", "John", "Smith Jr."),
        ("SMITH III, JOHN", "John", "Smith III"),
        ("JOHN SMITH JR", "John", "Smith Jr."),
        ("JOHN E SMITH", "John E", "Smith"),
        ("SMITH, TJ", "TJ", "Smith"),
        ("NG, AL", "Al", "Ng"),
        ("MR JOHN SMITH", "John", "Smith"),
        ("CHURCH, JANE", "Jane", "Church"),
        ("JANE CHURCH", "Jane", "Church"),
        ("CO, MARIA", "Maria", "Co"),
        ("ÑANDÚ, JOSÉ", "José", "Ñandú"),
        ("DeShawn McKay", "DeShawn", "McKay"),
        ("SMITH,", "", "Smith"),
        ("CHER", "", "Cher"),
    ],
)
def test_read_name_of_a_person(text, first, last):
    name = read_name(text)

    assert name is not None
    assert (name.is_company, name.first, name.last) == (False, first, last)


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("ROSE CITY BAKERY LLC", "Rose City Bakery LLC"),
        ("ACME, INC.", "Acme, Inc."),
        ("BAKER & CO", "Baker & Co."),
        ("A & B PLUMBING", "A & B Plumbing"),
        ("CITY OF AUSTIN", "City of Austin"),
        ("FIRST BAPTIST CHURCH", "First Baptist Church"),
        ("UPS STORE 4411", "UPS Store 4411"),
        ("Live Oak Motors", "Live Oak Motors"),
    ],
)
def test_read_name_of_a_company(text, company):
    name = read_name(text)

    assert name is not None
    assert (name.is_company, name.company, name.display) == (True, company, company)


@pytest.mark.parametrize(
    ("text", "note"), [("SMITH, JOHN **DO NOT CALL**", "DO NOT CALL"), ("JONES, AL (DECEASED)", "DECEASED")]
)
def test_read_name_takes_notes_out(text, note):
    name = read_name(text)

    assert name is not None
    assert name.note == note
    assert "DO NOT" not in name.display.upper()


@pytest.mark.parametrize("text", ["", "N/A", "UNKNOWN", "xxxx", "---", "  "])
def test_read_name_of_a_placeholder_is_none(text):
    assert read_name(text) is None


def test_read_name_parts_sees_a_company_in_the_last_name():
    name = read_name_parts(first="", last="LAKESIDE PLUMBING INC", company="")

    assert name is not None
    assert (name.is_company, name.company) == (True, "Lakeside Plumbing Inc.")


def test_read_name_parts_of_a_person():
    name = read_name_parts(first="MARY ANN", last="O'BRIEN", company="N/A")

    assert name is not None
    assert name.display == "Mary Ann O'Brien"


def test_read_name_parts_without_any_is_none():
    assert read_name_parts(first="", last="", company="") is None


@pytest.mark.parametrize(
    ("text", "is_company"), [("TYLER CO", False), ("BAKER & CO", True), ("STATE OF TEXAS", True)]
)
def test_is_company_name(text, is_company):
    assert is_company_name(text) is is_company


def test_is_same_company_ignores_form_and_punctuation():
    assert is_same_company("LIVE OAK MOTORS, INC.", "Live Oak Motors")
    assert not is_same_company("Live Oak Motors", "Live Oak Bakery")
    assert not is_same_company("", "")


def test_readable_keeps_mixed_case():
    assert readable("diMaggio") == "diMaggio"
    assert readable_company("eBay Motors") == "eBay Motors"


@given(st.text(max_size=200))
def test_read_name_never_crashes_and_never_ends_empty(text):
    name = read_name(text)

    assert name is None or name.display.strip()
