"""In which jurisdictions a person may be: the state of their address, and the one their area code belongs to.

Both count: some states presume that who has their area code lives there (Florida, Oklahoma, Connecticut).
"""

from __future__ import annotations

from functools import lru_cache

from messaging.logic.areas import AREA_LENGTH, STATES_OF_AREA
from messaging.logic.postal import STATE_NAMES, states_of_code


def jurisdictions(*, phone: str, region: str, postal_code: str, country: str) -> tuple[str, ...]:
    """Return every jurisdiction whose rules hold for somebody, sorted; the country alone where no more is known.

    `country` is that of the address, else of the dealership. Where an address and its postal code name different states,
    both count.

    shapes: `US-TX`, `CA-ON`; ISO 3166-2
    """
    by_address = states_of_address(region, postal_code, country)
    by_phone = STATES_OF_AREA.get(phone[:AREA_LENGTH], frozenset())
    found = {f"{country}-{state}" for state in by_address} | by_phone
    return tuple(sorted(found)) if found else (country,)


@lru_cache(maxsize=20_000)
def states_of_address(region: str, postal_code: str, country: str) -> frozenset[str]:
    """Return the states or provinces an address may lie in: the one it names and the one of its postal code."""
    named = STATE_NAMES.get(country, {}).get(region.strip().upper())
    coded = states_of_code(postal_code, country=country)
    return coded if named is None else coded | {named}
