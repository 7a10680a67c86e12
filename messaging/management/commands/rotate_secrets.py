from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.secrets import KEY_SETTING, BadKey
from messaging.services import secret_rotation


class Command(BaseCommand):
    help = f"Encrypt all providers' credentials with the first of {KEY_SETTING}. May be interrupted and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=200, help="rows in one transaction (200)")

    def handle(self, *_: Any, batch: int, **__: Any) -> None:
        if batch < 1:
            raise CommandError("--batch must be 1 or more.")
        try:
            report = secret_rotation.rotate(batch=batch)
        except BadKey as error:
            raise CommandError(f"{error}.") from None
        self.stdout.write(f"{report.renewed} encrypted anew, {report.already} had the first key already.")
        if report.unreadable:
            rows = ", ".join(report.unreadable)
            raise CommandError(
                f"None of {KEY_SETTING} opens {rows}. Add the key they were made with, or enter their secrets anew."
            )
