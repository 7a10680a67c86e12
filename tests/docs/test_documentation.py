"""What the documents promise to list, they list; what they point to exists."""

import ast
import re
from pathlib import Path

import pytest

from anticipate import checks
from anticipate import settings as product_settings

pytestmark = pytest.mark.logic

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
APPS = ("anticipate", "common", "dealerships", "customers", "messaging", "booking", "campaigns", "conversations", "insights")  # fmt: skip
SOURCES = [
    path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
]
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def _first_cells(page: Path) -> set[str]:
    """Every `name` in the first cell of a table's row."""
    rows = re.findall(r"^\| ([^|]+) \|", page.read_text(), flags=re.MULTILINE)
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def test_every_setting_is_documented_and_nothing_else():
    listed = {name for name in _first_cells(DOCS / "settings.md") if not name.startswith("anticipate.")}

    assert listed == product_settings.env.names


def test_every_check_is_documented_and_nothing_else():
    source = Path(checks.__file__).read_text()
    listed = {name for name in _first_cells(DOCS / "settings.md") if name.startswith("anticipate.")}

    assert listed == set(re.findall(r'id="(anticipate\.[EW]\d{3})"', source))


def test_every_command_is_documented_and_nothing_else():
    commands = {
        path.stem for path in ROOT.glob("*/management/commands/*.py") if not path.stem.startswith("_")
    }
    section = (DOCS / "operations.md").read_text().split("## Commands")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)) == commands


def test_every_signal_is_documented():
    declared = {
        target.id
        for path in ROOT.glob("*/signals.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") in {"Signal", "NamedSignal"}
    }

    assert declared <= _first_cells(DOCS / "architecture.md")


def test_every_provider_is_documented():
    adapters = {
        path.name
        for path in (ROOT / "messaging" / "adapters").iterdir()
        if path.is_dir() and not path.name.startswith("_")
    }

    assert adapters <= _first_cells(DOCS / "architecture.md")


def test_every_make_target_is_in_the_readme():
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    listed = set(re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text()))

    assert targets - {"help", "clean"} <= listed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_named_in_the_code_exists():
    named = {name for path in SOURCES for name in re.findall(r"\bdocs/[\w/-]+\.md\b", path.read_text())}

    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_decision_is_in_the_list_and_has_its_three_parts():
    index = (DOCS / "decisions" / "README.md").read_text()
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))

    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text()
        assert page.name in index
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")), page.name


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda lock: lock.name)
def test_lock_file_names_versions_and_hashes_and_no_index(lock):
    lines = [line.strip() for line in lock.read_text().splitlines()]

    packages = [line for line in lines if re.match(r"[a-z0-9._-]+==", line)]
    others = [
        line
        for line in lines
        if line and not line.startswith(("#", "--hash=sha256:")) and line not in packages
    ]

    assert packages
    assert others == []
    assert not any("://" in line for line in lines)
