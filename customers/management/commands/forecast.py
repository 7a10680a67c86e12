"""Answer questions about odometers: JSON lines in, JSON lines out."""

import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand

from customers.interfaces.forecast_questions import answer_lines

_CHUNK_BYTES = 1 << 20


class Command(BaseCommand):
    help = (
        "Reads questions from standard input, one JSON object a line: "
        '{"id", "unit": "mi"|"km", "readings": [["2024-03-01", 41230.0], ...], "odometer": 46000.0}; '
        'writes {"id", "low", "median", "high"} for each, in order: the dates on which that odometer is reached '
        'with 10, 50 and 90 %. A line that cannot be answered gives {"id", "error"}.'
    )
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        for lines in _available_lines(sys.stdin.buffer):
            for reply in answer_lines(lines):
                self.stdout.write(reply)
            self.stdout.flush()


def _available_lines(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Yield lines as they come, as many as there are at once: fast for a file, prompt for a dialogue."""
    rest = b""
    while block := stream.read1(_CHUNK_BYTES):  # type: ignore[attr-defined]  # a BufferedReader has it
        *lines, rest = (rest + block).split(b"\n")
        yield [line for line in lines if line.strip()]
    if rest.strip():
        yield [rest]
