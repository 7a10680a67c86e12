"""Questions to the forecast as JSON lines, and its answers.

    {"id": 7, "unit": "mi", "readings": [["2024-03-01", 41230.0], ...], "odometer": 46000.0}
    -> {"id": 7, "low": "2024-06-02", "median": "2024-07-11", "high": "2024-09-20"}

A line that cannot be understood or answered gives {"id": ..., "error": ...}; the id is null where even that
could not be read.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from common.distance import to_km
from common.enums import DistanceUnit
from customers.logic.forecast.answers import Questions, answer
from customers.logic.forecast.driving_calendar import FIRST_DAY, LAST_DAY, date_of, day_number

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNITS = frozenset(DistanceUnit.values)


class BadQuestionError(ValueError):
    """A line that asks nothing answerable; its text is for the asker."""


@dataclass(frozen=True)
class Question:
    """One vehicle's readings (day, km) in the order given and the odometer asked about."""

    id: Any
    readings: list[tuple[int, float]]
    asked_km: float


@dataclass(frozen=True)
class BadLine:
    """A line without an answer and why."""

    id: Any
    error: str


def answer_lines(lines: Sequence[bytes]) -> list[str]:
    """Return one JSON line for each line, in order; never raises for what a line says."""
    parsed = [_parse(line) for line in lines]
    questions = [question for question in parsed if isinstance(question, Question)]
    answered = iter(_answers(questions))
    replies = (
        {"id": line.id, "error": line.error} if isinstance(line, BadLine) else next(answered)
        for line in parsed
    )
    return [_to_json(reply) for reply in replies]


def _to_json(reply: dict[str, Any]) -> str:
    """Return the reply as JSON; an id that JSON has no words for (1e999 reads as infinite) becomes null."""
    try:
        return json.dumps(reply, allow_nan=False)
    except (ValueError, RecursionError):
        return json.dumps({**reply, "id": None})


def _answers(questions: Sequence[Question]) -> list[dict[str, Any]]:
    if not questions:
        return []
    found = answer(
        Questions(
            vehicle=np.repeat(np.arange(len(questions)), [len(q.readings) for q in questions]),
            day=np.array([day for q in questions for day, _ in q.readings], dtype=np.int64),
            km=np.array([km for q in questions for _, km in q.readings], dtype=np.float64),
            asked_km=np.array([q.asked_km for q in questions], dtype=np.float64),
        )
    )
    return [
        {"id": question.id, "low": _iso(low), "median": _iso(median), "high": _iso(high)}
        if is_known
        else {"id": question.id, "error": "readings: none of them is possible"}
        for question, is_known, low, median, high in zip(
            questions,
            found.is_known.tolist(),
            found.low.tolist(),
            found.median.tolist(),
            found.high.tolist(),
            strict=True,
        )
    ]


def _iso(day: int) -> str:
    return date_of(day).isoformat()


def _parse(line: bytes) -> Question | BadLine:
    """Return the line's question, or what is wrong with it."""
    try:
        data = json.loads(line)  # NaN too, which JSON has not: refused below where it matters, with the id
    except (ValueError, RecursionError):
        return BadLine(None, "not a JSON object")
    if not isinstance(data, dict):
        return BadLine(None, "not a JSON object")
    try:
        return _question(data)
    except BadQuestionError as error:
        return BadLine(data.get("id"), str(error))


def _question(data: dict[str, Any]) -> Question:
    if "id" not in data:
        raise BadQuestionError("id: missing")
    unit = data.get("unit")
    if not isinstance(unit, str) or unit not in _UNITS:
        raise BadQuestionError('unit: give "mi" or "km"')
    readings = data.get("readings")
    if not isinstance(readings, list) or not readings:
        raise BadQuestionError("readings: give at least one [date, odometer]")
    asked = _number(data.get("odometer"), "odometer")
    if asked < 0:
        raise BadQuestionError("odometer: below zero")
    return Question(
        id=data["id"],
        readings=[_reading(reading, number, unit) for number, reading in enumerate(readings, start=1)],
        asked_km=to_km(asked, unit),
    )


def _reading(reading: Any, number: int, unit: str) -> tuple[int, float]:
    if not isinstance(reading, list) or len(reading) != 2:  # noqa: PLR2004 -- a date and a value
        raise BadQuestionError(f"reading {number}: give [date, odometer]")
    day, value = reading
    return _day(day, number), to_km(_number(value, f"reading {number}"), unit)


def _day(text: Any, number: int) -> int:
    if not isinstance(text, str):
        raise BadQuestionError(f"reading {number}: not a date as YYYY-MM-DD")
    day = _day_of(text)
    if day is None:
        raise BadQuestionError(f"reading {number}: not a date as YYYY-MM-DD")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadQuestionError(f"reading {number}: a date outside the years 1900 to 2199")
    return day


@lru_cache(maxsize=100_000)  # the same days come again and again in a large file
def _day_of(text: str) -> int | None:
    """Return the day number of YYYY-MM-DD, and None for anything else; ISO has more forms, which are refused."""
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        return day_number(date.fromisoformat(text))
    except ValueError:
        return None


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadQuestionError(f"{name}: not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadQuestionError(f"{name}: not a finite number")
    return number
