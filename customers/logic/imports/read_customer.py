"""The customer of a row: name, contacts, and what the row forbids."""

import hashlib
import re

from customers.logic.addresses import Address, household_key, read_address
from customers.logic.imports.fields import Part
from customers.logic.imports.problems import Problem
from customers.logic.imports.reading import Cells
from customers.logic.imports.rows import CustomerRow
from customers.logic.names import Name, read_name, read_name_parts
from customers.logic.vins import normalise_vin

ALL_CHANNELS = ""
# Field -> channels it refuses when it says "block" (or "allow: no"). A ban of the telephone covers texts too.
_BLOCKS = {
    "block_automated": (ALL_CHANNELS,),
    "block_email": ("email",),
    "block_phone": ("voice", "sms"),
    "block_text": ("sms",),
    "block_letter": ("letter",),
}
_ALLOWS = {
    "allow_email": ("email",),
    "allow_phone": ("voice", "sms"),
    "allow_text": ("sms",),
    "allow_letter": ("letter",),
}
_NOTES = {
    "CALL": ("voice",),
    "CALLS": ("voice",),
    "TEXT": ("sms",),
    "TEXTS": ("sms",),
    "EMAIL": ("email",),
    "EMAILS": ("email",),
    "MAIL": ("letter",),
}
_LANGUAGES = {
    "en": "en",
    "eng": "en",
    "english": "en",
    "es": "es",
    "spa": "es",
    "sp": "es",
    "spanish": "es",
    "español": "es",
    "espanol": "es",
}


def read_customer(cells: Cells) -> CustomerRow | None:
    """Return the customer of a row; None where a repair order's row says nothing about one."""
    name = _name(cells)
    number = cells.key("customer_number")
    if name is None:
        if Part.VISIT not in cells.layout.parts and Part.VEHICLE not in cells.layout.parts:
            cells.complain(Problem.NO_NAME, _name_field(cells))
        return None
    address = _address(cells)
    phones, emails = _phones(cells), _emails(cells)
    return CustomerRow(
        key=number or derived_key(name, phones=phones, emails=emails, address=address, vin=cells.text("vin")),
        is_company=name.is_company,
        first_name=name.first[:100],
        last_name=name.last[:100],
        company_name=name.company[:200],
        language=_LANGUAGES.get(cells.text("language").lower(), ""),
        household_key="" if name.is_company else household_key(family_name=name.last, address=address),
        phones=phones,
        emails=emails,
        street=address.street[:200] if address else "",
        city=address.city[:100] if address else "",
        region=address.region[:100] if address else "",
        postal_code=address.postal_code[:20] if address else "",
        country=address.country if address else "",
        refusals=_refusals(cells, name.note),
    )


def derived_key(
    name: Name, *, phones: list[str], emails: list[str], address: Address | None, vin: str
) -> str:
    """Return a natural key for a customer whose system gives no number: the name and the surest thing known beside it.

    The same row gives the same key each time, so importing again makes no second customer. It begins with
    "~", which no customer number does.
    """
    beside = (emails or phones or [address.one_line if address else "" or normalise_vin(vin)])[0]
    digest = hashlib.blake2b(f"{name.display.upper()}|{beside.upper()}".encode(), digest_size=12).hexdigest()
    return f"~{digest}"


def _name(cells: Cells) -> Name | None:
    parts = read_name_parts(
        first=cells.raw("first_name"), last=cells.raw("last_name"), company=cells.raw("company_name")
    )
    return parts or read_name(cells.raw("customer_name"))


def _name_field(cells: Cells) -> str:
    fields = ("customer_name", "last_name", "company_name", "first_name")
    return next(key for key in fields if key in cells.layout.column_of)


def _address(cells: Cells) -> Address | None:
    return read_address(
        street=cells.raw("street"),
        street_2=cells.raw("street_2"),
        city=cells.raw("city"),
        region=cells.raw("region"),
        postal_code=cells.raw("postal_code"),
        country=cells.raw("country"),
        city_region_postal=cells.raw("city_region_postal"),
    )


def _phones(cells: Cells) -> list[str]:
    """All usable numbers, the mobile first: it is where a text arrives."""
    found: dict[str, None] = {}
    for key in ("mobile_phone", "phone", "home_phone", "work_phone"):
        text = cells.text(key)
        if not text:
            continue
        number = cells.layout.to_phone(text)
        if number:
            found[number] = None
        elif re.search(r"[1-9]", text) or not re.search(
            r"\d", text
        ):  # only zeros: a placeholder, nothing to correct
            cells.complain(Problem.PHONE_UNUSABLE, key)
    return list(found)


def _emails(cells: Cells) -> list[str]:
    found: dict[str, None] = {}
    for key in ("email", "email_2"):
        text = cells.text(key)
        address = cells.layout.to_email(text) if text else None
        if address:
            found[address] = None
        elif text and not re.search(r"no-?e?-?mail|none|unknown|declin|refus", text, re.IGNORECASE):
            cells.complain(Problem.EMAIL_UNUSABLE, key)
    return list(found)


def _refusals(cells: Cells, note: str) -> list[tuple[str, str, str]]:
    """Which channels the row forbids, with the column and the words as evidence."""
    found = []
    for key, channels in _BLOCKS.items():
        if cells.flag(key):
            found += [
                (channel, cells.layout.headers[cells.layout.column_of[key]], cells.raw(key))
                for channel in channels
            ]
    for key, channels in _ALLOWS.items():
        if cells.flag(key) is False:
            found += [
                (channel, cells.layout.headers[cells.layout.column_of[key]], cells.raw(key))
                for channel in channels
            ]
    if note:
        found += [
            (channel, "name", note)
            for channel in _NOTES.get(note.replace("-", "").split()[-1], (ALL_CHANNELS,))
        ]
    return found
