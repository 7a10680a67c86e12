"""In which time zones a person may be: from their address and their number's area code, widest where unsure.

A quiet hour in any of the zones returned keeps a message back, so an extra zone only costs time.
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import timezone as phone_zones

from messaging.logic.areas import (
    AREA_LENGTH,
    CENTRAL,
    EASTERN,
    MOUNTAIN,
    PACIFIC,
    STATES_OF_AREA,
    ZONES_OF_AREA,
)
from messaging.logic.places import states_of_address
from messaging.logic.postal import zone_of_code

MOST_ZONES_OF_AN_AREA = (
    6  # a number that fits more (toll-free, unknown) says nothing about where its owner is
)

US_ZONES = (EASTERN, CENTRAL, MOUNTAIN, "America/Phoenix", PACIFIC, "America/Anchorage", "Pacific/Honolulu")
ONE_ZONE = {
    EASTERN: "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    CENTRAL: "AR IA IL LA MN MO MS OK WI",
    MOUNTAIN: "CO MT NM UT WY",
    PACIFIC: "CA WA",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
    "Pacific/Pago_Pago": "AS",
}
# States in two zones: both hold, unless a postal code or area code tells which.
TWO_ZONES: dict[str, tuple[str, ...]] = {
    "AL": (CENTRAL, EASTERN),  # towns beside Columbus, Georgia keep its time
    "AK": ("America/Anchorage", "America/Adak"),
    "AZ": ("America/Phoenix", MOUNTAIN),  # the Navajo Nation keeps summer time
    "FL": (EASTERN, CENTRAL),
    "ID": (MOUNTAIN, PACIFIC),
    "IN": ("America/Indiana/Indianapolis", CENTRAL),
    "KS": (CENTRAL, MOUNTAIN),
    "KY": (EASTERN, CENTRAL),
    "MI": ("America/Detroit", CENTRAL),
    "ND": (CENTRAL, MOUNTAIN),
    "NE": (CENTRAL, MOUNTAIN),
    "NV": (PACIFIC, MOUNTAIN),  # West Wendover
    "OR": (PACIFIC, MOUNTAIN),
    "SD": (CENTRAL, MOUNTAIN),
    "TN": (CENTRAL, EASTERN),
    "TX": (CENTRAL, MOUNTAIN),
}
CANADA: dict[str, tuple[str, ...]] = {
    "AB": ("America/Edmonton",),
    "BC": ("America/Vancouver", "America/Edmonton"),
    "MB": ("America/Winnipeg",),
    "NB": ("America/Moncton",),
    "NL": ("America/St_Johns", "America/Goose_Bay"),
    "NS": ("America/Halifax",),
    "NT": ("America/Edmonton",),
    "NU": ("America/Iqaluit", "America/Winnipeg", "America/Edmonton"),
    "ON": ("America/Toronto", "America/Winnipeg"),
    "PE": ("America/Halifax",),
    "QC": ("America/Toronto", "America/Halifax"),
    "SK": ("America/Regina", "America/Edmonton"),
    "YT": ("America/Whitehorse",),
}
US: dict[str, tuple[str, ...]] = {
    state: (zone,) for zone, states in ONE_ZONE.items() for state in states.split()
} | TWO_ZONES
REGIONS: dict[str, dict[str, tuple[str, ...]]] = {"US": US, "CA": CANADA}
EVERY_ZONE = {
    "US": US_ZONES,
    "CA": tuple(sorted({zone for zones in CANADA.values() for zone in zones})),
}
NANP_LENGTH = len("+15125550100")
ANY_SUBSCRIBER = "2345"
SUBSCRIBER_LENGTH = len(ANY_SUBSCRIBER)


def plausible_zones(
    *, phone: str = "", region: str = "", postal_code: str = "", country: str = "US", dealership_zone: str
) -> tuple[str, ...]:
    """Every zone the person may be in, sorted; never empty.

    Address and area code both count, and where they disagree both hold. Neither known: the dealership's zone. A
    number that could be anywhere (toll-free, unknown), without an address: every zone of the country.
    """
    by_address = _address_zones(region, postal_code, country)
    by_phone = _number_zones(phone)
    if phone.startswith("+") and not by_phone and not by_address:
        by_phone = (*_everywhere(phone, country), dealership_zone)
    found = {*by_address, *by_phone}
    return tuple(sorted(found)) if found else (dealership_zone,)


def _everywhere(phone: str, country: str) -> tuple[str, ...]:
    """Return every zone of the country, of North America's for a number that may be from anywhere there."""
    return EVERY_ZONE.get(country) or (US_ZONES if _area_zones(like_number(phone)) else ())


@lru_cache(maxsize=20_000)
def _address_zones(region: str, postal_code: str, country: str) -> tuple[str, ...]:
    found: set[str] = set()
    for state in states_of_address(region, postal_code, country):
        certain = zone_of_code(postal_code, state=state, country=country)
        found |= {certain} if certain else set(REGIONS.get(country, {}).get(state, ()))
    return tuple(sorted(found))


def _number_zones(phone: str) -> tuple[str, ...]:
    """By our own table, which knows the newest codes and where one crosses a border; else by phonenumbers."""
    if not phone:
        return ()
    area = phone[:AREA_LENGTH]
    if area in ZONES_OF_AREA:
        return ZONES_OF_AREA[area]
    if area in STATES_OF_AREA:
        places = [place.split("-") for place in STATES_OF_AREA[area]]
        return tuple(sorted({zone for country, state in places for zone in REGIONS[country][state]}))
    zones = _area_zones(like_number(phone))
    return () if len(zones) > MOST_ZONES_OF_AN_AREA else zones


def like_number(phone: str) -> str:
    """Return a number in the same zones: in North America the last four digits say nothing, so one answer serves all."""
    is_usual = len(phone) == NANP_LENGTH and phone.startswith("+1") and phone[-SUBSCRIBER_LENGTH:].isdecimal()
    return phone[:-SUBSCRIBER_LENGTH] + ANY_SUBSCRIBER if is_usual else phone


@lru_cache(maxsize=50_000)
def _area_zones(phone: str) -> tuple[str, ...]:
    try:
        parsed = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return ()
    return tuple(name for name in phone_zones.time_zones_for_number(parsed) if name != "Etc/Unknown")
