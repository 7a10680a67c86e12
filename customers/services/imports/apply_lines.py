"""Operations of repair orders to visit lines."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from customers.enums import LineOutcome
from customers.logic.imports.visits import LineDraft, VisitDraft
from customers.models import VisitLine
from customers.services.imports import bulk, changes
from customers.services.imports.context import Run
from customers.services.imports.op_codes import OpCodeBook

_FIELDS = ("op_code", "description", "service_id", "outcome", "amount_cents")
_COLUMNS = ("visit_id", "line_number", *_FIELDS)


def add_lines(visits: Sequence[tuple[int, VisitDraft]], book: OpCodeBook) -> None:
    """Insert all lines of visits that are new."""
    rows = []
    for visit_id, draft in visits:
        for number, line in _numbered(draft.lines, taken=set()):
            book.count(line)
            rows.append((visit_id, number, *_values(line, book)))
    bulk.insert(VisitLine, _COLUMNS, rows)


def record_lines(run: Run, visits: Sequence[tuple[int, VisitDraft]], book: OpCodeBook) -> set[int]:
    """Add and change lines of visits that were there before; returns the ids of visits it changed.

    A line is the same by its number where the file gives one, else by code and words. None is removed: a file
    may hold a corrected part of a repair order only.
    """
    if not visits:
        return set()
    have = _known_lines([visit_id for visit_id, _ in visits])
    added: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    recorded = []
    for visit_id, draft in visits:
        new, different = _compared(visit_id, draft, have.get(visit_id, []), book)
        added += new
        for line_id, before, after in different:
            changed.append((line_id, *after.values()))
            recorded.append((line_id, before, after))
    made = bulk.insert(VisitLine, _COLUMNS, added)
    bulk.update(VisitLine, _FIELDS, changed)
    changes.record_created(run.visit_import, VisitLine, [row[0] for row in made])
    changes.record(run.visit_import, VisitLine, recorded)
    touched = {line_id: visit_id for visit_id, lines in have.items() for line_id, *_ in lines}
    return {row[0] for row in added} | {touched[row[0]] for row in changed}


def _compared(
    visit_id: int, draft: VisitDraft, have: list[tuple[Any, ...]], book: OpCodeBook
) -> tuple[list[tuple[Any, ...]], list[tuple[int, dict[str, Any], dict[str, Any]]]]:
    by_number = {number: (line_id, values) for line_id, number, *values in have}
    by_words: dict[tuple[str, str, int], int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for _, number, *values in have:
        seen[values[0], values[1]] += 1
        by_words[values[0], values[1], seen[values[0], values[1]]] = number
    seen.clear()
    new_lines, different = [], []
    for line in draft.lines:
        seen[line.op_code, line.description] += 1
        number = line.line_number or by_words.get(
            (line.op_code, line.description, seen[line.op_code, line.description])
        )
        if number is None or number not in by_number:
            new_lines.append(line)
            continue
        line_id, values = by_number[number]
        before = dict(zip(_FIELDS, values, strict=True))
        after = dict(zip(_FIELDS, _values(line, book), strict=True))
        if after != before:
            different.append((line_id, before, after))
    rows = []
    for number, line in _numbered(new_lines, taken=set(by_number)):
        book.count(line)
        rows.append((visit_id, number, *_values(line, book)))
    return rows, different


def _known_lines(visit_ids: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    lines = VisitLine.objects.filter(visit_id__any_of=visit_ids).order_by("visit_id", "line_number")
    for visit_id, *row in lines.values_list("visit_id", "id", "line_number", *_FIELDS):
        found.setdefault(visit_id, []).append(tuple(row))
    return found


def _numbered(lines: Sequence[LineDraft], *, taken: set[int]) -> list[tuple[int, LineDraft]]:
    """Give each line its own number: the file's where it is free, else the next one free."""
    used = set(taken)
    numbered = []
    following = max(used, default=0) + 1
    for line in lines:
        number = line.line_number if line.line_number and line.line_number not in used else following
        used.add(number)
        following = max(following, number + 1)
        numbered.append((number, line))
    return numbered


def _values(line: LineDraft, book: OpCodeBook) -> tuple[Any, ...]:
    outcome = LineOutcome.DECLINED if line.is_declined else LineOutcome.PERFORMED
    return (line.op_code, line.description, book.service_of(line), outcome.value, line.amount_cents)
