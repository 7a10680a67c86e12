import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from structlog.testing import capture_logs

from anticipate.middleware import HEADER, RequestLogMiddleware

pytestmark = pytest.mark.logic


class _Match:
    def __init__(self, route: str) -> None:
        self.route = route


def _answer(path: str, *, route: str | None, **headers: str):
    request = RequestFactory().get(path, headers=headers)
    request.resolver_match = _Match(route) if route else None
    with capture_logs() as lines:
        response = RequestLogMiddleware(lambda _request: HttpResponse(status=204))(request)
    return response, lines


def test_line_names_the_route_and_never_the_token():
    _, lines = _answer("/b/s3cr3t-token", route="b/<token>")

    (line,) = lines
    assert (line["event"], line["route"], line["status"], line["method"]) == (
        "request",
        "b/<token>",
        204,
        "GET",
    )
    assert "s3cr3t" not in str(line)


def test_unknown_page_is_logged_without_its_path():
    _, lines = _answer("/some/guess", route=None)

    assert lines[0]["route"] == "(none)"


def test_health_checks_are_not_logged():
    _, lines = _answer("/healthz", route="healthz")

    assert lines == []


def test_id_of_the_proxy_is_kept():
    response, _ = _answer("/", route="", **{HEADER: "abc-12345678"})

    assert response.headers[HEADER] == "abc-12345678"


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space 12", "line\\nbreak-123", "<script>1234"])
def test_odd_id_is_replaced(given):
    response, _ = _answer("/", route="", **{HEADER: given})

    assert response.headers[HEADER] != given
    assert len(response.headers[HEADER]) == 32
