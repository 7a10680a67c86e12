"""Text to records of cells, one at a time, whatever the text does to prevent it."""

import csv
from collections import deque
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple, TextIO

from customers.logic.imports.problems import Problem

# A record of a repair order is some hundred characters; a comment may add a few thousand. Beyond these limits
# a line is no record, and reading on would only fill the memory.
MAX_RECORD_CHARACTERS = 200_000
MAX_RECORD_LINES = 200


class _State(Enum):
    """Where in a cell the reader stands."""

    START = auto()
    PLAIN = auto()
    QUOTED = auto()
    MAYBE_CLOSED = auto()


class Record(NamedTuple):
    """Cells and the line they begin on; with a problem, as much as could be read."""

    line: int
    cells: tuple[str, ...]
    problem: Problem | None = None


class RecordReader:
    """Records out of a text file with one separator.

    The csv module alone would swallow the rest of the file into one cell at an unclosed quotation mark, or
    raise in the middle of it. Here the lines of one record are put together first: one that does not end within
    the limits is named, and reading goes on at the line after it.
    """

    def __init__(self, text: TextIO, *, delimiter: str) -> None:
        self._text = text
        self._delimiter = delimiter
        self._pending: deque[tuple[int, str]] = deque()
        self._next_line = 1
        self._unclosed = 0

    def __iter__(self) -> Iterator[Record]:
        while (first := self._take()) is not None:
            number, line = first
            if '"' not in line and len(line) <= MAX_RECORD_CHARACTERS:
                # Nearly all lines; without quotation marks the csv module does no more than this.
                cells = tuple(line.rstrip("\r\n").split(self._delimiter))
                if any(cells) and any(cell.strip() for cell in cells):
                    yield Record(number, cells)
                continue
            if len(line) > MAX_RECORD_CHARACTERS:
                yield Record(number, (line[:200],), Problem.TOO_LONG)
                continue
            state = self._state_after(line, _State.START) if line.count('"') % 2 else _State.PLAIN
            if state is _State.QUOTED:
                yield from self._of_several_lines(number, line, state)
            else:
                yield from self._parsed(number, line)

    def _of_several_lines(self, number: int, line: str, state: _State) -> Iterator[Record]:
        """Yield a record with a line break inside quotation marks, or name one whose mark is never closed."""
        lines = [(number, line)]
        length = len(line)
        while len(lines) < self._lines_allowed() and length < MAX_RECORD_CHARACTERS:
            following = self._take()
            if following is None:
                break
            lines.append(following)
            length += len(following[1])
            if '"' in following[1]:
                state = self._state_after(following[1], state)
            if state is not _State.QUOTED:
                yield from self._parsed(number, "".join(text for _, text in lines))
                return
        self._pending.extendleft(reversed(lines[1:]))
        self._unclosed += 1
        yield Record(number, tuple(line.rstrip("\r\n").split(self._delimiter)), Problem.UNCLOSED_QUOTE)

    def _lines_allowed(self) -> int:
        """Return how far to look for the end of a record: less, the more often nothing was found.

        Each time nothing is found the lines are read again; a file made of unclosed marks must not make
        that the usual case.
        """
        return max(2, MAX_RECORD_LINES >> (self._unclosed // 10))

    def _parsed(self, number: int, text: str) -> Iterator[Record]:
        try:
            rows = list(csv.reader([text], delimiter=self._delimiter))
        except csv.Error:
            yield Record(number, (text[:200],), Problem.UNREADABLE)
            return
        if rows and any(cell.strip() for cell in rows[0]):
            yield Record(number, tuple(rows[0]))

    def _state_after(self, text: str, state: _State) -> _State:
        """Return where in a cell a text ends; a quotation mark inside an unquoted cell opens nothing."""
        for character in text:
            if state is _State.QUOTED:
                state = _State.MAYBE_CLOSED if character == '"' else state
            elif character == '"' and state is not _State.PLAIN:
                state = _State.QUOTED  # opened, or the second of a doubled mark
            else:
                state = _State.START if character == self._delimiter else _State.PLAIN
        return state

    def _take(self) -> tuple[int, str] | None:
        if self._pending:
            return self._pending.popleft()
        line = self._text.readline(MAX_RECORD_CHARACTERS + 1)
        if not line:
            return None
        number = self._next_line
        self._next_line += 1
        if len(line) > MAX_RECORD_CHARACTERS:
            self._skip_rest_of_line(line)
        return number, line

    def _skip_rest_of_line(self, part: str) -> None:
        while part and not part.endswith(("\n", "\r")):
            part = self._text.readline(MAX_RECORD_CHARACTERS)
