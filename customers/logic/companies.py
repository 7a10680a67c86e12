"""Telling a company from a person by its name."""

import re

_LEGAL_FORM = re.compile(
    r"\b(?:LLC|L\.L\.C|INC|INCORPORATED|CORP|CORPORATION|LTD|LIMITED|LLP|L\.L\.P|LP|PLLC|PLC|GMBH|PTY|SA DE CV|DBA|D/B/A|"
    r"S\.A\.|N\.A\.|CO)\b\.?(?=\W|$)"
)
# One of these anywhere in a name without "LAST, FIRST" comma makes it a company's.
_TRADES = frozenset(
    """AGENCY AIRLINES ASSN ASSOC ASSOCIATES ASSOCIATION AUTHORITY AUTOMOTIVE BAKERY BROTHERS BUILDERS CATERING CENTER CENTRE
    CHARITY CLEANERS CLEANING CLINIC CLUB COLLEGE COMMITTEE COMPANY CONCRETE CONSTRUCTION CONSULTING CONTRACTING CONTRACTORS
    COURIER DEALERSHIP DELIVERY DENTAL DEPARTMENT DEPT DESIGNS DISTRIBUTORS DISTRICT ELECTRIC ELECTRICAL ENGINEERING ENTERPRISE
    ENTERPRISES EQUIPMENT EXPRESS FARMS FINANCIAL FLEET FLOORING FLORIST FOUNDATION GARAGE GROUP HOLDINGS HOSPITAL HOTEL HVAC
    IMPORTS INDUSTRIES INSTITUTE INSURANCE INTERNATIONAL INVESTMENTS LANDSCAPING LAUNDRY LEASING LOGISTICS MANAGEMENT
    MANUFACTURING MARKETING MINISTRIES MOTORS MUNICIPALITY ORGANIZATION PAINTING PARTNERS PARTNERSHIP PHARMACY PLUMBING
    PRODUCTIONS PROPERTIES REALTY RENTAL RENTALS REPAIR RESTAURANT ROOFING SALES SECURITY SERVICE SERVICES SOCIETY SOLUTIONS
    STUDIO STUDIOS SUPPLY SYSTEMS TAXI TECHNOLOGIES TECHNOLOGY TOWING TRANSPORT TRANSPORTATION TRUCKING TRUST UNIVERSITY
    VENTURES WHOLESALE""".split()  # noqa: SIM905 -- a word list reads better as words
)
# Surnames too ("Jane Church"): a company only in a name of three words or more.
_SURNAMES_TOO = frozenset(
    {"BANK", "CHURCH", "CITY", "COUNTY", "FARM", "MARKET", "SCHOOL", "SHOP", "STORE", "TEMPLE", "TOWN"}
)
_LONG_NAME_WORDS = 3


def is_company_name(text: str) -> bool:
    """Whether a customer's name is a company's.

    A legal form (LLC, Inc.) decides always, also after a comma ("Acme, Inc."); the name of a trade only where
    no comma says "LAST, FIRST"; words that are surnames as well only in names of three words or more.
    """
    upper = text.upper()
    if _LEGAL_FORM.search(upper) and not _is_person_named_co(upper):
        return True
    if upper.startswith(
        ("CITY OF ", "COUNTY OF ", "STATE OF ", "TOWN OF ", "UNIVERSITY OF ", "BANK OF ", "CHURCH OF ")
    ):
        return True
    if "," in upper:
        return False
    if re.search(r"\d", upper):  # "UPS STORE 4411", "A-1 TIRE": people have no digits
        return True
    words = re.findall(r"[A-Z]+", upper)
    if _TRADES.intersection(words):
        return True
    return len(words) >= _LONG_NAME_WORDS and bool(_SURNAMES_TOO.intersection(words))


def is_same_company(name: str, other: str) -> bool:
    """Whether two spellings name one company: legal form, punctuation and capitals do not count."""
    key = _company_key(name)
    return bool(key) and key == _company_key(other)


def _company_key(name: str) -> str:
    return " ".join(re.findall(r"[A-Z0-9]+", _LEGAL_FORM.sub(" ", name.upper().replace("&AMP;", "&"))))


def _is_person_named_co(upper: str) -> bool:
    """Return whether "CO" is a surname here: in "CO, MARIA" and "MARIA CO", not in "BAKER & CO"."""
    forms = [match.group().strip(".") for match in _LEGAL_FORM.finditer(upper)]
    return forms == ["CO"] and (
        upper.startswith("CO,") or ("&" not in upper and len(upper.split()) < _LONG_NAME_WORDS)
    )
