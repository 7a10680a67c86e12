import asyncio
import socket

import pytest
from aiohttp import web

from common import http
from common.http import HttpClient, HttpRequest, HttpResponse, MaybeSent, NotSent, is_public

pytestmark = pytest.mark.logic

SECRET = "very-secret"


def exchange(handler, *requests, **more):
    """Serve `handler` on a socket, send the requests (`{url}` in their place) at once, return answers or errors."""

    async def run():
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
        async with HttpClient() as client:
            sent = [
                client.send(HttpRequest(**(each | {"url": each["url"].format(url=url)})), **more)
                for each in requests
            ]
            answers = await asyncio.gather(*sent, return_exceptions=True)
        await runner.cleanup()
        return answers

    return asyncio.run(run())


def get(path="/", **more):
    return {"method": "GET", "url": "{url}" + path} | more


def post(**more):
    return {"method": "POST", "url": "{url}/", "body": b"x"} | more


async def hello(request):
    return web.Response(body=b"hello " + await request.read(), headers={"X-Mark": "1"}, status=201)


def test_answer_comes_whole_with_lower_case_headers():
    (answer,) = exchange(hello, post())

    assert (answer.status, answer.body, answer.headers["x-mark"]) == (201, b"hello x", "1")


def test_refused_connection_was_surely_not_sent():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    (answer,) = exchange(hello, post(url=url))

    assert isinstance(answer, NotSent)


def test_name_that_does_not_exist_was_surely_not_sent():
    (answer,) = exchange(hello, post(url="http://nowhere.invalid/"))

    assert isinstance(answer, NotSent)


async def silent(request):
    await request.read()
    await asyncio.sleep(30)


async def hang_up(request):
    await request.read()
    request.transport.abort()


async def half(request):
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b"half")
    request.transport.abort()
    return response


@pytest.mark.parametrize("handler", [silent, hang_up, half])
def test_request_without_a_whole_answer_may_have_been_carried_out(handler):
    (answer,) = exchange(handler, post(answer_seconds=0.3))

    assert isinstance(answer, MaybeSent)


def test_answer_too_large_is_unknown(monkeypatch):
    monkeypatch.setattr(http, "MAX_BODY_BYTES", 3)

    (answer,) = exchange(hello, post())

    assert isinstance(answer, MaybeSent)


def test_redirect_of_a_post_is_the_answer():
    async def elsewhere(_):
        raise web.HTTPFound("http://example.com/")

    (answer,) = exchange(elsewhere, post())

    assert answer.status == 302
    with pytest.raises(ValueError, match="GET"):
        HttpRequest("POST", "http://example.com/", follow=1)


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1:1/", "http://[::1]/", "http://169.254.169.254/", "http://localhost:1/", "file:///x"],
)
def test_redirect_into_a_private_network_is_not_followed(location):
    seen = []

    async def elsewhere(request):
        seen.append(request.path)
        return web.Response(status=302, headers={"Location": location})

    (answer,) = exchange(elsewhere, get(follow=3))

    assert isinstance(answer, NotSent)
    assert seen == ["/"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("2606:4700:4700::1111", True),
        ("nonsense", False),
    ],
)
def test_public_addresses(address, expected):
    assert is_public(address) is expected


def test_lane_bounds_the_calls_in_flight():
    now, most = 0, 0

    async def counting(_):
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        return web.Response()

    exchange(counting, *[get() for _ in range(20)], lane="a", limit=3)

    assert most == 3


def test_nothing_secret_is_in_a_log_an_error_or_a_repr(caplog, capsys):
    request = {"headers": {"Authorization": SECRET}, "body": SECRET.encode()}
    answers = exchange(silent, post(url="{url}/" + SECRET + "?q=" + SECRET, answer_seconds=0.1, **request))
    shown = (
        HttpRequest("POST", f"http://example.com/{SECRET}", **request),
        HttpResponse(200, {}, SECRET.encode()),
    )

    said = caplog.text + "".join(capsys.readouterr()) + repr(answers) + repr(shown) + str(answers[0])
    assert SECRET not in said
    assert "http.maybe_sent" in said
