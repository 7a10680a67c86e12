"""Postal addresses: compared by what they mean, kept as they were typed."""

import hashlib
import re
from dataclasses import dataclass

from customers.logic.names import readable
from customers.logic.placeholders import real_text

_WORDS = {
    "STREET": "ST", "STR": "ST", "AVENUE": "AVE", "AV": "AVE", "BOULEVARD": "BLVD", "ROAD": "RD", "DRIVE": "DR", "LANE": "LN",
    "COURT": "CT", "CIRCLE": "CIR", "PLACE": "PL", "TERRACE": "TER", "PARKWAY": "PKWY", "HIGHWAY": "HWY", "SQUARE": "SQ",
    "TRAIL": "TRL", "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W", "NORTHEAST": "NE", "NORTHWEST": "NW",
    "SOUTHEAST": "SE", "SOUTHWEST": "SW", "APARTMENT": "#", "APT": "#", "UNIT": "#", "SUITE": "#", "STE": "#", "NO": "#",
    "SAINT": "ST", "FORT": "FT", "MOUNT": "MT", "CROSSING": "XING", "RANCH": "RNCH",
}  # fmt: skip
_CITY_STATE_ZIP = re.compile(
    r"^(?P<city>.*?)[,\s]+(?P<region>[A-Z]{2})[.,\s]+(?P<postal>\d{5}(?:-?\d{4})?)$", re.IGNORECASE
)
_KEPT = re.compile(r"^(?:[NSEW]|[NS][EW]|\d.*|P\.?O\.?|RR|[A-Z]{2})$")


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as it goes on an envelope."""

    street: str
    city: str
    region: str
    postal_code: str
    country: str

    @property
    def one_line(self) -> str:
        place = " ".join(part for part in (self.region, self.postal_code) if part)
        return ", ".join(part for part in (self.street, self.city, place, self.country) if part)

    @property
    def is_deliverable(self) -> bool:
        """A street and a place: less cannot be posted."""
        return bool(self.street and (self.postal_code or (self.city and self.region)))


def read_address(
    *,
    street: str,
    street_2: str,
    city: str,
    region: str,
    postal_code: str,
    country: str,
    city_region_postal: str = "",
) -> Address | None:
    """Return the address from its columns, readable; None where all are empty or placeholders.

    "AUSTIN TX 78704" in one column is taken apart. Five zeros are no ZIP code; nine digits get their dash.
    """
    joined = _CITY_STATE_ZIP.match(real_text(city_region_postal))
    if joined:
        city, region, postal_code = (
            city or joined["city"],
            region or joined["region"],
            postal_code or joined["postal"],
        )
    lines = [line for line in (real_text(street), real_text(street_2)) if line]
    address = Address(
        street=", ".join(_readable_street(line) for line in lines),
        city=readable(real_text(city).strip(",")),
        region=real_text(region).upper() if len(real_text(region)) <= 3 else real_text(region),  # noqa: PLR2004 -- a code, not a name
        postal_code=_postal_code(real_text(postal_code)),
        country=real_text(country).upper()[:2]
        if real_text(country).upper() not in {"UNITED STATES", "USA"}
        else "US",
    )
    return address if address.street or address.city or address.postal_code else None


def same_place_key(address: Address) -> str:
    """One spelling for all spellings of an address: "88 Comal Avenue, Apt. 4" and "88 COMAL AVE #4" agree."""
    street = address.street.upper().replace("#", " # ")
    words = [_WORDS.get(word, word) for word in re.findall(r"[A-Z0-9]+|#", street)]
    tidy = re.sub(r"(?:# )+", "# ", " ".join(words))
    return f"{tidy}|{address.postal_code[:5] or address.city.upper()}"


def household_key(*, family_name: str, address: Address | None) -> str:
    """Return the same for all customers of one family name at one address; "" where either is missing.

    A hash, as it is only compared, and an address in clear in an index helps nobody.
    """
    if address is None or not address.is_deliverable or not family_name:
        return ""
    family = re.sub(r"[^A-Z]", "", family_name.upper())
    return hashlib.blake2b(f"{family}|{same_place_key(address)}".encode(), digest_size=16).hexdigest()


def _postal_code(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) == 9 and re.fullmatch(r"[\d\-\s]+", text):  # noqa: PLR2004 -- ZIP+4
        return f"{digits[:5]}-{digits[5:]}"
    return text.upper()


def _readable_street(line: str) -> str:
    if line != line.upper():
        return line
    return " ".join(word if _KEPT.match(word) else readable(word) for word in line.split())
