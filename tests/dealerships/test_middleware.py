"""Who gets in through the front door of a dealership."""

import pytest

from dealerships.models import Dealership


@pytest.fixture
def as_user(client, world):
    def sign_in(name: str):
        client.force_login(getattr(world, name))
        return client

    return sign_in


def test_member_gets_the_page(as_user):
    assert as_user("bob").get("/d/live-oak/").status_code == 200


@pytest.mark.parametrize("path", ["/d/live-oak/", "/d/no-such-dealership/"])
def test_member_of_another_dealership_gets_the_404_of_one_that_does_not_exist(as_user, path):
    assert as_user("charlie").get(path).status_code == 404


def test_inactive_dealership_is_closed_to_its_own_members(as_user, world):
    Dealership.objects.filter(pk=world.dealership.pk).update(is_active=False)

    assert as_user("alice").get("/d/live-oak/").status_code == 404


def test_stranger_is_asked_to_sign_in_and_brought_back(client, world):
    response = client.get("/d/live-oak/?page=2")

    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/d/live-oak/%3Fpage%3D2")


def test_stranger_whose_htmx_session_ended_is_redirected_as_a_whole_page(client, world):
    response = client.get("/d/live-oak/", headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Redirect"]) == (
        204,
        "/accounts/login/?next=/d/live-oak/",
    )


def test_member_of_one_dealership_is_taken_there(as_user):
    assert as_user("bob").get("/").url == "/d/live-oak/"
