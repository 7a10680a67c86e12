import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.adapters import reply_address
from messaging.adapters.base import Account

pytestmark = pytest.mark.logic

ACCOUNT = Account(1, "u", {"reply_domain": "answers.example.com", "reply_secret": "hush"})
OTHER = Account(2, "v", {"reply_domain": "answers.example.com", "reply_secret": "other"})


@given(number=st.integers(0, 10**12), change=st.sampled_from([str, str.upper, str.title]))
def test_address_names_its_message_however_it_is_written(number, change):
    address = reply_address.for_message(f"touch:{number}", ACCOUNT)

    assert len(address.partition("@")[0]) <= 64
    assert reply_address.read(change(address), ACCOUNT) == f"touch:{number}"
    assert reply_address.read(address, OTHER) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "reply+",
        "reply+.",
        "reply+orxxky3i.0000@x",
        "service@x",
        "reply+é.é@x",
        "reply+a=.b",
        "reply+%.x",
    ],
)
def test_address_we_never_gave_out_names_nothing(address):
    assert reply_address.read(address, ACCOUNT) == ""
    assert reply_address.read(address, Account(1, "u", {})) == ""


def test_account_without_answers_and_long_references_have_no_address():
    assert reply_address.for_message("touch:1", Account(1, "u", {})) == ""
    assert reply_address.for_message("touch:1", Account(1, "u", {"reply_domain": "x.co"})) == ""
    assert reply_address.for_message("confirmation:" + "9" * 40, ACCOUNT) == ""
