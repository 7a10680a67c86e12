"""Take pictures of all pages of a running installation, in both themes and three sizes, to look at.

    python tools/screenshots.py http://127.0.0.1:8000 --email advisor@example.com --password ... --dealership live-oak

Pages that answer an error, scroll sideways or write to the console are named at the end (exit code 1).
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
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
SIZES = {"desktop": (1366, 768), "tablet": (820, 1180), "phone": (360, 740)}
THEMES = ("light", "dark")
NOT_FOUND = 404
SERVER_ERROR = 500
# Below /d/<slug>/; what an installation has not answers 404 and is left out.
PAGES = {
    "today": "",
    "today-replies": "?show=replies",
    "today-appointments": "?show=appointments",
    "today-sends": "?show=sends",
    "due": "due/",
    "due-late": "due/?window=late",
    "due-nobody": "due/?q=zzzzzz",
    "search": "search/?q=a",
    "conversations": "conversations/",
    "conversations-closed": "conversations/?state=closed",
    "appointments": "appointments/",
    "booking-rules": "appointments/rules/",
    "cadences": "cadences/",
    "cadence-preview": "cadences/preview/",
    "print": "letters/",
    "imports": "imports/",
    "upload": "imports/upload/",
    "op-codes": "op-codes/",
    "sandbox": "sandbox/",
}
PUBLIC = {"login": "/accounts/login/", "reset": "/accounts/password/reset/"}
SIGNED_IN = {
    "choose": "/",
    "mfa": "/accounts/2fa/",
    "mfa-activate": "/accounts/2fa/totp/activate/",
    "password": "/accounts/password/change/",
    "not-found": "/nothing-here",
}
# One page of each kind that hangs below a list.
BELOW = {
    "customer": "due/?window=all",
    "conversation": "conversations/",
    "cadence": "cadences/",
    "import": "imports/",
}


@dataclass
class Camera:
    base: str
    folder: Path
    only: str
    problems: list[str] = field(default_factory=list)

    def shoot(self, page: Page, *, name: str, url: str, look: str) -> None:
        """Save one picture and note what is wrong with the page."""
        if self.only and not re.search(self.only, name):
            return
        answer = page.goto(self.base + url)
        status = answer.status if answer else 0
        if status == NOT_FOUND and name != "not-found":
            return
        page.wait_for_timeout(150)
        page.screenshot(path=self.folder / f"{name}-{look}.png", full_page=True)
        if status >= SERVER_ERROR:
            self.problems.append(f"{name} {look}: answered {status}")
        sideways = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if sideways > 0:
            self.problems.append(f"{name} {look}: scrolls sideways by {sideways} px")


def watch(page: Page, camera: Camera, *, look: str) -> None:
    """Note what the pages of a tab write to the console, the policy's refusals among it."""

    def note(text: str) -> None:
        if "status of 404" not in text:
            camera.problems.append(f"{page.url} {look}: {text[:200]}")

    page.on("console", lambda message: note(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: note(str(error)))


def sign_in(page: Page, args: argparse.Namespace) -> None:
    page.goto(f"{args.base}/accounts/login/")
    page.locator("input[name=login]").fill(args.email)
    page.locator("input[name=password]").fill(args.password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "login" not in url)


def first_links(page: Page, args: argparse.Namespace) -> dict[str, str]:
    """Return the first row's page of each list."""
    found = {}
    for kind, listing in BELOW.items():
        page.goto(f"{args.base}/d/{args.dealership}/{listing}")
        links = page.locator("#main [data-row-link]")
        if links.count():
            found[kind] = (links.first.get_attribute("href") or "").removeprefix(args.base)
    return found


def take_all(context: BrowserContext, camera: Camera, args: argparse.Namespace, *, look: str) -> None:
    page = context.new_page()
    watch(page, camera, look=look)
    for name, url in PUBLIC.items():
        camera.shoot(page, name=name, url=url, look=look)
    sign_in(page, args)
    pages = {name: f"/d/{args.dealership}/{path}" for name, path in PAGES.items()}
    also = dict(pair.split("=", 1) for pair in args.also)
    for name, url in {**SIGNED_IN, **pages, **first_links(page, args), **also}.items():
        camera.shoot(page, name=name, url=url, look=look)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--dealership", required=True)
    parser.add_argument("--folder", type=Path, default=Path("var/screenshots"))
    parser.add_argument("--only", default="", help="a regular expression over page names")
    parser.add_argument("--looks", default="", help="a regular expression over looks, such as light-phone")
    parser.add_argument("--also", nargs="*", default=[], metavar="NAME=PATH", help="further pages")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    args.folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(args.base, args.folder, args.only)
    looks = [(theme, size) for theme in THEMES for size in SIZES if re.search(args.looks, f"{theme}-{size}")]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for theme, size in looks:
            width, height = SIZES[size]
            context = browser.new_context(viewport={"width": width, "height": height})
            context.add_cookies([{"name": "theme", "value": theme, "url": args.base}])
            take_all(context, camera, args, look=f"{theme}-{size}")
            context.close()
        browser.close()
    print("\n".join(dict.fromkeys(camera.problems)) or f"No problems; pictures in {args.folder}")
    return 1 if camera.problems else 0


if __name__ == "__main__":
    sys.exit(main())
