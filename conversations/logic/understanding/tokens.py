"""A folded text cut into words and numbers once; everything after reads these tokens."""

import re
from dataclasses import dataclass
from typing import Any

from conversations.logic.understanding.grammar.needs import shape_pattern
from conversations.logic.understanding.kinds import KINDS, TELLING, WORD
from conversations.logic.understanding.lexicon import PHRASES, SENSES, Sense
from conversations.logic.understanding.spelling import corrected
from conversations.logic.understanding.words.numbers import TENS

# More words than this are a story; what follows is not read.
MAX_TOKENS = 250

_CUT = re.compile(
    # First, as most words are plain ones: every alternative before it would be tried on them.
    r"(?P<plain>[a-z]{2,}(?:'[a-z]+)*(?=[ ,?!.]|$))"
    r"|(?P<date>(?<![\d$.])(?!24/7)(?:\d{4}([-/.])\d{1,2}\3\d{1,2}|\d{1,2}([-/.])\d{1,2}\4(?:\d{4}|\d\d)|\d{1,2}/\d{1,2})(?![\d/%]|[.-]\d))"
    r"|(?P<clock>(?<![\d:.$,])\d{1,2} ?:[0-5]\d(?::[0-5]\d)?(?![\d:])|(?<![\d:.$,])\d{1,2}h[0-5]\d(?!\d)|(?<=\d)t\d\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?z?)"
    r"|(?P<hyphen>(?<=[a-z])-(?=[a-z]))"
    r"|(?P<dotted>(?<![\d:.$,])\d{1,2}\.[0-5]\d(?![\d.%]))"
    r"|(?P<opaque>[#$] ?\d[\d.,]*\w*|\d+(?:[.,]\d+)+\w*|\d+%|\d{3,}(?:-\d+)+|\d+-\d{3,}(?:-\d+)*|\w*@\w+\.\w+|\w+_\w*|[a-z]{1,2}-\d+|[a-z]\d+\w*)"
    r"|(?P<number>\d+)(?P<suffix>[a-z]*)"
    r"|(?P<half>(?<=\d)[ap]\b|[ap] ?\. ?m\b\.?|[ap]\.m\b\.?|\b[ap] m\b)"
    r"|(?P<oclock>o ?['\"]? ?clock\b)"
    r"|(?P<word>[a-z]+(?:'[a-z]+)*)"
    r"|(?P<mark>[^\s\w])",
    re.ASCII,
)
_MARKS = {
    ",": "comma", ".": "stop", "!": "stop", "?": "stop", ";": "stop", ":": "stop", "-": "dash", "/": "slash_mark",
    "$": "money", "#": "hash", "@": "at", "&": "and", "+": "plus", "(": "comma", ")": "comma",
}  # fmt: skip
_MARK_SENSES = {mark: Sense(KINDS[kind], 0) for mark, kind in _MARKS.items()}
_PLAIN = Sense(WORD, None)
_OPAQUE = Sense(KINDS["opaque"], None)
_UNIT = Sense(KINDS["unit"], 0)
_NUMBER, _LONG, _YEAR, _ORDINAL = (KINDS[name] for name in ("number", "long_number", "year", "ordinal"))
_DAY_KINDS = frozenset(KINDS[kind] for kind in ("weekday", "month"))
_HALVES = {half: Sense(KINDS["half_day"], half[0]) for half in ("am", "pm", "a", "p")}
# What may stick to a number: "3pm", "5th", "10ish", "17hrs", "48k".
_SUFFIXES: dict[str, Sense] = {
    **_HALVES,
    **dict.fromkeys(("st", "nd", "rd", "th"), Sense(_ORDINAL, None)),
    "ish": Sense(KINDS["ish"], 0),
    **dict.fromkeys(("h", "hr", "hrs"), Sense(KINDS["hour_unit"], 60)),
    **dict.fromkeys(("min", "mins"), Sense(KINDS["minute_unit"], 1)),
    **dict.fromkeys(("k", "km", "kms", "mi", "miles", "x"), _UNIT),
}
FIRST_YEAR, LAST_YEAR = 1900, 2100
_LOOSELY_TELLING = shape_pattern(
    "(?:at | past | after | before | till | about | between | from | to) loose_number | (?:a | half | loose_number | part | in) (?:hour_unit | minute_unit | day_unit | month_unit | year_unit)"
    " | (?:the | from) loose_ordinal | loose_ordinal of? (?:any_month | month_unit) | (?:next | this | last | the) (?:month_unit | day_unit) | loose_number (?:oclock | part | half_day) | (?:in | before | after | till | this | from | mid | late | early | end_of) loose_month"
)
LONGEST_NUMBER, SHORT, HOUR_AND_MINUTES = 9, 2, (3, 4)


@dataclass(slots=True)
class Tokens:
    """A text as a row of words: what was typed, the letters of their kinds as one string, and their values."""

    texts: list[str]
    shape: str
    values: list[Any]
    # Words that were taken for others, for the confidence.
    corrections: int = 0

    @property
    def is_telling(self) -> bool:
        """Whether there is a word in it that a day or a time can be built on."""
        return not TELLING.isdisjoint(self.shape) or bool(_LOOSELY_TELLING.search(self.shape))


