import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from common import links
from common.links import CustomerLink, LinkPurpose

pytestmark = pytest.mark.logic

IDS = st.integers(0, links.LARGEST_ID)
LINKS = st.builds(
    CustomerLink, purpose=st.sampled_from(LinkPurpose), dealership_id=IDS, customer_id=IDS, touch_id=IDS
)
LINK = CustomerLink(LinkPurpose.BOOK, dealership_id=3, customer_id=815_000, touch_id=4_711_000)


@given(link=LINKS)
def test_read_gives_back_what_was_made(link):
    assert links.read(links.make(link)) == link


@given(link=LINKS, position=st.integers(0, 60), letter=st.sampled_from("Ab0-_z"))
def test_read_altered_token_gives_nothing(link, position, letter):
    token = links.make(link)
    position %= len(token)
    altered = token[:position] + letter + token[position + 1 :]

    assert links.read(altered) == (link if altered == token else None)


@pytest.mark.parametrize(
    "token", ["", "x", "AAAA", "ünicode", "a b", "=" * 8, "A" * 11, "A" * 400, "../../etc"]
)
def test_read_garbage_gives_nothing(token):
    assert links.read(token) is None


def test_make_usual_ids_is_short_and_safe_in_a_url():
    token = links.make(LINK)

    assert len(token) <= 24
    assert token.replace("-", "").replace("_", "").isalnum()


def test_make_impossible_id_is_refused():
    with pytest.raises(ValueError, match="no id"):
        links.make(CustomerLink(LinkPurpose.BOOK, dealership_id=-1, customer_id=1))


def test_read_token_of_another_key_gives_nothing_unless_it_is_a_fallback():
    with override_settings(SECRET_KEY="last-year"):
        token = links.make(LINK)

    assert links.read(token) is None
    with override_settings(SECRET_KEY_FALLBACKS=["last-year"]):
        assert links.read(token) == LINK


@override_settings(PUBLIC_URL="https://book.example.com/")
def test_url_of_stands_below_the_public_address():
    assert links.url_of(LINK) == "https://book.example.com/b/" + links.make(LINK)
