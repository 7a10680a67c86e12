import pytest

from anticipate.demo.logins import LOGINS

pytestmark = pytest.mark.django_db

PAGE = "/accounts/login/"


def test_the_sign_in_page_of_a_demo_names_its_logins(client, settings):
    settings.DEMO = True

    html = client.get(PAGE).content.decode()

    for login in LOGINS:
        assert login.email in html
        assert login.password in html
    assert html.count('name="login"') == 1, "one form: tools and password managers find the right field"


def test_no_other_installation_shows_them(client, settings):
    settings.DEMO = False

    html = client.get(PAGE).content.decode()

    assert "demo" not in html.lower()
