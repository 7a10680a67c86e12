import pytest

from common.links import CustomerLink, LinkPurpose, make
from messaging.enums import Part
from messaging.logic.parts import SenderFacts, fault_words, missing_parts

SENDER = SenderFacts("Piñón Motors’ Garage", "+15125550100", "100 Congress Ave", "Austin", "78701")
CALL = "This is an automated call from Piñón Motors’ Garage. {} Call (512) 555-0100."

pytestmark = pytest.mark.logic


def missing(channel, text, *parts, sender=SENDER):
    return missing_parts(parts, channel=channel, text=text, sender=sender)


@pytest.mark.parametrize(
    ("channel", "text", "part", "is_there"),
    [
        ("sms", "Piñón Motors’ Garage: due", Part.DEALERSHIP_NAME, True),
        ("sms", "Pinon Motors' Garage: due", Part.DEALERSHIP_NAME, True),  # as GSM folds it
        ("sms", "PIÑÓN  MOTORS’ GARAGE: due", Part.DEALERSHIP_NAME, True),
        ("sms", "Motors: due", Part.DEALERSHIP_NAME, False),
        ("sms", "due. STOP to opt out", Part.WAY_OUT, True),
        ("sms", "due. Stop by soon", Part.WAY_OUT, False),
        ("sms", "NONSTOP service", Part.WAY_OUT, False),
        ("email", "STOP to opt out", Part.WAY_OUT, False),
        ("letter", "", Part.WAY_OUT, True),
        ("email", "100 Congress Ave, Austin, TX 78701", Part.POSTAL_ADDRESS, True),
        ("email", "100 Congress Ave, 78701", Part.POSTAL_ADDRESS, True),
        ("email", "100 Congress Ave", Part.POSTAL_ADDRESS, False),
        ("email", "Austin, TX 78701", Part.POSTAL_ADDRESS, False),
        ("voice", CALL, Part.CALLER_IDENTITY, True),
        ("voice", "x" * 200 + CALL, Part.CALLER_IDENTITY, False),
        ("voice", "call 512 555 0100", Part.CALLBACK_NUMBER, True),
        ("voice", "call 512 555 0101", Part.CALLBACK_NUMBER, False),
        ("voice", "press 9", Part.OPT_OUT_KEY, True),
        ("voice", "press the number nine", Part.OPT_OUT_KEY, True),
        ("voice", "oprima 9", Part.OPT_OUT_KEY, True),
        ("voice", "oprima la tecla 9", Part.OPT_OUT_KEY, True),
        ("voice", "due December 9. Press 1", Part.OPT_OUT_KEY, False),
        ("voice", "press 95", Part.OPT_OUT_KEY, False),
    ],
)
def test_a_part_is_found_where_it_is(channel, text, part, is_there):
    assert missing(channel, text, part) == (frozenset() if is_there else {part})


@pytest.mark.parametrize("customer_id", [1, 127, 128, 2**40])
def test_the_link_out_is_told_from_the_one_to_book(customer_id):
    for touch_id in (0, 4711):
        out = make(CustomerLink(LinkPurpose.OPT_OUT, 63, customer_id, touch_id))
        book = make(CustomerLink(LinkPurpose.BOOK, 63, customer_id, touch_id))

        assert missing("email", f"https://x.example/b/{out}", Part.WAY_OUT) == frozenset()
        assert missing("email", f"https://x.example/b/{book}", Part.WAY_OUT) == {Part.WAY_OUT}


def test_a_dealership_without_the_facts_lacks_the_parts():
    nobody = SenderFacts("")
    parts = (Part.DEALERSHIP_NAME, Part.POSTAL_ADDRESS, Part.CALLBACK_NUMBER)

    assert missing("email", "anything at all", *parts, sender=nobody) == set(parts)


def test_every_part_has_its_words_on_every_channel():
    for part in Part:
        for channel in ("sms", "email", "voice", "letter"):
            assert fault_words(part, channel=channel).endswith(".")
