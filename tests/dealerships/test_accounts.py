"""Signing in: what a stranger may try, and what a member may choose."""

import pytest
from django.core.cache import cache

LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"


@pytest.fixture(autouse=True)
def _nothing_tried_yet():
    cache.clear()
    yield
    cache.clear()


def guess(client, number):
    return client.post(LOGIN, {"login": "bob@example.com", "password": f"guess-{number}"})


def test_guessing_a_password_ends_soon(client, world):
    statuses = [guess(client, number).status_code for number in range(12)]

    assert statuses[0] == 200
    assert client.post(LOGIN, {"login": "bob@example.com", "password": "pw"}).status_code != 302


@pytest.mark.parametrize("password", ["1", "password123", "1234567890", "bob@example.com"])
def test_password_that_anybody_guesses_is_refused(client, world, password):
    client.force_login(world.bob)

    answer = client.post(CHANGE, {"oldpassword": "pw", "password1": password, "password2": password})

    assert answer.status_code == 200
    world.bob.refresh_from_db()
    assert world.bob.check_password("pw")


def test_nobody_signs_up(client, db):
    form = {"email": "eve@example.com", "password1": "a-long-enough-one", "password2": "a-long-enough-one"}

    assert "closed" in client.post("/accounts/signup/", form).content.decode().lower()


def test_login_leads_to_no_other_site(client, world):
    answer = client.post(
        f"{LOGIN}?next=https://evil.example/", {"login": "bob@example.com", "password": "pw"}
    )

    assert (answer.status_code, answer.url) == (302, "/")
