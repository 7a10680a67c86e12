from pathlib import Path

import pytest

from anticipate.embedded import postmaster
from anticipate.embedded.layout import Layout

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("output", "what"),
    [
        ("initdb: could not write: No space left on device", "The disk is full."),
        ("could not open file: Permission denied", "may not write its files"),
        (
            "could not create shared memory segment: Cannot allocate memory",
            "gives PostgreSQL no shared memory",
        ),
        ("FATAL: something new", "does not start"),
    ],
)
def test_explain_names_cause_place_and_next_step(output, what):
    error = postmaster.explain(output, layout=Layout(home=Path("/v/postgres")))

    assert what in error.what
    assert output in error.what
    assert error.where == "/v/postgres/data"
    assert error.next_step


@pytest.mark.parametrize("content", ["", "no number\n", "0\n", "-5\n", "99999999\n"])
def test_postmaster_pid_nonsense_is_no_server(tmp_path, content):
    (tmp_path / "postmaster.pid").write_text(content)

    assert postmaster.postmaster_pid(tmp_path) is None


def test_tail_missing_log_is_empty(tmp_path):
    assert postmaster.tail(tmp_path / "missing.log") == ""
