import io
import json
import os
import sys
from types import SimpleNamespace

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.logic

QUESTION = b'{"id": %d, "unit": "mi", "readings": [["2024-03-01", 41230.0]], "odometer": 46000.0}'


def _answers(monkeypatch, stdin: bytes) -> list[dict]:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(stdin))))
    out = io.StringIO()
    call_command("forecast", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_forecast_answers_each_line(monkeypatch):
    answers = _answers(monkeypatch, QUESTION % 1 + b"\n\n  \nnonsense\r\n" + QUESTION % 2)

    assert [answer["id"] for answer in answers] == [1, None, 2]
    assert [sorted(answer) for answer in answers] == [
        ["high", "id", "low", "median"], ["error", "id"], ["high", "id", "low", "median"],
    ]  # fmt: skip


def test_forecast_of_nothing_is_nothing(monkeypatch):
    assert _answers(monkeypatch, b"") == []


def test_forecast_answers_before_the_asker_closes(monkeypatch):
    """A program that asks and waits must not wait for ever."""
    read_end, write_end = os.pipe()
    said = []

    class Listener(io.StringIO):
        def write(self, text: str) -> int:
            said.append(text)
            os.close(write_end)  # only now: the answer came with the question line, not with the end
            return len(text)

    os.write(write_end, QUESTION % 3 + b"\n")
    with os.fdopen(read_end) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        call_command("forecast", stdout=Listener())

    assert json.loads(said[0])["id"] == 3


def test_forecast_line_longer_than_a_block(monkeypatch):
    readings = [["2024-03-01", 41230.0]] * 60_000
    line = json.dumps({"id": 4, "unit": "mi", "readings": readings, "odometer": 46000.0}).encode()

    (answer,) = _answers(monkeypatch, line + b"\n")

    assert answer["id"] == 4
    assert "median" in answer
