"""Limits are counted where every process of the installation sees them."""

import os
import subprocess
import sys

import pytest

SHOW = "from django.conf import settings; print(settings.CACHES['default']['BACKEND'], settings.CACHES['default']['LOCATION'])"


def settings_of(tmp_path, **environment):
    said = subprocess.run(
        [sys.executable, "-c", SHOW],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "anticipate.settings",
            "VAR_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()


@pytest.mark.parametrize("address", ["redis://redis.example.com:6379/0", "rediss://redis.example.com:6379/1"])
def test_with_redis_all_hosts_share_it(tmp_path, address):
    assert settings_of(tmp_path, REDIS_URL=address) == f"common.shared_cache.SharedRedis {address}"


def test_without_redis_the_processes_of_the_host_share_files(tmp_path):
    assert settings_of(tmp_path) == f"common.shared_cache.SharedFiles {tmp_path}/cache"
