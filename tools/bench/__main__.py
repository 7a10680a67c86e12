"""Measure what docs/performance.md states: `make bench`, or some of it: `make bench ARGS="forecast"`.

Each module of this folder with a function `run() -> list[Figure]` is one benchmark, taken up by its name.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable

from tools import bench
from tools.bench.figure import Figure


def main(names: list[str]) -> int:
    known = sorted(found.name for found in pkgutil.iter_modules(bench.__path__))
    if unknown := [name for name in names if name not in known]:
        print(f"No benchmark {', '.join(unknown)}.", file=sys.stderr)
        return 2
    for name in names or known:
        if name != "__main__":
            _run(name)
    return 0


def _run(name: str) -> None:
    """Run one benchmark; a module without `run` serves the others."""
    run: Callable[[], list[Figure]] | None = getattr(
        importlib.import_module(f"tools.bench.{name}"), "run", None
    )
    if run is None:
        return
    print(f"{name}:", flush=True)
    for figure in run():
        print(f"  {_line(figure)}", flush=True)


def _line(figure: Figure) -> str:
    ratio = "" if figure.ratio is None else f"  {figure.ratio:8.2f} {figure.ratio_of}"
    digits = 0 if figure.value >= 10 else 2  # noqa: PLR2004 -- two digits that tell something
    return f"{figure.name:58} {figure.value:12,.{digits}f} {figure.unit:12}{ratio}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
