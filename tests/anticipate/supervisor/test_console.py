import io

import pytest

from anticipate.supervisor.console import RESET, Console
from anticipate.supervisor.output import LONGEST_LINE_BYTES, LineCutter

pytestmark = pytest.mark.logic


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_line_is_prefixed_and_aligned():
    screen = io.StringIO()

    console = Console(screen, names=["web", "worker"])
    console.line("web", "hello")
    console.line("worker", "")

    assert screen.getvalue() == "web    | hello\nworker | \n"


def test_line_on_a_terminal_has_a_colour_of_its_own_per_part(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    screen = _Terminal()

    console = Console(screen, names=["web", "beat"])
    console.line("web", "a")
    console.line("beat", "b")

    first, second = screen.getvalue().splitlines()
    assert first.endswith(f"web  |{RESET} a")
    assert first[:5] != second[:5]


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_line_without_colour_where_asked(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    screen = _Terminal()

    Console(screen, names=["web"]).line("web", "a")

    assert screen.getvalue() == "web | a\n"


def test_say_nobody_reads_is_told_once():
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    told = []
    console = Console(Gone(), names=[])
    console.on_closed = lambda: told.append(True)

    console.say("one")
    console.say("two")

    assert (console.is_closed, told) == (True, [True])


def test_cutter_joins_chunks_and_cuts_lines():
    cutter = LineCutter()

    assert cutter.feed(b"one\ntw") == ["one"]
    assert cutter.feed(b"o\r\n\nthree") == ["two", ""]
    assert cutter.close() == ["three"]
    assert cutter.close() == []


def test_cutter_multibyte_letter_split_between_chunks_is_whole():
    cutter = LineCutter()
    raw = "größe\n".encode()

    assert cutter.feed(raw[:3]) + cutter.feed(raw[3:]) == ["größe"]


def test_cutter_bytes_that_are_no_text_are_shown_somehow():
    assert LineCutter().feed(b"\xff\xfe\n") == ["��"]


def test_cutter_endless_line_does_not_fill_the_memory():
    cutter = LineCutter()

    lines = cutter.feed(b"x" * (2 * LONGEST_LINE_BYTES + 1))

    assert [len(line) for line in lines] == [LONGEST_LINE_BYTES, LONGEST_LINE_BYTES]
    assert cutter.close() == ["x"]
