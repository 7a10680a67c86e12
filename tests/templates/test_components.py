"""Components declare their props: a page that uses another prop, or a component that does not exist, fails here."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

pytestmark = pytest.mark.logic

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COTTON = TEMPLATES / "cotton"
PAGES = sorted(TEMPLATES.rglob("*.html"))
USE = re.compile(r"<c-([a-z0-9-]+)((?:\s+[^\s=/>]+(?:=(?:\"[^\"]*\"|'[^']*'))?)*)\s*/?>", re.DOTALL)
PROP = re.compile(r"([^\s=/>]+)(?:=(?:\"[^\"]*\"|'[^']*'))?", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
# What a component hands on to its element, and what cotton itself understands.
HANDED_ON = {
    "icon": {"class"},
    "panel": {"id", "class"},
    "table": {"id", "class"},
    "form": {"class"},
    "stat-tile": {"id"},
    "timeline-entry": {"id"},
}
FREE = {"button", "tab", "chip"}  # pass any attribute on to their link or button
CELL = re.compile(r"<td\b(?:{%.*?%}|{{.*?}}|[^>])*>")
INLINE = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son[a-z]+=|hx-on")


def name_of(path: Path) -> str:
    return path.stem.replace("_", "-")


def declared() -> dict[str, set[str]]:
    found = {}
    for path in COTTON.glob("*.html"):
        match = re.search(r"<c-vars\b([^>]*?)/>", path.read_text(), re.DOTALL)
        found[name_of(path)] = {prop.lstrip(":") for prop in PROP.findall(match[1])} if match else set()
    return found


DECLARED = declared()


def uses(path: Path):
    text = TAG.sub(lambda tag: "x" * len(tag[0]), path.read_text())
    for match in USE.finditer(text):
        yield match[1], {prop.lstrip(":") for prop in PROP.findall(match[2])}


def short(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_page_uses_declared_props_only(path):
    wrong = [
        f"<c-{name}> has no prop {prop}"
        for name, props in uses(path)
        if name not in {"vars", "slot"} and name not in FREE
        for prop in props - DECLARED.get(name, set()) - HANDED_ON.get(name, set())
    ]

    assert wrong == []


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_page_uses_existing_components_only(path):
    assert {name for name, _ in uses(path)} - {"vars", "slot"} <= set(DECLARED)


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_page_has_nothing_inline(path):
    assert INLINE.findall(TAG.sub("", path.read_text())) == []


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_page_compiles(path):
    get_template(short(path))


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_page_names_icons_of_the_sprite_only(path):
    sprite = set(
        re.findall(r'<symbol id="([^"]+)"', (Path(settings.BASE_DIR) / "static/icons.svg").read_text())
    )
    named = set(re.findall(r"<c-icon name=\"([a-z0-9-]+)\"", path.read_text()))
    named |= set(re.findall(r"\sicon=\"([a-z0-9-]+)\"", path.read_text()))

    assert named - sprite == set()


@pytest.mark.parametrize("path", [page for page in PAGES if "<td" in page.read_text()], ids=short)
def test_every_cell_says_on_a_phone_what_it_is(path):
    """Below a tablet's width a row is a card: a cell is its heading, stands in its corner, has buttons with words, or names itself."""
    bare = [
        cell
        for cell in CELL.findall(path.read_text())
        if not re.search(r"data-label=|\bcard-(start|end|hide|actions)\b", cell)
    ]

    assert bare == []


def test_every_component_is_documented():
    text = (Path(settings.BASE_DIR) / "docs/design-system.md").read_text()

    assert [name for name in DECLARED if f"`c-{name}`" not in text] == []


@pytest.mark.parametrize("name", ["404.html", "500.html", "403.html", "403_csrf.html"])
def test_error_page_needs_no_context(name):
    assert "<h1" in render_to_string(name)
