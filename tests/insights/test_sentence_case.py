import re

import pytest
import time_machine

from insights.templatetags.ui import sentence_case
from tests.conftest import NOW


@pytest.mark.logic
@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Change Password", "Change password"),
        ("Two-Factor Authentication", "Two-factor authentication"),
        ("\n  Confirm Access ", "\n  Confirm access "),
        ("Scan the QR Code", "Scan the QR code"),
        ('<a href="/Some/Where">Email Addresses</a>', '<a href="/Some/Where">Email addresses</a>'),
        ("2 Recovery Codes", "2 recovery codes"),
        ("", ""),
    ],
)
def test_sentence_case(title, words):
    assert sentence_case(title) == words


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/accounts/password/change/", "Change password"),
        ("/accounts/logout/", "Sign out"),
        ("/accounts/2fa/", "Two-factor authentication"),
    ],
)
def test_titles_of_account_pages_are_written_like_ours(client, world, path, title):
    with time_machine.travel(NOW, tick=False):
        client.force_login(world.alice)
        html = client.get(path).content.decode()

    assert re.search(r"<title>\s*(.*?) ·", html, re.DOTALL)[1].strip() == title
    assert re.sub(r"\s+", " ", re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)[1]).strip() == title


def test_title_of_an_entrance_page_is_written_like_ours(client, db):
    html = client.get("/accounts/password/reset/").content.decode()

    assert re.search(r"<title>\s*(.*?) ·", html, re.DOTALL)[1].strip() == "Password reset"
