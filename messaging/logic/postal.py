"""Postal codes: which state or province one lies in, and which zones, where a state has several.

Known by the first three characters (the sectional centre, or Canada's forward area). Where such a region crosses a zone's
border, it has both: an extra zone only costs time.

source: USPS L002 (3-digit ZIP prefixes); 49 CFR 71 (where the zones end); Canada Post's forward sortation areas
"""

from __future__ import annotations

from functools import lru_cache

from messaging.logic.areas import CENTRAL, EASTERN, MOUNTAIN, PACIFIC

PREFIX_LENGTH = 3
ZIP_LENGTH = 5

_NAMES = {
    "US": "AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware, "
    "DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas, "
    "KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, "
    "MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York, "
    "NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, PR Puerto Rico, RI Rhode Island, "
    "SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington, "
    "WV West Virginia, WI Wisconsin, WY Wyoming, GU Guam, VI Virgin Islands, MP Northern Mariana Islands, AS American Samoa",
    "CA": "AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and Labrador, NS Nova Scotia, "
    "NT Northwest Territories, NU Nunavut, ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan, YT Yukon",
}
STATE_NAMES: dict[str, dict[str, str]] = {
    country: {
        spelling: code
        for code, _, name in (each.partition(" ") for each in names.split(", "))
        for spelling in (code, name.upper())
    }
    for country, names in _NAMES.items()
}

# First and last three digits, by state; military mail (AE, AA, AP) is nowhere in particular.
_ZIPS = {
    "AL": "350-369",
    "AK": "995-999",
    "AZ": "850-865",
    "AR": "716-729",
    "CA": "900-961",
    "CO": "800-816",
    "CT": "060-069",
    "DE": "197-199",
    "DC": "200-200 202-205",
    "FL": "320-339 341-349",
    "GA": "300-319 398-399",
    "HI": "967-968",
    "ID": "832-838",
    "IL": "600-629",
    "IN": "460-479",
    "IA": "500-528",
    "KS": "660-679",
    "KY": "400-427",
    "LA": "700-714",
    "ME": "039-049",
    "MD": "206-219",
    "MA": "010-027 055-055",
    "MI": "480-499",
    "MN": "550-567",
    "MS": "386-397",
    "MO": "630-658",
    "MT": "590-599",
    "NE": "680-693",
    "NV": "889-898",
    "NH": "030-038",
    "NJ": "070-089",
    "NM": "870-884",
    "NY": "005-005 100-149",
    "NC": "270-289",
    "ND": "580-588",
    "OH": "430-459",
    "OK": "730-732 734-749",
    "OR": "970-979",
    "PA": "150-196",
    "PR": "006-007 009-009",
    "RI": "028-029",
    "SC": "290-299",
    "SD": "570-577",
    "TN": "370-385",
    "TX": "733-733 750-799 885-885",
    "UT": "840-847",
    "VT": "050-054 056-059",
    "VA": "201-201 220-246",
    "VI": "008-008",
    "WA": "980-994",
    "WV": "247-268",
    "WI": "530-549",
    "WY": "820-831",
}
_STATE_OF_ZIP = {
    f"{prefix:03}": state
    for state, ranges in _ZIPS.items()
    for first, last in (each.split("-") for each in ranges.split())
    for prefix in range(int(first), int(last) + 1)
}
# A ZIP code that serves more than one state, or whose region does.
_ALSO = {
    "834": {"ID", "WY"},
    "063": {"CT", "NY"},
    "205": {"DC", "MD", "VA"},
    "726": {"AR", "MO"},
    "739": {"OK", "TX"},
    "967": {"HI", "AS"},
    "969": {"GU", "MP"},
}
_PROVINCES_OF_LETTER = {
    letter: frozenset(province.split())
    for province, letters in {
        "NL": "A",
        "NS": "B",
        "PE": "C",
        "NB": "E",
        "QC": "GHJ",
        "ON": "KLMNP",
        "MB": "R",
        "SK": "S",
        "AB": "T",
        "BC": "V",
        "NT NU": "X",
        "YT": "Y",
    }.items()
    for letter in letters
}

# Regions wholly in one zone, of states that have several. What is not here has all zones of its state.
_ZIPS_IN_ONE_ZONE = {
    EASTERN: "320-323 326-339 341-349 374-374 376-376 378-379 400-400 402-418",
    CENTRAL: "325-325 350-367 369-369 370-372 375-375 380-384 420-420 422-424 463-464 476-477 570-574 580-584 587-587 660-676 679-679 "
    "680-689 733-733 750-797",
    "America/Indiana/Indianapolis": "460-462 466-468 470-474 478-478",
    "America/Detroit": "480-497",
    MOUNTAIN: "577-577 693-693 799-799 885-885 832-834 836-837",
    PACIFIC: "838-838 889-897 970-977",
    "America/Phoenix": "850-857 863-864",
    "America/Anchorage": "996-999",
}
_ZONE_OF_ZIP = {
    f"{prefix:03}": zone
    for zone, ranges in _ZIPS_IN_ONE_ZONE.items()
    for first, last in (each.split("-") for each in ranges.split())
    for prefix in range(int(first), int(last) + 1)
}


@lru_cache(maxsize=20_000)
def states_of_code(postal_code: str, *, country: str) -> frozenset[str]:
    """Return the states a postal code may lie in; none for one that is unknown or not of that country."""
    prefix = region_of_code(postal_code, country=country)
    if country == "CA":
        return _PROVINCES_OF_LETTER.get(prefix[:1], frozenset())
    state = _STATE_OF_ZIP.get(prefix)
    return frozenset(_ALSO.get(prefix, {state} if state else ()))


def region_of_code(postal_code: str, *, country: str) -> str:
    """Return the part of a postal code that tells where it is; empty for what is none of that country.

    A ZIP code that has lost a leading zero on its way through a spreadsheet is none.
    """
    code = postal_code.strip().upper()
    is_zip = country == "US" and len(code) >= ZIP_LENGTH and code[:ZIP_LENGTH].isdecimal()
    return code[:PREFIX_LENGTH] if is_zip or country == "CA" else ""


def zone_of_code(postal_code: str, *, state: str, country: str) -> str:
    """Return the one zone a postal code of a state lies in; empty where that is not certain, or it is another state's."""
    if country != "US" or states_of_code(postal_code, country=country) != {state}:
        return ""
    return _ZONE_OF_ZIP.get(region_of_code(postal_code, country=country), "")
