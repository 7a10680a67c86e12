import os
from pathlib import Path

import pytest

from anticipate.embedded.layout import SOCKET_NAME, SOCKET_PATH_MAX_BYTES, Layout

pytestmark = pytest.mark.logic


def test_socket_dir_short_path_lies_beside_the_data(tmp_path):
    layout = Layout(home=Path("/srv/anticipate/var/postgres"))

    assert layout.socket_dir == Path("/srv/anticipate/var/postgres/run")
    assert layout.data_dir == Path("/srv/anticipate/var/postgres/data")


@pytest.mark.parametrize("length", range(60, 130, 7))
def test_socket_dir_any_length_fits_a_socket_address(length):
    layout = Layout(home=Path("/" + "x" * length))

    assert len(os.fsencode(layout.socket_dir / SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES


def test_socket_dir_counts_bytes_not_letters():
    layout = Layout(home=Path("/" + "東" * 40))

    assert layout.socket_dir.parent == Path("/tmp")


def test_socket_dir_two_long_homes_get_two_folders():
    first, second = Layout(home=Path("/" + "x" * 120)), Layout(home=Path("/" + "y" * 120))

    assert first.socket_dir != second.socket_dir
