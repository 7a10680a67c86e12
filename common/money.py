"""Amounts of money in words."""

# ISO country -> the sign people there write before an amount; elsewhere the bare number stands.
_SIGNS = {
    **dict.fromkeys(("US", "CA", "MX", "AU", "NZ", "PR"), "$"),
    "GB": "£",
    **dict.fromkeys(("AT", "BE", "DE", "ES", "FI", "FR", "IE", "IT", "NL", "PT"), "€"),
}


def amount(cents: int, *, country: str) -> str:
    """Return an amount as a dealership of the country writes it: $1,234.50."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{_SIGNS.get(country, '')}{abs(cents) / 100:,.2f}"
