import subprocess
from pathlib import Path

import psycopg
import pytest

from anticipate.embedded import postmaster
from anticipate.embedded.layout import Layout
from anticipate.embedded.server import EmbeddedServer


@pytest.fixture(scope="session")
def pristine_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped server's folder to copy: making one takes a second, copying it a tenth."""
    layout = Layout.under(tmp_path_factory.mktemp("pristine"))
    server = EmbeddedServer(layout, is_durable=False)
    server.join()
    server.leave()
    return layout.home


@pytest.fixture
def copy_of_data(pristine_home: Path):
    layouts: list[Layout] = []

    def copy(var_dir: Path) -> Layout:
        var_dir.mkdir(parents=True)
        subprocess.run(["cp", "-a", str(pristine_home), str(var_dir / "postgres")], check=True)
        layouts.append(Layout.under(var_dir))
        return layouts[-1]

    yield copy
    for layout in layouts:
        if layout.home.exists():
            postmaster.stop(layout)


@pytest.fixture
def layout(copy_of_data, tmp_path: Path) -> Layout:
    return copy_of_data(tmp_path / "var")


@pytest.fixture
def server(layout: Layout):
    server = EmbeddedServer(layout, is_durable=False)
    yield server
    server.leave()


@pytest.fixture
def connect():
    def open_connection(layout: Layout, *, user: str = "anticipate", database: str = "anticipate"):
        return psycopg.connect(
            host=str(layout.socket_dir), port="5432", user=user, dbname=database, autocommit=True
        )

    return open_connection
