from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from anticipate import file_broker
from anticipate.celery_setup import filesystem_options

pytestmark = pytest.mark.logic


@pytest.fixture
def open_channel(tmp_path: Path):
    file_broker.register()
    connections = []

    def open_one():
        connection = Connection(
            f"{file_broker.SCHEME}://localhost//", transport_options=filesystem_options(tmp_path / "broker")
        )
        connections.append(connection)
        return connection.channel()

    yield open_one
    for connection in connections:
        connection.release()


def test_put_then_get_keeps_the_order_and_leaves_nothing(open_channel, tmp_path):
    channel = open_channel()

    for number in range(5):
        channel._put("urgent", {"n": number})

    assert [channel._get("urgent")["n"] for _ in range(5)] == [0, 1, 2, 3, 4]
    assert list((tmp_path / "broker" / "queue").iterdir()) == []


def test_get_other_queue_is_empty(open_channel):
    channel = open_channel()
    channel._put("urgent", {})

    with pytest.raises(Empty):
        channel._get("default")
    with pytest.raises(Empty):
        channel._get("gent")


def test_get_half_written_message_is_not_seen(open_channel, tmp_path):
    channel = open_channel()
    (tmp_path / "broker" / "queue" / f"1_x.urgent.msg{file_broker.PARTIAL_SUFFIX}").write_text('{"half":')

    with pytest.raises(Empty):
        channel._get("urgent")


def test_many_takers_get_each_message_exactly_once(open_channel):
    writer = open_channel()
    for number in range(300):
        writer._put("urgent", {"n": number})

    def take_all(channel) -> list[int]:
        taken = []
        while True:
            try:
                taken.append(channel._get("urgent")["n"])
            except Empty:
                return taken

    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(take_all, [open_channel() for _ in range(4)]))

    assert sorted(number for part in parts for number in part) == list(range(300))


def test_size_and_purge_count_whole_messages(open_channel):
    channel = open_channel()
    for _ in range(3):
        channel._put("urgent", {})
    channel._put("default", {})

    assert channel._size("urgent") == 3
    assert channel._purge("urgent") == 3
    assert (channel._size("urgent"), channel._size("default")) == (0, 1)


def test_bindings_of_many_at_once_are_all_kept(open_channel):
    def bind(number: int) -> None:
        open_channel()._queue_bind("urgent", f"key{number}", "", f"queue{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bind, range(24)))

    assert {entry.queue for entry in open_channel().get_table("urgent")} == {f"queue{n}" for n in range(24)}


@pytest.mark.parametrize("folder", ["first", "second"])  # the second: a process may know several folders
def test_task_travels_from_producer_to_consumer(folder, tmp_path):
    file_broker.register()
    with Connection(
        f"{file_broker.SCHEME}://localhost//", transport_options=filesystem_options(tmp_path / folder)
    ) as connection:
        queue = connection.SimpleQueue("urgent")
        queue.put({"ring": 1})

        message = queue.get(timeout=5)

        assert message.payload == {"ring": 1}
        message.ack()
        queue.close()
