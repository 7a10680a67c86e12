import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.tenancy import tenant_scope
from customers.models import ContactPoint
from messaging.models import ProviderAccount
from messaging.services.address_checks import NoLobAccount, check_addresses
from tests.factories.customers import ContactPointFactory, CustomerFactory

SAYS = {"1 Good St": "deliverable", "2 Unit St": "deliverable_missing_unit", "3 Gone St": "undeliverable"}


class Lob(BaseHTTPRequestHandler):
    """Answers as Lob does; of a street it does not know, with a 500."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        says = SAYS.get(asked["primary_line"])
        body = json.dumps({"id": "us_ver_1", "deliverability": says}).encode()
        self.send_response(200 if says else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def lob(world):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lob)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with tenant_scope(world.dealership):
        ProviderAccount.objects.filter(channel="letter", is_active=True).update(
            provider="lob",
            config={"api_key": "test_x", "base_url": f"http://127.0.0.1:{server.server_address[1]}"},
        )
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def points(world):
    with tenant_scope(world.dealership):
        customer = CustomerFactory(dealership=world.dealership)
        for street, more in (
            ("1 Good St", {}),
            ("2 Unit St", {}),
            ("3 Gone St", {}),
            ("4 Silent St", {}),
            ("3 Gone St", {"country": "CA"}),
            ("1 Good St", {"validity": "invalid"}),
        ):
            ContactPointFactory(
                dealership=world.dealership,
                customer=customer,
                kind="postal",
                value=f"{street} {more}",
                street=street,
                **more,
            )
        ContactPointFactory(dealership=world.dealership, customer=customer, kind="email", value="a@b.co")


def validities(world):
    with tenant_scope(world.dealership):
        return list(
            ContactPoint.objects.filter(kind="postal").order_by("pk").values_list("validity", flat=True)
        )


def test_unchecked_addresses_are_checked_once(world, lob, points):
    with tenant_scope(world.dealership):
        assert check_addresses(limit=10) == {"deliverable": 1, "unsure": 1, "undeliverable": 1, "": 1}
        assert validities(world) == ["valid", "valid", "invalid", "unknown", "unknown", "invalid"]
        assert check_addresses(limit=10) == {"": 1}


def test_limit_bounds_what_is_paid_for(world, lob, points):
    with tenant_scope(world.dealership):
        assert check_addresses(limit=1) == {"deliverable": 1}


def test_without_lob_nothing_is_asked(world):
    with tenant_scope(world.dealership), pytest.raises(NoLobAccount):
        check_addresses(limit=1)


def test_command_says_what_came_of_it(world, lob, points):
    out = StringIO()

    call_command("check_addresses", "live-oak", limit=3, stdout=out)

    assert sorted(out.getvalue().split()) == ["1", "1", "1", "deliverable", "undeliverable", "unsure"]


@pytest.mark.parametrize("slug", ["harbor", "nowhere"])
def test_command_names_what_is_missing(world, slug):
    with pytest.raises(CommandError, match=slug):
        call_command("check_addresses", slug)
