import multiprocessing
import os
import socket

import pytest

from anticipate.start_error import StartError
from anticipate.supervisor.preflight import only_instance, require_free_port, require_writable

pytestmark = pytest.mark.logic


def _hold(var_dir, held, release) -> None:
    with only_instance(var_dir, address="http://127.0.0.1:8000"):
        held.set()
        release.wait(20)


def test_only_instance_second_one_names_the_first(tmp_path):
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path, held, release))
    other.start()
    assert held.wait(20)

    with pytest.raises(StartError) as caught, only_instance(tmp_path, address="x"):
        pass
    release.set()
    other.join()

    assert caught.value.what == (
        f"Anticipate is already running here: process {other.pid}, http://127.0.0.1:8000."
    )
    with only_instance(tmp_path, address="x"):
        pass


def test_only_instance_killed_holder_leaves_no_stale_lock(tmp_path):
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path, held, release))
    other.start()
    assert held.wait(20)
    other.kill()
    other.join()

    with only_instance(tmp_path, address="x"):
        assert (tmp_path / "up.lock").read_text() == f"process {os.getpid()}, x\n"


def test_require_free_port_taken_one_names_the_next():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(StartError) as caught:
            require_free_port("127.0.0.1", port, instead=f"PORT={port + 1}")

    assert caught.value.what == f"Port {port} is taken by another program."
    assert caught.value.where == f"127.0.0.1:{port}"
    assert f"PORT={port + 1} make up" in caught.value.next_step


def test_require_free_port_free_one_passes_and_is_free_after():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    require_free_port("127.0.0.1", port, instead=f"PORT={port + 1}")
    require_free_port("127.0.0.1", port, instead=f"PORT={port + 1}")


def test_require_free_port_address_of_another_machine_is_said():
    with pytest.raises(StartError, match="Cannot assign"):
        require_free_port("192.0.2.1", 8000, instead="PORT=8001")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every port")
def test_require_free_port_below_1024_says_choose_another():
    with pytest.raises(StartError, match="may not be opened by this user"):
        require_free_port("127.0.0.1", 80, instead="PORT=8080")


def test_require_writable_makes_the_folder_and_leaves_nothing_in_it(tmp_path):
    require_writable(tmp_path / "a" / "b")

    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_require_writable_file_in_the_way_is_said(tmp_path):
    (tmp_path / "var").write_text("")

    with pytest.raises(StartError) as caught:
        require_writable(tmp_path / "var")

    assert caught.value.where == str(tmp_path / "var")
    assert "VAR_DIR" in caught.value.next_step


def test_require_writable_nearly_full_disk_says_how_much_is_free(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1_000_000}))

    with pytest.raises(StartError, match="The disk is nearly full: 1 MB free, 300 MB needed"):
        require_writable(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_require_writable_closed_folder_is_said(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(StartError, match="Cannot write here: Permission denied"):
        require_writable(tmp_path)
