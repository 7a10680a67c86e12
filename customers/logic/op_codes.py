"""Which service of the maintenance menu an operation of a repair order is."""

import html
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class StandardService(StrEnum):
    """Codes of the services that are recognised by words; a dealership's menu has some or all of them."""

    OIL_CHANGE = "oil-change"
    TIRE_ROTATION = "tire-rotation"
    STATE_INSPECTION = "state-inspection"
    BRAKES = "brakes"
    BRAKE_FLUID = "brake-fluid"
    ENGINE_AIR_FILTER = "engine-air-filter"
    CABIN_AIR_FILTER = "cabin-air-filter"
    COOLANT = "coolant"
    TRANSMISSION_FLUID = "transmission-fluid"
    SPARK_PLUGS = "spark-plugs"
    BATTERY = "battery"
    WIPER_BLADES = "wiper-blades"
    ALIGNMENT = "alignment"
    TIRES = "tires"
    FUEL_FILTER = "fuel-filter"
    TIMING_BELT = "timing-belt"


@dataclass(frozen=True, slots=True)
class ByCode:
    """The code itself is known (LOF)."""

    service: StandardService


@dataclass(frozen=True, slots=True)
class ByWords:
    """The description says it (OIL & FILTER CHANGE)."""

    service: StandardService


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Neither says: an admin has to."""


Recognition = ByCode | ByWords | Unmapped

_S = StandardService
# Whole codes only, digits before and after taken off ("02LOF", "LOF5"): a code is short, and a part of one proves nothing.
_CODES = {
    "LOF": _S.OIL_CHANGE, "LOFS": _S.OIL_CHANGE, "LOFSYN": _S.OIL_CHANGE, "SYNLOF": _S.OIL_CHANGE, "OILCHG": _S.OIL_CHANGE,
    "OILCHANGE": _S.OIL_CHANGE, "LUBE": _S.OIL_CHANGE, "LOFR": _S.OIL_CHANGE, "OC": _S.OIL_CHANGE, "OILFILTER": _S.OIL_CHANGE,
    "ROT": _S.TIRE_ROTATION, "ROTATE": _S.TIRE_ROTATION, "TIREROT": _S.TIRE_ROTATION, "TROT": _S.TIRE_ROTATION,
    "STINSP": _S.STATE_INSPECTION, "STATEINSP": _S.STATE_INSPECTION, "MOT": _S.STATE_INSPECTION, "VSI": _S.STATE_INSPECTION,
    "BRK": _S.BRAKES, "BRAKES": _S.BRAKES, "FBRK": _S.BRAKES, "RBRK": _S.BRAKES, "BRKPADS": _S.BRAKES,
    "BFLUSH": _S.BRAKE_FLUID, "BRKFLUID": _S.BRAKE_FLUID, "BFX": _S.BRAKE_FLUID,
    "EAF": _S.ENGINE_AIR_FILTER, "AIRFILTER": _S.ENGINE_AIR_FILTER, "CAF": _S.CABIN_AIR_FILTER, "CABIN": _S.CABIN_AIR_FILTER,
    "COOL": _S.COOLANT, "COOLANT": _S.COOLANT, "TRANSSVC": _S.TRANSMISSION_FLUID, "ATF": _S.TRANSMISSION_FLUID,
    "PLUGS": _S.SPARK_PLUGS, "BATT": _S.BATTERY, "BATTERY": _S.BATTERY, "WIPER": _S.WIPER_BLADES, "WIPERS": _S.WIPER_BLADES,
    "ALIGN": _S.ALIGNMENT, "ALIGNMENT": _S.ALIGNMENT, "TIRES": _S.TIRES, "TBELT": _S.TIMING_BELT,
}  # fmt: skip

_DONE = r"(?:CHANGE[SD]?|CHG[SD]?|REPLACE[SD]?|REPLACEMENT|RPL|R&R|SERVICE[SD]?|SVC|FLUSH(?:ED)?|EXCHANGE[SD]?|DRAIN|INSTALL(?:ED)?|PERFORM(?:ED)?|MAINT\w*|NEW)"
_OIL_OF_ENGINE = r"(?:ENGINE |MOTOR |SYN\w* |FULL |BLEND )*OIL"
# Tried in this order; the first whose words occur, and whose excluding words do not, decides.
_RULES: tuple[tuple[StandardService, str, str], ...] = (
    (_S.CABIN_AIR_FILTER, r"\b(?:CABIN|POLLEN|A/?C|MICRO) (?:AIR )?FILTER|\bCABIN FILTER", r"\bCHECK\b"),
    (_S.ENGINE_AIR_FILTER, r"\b(?:ENGINE )?AIR (?:FILTER|CLEANER|ELEMENT)", r"\bCHECK\b|\bCABIN\b"),
    (_S.FUEL_FILTER, r"\bFUEL FILTER", r"\bCHECK\b"),
    (_S.TRANSMISSION_FLUID, rf"\b(?:TRANS(?:MISSION)?|ATF|CVT|GEAR ?BOX)\b.*\b(?:FLUID|OIL|{_DONE})\b", r"\b(?:CHECK|LEAK\w*|DIAG\w*|NOISE|MOUNT\w*|TRANSFER)\b"),
    (_S.BRAKE_FLUID, rf"\bBRAKE FLUID|\bBRAKE (?:SYSTEM )?FLUSH|\b{_DONE} BRAKE FLUID", r"\b(?:CHECK|TOP|LEAK\w*)\b"),
    (_S.COOLANT, rf"\b(?:COOLANT|COOLING SYSTEM|RADIATOR|ANTI ?FREEZE)\b.*\b{_DONE}|\b{_DONE}\b.*\b(?:COOLANT|ANTI ?FREEZE|COOLING SYSTEM)\b", r"\b(?:LEAK\w*|CHECK|HOSE\w*|SENSOR|FAN|PUMP|RESERVOIR|TANK|RADIATOR CAP)\b"),
    (_S.OIL_CHANGE, rf"\bLOF\b|\bL O F\b|\bLUBE\b.*\b(?:OIL|FILTER)\b|\b{_OIL_OF_ENGINE}(?: AND| /)?(?: &)? FILTER\b|\b{_OIL_OF_ENGINE}(?: (?:&|AND) (?:OIL )?FILTER)? {_DONE}\b|\b{_DONE} (?:THE )?{_OIL_OF_ENGINE}\b|\bLUBRICATION SERVICE|\bCAMBIO DE ACEITE", r"\b(?:LEAK\w*|PAN|COOLER|PRESSURE|SENSOR|SWITCH|PUMP|SEAL\w*|GASKET\w*|CONSUMPTION|LEVEL|HOUSING|LINE\w*|DIFF\w*|TRANSFER|LIGHT|LAMP|RESET ONLY|DIPSTICK|WARNING)\b"),
    (_S.ALIGNMENT, r"\b(?:WHEEL|2|4|FOUR|TWO|FRONT END) ?-?(?:WHEEL )?ALIGN\w*|\bALIGNMENT\b", r"\bCHECK\b|\bHEADL\w*|\bDOOR\b|\bHOOD\b"),
    (_S.TIRE_ROTATION, r"\bROTAT\w* (?:(?:AND|&) BALANC\w* )?(?:ALL |4 |FOUR )?(?:TIRES?|TYRES?|WHEELS?)|\b(?:TIRES?|TYRES?|WHEELS?) ROTAT\w*|\bROTATE (?:AND|&) BALANCE|\bROTATION\b", r"\bROTORS?\b|\bCHECK\b"),
    (_S.TIRES, rf"\b(?:{_DONE}|MOUNT)\b.*\b(?:TIRES?|TYRES?)\b|\b(?:TIRES?|TYRES?)\b.*\b(?:REPLACE\w*|MOUNT\w*|INSTALL\w*)\b", r"\b(?:REPAIR\w*|PATCH|PLUG|PRESSURE|SENSOR|TPMS|ROTAT\w*|SPARE|SHINE)\b"),
    (_S.SPARK_PLUGS, r"\bSPARK PLUGS?\b|\bTUNE ?-?UP\b", r"\bWIRES? ONLY\b|\bCHECK\b"),
    (_S.TIMING_BELT, rf"\bTIMING BELT\b.*\b{_DONE}|\b{_DONE}\b.*\bTIMING BELT\b|^TIMING BELT$", r"\bCHECK\b|\bCOVER\b|\bNOISE\b"),
    (_S.STATE_INSPECTION, r"\b(?:STATE|ANNUAL|SAFETY|EMISSIONS?|SMOG|MOT)\b.*\b(?:INSP\w*|TEST|CHECK)\b|\bINSPECTION STICKER", r"\bMULTI|\bMPI\b|\bCOURTESY\b|\bRE-?INSP\w*"),
    (_S.BRAKES, rf"\b(?:FRONT|REAR|FRT|RR|REPLACE\w*|{_DONE})?\s*\bBRAKE (?:PADS?|SHOES?|JOB|LININGS?|SERVICE|ROTORS?)|\bBRAKES? (?:AND|&) ROTORS?|\b(?:PADS?) (?:AND|&) ROTORS?", r"\b(?:CHECK|INSPECT\w*|LIGHT|LAMP|NOISE|DIAG\w*|FLUID|CLEAN)\b"),
    (_S.BATTERY, rf"\bBATTERY\b.*\b{_DONE}|\b{_DONE}\b.*\bBATTERY\b|^BATTERY$", r"\b(?:TEST|CHECK|CABLE\w*|TERMINAL\w*|FOB|REMOTE|KEY|HYBRID|HV|CLEAN\w*)\b"),
    (_S.WIPER_BLADES, r"\bWIPER (?:BLADES?|INSERTS?|REFILLS?)|^WIPERS?$", r"\bCHECK\b|\bMOTOR\b|\bARM\b"),
)  # fmt: skip
_SPELLINGS = {
    "FLTR": "FILTER", "FILT": "FILTER", "FLTER": "FILTER", "FLT": "FILTER", "CHNG": "CHANGE", "CHG": "CHANGE", "REPL": "REPLACE",
    "ENG": "ENGINE", "TRANNY": "TRANSMISSION", "XMSN": "TRANSMISSION", "BATT": "BATTERY", "BRK": "BRAKE", "BRKS": "BRAKES",
    "INSP": "INSPECTION", "ROT": "ROTATE", "L.O.F": "LOF", "L.O.F.": "LOF", "LUBRICATE": "LUBE", "FRT": "FRONT",
}  # fmt: skip
_COMPILED = tuple((service, re.compile(words), re.compile(never)) for service, words, never in _RULES)
_UNDERSTOOD_LENGTH = 300


@lru_cache(maxsize=8192)
def recognise(code: str, description: str) -> Recognition:
    """Which service an operation is, by its description's words first and its code second.

    Words come first because codes are each dealership's own, and "BRK" may mean an inspection of brakes; a code
    decides only where the description is silent, and never against words that exclude its service. A line that
    does several services ("LOF & ROTATE") counts as the first of the rules.
    """
    words = " ".join(_SPELLINGS.get(word, word) for word in readable_description(description).upper().split())
    for service, pattern, never in _COMPILED:
        if pattern.search(words) and not never.search(words):
            return ByWords(service)
    known = _CODES.get(re.sub(r"^\d+|\d+$", "", re.sub(r"[^A-Z0-9]", "", code.upper())))
    if known is None or any(service is known and never.search(words) for service, _, never in _COMPILED):
        return Unmapped()
    return ByCode(known)


@lru_cache(maxsize=8192)
def readable_description(text: str) -> str:
    """Return a description as a person would have typed it: no leading "*", no HTML entities, single blanks."""
    unescaped = html.unescape(html.unescape(text[:_UNDERSTOOD_LENGTH]))
    separated = re.sub(
        r"\s*&\s*", " & ", re.sub(r"[,;:()\[\]_]+|(?<=[A-Za-z])[./](?=[A-Za-z]{3})", " ", unescaped)
    )
    return " ".join(re.sub(r"^[\s*\-.#]+", "", separated).split())


@lru_cache(maxsize=8192)
def normalise_op_code(text: str) -> str:
    """Return an op code as it is compared and kept: capitals, no blanks around, no leading "*"."""
    return " ".join(html.unescape(text).upper().lstrip("*").split())[:40]
