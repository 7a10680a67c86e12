"""A real browser at a real server. Without Chromium these tests are skipped, and say so."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.insights.conftest import frozen, make_busy_customer  # noqa: F401 -- fixtures

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright keeps an event loop in this thread, in which Django would refuse to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one file of tests: its event loop must not run on under the tests of other files."""
    if not CHROMIUM:
        pytest.skip("NOT looked at in a browser: no Chromium on this machine (set CHROMIUM to its path)")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def signed_in(chromium: Browser, live_server, client, user) -> BrowserContext:
    client.force_login(user)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1366, "height": 768})
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def advisor(chromium, transactional_db, live_server, world, client) -> Iterator[BrowserContext]:
    """A browser in which Bob is signed in."""
    context = signed_in(chromium, live_server, client, world.bob)
    yield context
    context.close()


@pytest.fixture
def admin(chromium, transactional_db, live_server, world, client) -> Iterator[BrowserContext]:
    """A browser in which Alice is signed in: she sees every form there is."""
    context = signed_in(chromium, live_server, client, world.alice)
    yield context
    context.close()
