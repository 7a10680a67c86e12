"""Public holidays as days a dealership may want to close on."""

from datetime import date, timedelta

import holidays

# Where a region's list is long and mostly of days on which nobody closes: the country's own is proposed.
COUNTRY_ONLY = frozenset({"US"})


def public_holidays(country: str, *, region: str, from_on: date, days: int) -> list[tuple[date, str]]:
    """Return the public holidays from a day on, with names, sorted; those of the region where they are known.

    None for a country the library does not know: then people enter their days themselves.
    """
    until = from_on + timedelta(days=days)
    years = range(from_on.year, until.year + 1)
    known = holidays.list_supported_countries()
    if country not in known:
        return []
    has_own = region in known[country] and country not in COUNTRY_ONLY
    subdivision = region if has_own else None
    found = holidays.country_holidays(country, subdiv=subdivision, years=years)
    return sorted((on, name) for on, name in found.items() if from_on <= on < until)
