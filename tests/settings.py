"""The settings of the test suite: the product's, on a database and folders that are thrown away.

DATABASE_URL and REDIS_URL are taken over when they are set.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("VAR_DIR", str(ROOT / "var" / "test"))
os.environ.setdefault("EMBEDDED_FSYNC", "false")
os.environ.setdefault("SECRET_KEY", "a key for tests only, of no use anywhere else: 0123456789")
os.environ.setdefault("ENCRYPTION_KEYS", "Zm9yIHRlc3RzIG9ubHksIG9mIG5vIHVzZSBlbHNlISE")
os.environ.setdefault("LOG_LEVEL", "WARNING")
# What a developer's shell may hold must not change what the tests see.
os.environ.update({"DEMO": "false", "DEBUG": "false", "PORT": "8000"})
for name in ("PUBLIC_URL", "ALLOWED_HOSTS", "STATIC_MANIFEST", "LOG_FORMAT"):
    os.environ.pop(name, None)

from anticipate.settings import *  # noqa: E402, F403 -- after the environment is set

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # emptied before each test
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
