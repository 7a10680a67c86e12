"""Settings, from the environment; docs/settings.md lists them.

Nothing configured at all is a demo on this machine: an embedded PostgreSQL, a file-based broker and a secret
key of its own, all under VAR_DIR. DATABASE_URL turns it into a deployment.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from anticipate.celery_setup import (
    BEAT_SCHEDULE,
    DEFAULT_QUEUE,
    SOFT_TIME_LIMIT_SECONDS,
    TASK_ROUTES,
    TIME_LIMIT_SECONDS,
    filesystem_options,
    redis_options,
)
from anticipate.embedded.database import embedded_database
from anticipate.environment import POSTGRES_SCHEMES, REDIS_SCHEMES, Environment, MachineKey, MachineSecret
from anticipate.file_broker import SCHEME as FILE_BROKER_SCHEME
from anticipate.log_setup import logging_configuration

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
DATABASE_URL = env.url_in(
    "DATABASE_URL",
    schemes=POSTGRES_SCHEMES,
    example="postgres://user:password@db.example.com:5432/anticipate",
)
IS_EMBEDDED = not DATABASE_URL
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=IS_EMBEDDED)
SECRET_KEY = env.str("SECRET_KEY", default="")
IS_SECRET_KEY_GIVEN = bool(SECRET_KEY)
SECRET_KEY = SECRET_KEY or MachineSecret.read_or_make(VAR_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# What providers' credentials are encrypted with: the first seals, all open (common/secrets.py).
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[])
ARE_ENCRYPTION_KEYS_GIVEN = bool(ENCRYPTION_KEYS)
ENCRYPTION_KEYS = ENCRYPTION_KEYS or [MachineKey.read_or_make(VAR_DIR / "encryption-key")]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
WEB_WORKERS = env.int("WEB_WORKERS", default=1)
WEB_THREADS = env.int("WEB_THREADS", default=4)
WORKER_PROCESSES = env.int("WORKER_PROCESSES", default=4)
BULK_PROCESSES = env.int("BULK_PROCESSES", default=2)
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SANDBOX_URL = env.str("SANDBOX_URL", default="http://127.0.0.1:8025").rstrip("/")
SENDERS = env.int("SENDERS", default=2)  # processes that hand messages over at the same time

INSTALLED_APPS = [
    "anticipate",
    "dealerships",
    "customers",
    "messaging",
    "booking",
    "campaigns",
    "conversations",
    "insights",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anticipate.middleware.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dealerships.middleware.DealershipMiddleware",
]

ROOT_URLCONF = "anticipate.urls"
WSGI_APPLICATION = "anticipate.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # Partials (`page.html#part`) around components (`<c-tag>`) around files, all cached.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "insights.context_processors.shell",
                "anticipate.demo.logins.offered",
            ],
        },
    },
]

EMBEDDED_FSYNC = env.bool("EMBEDDED_FSYNC", default=True)
DATABASES: dict[str, dict[str, Any]] = {
    "default": embedded_database(VAR_DIR, is_durable=EMBEDDED_FSYNC)
    if IS_EMBEDDED
    else env.db_url_config(DATABASE_URL, engine="django.db.backends.postgresql")
}
if DATABASE_PASSWORD := env.str("DATABASE_PASSWORD", default=""):
    DATABASES["default"]["PASSWORD"] = DATABASE_PASSWORD
# Connections are kept, and looked at before use: the database may have been restarted meanwhile.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=300)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "dealerships.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "dealerships.account_adapter.MembersOnly"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")  # the platform's own: password resets
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Anticipate <no-reply@localhost>")

REDIS_URL = env.url_in("REDIS_URL", schemes=REDIS_SCHEMES, example="redis://redis.example.com:6379/0")
# Shared by all processes: what limits count in one must count in the others.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "common.shared_cache.SharedRedis" if REDIS_URL else "common.shared_cache.SharedFiles",
        "LOCATION": REDIS_URL or str(VAR_DIR / "cache"),
        "KEY_PREFIX": "anticipate",
        "TIMEOUT": 3_600,  # the longest window of a limit
        "OPTIONS": {} if REDIS_URL else {"MAX_ENTRIES": 20_000},
    }
}
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or f"{FILE_BROKER_SCHEME}://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS = redis_options() if REDIS_URL else filesystem_options(BROKER_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = DEFAULT_QUEUE
CELERY_TASK_ROUTES = TASK_ROUTES
CELERY_TASK_SOFT_TIME_LIMIT = SOFT_TIME_LIMIT_SECONDS
CELERY_TASK_TIME_LIMIT = TIME_LIMIT_SECONDS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a long task must not sit on short ones another process could do
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# A look inside workers costs a fan-out queue each, which the file broker cannot expire.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

LOG_FORMAT = env.str("LOG_FORMAT", default="text" if IS_EMBEDDED or DEBUG else "json")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOGGING_CONFIG = "anticipate.log_setup.configure"
LOGGING = logging_configuration(log_format=LOG_FORMAT, level=LOG_LEVEL)

# Everything that follows from being served over TLS follows from the public address.
IS_HTTPS = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)  # a year
SECURE_HSTS_SECONDS = HSTS_SECONDS if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_WHOLE_DOMAIN", default=False)
# Those two bind the whole domain, other people's sites on it included: the domain's owner decides.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env.bool("TRUST_PROXY_HEADERS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else every visitor has the proxy's address, and ten wrong passwords of one would keep all others out.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# Nothing inline, nothing from elsewhere: style attributes are refused too (docs/design-system.md).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Hashed names and a far expiry once `collectstatic` has run (the image does); else served from where they lie.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=False)
STATIC_ROOT = BASE_DIR / "static.dist" if STATIC_MANIFEST else None
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"
