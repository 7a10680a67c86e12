from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from phonenumbers import timezone as phone_zones

from messaging.logic.areas import AREAS, STATES_OF_AREA
from messaging.logic.person import PersonFacts, Point
from messaging.logic.places import jurisdictions
from messaging.logic.postal import STATE_NAMES, region_of_code, states_of_code
from messaging.logic.sending_windows import next_allowed
from messaging.logic.zones import REGIONS, US_ZONES, plausible_zones
from tests.law import LAW

pytestmark = pytest.mark.logic

EASTERN, CENTRAL, MOUNTAIN = "America/New_York", "America/Chicago", "America/Denver"
PACIFIC = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("phone", "region", "code", "expected"),
    [
        ("+15125550100", "TX", "78701", ("US-TX",)),
        ("+15125550100", "", "", ("US-TX",)),
        ("", "Texas", "", ("US-TX",)),
        ("", " tx ", "", ("US-TX",)),
        ("+13055550100", "TX", "78701", ("US-FL", "US-TX")),  # the area code of one, the address of another
        ("", "TX", "33101", ("US-FL", "US-TX")),  # the address contradicts itself
        ("", "", "33101-1234", ("US-FL",)),
        ("", "", "06390", ("US-CT", "US-NY")),  # Fishers Island
        ("", "CT", "6390", ("US-CT",)),  # a ZIP code that lost its zero is none
        ("", "XX", "", ("US",)),
        ("+18005550100", "", "", ("US",)),
        ("+18005550100", "OH", "", ("US-OH",)),
        ("+14165550100", "NY", "10001", ("CA-ON", "US-NY")),
        ("+19025550100", "", "", ("CA-NS", "CA-PE")),
        ("nonsense", "", "", ("US",)),
    ],
)
def test_jurisdictions_of_number_and_address(phone, region, code, expected):
    assert jurisdictions(phone=phone, region=region, postal_code=code, country="US") == expected


@pytest.mark.parametrize(
    ("region", "code", "expected"),
    [
        ("ON", "M5V 2T6", ("CA-ON",)),
        ("", "v6b 1a1", ("CA-BC",)),
        ("", "X1A 0A1", ("CA-NT", "CA-NU")),
        ("Quebec", "", ("CA-QC",)),
        ("", "D1A 0A1", ("CA",)),
        ("", "78701", ("CA",)),
    ],
)
def test_jurisdictions_in_canada(region, code, expected):
    assert jurisdictions(phone="", region=region, postal_code=code, country="CA") == expected


@pytest.mark.parametrize(
    ("phone", "region", "code", "expected"),
    [
        ("", "TX", "78701", (CENTRAL,)),
        ("", "TX", "79901", (MOUNTAIN,)),  # El Paso
        ("", "TX", "79821", (CENTRAL, MOUNTAIN)),  # a region on the border
        ("", "TX", "", (CENTRAL, MOUNTAIN)),
        ("", "FL", "33101", (EASTERN,)),
        ("", "FL", "32501", (CENTRAL,)),  # Pensacola
        ("", "FL", "32401", (CENTRAL, EASTERN)),
        ("", "TN", "37201", (CENTRAL,)),
        ("", "TN", "37902", (EASTERN,)),
        ("", "KY", "40202", (EASTERN,)),
        ("", "KY", "42101", (CENTRAL, EASTERN)),
        ("", "KY", "42001", (CENTRAL,)),
        ("", "IN", "46204", ("America/Indiana/Indianapolis",)),
        ("", "IN", "46307", (CENTRAL,)),
        ("", "MI", "49801", (CENTRAL, "America/Detroit")),
        ("", "ND", "58601", (CENTRAL, MOUNTAIN)),
        ("", "SD", "57701", (MOUNTAIN,)),
        ("", "NE", "69361", (MOUNTAIN,)),
        ("", "KS", "67735", (CENTRAL, MOUNTAIN)),
        ("", "OR", "97914", (MOUNTAIN, PACIFIC)),
        ("", "OR", "97201", (PACIFIC,)),
        ("", "ID", "83814", (PACIFIC,)),
        ("", "ID", "83702", (MOUNTAIN,)),
        ("", "NV", "89883", (MOUNTAIN, PACIFIC)),
        ("", "AZ", "86515", (MOUNTAIN, "America/Phoenix")),
        ("", "AZ", "85001", ("America/Phoenix",)),
        ("+12125550100", "CA", "90001", (PACIFIC, EASTERN)),
        ("+18505550100", "", "", (CENTRAL, EASTERN)),
        ("+16895550100", "", "", (EASTERN,)),  # Orlando, which phonenumbers takes for Chicago
        ("+19155550100", "", "", (MOUNTAIN,)),
        ("", "TX", "33101", (CENTRAL, MOUNTAIN, EASTERN)),
    ],
)
def test_zones_of_number_state_and_postal_code(phone, region, code, expected):
    found = plausible_zones(phone=phone, region=region, postal_code=code, dealership_zone="Asia/Tokyo")

    assert found == tuple(sorted(expected))