def tokenise(plain: str) -> Tokens:
    """Return the tokens of a folded text; phrases such as "day after tomorrow" are one token each."""
    texts: list[str] = []
    senses: list[Sense] = []
    corrections = 0
    for match in _CUT.finditer(plain):
        kind, said = match.lastgroup, match[0]
        if kind in {"plain", "word"}:
            sense = SENSES.get(said)
            if sense is None:
                sense = _by_spelling(said)
                corrections += sense is not _PLAIN
            texts.append(said)
            senses.append(sense)
        else:
            _add_sign(match, kind or "", said, texts, senses)
        if len(texts) >= MAX_TOKENS:
            break
    return _join(texts, senses, corrections)


def _by_spelling(word: str) -> Sense:
    meant = corrected(word)
    return SENSES[meant] if meant is not None else _PLAIN


def _add_sign(match: re.Match[str], kind: str, said: str, texts: list[str], senses: list[Sense]) -> None:
    """Add a number, a clock time, a date or a mark."""
    if kind in {"number", "suffix"}:
        _add_number(match["number"], match["suffix"] or "", texts, senses)
        return
    if kind == "hyphen" and not (senses and senses[-1].kind in _DAY_KINDS):
        return  # "mid-day", "twenty-first"; "monday-friday" is a stretch
    texts.append(said)
    if kind in {"mark", "hyphen"}:
        senses.append(_MARK_SENSES.get(said, _PLAIN))
    elif kind == "half":
        senses.append(_HALVES[said[0]])
    elif kind == "oclock":
        senses.append(Sense(KINDS["oclock"], 0))
    elif kind == "opaque":
        senses.append(_OPAQUE)
    elif kind == "date":
        senses.append(Sense(KINDS["slash_date"], tuple(int(part) for part in re.split(r"[-/.]", said))))
    else:
        hour, minute = (int(part) for part in re.split(r" ?[:.h]", said.lstrip("t"))[:2])
        senses.append(Sense(KINDS[kind], (hour, minute)))


def _add_number(digits: str, suffix: str, texts: list[str], senses: list[Sense]) -> None:
    if len(digits) > LONGEST_NUMBER or (suffix and suffix not in _SUFFIXES):
        texts.append(digits + suffix)
        senses.append(_OPAQUE)
        return
    value = int(digits)
    stuck = _SUFFIXES.get(suffix)
    if stuck is not None and stuck.kind == _ORDINAL:
        texts.append(digits + suffix)
        senses.append(Sense(_ORDINAL, value))
        return
    texts.append(digits)
    senses.append(Sense(_number_kind(digits, value), value))
    if stuck is not None:
        texts.append(suffix)
        senses.append(stuck)


def _number_kind(digits: str, value: int) -> str:
    if len(digits) <= SHORT:
        return _NUMBER
    if len(digits) == HOUR_AND_MINUTES[1] and FIRST_YEAR <= value <= LAST_YEAR and not digits.startswith("0"):
        return _YEAR
    return _LONG if len(digits) in HOUR_AND_MINUTES else _OPAQUE.kind


def _join(texts: list[str], senses: list[Sense], corrections: int) -> Tokens:
    """Put phrases and "twenty first" together."""
    out_texts: list[str] = []
    kinds: list[str] = []
    values: list[Any] = []
    index, end = 0, len(texts)
    while index < end:
        said, sense, width = texts[index], senses[index], 1
        if said in PHRASES:
            sense, width = _phrase_at(texts, index, sense)
        if width == 1 and said in TENS and index + 1 < end:
            sense, width = _tens_at(texts, senses, index)
        out_texts.append(said if width == 1 else " ".join(texts[index : index + width]))
        kinds.append(sense.kind)
        values.append(sense.value)
        index += width
    return Tokens(out_texts, "".join(kinds), values, corrections)


def _phrase_at(texts: list[str], index: int, alone: Sense) -> tuple[Sense, int]:
    for phrase in PHRASES[texts[index]]:
        width = len(phrase.rest) + 1
        if tuple(texts[index + 1 : index + width]) == phrase.rest:
            return phrase.sense, width
    return alone, 1


def _tens_at(texts: list[str], senses: list[Sense], index: int) -> tuple[Sense, int]:
    """Read "twenty one", "forty-five", "twenty first" and "treinta y uno"."""
    tens = TENS[texts[index]]
    ahead = index + 1
    if texts[ahead] in {"-", "y"} and ahead + 1 < len(texts):
        ahead += 1
    value, kind = senses[ahead].value, senses[ahead].kind
    is_unit = isinstance(value, int) and 1 <= value <= 9 and texts[ahead].isalpha()  # noqa: PLR2004 -- the digits
    if is_unit and kind in {_NUMBER, KINDS["loose_number"]}:
        return Sense(_NUMBER, tens + value), ahead + 1 - index
    if is_unit and kind in {_ORDINAL, KINDS["loose_ordinal"]}:
        return Sense(_ORDINAL, tens + value), ahead + 1 - index
    return senses[index], 1
