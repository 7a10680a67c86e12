"""People's and companies' names as a dealership's system has them, made readable."""

import re
from dataclasses import dataclass

from customers.logic.companies import is_company_name
from customers.logic.placeholders import real_text

# Written small inside a name ("Juan de la Cruz"), never when they stand first.
_PARTICLES = frozenset(
    {
        "de",
        "del",
        "dela",
        "las",
        "los",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "du",
        "von",
        "zu",
        "der",
        "den",
        "ter",
        "bin",
        "ibn",
    }
)
_PARTICLE_HEADS = {"van": {"der", "den", "de", "het", "ter"}, "la": set(), "le": set()}
_SUFFIXES = {
    "JR": "Jr.",
    "SR": "Sr.",
    "II": "II",
    "III": "III",
    "IV": "IV",
    "V": "V",
    "MD": "MD",
    "PHD": "PhD",
    "ESQ": "Esq.",
}
_TITLES = frozenset({"MR", "MRS", "MS", "MISS", "SR.", "SRA", "MR.", "MRS.", "MS.", "SRA."})
# "Mac" is followed by a capital only in these; Macias, Mack, Macy are written small.
_MAC = frozenset(
    [
        "macarthur",
        "macdonald",
        "macdougall",
        "macdowell",
        "macfarlane",
        "macgregor",
        "macinnes",
        "macintosh",
        "macintyre",
        "mackay",
        "mackenzie",
        "mackinnon",
        "maclachlan",
        "maclaren",
        "maclean",
        "macleod",
        "macmahon",
        "macmillan",
        "macneil",
        "macpherson",
        "macqueen",
        "macrae",
    ]
)
_KEPT_IN_CAPITALS = frozenset(
    {
        "LLC",
        "LLP",
        "LP",
        "PLLC",
        "PLC",
        "USA",
        "US",
        "UPS",
        "HVAC",
        "IT",
        "TV",
        "DBA",
        "YMCA",
        "YWCA",
        "BMW",
        "GMC",
        "ABC",
        "AAA",
        "TX",
        "NY",
    }
)
_COMPANY_SMALL = frozenset({"of", "and", "the", "for", "at", "in", "de", "del"})
_COMPANY_FORMS = {
    "INC": "Inc.",
    "CORP": "Corp.",
    "CO": "Co.",
    "LTD": "Ltd.",
    "ASSN": "Assn.",
    "DEPT": "Dept.",
}
_NOTE = re.compile(
    r"\(?[*!\-\s]*\b(DO NOT (?:CALL|TEXT|CONTACT|E-?MAIL|MAIL)|NO (?:CALLS|TEXTS|E-?MAILS)|DECEASED)\b[*!\s]*\)?",
    re.IGNORECASE,
)
MAX_NAME = 120  # longer than any name; what exceeds it is a text in the wrong column


@dataclass(frozen=True, slots=True)
class Name:
    """A customer's name; `note` is what staff wrote into the name field ("DO NOT CALL"), else ""."""

    is_company: bool
    first: str
    last: str
    company: str
    note: str = ""

    @property
    def display(self) -> str:
        return self.company or " ".join(part for part in (self.first, self.last) if part)


def read_name(text: str) -> Name | None:
    """Return the name in "LAST, FIRST", "First Last" or company form, readable; None for a placeholder.

    Names typed in mixed case are left as they are: somebody took the trouble.
    """
    note = _NOTE.search(text)
    cleaned = real_text(_NOTE.sub(" ", text)[:MAX_NAME]).strip(" *,;-")
    if not cleaned:
        return None
    found = note.group(1).upper() if note else ""
    if is_company_name(cleaned):
        return Name(is_company=True, first="", last="", company=readable_company(cleaned), note=found)
    first, last = _split_person(cleaned)
    return Name(is_company=False, first=first, last=last, company="", note=found)


def read_name_parts(*, first: str, last: str, company: str) -> Name | None:
    """Return the name from separate columns; a company given there wins, and a company typed as last name is seen."""
    company, first, last = real_text(company), real_text(first), real_text(last)
    if company or (last and not first) or (first and not last):
        name = read_name(company or last or first)
        if name is None or name.is_company or not company:
            return name
        return Name(
            is_company=True, first=readable(first), last=readable(last), company=readable_company(company)
        )
    if not last:
        return None
    return Name(is_company=False, first=_without_titles(readable(first)), last=readable(last), company="")


def readable(text: str) -> str:
    """Return a person's name with its capitals where people put them: McDonald, O'Brien, de la Cruz, Jr."""
    words = text.split()
    if not words or not _is_one_case(text):
        return " ".join(words)
    return " ".join(_person_word(words, index) for index in range(len(words)))