def test_a_number_that_may_be_anywhere_is_in_every_zone_of_the_country():
    unknown = plausible_zones(phone="+12995550100", dealership_zone=CENTRAL)  # an area code not given out

    assert set(unknown) == {*US_ZONES}
    assert "America/St_Johns" in plausible_zones(phone="+18005550100", country="CA", dealership_zone=CENTRAL)
    # An address tells enough.
    assert plausible_zones(phone="+12995550100", region="OH", dealership_zone=CENTRAL) == (EASTERN,)
    # A country whose zones nobody knows, and what is no number: the dealership's.
    assert plausible_zones(phone="+49000", country="DE", dealership_zone="Europe/Berlin") == (
        "Europe/Berlin",
    )


def test_a_text_to_a_number_from_anywhere_waits_for_the_hours_all_zones_share():
    person = PersonFacts(1, CENTRAL, LAW, points=(Point(1, "phone", "+18885550100"),))
    hours = LAW.hours(channel="sms", purpose="marketing", places=person.places("sms"))
    monday = datetime(2026, 12, 7, 13, tzinfo=UTC)

    at = next_allowed(monday, hours=hours, zone_names=person.zone_names("sms"))

    # Ten in Honolulu is three in New York; at five there it is over.
    assert at == datetime(2026, 12, 7, 20, tzinfo=UTC)
    assert at.astimezone(ZoneInfo("Pacific/Honolulu")).hour == 10
    assert at.astimezone(ZoneInfo(EASTERN)).hour == 15


def test_the_number_used_and_the_address_speak_for_a_person():
    person = PersonFacts(
        1,
        CENTRAL,
        LAW,
        points=(
            Point(1, "phone", "+13055550100", textability="landline"),
            Point(2, "phone", "+12065550100"),
            Point(3, "postal", "x", region="TX", postal_code="78701", country="US"),
            Point(4, "email", "a@example.com"),
        ),
    )

    assert person.places("sms") == ("US-TX", "US-WA")
    assert person.places("voice") == ("US-FL", "US-TX")
    assert person.zone_names("sms") == (CENTRAL, PACIFIC)
    facts = person.gate_facts(channel="voice", purpose="marketing")
    assert (facts.places, facts.zone_names, facts.law) == (("US-FL", "US-TX"), (CENTRAL, EASTERN), LAW)


def test_every_area_code_has_zones_that_phonenumbers_knows_too():
    """But for its mistakes: Orlando's overlay in Chicago, Saskatchewan's on summer time, Newfoundland's in Puerto Rico."""
    mistaken = {"+1689", "+1474", "+1879"}

    def clocks(zones):
        return {
            tuple(datetime(2026, month, 1, tzinfo=ZoneInfo(name)).utcoffset() for month in (1, 7))
            for name in zones
        }

    for area in STATES_OF_AREA.keys() - mistaken:
        number = phonenumbers.parse(f"{area}5552345", None)
        known = set(phone_zones.time_zones_for_number(number)) - {"Etc/Unknown"}
        ours = plausible_zones(phone=f"{area}5552345", dealership_zone="UTC")
        assert clocks(known) <= clocks(ours), area


def test_every_state_has_names_zones_and_is_known_by_its_own():
    for place in AREAS:
        country, _, state = place.partition("-")
        assert REGIONS[country][state]
        assert STATE_NAMES[country][state] == state


@pytest.mark.parametrize(
    ("code", "country", "expected"),
    [
        ("78701", "US", "787"),
        (" 78701-0001", "US", "787"),
        ("7870", "US", ""),
        ("M5V 2T6", "CA", "M5V"),
        ("75001", "FR", ""),
    ],
)
def test_region_of_code(code, country, expected):
    assert region_of_code(code, country=country) == expected


def test_military_mail_is_nowhere_in_particular():
    assert states_of_code("09012", country="US") == frozenset()
