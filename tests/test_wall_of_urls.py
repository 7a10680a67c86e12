"""Every URL of a dealership, tried by a member of another one: nothing but 404, whatever the method.

The URLs are walked, so that a new one cannot forget; an argument this test does not know fails it. Every kind of row
exists at Alice's dealership under the id that is tried: what is refused is refused because of the wall.
"""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RoutePattern

from common.tenancy import tenant_scope
from dealerships.middleware import SLUG
from tests.any_row import NAME, make_one_of_each, picture_of
from tests.factories.dealerships import DealershipFactory

METHODS = ["get", "post", "put", "patch", "delete"]


def tenant_routes(patterns, prefix: str = "") -> list[str]:
    """Return the routes below /d/<slug>/ as Django writes them."""
    routes = []
    for pattern in patterns:
        assert isinstance(pattern.pattern, RoutePattern), f"{prefix}{pattern.pattern} is no path()"
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            routes += tenant_routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            routes.append(route)
    return routes


def below_a_dealership() -> list[str]:
    resolver = next(
        entry
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and SLUG in str(entry.pattern)
    )
    return tenant_routes([resolver])


ROUTES = below_a_dealership()


ID = 4711
# Found by something else than a row: not there for Alice either.
NEEDS_MORE_THAN_A_ROW = {
    "sandbox-mail": "the sandbox keeps e-mails",
    "import-errors": "a file on disk",
    "test-result": "a message that is a test",
}


@pytest.fixture
def place(world):
    """Alice's second dealership, which has one row of every kind and nothing else."""
    place = DealershipFactory()
    with tenant_scope(place):
        make_one_of_each(place, pk=ID, user_id=world.alice.pk)
    return place


@pytest.fixture
def foreign_ids(place) -> dict[str, str]:
    """Return a value for every URL argument; ids and names exist at Alice's dealership only."""
    return {
        "int": str(ID),
        "str": NAME,
        "slug": NAME,
        "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    }


def fill(route: str, *, slug: str, values: dict[str, str]) -> str:
    path = ""
    for part in route.split("<"):
        if ">" not in part:
            path += part
            continue
        argument, rest = part.split(">", 1)
        converter, _, name = argument.rpartition(":")
        path += (slug if name == SLUG else values[converter or "str"]) + rest
    return "/" + path


# Every way a form or a query may name a row of somebody else.
FOREIGN_FORM = {
    name: str(ID)
    for name in (
        "customer",
        "customer_id",
        "vehicle",
        "service",
        "touch",
        "appointment",
        "file",
        "after",
        "show",
    )
} | {"q": "only", "key": NAME}
ALICES_NUMBER = "555-0123"


def alices_rows(place) -> dict[str, str]:
    with tenant_scope(place):
        return picture_of(place)


def test_there_is_something_to_walk():
    assert len(ROUTES) >= 1


def test_every_kind_of_row_is_there(place, foreign_ids):
    assert [label for label, rows in alices_rows(place).items() if rows.startswith("0 ")] == []


@pytest.mark.parametrize("route", ROUTES)
def test_member_of_another_dealership_gets_404(client, world, place, foreign_ids, route):
    client.force_login(world.charlie)
    path = fill(route, slug=place.slug, values=foreign_ids)
    before = alices_rows(place)

    assert {method: getattr(client, method)(path).status_code for method in METHODS} == dict.fromkeys(
        METHODS, 404
    )
    assert alices_rows(place) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route.count("<") > 1])
def test_ids_of_another_dealership_are_unknown_at_ones_own(client, world, place, foreign_ids, route):
    client.force_login(world.charlie)
    path = fill(route, slug=world.other.slug, values=foreign_ids)
    before = alices_rows(place)

    assert {client.get(path).status_code, client.post(path, FOREIGN_FORM).status_code} <= {404, 405}
    assert alices_rows(place) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route.count("<") == 1])
def test_forms_at_ones_own_dealership_reach_nothing_of_another(client, world, place, foreign_ids, route):
    client.force_login(world.charlie)
    path = fill(route, slug=world.other.slug, values=foreign_ids)
    before = alices_rows(place)

    pages = [client.get(path, FOREIGN_FORM), client.post(path, FOREIGN_FORM)]

    assert alices_rows(place) == before
    assert not [page for page in pages if ALICES_NUMBER in page.content.decode()]


@pytest.mark.parametrize("route", [route for route in ROUTES if route.count("<") > 1])
def test_the_ids_that_are_tried_exist_where_they_belong(client, world, place, foreign_ids, route):
    client.force_login(world.alice)
    path = fill(route, slug=place.slug, values=foreign_ids)

    status = client.get(path).status_code

    assert (status == 404) is (resolve(path).url_name in NEEDS_MORE_THAN_A_ROW)


@pytest.mark.parametrize("route", ROUTES)
def test_stranger_is_asked_to_sign_in(client, world, place, foreign_ids, route):
    path = fill(route, slug=place.slug, values=foreign_ids)

    response = client.get(path)

    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")
