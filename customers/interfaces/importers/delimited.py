"""Generic CSV: any encoding, separator and set of columns."""

import csv
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TextIO

from customers.enums import ImportFormat
from customers.interfaces.importers.encodings import sniff_encoding
from customers.interfaces.importers.records import Record, RecordReader
from customers.logic.imports.fields import guess_mapping
from customers.logic.imports.problems import Issue
from customers.logic.imports.source import SourceRow, UnusableFile, visible_cells
from customers.logic.invisible import without_invisible

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 30
_SAMPLE_CHARACTERS = 1 << 16
# A report often has a title, a date and an empty line above its header.
_HEADER_WITHIN = 10
MAX_COLUMNS = 500


class DelimitedFile:
    """A text file of one row per line, the first of which names the columns."""

    format = ImportFormat.CSV.value
    fixed_mapping = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = sniff_encoding(path)
        self.delimiter = self._sniff_delimiter()

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Column names as written; an empty one or one that occurs twice gets its number ("Phone (2)")."""
        seen: dict[str, int] = {}
        names = []
        for index, cell in enumerate(self._header.cells, 1):
            name = " ".join(without_invisible(cell).split()) or f"Column {index}"
            seen[name] = seen.get(name, 0) + 1
            names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return tuple(names)

    def rows(self) -> Iterator[SourceRow]:
        """All rows below the header, from the start of the file each time."""
        with self._open() as text:
            for record in RecordReader(text, delimiter=self.delimiter):
                if record.line > self._header.line:
                    issues = (Issue(record.problem, record.line),) if record.problem else ()
                    yield SourceRow(record.line, visible_cells(record.cells), issues)

    @cached_property
    def _header(self) -> Record:
        """The row with the most column names we know among the first; without any, the first row."""
        with self._open() as text:
            first = list(islice(RecordReader(text, delimiter=self.delimiter), _HEADER_WITHIN))
        if not first:
            raise UnusableFile("The file has no rows.")
        best = max(first, key=lambda record: (len(guess_mapping(record.cells)), -record.line))
        header = best if len(guess_mapping(best.cells)) > 1 else first[0]
        if header.problem or len(header.cells) > MAX_COLUMNS:
            raise UnusableFile("The first line is no row of column names. Is this a CSV file?")
        return header

    def _sniff_delimiter(self) -> str:
        """Return the separator whose columns are the most known ones, then the most even ones."""
        with self._open() as text:
            sample = text.read(_SAMPLE_CHARACTERS).splitlines(keepends=True)[:_SAMPLE_LINES]
        return max(_DELIMITERS, key=lambda delimiter: _delimiter_score(sample, delimiter))

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.encoding, errors="replace", newline="")


def _delimiter_score(lines: list[str], delimiter: str) -> tuple[int, int, int]:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0, 0, 0)
    known = max((len(guess_mapping(tuple(row))) for row in rows[:_HEADER_WITHIN]), default=0)
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count, default=0)
    return (known, widths.count(usual) if usual > 1 else 0, usual)
