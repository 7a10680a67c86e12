"""In which time zones a person may be: from their number's area code and their address, widest where unsure.

A quiet hour in any of the zones returned keeps a message back, so an extra zone only costs time.
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import timezone as phone_zones

MOST_ZONES_OF_AN_AREA = (
    6  # a number that fits more (toll-free, unknown) says nothing about where its owner is
)

EASTERN, CENTRAL = "America/New_York", "America/Chicago"
MOUNTAIN, PACIFIC = "America/Denver", "America/Los_Angeles"
US_ZONES = (EASTERN, CENTRAL, MOUNTAIN, "America/Phoenix", PACIFIC, "America/Anchorage", "Pacific/Honolulu")
ONE_ZONE = {
    EASTERN: "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    CENTRAL: "AL AR IA IL LA MN MO MS OK WI",
    MOUNTAIN: "CO MT NM UT WY",
    PACIFIC: "CA NV WA",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
    "Pacific/Pago_Pago": "AS",
}
# States in two zones: without a table of postal codes both hold.
TWO_ZONES: dict[str, tuple[str, ...]] = {
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
# Area codes that lie in two zones, where the phone metadata knows one.
AREAS_IN_TWO_ZONES = {
    "+1850": (EASTERN, CENTRAL),  # Florida's Panhandle
    "+1448": (EASTERN, CENTRAL),
}
AREA_LENGTH = len("+1850")
NANP_LENGTH = len("+15125550100")
ANY_SUBSCRIBER = "2345"
SUBSCRIBER_LENGTH = len(ANY_SUBSCRIBER)


def plausible_zones(
    *, phone: str = "", region: str = "", country: str = "US", dealership_zone: str
) -> tuple[str, ...]:
    """Every zone the person may be in, sorted; never empty.

    Area code and address both count, and where they disagree both hold. Neither known: the dealership's zone. A
    number that could be anywhere (toll-free), without an address: every zone of the country.
    """
    return _plausible_zones(_like(phone), region, country, dealership_zone)


@lru_cache(maxsize=50_000)
def _plausible_zones(phone: str, region: str, country: str, dealership_zone: str) -> tuple[str, ...]:
    by_address = REGIONS.get(country, {}).get(region.strip().upper(), ())
    by_phone = AREAS_IN_TWO_ZONES.get(phone[:AREA_LENGTH]) or (_area_zones(phone) if phone else ())
    if len(by_phone) > MOST_ZONES_OF_AN_AREA:
        by_phone = () if by_address else (*US_ZONES, dealership_zone)
    found = {*by_address, *by_phone}
    return tuple(sorted(found)) if found else (dealership_zone,)


def _like(phone: str) -> str:
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
