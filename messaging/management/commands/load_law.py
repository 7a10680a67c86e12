from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from messaging.services.law_seed import load_law


class Command(BaseCommand):
    help = "Load the rules of the law that come with this release. Migrating does so too; repeating it is harmless."

    def handle(self, *_args: Any, **_options: Any) -> None:
        loaded = load_law(now=clock.now())
        self.stdout.write(f"{loaded.added} rows added.")
        for key in loaded.kept:
            self.stdout.write(f"Left as an operator changed it: {key}")
