from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from common import clock
from messaging.sandbox.server import SandboxConfig, serve


class Command(BaseCommand):
    help = "Run the sandbox: a provider of texts, e-mails and calls that reaches nobody."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        address = urlsplit(settings.SANDBOX_URL)
        parser.add_argument("--host", default=address.hostname or "127.0.0.1")
        parser.add_argument("--port", type=int, default=address.port or 80)
        parser.add_argument(
            "--store", type=Path, default=Path(settings.VAR_DIR) / "sandbox" / "store.sqlite3"
        )
        parser.add_argument("--callback-base", default=settings.PUBLIC_URL)

    def handle(self, *_: Any, **options: Any) -> None:
        config = SandboxConfig(
            master_secret=settings.SECRET_KEY,
            callback_base=options["callback_base"],
            store_path=options["store"],
            now=lambda: clock.now().timestamp(),
        )
        serve(config, host=options["host"], port=options["port"])
