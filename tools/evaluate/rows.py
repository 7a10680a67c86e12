"""The rows of the data, and which of them were held back while the grammar was written."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from conversations.interfaces.understand_lines import answer_line

Row = dict[str, Any]
# Used where a source gives no time of its own.
NO_REFERENCE = "2018-08-01T10:00"


@dataclass(frozen=True, slots=True)
class Data:
    """One folder of JSON lines files; `part` is all, dev (looked at) or held (held back by dialogue)."""

    folder: Path
    part: str = "all"

    def rows(self, name: str) -> list[Row]:
        return [row for row in _load(self.folder / f"{name}.jsonl") if self.part in {"all", _part_of(row)}]


@lru_cache(maxsize=20)
def _load(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _part_of(row: Row) -> str:
    """Put all turns of a dialogue, and all rows of the same words, on the same side."""
    row_id = str(row.get("id", ""))
    key = (
        row_id.split("/")[1]
        if row_id.startswith(("sgd/", "star/"))
        else row.get("text") or row.get("input") or ""
    )
    return "held" if zlib.crc32(str(key).encode()) % 2 else "dev"


def ask(row: Row, *, prompt: str | None = None) -> Row:
    """Return what `manage.py understand` answers for a row."""
    now = str(row.get("reference") or NO_REFERENCE)[:16]
    question = {
        "id": 0,
        "text": row.get("text") or row.get("input") or "",
        "now": now,
        "prompt": prompt or row.get("prompt"),
    }
    answer: Row = json.loads(answer_line(json.dumps(question), number=1))
    return answer


def single_values(row: Row) -> Iterator[tuple[str, set[str]]]:
    """Yield the kind and the accepted values of a specification row that names one date, time or both."""
    if len(row["results"]) != 1:
        return
    result = row["results"][0]
    kind = str(result["type"] or "").removeprefix("datetimeV2.")
    if kind in {"date", "time", "datetime"}:
        yield kind, {str(value.get("value")) for value in result["values"]}
