import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from anticipate.embedded import postmaster
from anticipate.embedded.layout import Layout
from anticipate.embedded.server import EmbeddedServer
from anticipate.start_error import StartError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def start_process():
    """Run a body in another process, where `server` is that process's share; none of them outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(var_dir: Path, body: str) -> subprocess.Popen[str]:
        started.append(_process(var_dir, body))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _process(var_dir: Path, body: str) -> subprocess.Popen[str]:
    script = f"""
        import sys, os, time
        from pathlib import Path
        from anticipate.embedded.layout import Layout
        from anticipate.embedded.server import EmbeddedServer
        server = EmbeddedServer(Layout.under(Path({str(var_dir)!r})), is_durable=False)
        {body}
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_join_first_time_makes_data_and_a_role_that_row_security_binds(tmp_path, connect):
    server = EmbeddedServer(Layout.under(tmp_path / "new" / "var"), is_durable=False)

    server.join()

    with connect(server.layout) as connection:
        row = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcanlogin,"
            " pg_get_userbyid(datdba), datname FROM pg_roles, pg_database"
            " WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
    server.leave()
    assert row == ("anticipate", False, False, True, True, "anticipate", "anticipate")


def test_join_role_that_gained_superuser_loses_it_at_the_next_start(server, connect):
    server.join()
    with connect(server.layout, user="postgres", database="postgres") as connection:
        connection.execute("ALTER ROLE anticipate SUPERUSER BYPASSRLS")
    server.leave()

    server.join()

    with connect(server.layout) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False)


def test_leave_and_join_again_keeps_the_data(server, connect):
    server.join()
    with connect(server.layout) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")

    server.leave()
    assert postmaster.ask(server.layout) is postmaster.Answer.SILENT
    server.join()

    with connect(server.layout) as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(1,)]


def test_join_by_many_processes_at_once_starts_one_server(layout, connect, start_process):
    body = "server.join(); print('up', flush=True); sys.stdin.read()"
    processes = [start_process(layout.home.parent, body) for _ in range(4)]
    assert [process.stdout.readline() for process in processes] == ["up\n"] * 4

    # One look at each: those that serve a connection come and go meanwhile.
    of_server = {
        each.pid: each.info["ppid"]
        for each in psutil.process_iter(["ppid", "cwd"])
        if each.info["cwd"] == str(layout.data_dir)
    }
    postmasters = {pid for pid, parent in of_server.items() if parent not in of_server}
    assert postmasters == {postmaster.postmaster_pid(layout.data_dir)}

    for process in processes[:3]:
        process.communicate("")
    assert postmaster.ask(layout) is postmaster.Answer.ACCEPTING
    processes[3].communicate("")
    assert postmaster.ask(layout) is postmaster.Answer.SILENT


def test_leave_after_a_user_was_killed_stops_the_server(server, layout, start_process):
    server.join()
    process = start_process(layout.home.parent, "server.join(); print('up', flush=True); time.sleep(60)")
    assert process.stdout.readline() == "up\n"

    process.kill()
    process.communicate()
    server.leave()

    assert postmaster.ask(layout) is postmaster.Answer.SILENT


def test_join_after_the_last_user_was_killed_joins_the_server_left_behind(server, layout, start_process):
    process = start_process(layout.home.parent, "server.join(); print('up', flush=True); time.sleep(60)")
    assert process.stdout.readline() == "up\n"
    process.kill()
    process.communicate()
    left_behind = postmaster.postmaster_pid(layout.data_dir)

    server.join()

    assert left_behind is not None
    assert postmaster.postmaster_pid(layout.data_dir) == left_behind


def test_stop_unused_ends_what_a_killed_process_left_behind_and_nothing_that_is_used(
    server, layout, start_process
):
    process = start_process(layout.home.parent, "server.join(); print('up', flush=True); time.sleep(60)")
    assert process.stdout.readline() == "up\n"

    server.stop_unused()
    assert postmaster.ask(layout) is postmaster.Answer.ACCEPTING
    process.kill()
    process.communicate()
    server.stop_unused()
    assert postmaster.ask(layout) is postmaster.Answer.SILENT


