import pytest

from customers.logic.addresses import household_key, read_address
from customers.logic.internal import is_dealerships_own_name, is_fleet, is_internal_customer
from customers.logic.placeholders import is_placeholder
from customers.logic.search import search_terms, search_tokens
from customers.logic.vins import has_vin_shape, is_valid_vin, normalise_vin

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("vin", "is_valid"),
    [
        ("1M8GDM9AXKP042788", True),  # the worked example of 49 CFR 565
        ("1FTFW5L86RFB45612", True),
        ("11111111111111111", True),
        ("1FTFW5L85RFB45612", False),
        ("1HGCM82633A12345", False),
        ("1FTFW5L86RFB4561O", False),
        ("", False),
    ],
)
def test_is_valid_vin(vin, is_valid):
    assert is_valid_vin(vin) is is_valid


def test_normalise_vin_changes_nothing_but_case_and_blanks():
    assert normalise_vin(" 1ftfw5l86-rfb45612 ") == "1FTFW5L86RFB45612"
    assert not has_vin_shape("1FTFW5L86RFB4561O")


def address(street="88 Comal Ave #4", **others):
    values = {"street_2": "", "city": "AUSTIN", "region": "tx", "postal_code": "78702", "country": ""}
    return read_address(street=street, **{**values, **others})


def test_read_address_is_readable():
    found = address("2210 LIVE OAK ST", postal_code="787041234")

    assert found is not None
    assert found.one_line == "2210 Live Oak ST, Austin, TX 78704-1234"
    assert found.is_deliverable


def test_read_address_takes_city_state_zip_apart():
    found = address(city="", region="", postal_code="", city_region_postal="SAN ANTONIO, TX 78205")

    assert found is not None
    assert (found.city, found.region, found.postal_code) == ("San Antonio", "TX", "78205")


def test_read_address_of_placeholders_is_none():
    assert address("N/A", city="", region="TX", postal_code="00000") is None


def test_address_without_place_is_not_deliverable():
    found = address(city="", region="", postal_code="")

    assert found is not None
    assert not found.is_deliverable


@pytest.mark.parametrize("other", ["88 COMAL AVENUE, APT 4", "88 Comal Ave. # 4", "88 comal ave unit 4"])
def test_household_is_the_same_for_spellings_of_an_address(other):
    assert household_key(family_name="Okafor", address=address()) == household_key(
        family_name="OKAFOR", address=address(other)
    )


def test_household_differs_by_name_and_number():
    keys = {
        household_key(family_name="Okafor", address=address()),
        household_key(family_name="Gray", address=address()),
        household_key(family_name="Okafor", address=address("88 Comal Ave #5")),
    }

    assert len(keys) == 3
    assert household_key(family_name="Okafor", address=None) == ""


def test_internal_customer_needs_several_cars_all_internal():
    assert is_internal_customer(vehicles=3, visits=5, internal_visits=5)
    assert not is_internal_customer(vehicles=1, visits=1, internal_visits=1)
    assert not is_internal_customer(vehicles=9, visits=9, internal_visits=8)
    assert not is_internal_customer(vehicles=9, visits=0, internal_visits=0)


def test_dealerships_own_name_and_fleet():
    assert is_dealerships_own_name("LIVE OAK MOTORS INC", dealership_names=("Live Oak Motors", ""))
    assert not is_dealerships_own_name("Oak Bakery", dealership_names=("Live Oak Motors", ""))
    assert [is_fleet(vehicles=count) for count in (4, 5)] == [False, True]


@pytest.mark.parametrize("text", ["", " n/a ", "NONE", "00000", "xxx", "--", "#N/A", "999999"])
def test_placeholders(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["0", "99", "Ann", "x1"])
def test_no_placeholders(text):
    assert not is_placeholder(text)


def test_search_finds_by_name_phone_vin_and_plate():
    tokens = search_tokens(
        names=["José O'Brien"],
        phones=["+15125550142"],
        emails=["Jo@Example.com"],
        vins=["1FTFW5L86RFB45612"],
        plates=["AB-12 C"],
        numbers=["1001"],
    )

    for typed in ("jose", "OBRIEN jos", "(512) 555-01", "0142", "jo@ex", "rfb45612", "ab12c", "1001"):
        assert all(any(token.startswith(term) for token in tokens) for term in search_terms(typed)), typed