def readable_company(text: str) -> str:
    """Return a company's name with its capitals: Rose City Bakery LLC."""
    words = text.split()
    if not _is_one_case(text):
        return " ".join(words)
    return " ".join(_company_word(word, is_first=index == 0) for index, word in enumerate(words))


def _split_person(text: str) -> tuple[str, str]:
    """First and last name; two people of different family names stay together in the first."""
    couple = re.split(r"\s+(?:&|AND)\s+", text, flags=re.IGNORECASE)
    if len(couple) > 1 and all("," in person for person in couple):
        people = [_split_person(person) for person in couple]
        others = " & ".join(f"{first} {last}" for first, last in people[1:])
        return f"{people[0][0]} {people[0][1]} & {others}".strip(), ""
    if "," in text:
        last, _, first = text.partition(",")
        first, _, suffix = first.strip().partition(",")
        return _without_titles(_joined_by_ampersand(readable(first))), readable(f"{last} {suffix}".strip())
    words = _joined_by_ampersand(_without_titles(readable(text))).split()
    cut = _last_name_start(words)
    return " ".join(words[:cut]), " ".join(words[cut:])


def _last_name_start(words: list[str]) -> int:
    """Where the family name begins in "First Last": its particles and suffix belong to it."""
    cut = len(words) - 1
    if cut > 1 and words[cut].rstrip(".").upper() in _SUFFIXES:
        cut -= 1
    while cut > 1 and words[cut - 1].lower() in _PARTICLES | _PARTICLE_HEADS.keys():
        cut -= 1
    return max(cut, 1) if len(words) > 1 else 0


def _joined_by_ampersand(text: str) -> str:
    return re.sub(r"\s+and\s+", " & ", text, flags=re.IGNORECASE)


def _without_titles(text: str) -> str:
    words = text.split()
    while len(words) > 1 and words[0].upper() in _TITLES:
        words = words[1:]
    return " ".join(words)


def _is_one_case(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return "".join(letters) in {"".join(letters).upper(), "".join(letters).lower()}


def _person_word(words: list[str], index: int) -> str:
    word = words[index]
    small = word.lower()
    if small == "st" and index + 1 < len(words):
        return "St."
    if index and word.rstrip(".").upper() in _SUFFIXES:
        return _SUFFIXES[word.rstrip(".").upper()]
    following = words[index + 1].lower() if index + 1 < len(words) else ""
    if following and _is_particle(small, following, words[index - 1].lower() if index else ""):
        return small
    if _is_initials(word):
        return word.upper()
    return "-".join(_capitalise(part) for part in word.split("-"))


def _is_particle(small: str, following: str, before: str) -> bool:
    """Return whether a word is written small: in "de la Cruz", "van der Berg"; not in "La Rue", "Van Dyke"."""
    if small in _PARTICLES:
        return True
    return following in _PARTICLE_HEADS.get(small, set()) or (small == "la" and before == "de")


def _is_initials(word: str) -> bool:
    """Return whether a word is initials: "J", "J.", "T.J." and two consonants (TJ); "Jo", "Al", "Ng" are names."""
    letters = word.replace(".", "")
    if len(letters) == 1 or re.fullmatch(r"(?:[A-Za-z]\.){2,}", word):
        return True
    return len(letters) == 2 and not set(letters.upper()) & set("AEIOUY") and letters.upper() != "NG"  # noqa: PLR2004


def _capitalise(word: str) -> str:
    small = word.lower()
    if small.startswith("mc") and len(small) > 3:  # noqa: PLR2004 -- "Mcx" is no Scottish name
        return "Mc" + small[2:].capitalize()
    if small in _MAC:
        return "Mac" + small[3:].capitalize()
    prefix = re.match(r"([od]|l)['’`](?=\w{2})", small)
    if prefix:
        return prefix.group(1).upper() + "'" + _capitalise(small[prefix.end() :])
    return small[:1].upper() + small[1:]


def _company_word(word: str, *, is_first: bool) -> str:
    bare = word.strip(".,").upper()
    if bare in _COMPANY_FORMS:
        return _COMPANY_FORMS[bare]
    if bare in _KEPT_IN_CAPITALS or (len(bare) > 1 and not set(bare) & set("AEIOUY") and bare.isalpha()):
        return word.upper()
    if re.fullmatch(r"(?:[A-Z]\.?&)+[A-Z]\.?", bare) or re.search(r"\d", bare):
        return word.upper()
    if word.lower() in _COMPANY_SMALL and not is_first:
        return word.lower()
    return "-".join(_capitalise(part) for part in word.split("-"))