def test_join_after_a_forked_child_ended_keeps_the_parents_server(server, layout):
    server.join()
    child = os.fork()
    if child == 0:
        server.leave()
        os._exit(0)
    os.waitpid(child, 0)

    assert postmaster.ask(layout) is postmaster.Answer.ACCEPTING


def test_join_after_the_server_was_killed_recovers_what_was_committed(server, connect):
    durable = EmbeddedServer(server.layout, is_durable=True)
    durable.join()
    with connect(server.layout) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    killed = psutil.Process(postmaster.postmaster_pid(server.layout.data_dir))
    family = [killed, *killed.children(recursive=True)]
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=10)

    durable.join()

    with connect(server.layout) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    durable.leave()


def test_join_pid_file_naming_a_living_stranger_starts_all_the_same(server, layout):
    server.join()
    pid_file = layout.data_dir / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.leave()
    stranger = os.getpid()
    pid_file.write_text("\n".join([str(stranger), *lines[1:]]) + "\n")

    server.join()

    assert postmaster.postmaster_pid(layout.data_dir) not in {None, stranger}


def test_join_socket_deleted_under_a_running_server_restarts_it(server, layout, connect):
    server.join()
    before = postmaster.postmaster_pid(layout.data_dir)
    for path in layout.socket_dir.iterdir():
        path.unlink()

    server.join()

    assert postmaster.postmaster_pid(layout.data_dir) not in {None, before}
    with connect(layout) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_join_half_made_data_folder_is_made_anew(tmp_path):
    layout = Layout.under(tmp_path / "var")
    (layout.home / "data.new" / "base").mkdir(parents=True)
    server = EmbeddedServer(layout, is_durable=False)

    server.join()

    assert not (layout.home / "data.new").exists()
    assert postmaster.ask(layout) is postmaster.Answer.ACCEPTING
    server.leave()


def test_leave_folder_deleted_meanwhile_does_not_raise(server, layout):
    server.join()
    pid = postmaster.postmaster_pid(layout.data_dir)
    moved = layout.home.with_name("moved")
    layout.home.rename(moved)

    server.leave()

    os.kill(pid, signal.SIGQUIT)
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=5)
    assert not server.is_joined


@pytest.mark.parametrize(
    "name",
    [
        "a" * 120,
        "with space",
        "with 'quote' and \"double\"",
        "with,comma",
        "with $HOME `id`",
        "ümlaut-東京",
        "per%cent",
    ],
    ids=["long", "space", "quotes", "comma", "shell", "unicode", "percent"],
)
def test_join_awkward_folder_name_works(copy_of_data, tmp_path, connect, name):
    layout = copy_of_data(tmp_path / name / "var")
    server = EmbeddedServer(layout, is_durable=False)

    server.join()

    with connect(layout) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("anticipate",)
    server.leave()


def test_join_ignores_postgresql_variables_of_the_shell(server, connect, monkeypatch):
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "nowhere.invalid"}.items():
        monkeypatch.setenv(name, value)

    server.join()

    with connect(server.layout) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_join_data_of_another_major_version_says_so(server, layout):
    server.join()
    server.leave()
    (layout.data_dir / "PG_VERSION").write_text("16\n")

    with pytest.raises(StartError, match="made by PostgreSQL 16; the one installed is 18"):
        server.join()


def test_join_disk_full_says_how_much_is_free(tmp_path, monkeypatch):
    server = EmbeddedServer(Layout.under(tmp_path / "var"), is_durable=False)
    usage = type("Usage", (), {"free": 5_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)

    with pytest.raises(StartError, match=r"too full for a database: 5 MB free, 300 MB needed"):
        server.join()


def test_join_twenty_threads_of_one_process_share_one_part(server, layout):
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: server.join(), range(20)))

    server.leave()

    assert postmaster.ask(layout) is postmaster.Answer.SILENT


def test_join_running_server_takes_milliseconds(server):
    server.join()

    started = time.perf_counter()
    server.join()

    assert time.perf_counter() - started < 0.5
