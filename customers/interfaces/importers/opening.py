"""Which reader a file needs."""

from pathlib import Path

from customers.interfaces.importers.delimited import DelimitedFile
from customers.interfaces.importers.reynolds_era import ReynoldsFile
from customers.logic.imports.source import Source, UnusableFile

_HEAD_BYTES = 4096
# What people upload in place of a text file, by its first bytes.
_NOT_TEXT = (
    (
        b"PK\x03\x04",
        "This is an Excel workbook or a ZIP archive. Save the sheet as CSV, or unpack the archive, and import that.",
    ),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook. Save the sheet as CSV and import that."),
    (b"%PDF", "This is a PDF. Export the list as CSV and import that."),
    (b"\x1f\x8b", "This is a compressed file. Unpack it and import what is inside."),
    (b"SQLite format", "This is a database. Export its table as CSV and import that."),
)


def open_source(path: Path) -> Source:
    """Return the reader for a file, by what is in it and not by its name.

    raises: UnusableFile for an empty file and for what is neither CSV nor a Reynolds ERA export
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise UnusableFile("The file is empty.")
    for magic, words in _NOT_TEXT:
        if head.startswith(magic):
            raise UnusableFile(words)
    beginning = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if beginning.startswith(b"<"):
        return ReynoldsFile(path)
    return DelimitedFile(path)
