import pytest

from common.phones import for_people, to_e164

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(512) 555-0142", "+15125550142"),
        ("512.555.0177", "+15125550177"),
        ("5125550119", "+15125550119"),
        ("+1 512-555-0163", "+15125550163"),
        ("1 512 555 0163", "+15125550163"),
        ("(512)555-0188 x12", "+15125550188"),
        ("512-555-0177 or 512-555-0178", "+15125550177"),
        ("N/A; 512-555-0177", "+15125550177"),
        ("+44 20 7946 0958", "+442079460958"),
        ("000-000-0000", None),
        ("999-999-9999", None),
        ("123-456-7890", None),
        ("555-0142", None),
        ("112-555-0142", None),
        ("512-155-0142", None),
        ("51255501421", None),
        ("call wife", None),
        ("", None),
        ("\x00" * 50, None),
        ("9" * 5000, None),
    ],
)
def test_to_e164(text, expected):
    assert to_e164(text, region="US") == expected


def test_to_e164_reads_national_numbers_by_region():
    assert to_e164("020 7946 0958", region="GB") == "+442079460958"


@pytest.mark.parametrize(("region", "expected"), [("US", "(512) 555-0142"), ("GB", "+1 512-555-0142")])
def test_for_people_is_national_at_home_only(region, expected):
    assert for_people("+15125550142", region=region) == expected


def test_for_people_leaves_what_is_no_number():
    assert for_people("unknown", region="US") == "unknown"
