from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest
import time_machine
from django.core.cache import caches
from django.test import RequestFactory, override_settings

from common import limits
from common.client_address import client_address
from common.limits import Limit

THREE = Limit("three", most=3, within=timedelta(minutes=10))
AT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def files(path):
    return {
        "default": {
            "BACKEND": "common.shared_cache.SharedFiles",
            "LOCATION": str(path),
            "TIMEOUT": 3_600,
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }


def nowhere_redis():
    location = "redis://127.0.0.1:1/0"
    return {"default": {"BACKEND": "common.shared_cache.SharedRedis", "LOCATION": location}}


def test_count_of_each_by_itself_until_the_window_ends():
    with time_machine.travel(AT, tick=False):
        assert [limits.count(THREE, "a") for _ in range(4)] == [1, 2, 3, 4]
        assert limits.count(THREE, "b") == 1
        assert (limits.is_over(THREE, "a"), limits.is_over(THREE, "b")) == (True, False)
    with time_machine.travel(AT + THREE.within, tick=False):
        assert not limits.is_over(THREE, "a")
        assert limits.count(THREE, "a") == 1


def test_nobody_is_not_counted():
    assert [limits.count(THREE, "") for _ in range(5)] == [0] * 5
    assert not limits.is_over(THREE, "")


def test_another_limit_of_the_same_visitor_is_another_count():
    limits.count(THREE, "a")

    assert limits.count(Limit("other", most=1, within=THREE.within), "a") == 1


def _count_in_a_process_of_its_own(path):
    with override_settings(CACHES=files(path)):
        limits.count(THREE, "a")


@pytest.mark.parametrize("counted", [1, 3])
def test_what_other_processes_counted_counts(tmp_path, counted):
    with override_settings(CACHES=files(tmp_path)):
        for _ in range(counted):
            process = get_context("fork").Process(target=_count_in_a_process_of_its_own, args=(tmp_path,))
            process.start()
            process.join()

        assert limits.is_over(THREE, "a") is (counted == THREE.most)
        assert limits.count(THREE, "a") == counted + 1


@override_settings(CACHES=nowhere_redis())
def test_store_that_is_away_keeps_nobody_out():
    assert [limits.count(THREE, "a") for _ in range(5)] == [1] * 5
    assert not limits.is_over(THREE, "a")
    assert caches["default"].delete("a") is False


def test_folder_that_cannot_be_written_keeps_nobody_out(tmp_path):
    (tmp_path / "cache").write_text("in the way")

    with override_settings(CACHES=files(tmp_path / "cache")):
        assert limits.count(THREE, "a") == 1


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", ""),
        ("/run/socket", ""),
    ],
)
def test_client_address(given, address):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=given)) == address


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_client_address_behind_a_proxy_is_what_the_proxy_says():
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7"
    )

    assert client_address(request) == "198.51.100.7"
