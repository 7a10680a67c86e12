"""What providers and strangers write, read without ever raising."""

import pytest

from messaging.adapters.reading import json_object


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"id": "x", "count": 2}', {"id": "x", "count": 2}),
        (b'\xef\xbb\xbf{"id": "x"}', {"id": "x"}),
        ('{"id": "x"}'.encode("utf-16"), {"id": "x"}),
        (b'{"text": "STOP \\ud83d"}', {"text": "STOP \ud83d"}),
        (b'{"big": 100000000000000000000}', {"big": 100000000000000000000}),
        (b"[1, 2]", {}),
        (b'"text"', {}),
        (b"", {}),
        (b"\xff\xfe\xff", {}),
        (b"<html>502</html>", {}),
        (b'{"id": "x"', {}),
        (b'{"a":' * 100_000, {}),
    ],
    ids=lambda value: str(value)[:20],
)
def test_json_object(body, expected):
    assert json_object(body) == expected
