import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.op_codes import (
    ByCode,
    ByWords,
    Unmapped,
    normalise_op_code,
    readable_description,
    recognise,
)
from customers.logic.op_codes import StandardService as Service

pytestmark = pytest.mark.logic

WORDS = [
    ("LUBE OIL FILTER", Service.OIL_CHANGE),
    ("LUBE,OIL & FILTER", Service.OIL_CHANGE),
    ("OIL & FILTER CHANGE", Service.OIL_CHANGE),
    ("*OIL &amp; FILTER CHANGE", Service.OIL_CHANGE),
    ("OIL &amp;amp; FILTER CHANGE", Service.OIL_CHANGE),
    ("L.O.F.", Service.OIL_CHANGE),
    ("CHG OIL/FILTER", Service.OIL_CHANGE),
    ("CHANGE ENG OIL AND FLTR", Service.OIL_CHANGE),
    ("FULL SYNTHETIC OIL CHANGE", Service.OIL_CHANGE),
    ("LOF & ROTATE", Service.OIL_CHANGE),
    ("ROTATE TIRES", Service.TIRE_ROTATION),
    ("TIRE ROTATION", Service.TIRE_ROTATION),
    ("ANNUAL STATE INSPECTION", Service.STATE_INSPECTION),
    ("FRONT BRAKE PADS", Service.BRAKES),
    ("BRAKE FLUID FLUSH", Service.BRAKE_FLUID),
    ("REPLACE ENGINE AIR FILTER", Service.ENGINE_AIR_FILTER),
    ("CABIN AIR FILTER", Service.CABIN_AIR_FILTER),
    ("COOLANT FLUSH", Service.COOLANT),
    ("TRANS FLUID EXCHANGE", Service.TRANSMISSION_FLUID),
    ("4 WHEEL ALIGNMENT", Service.ALIGNMENT),
    ("REPLACE BATTERY", Service.BATTERY),
    ("MOUNT AND BALANCE 4 TIRES", Service.TIRES),
    ("WIPER BLADES", Service.WIPER_BLADES),
    ("SPARK PLUGS", Service.SPARK_PLUGS),
]


@pytest.mark.parametrize(("words", "service"), WORDS)
def test_recognise_by_words(words, service):
    assert recognise("X1", words) == ByWords(service)


@pytest.mark.parametrize(
    "words",
    [
        "OIL LEAK", "REPLACE OIL PAN GASKET", "OIL PRESSURE SENSOR", "CHECK OIL LEVEL", "TRANSFER CASE OIL CHANGE",
        "CHECK BRAKES", "BATTERY TEST", "TIRE REPAIR", "COOLANT LEAK", "MULTI POINT INSPECTION", "PRE DELIVERY INSPECTION",
        "CHECK ENGINE LIGHT ON", "RADIATOR HOSE REPLACE COOLANT HOSE", "", "30K SERVICE",
    ],
)  # fmt: skip
def test_recognise_leaves_other_work_unmapped(words):
    assert recognise("MISC", words) == Unmapped()


@pytest.mark.parametrize(
    ("code", "service"), [("LOF", Service.OIL_CHANGE), ("02LOF", Service.OIL_CHANGE), ("brk", Service.BRAKES)]
)
def test_recognise_by_code_where_words_are_silent(code, service):
    assert recognise(code, "") == ByCode(service)


def test_code_never_goes_against_words_that_exclude_it():
    assert recognise("BRK", "CHECK BRAKES") == Unmapped()


def test_readable_description_and_code():
    assert readable_description("  *CHECK &amp; REPORT   NOISE") == "CHECK & REPORT NOISE"
    assert normalise_op_code("*lof ") == "LOF"


@given(st.text(max_size=400), st.text(max_size=60))
def test_recognise_never_crashes(words, code):
    assert isinstance(recognise(code, words), ByWords | ByCode | Unmapped)
