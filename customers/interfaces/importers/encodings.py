"""In which encoding a text file is."""

import codecs
from pathlib import Path

_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Without a mark UTF-16 text of western letters has a zero in every other byte.
_ZERO_SHARE = 0.3


def sniff_encoding(path: Path) -> str:
    """Return the file's encoding: by its byte order mark, by zeros as in UTF-16, UTF-8 if all of it is, else Windows-1252.

    The whole file is looked at, a chunk at a time: one "Muñoz" at the end decides.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
        for mark, name in _BOMS:
            if head.startswith(mark):
                return name
        zeros = _zero_encoding(head[:4096])
        if zeros:
            return zeros
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = file.read(_CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _zero_encoding(head: bytes) -> str:
    even, odd = head[::2].count(0), head[1::2].count(0)
    enough = max(1, int(len(head) / 2 * _ZERO_SHARE))
    if odd >= enough and even * 10 < odd:
        return "utf-16-le"
    if even >= enough and odd * 10 < even:
        return "utf-16-be"
    return ""
