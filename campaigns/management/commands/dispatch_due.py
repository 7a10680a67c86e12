from typing import Any

from django.core.management.base import BaseCommand

from campaigns.services import dispatch
from common import clock


class Command(BaseCommand):
    help = "Decide all touches that are due, over all dealerships, as each minute does. Repeating it is harmless."

    def handle(self, *_: Any, **__: Any) -> None:
        done = dispatch.dispatch_due(now=clock.now())
        self.stdout.write(
            f"{done.sent} to send, {done.waiting} waiting, {done.skipped} skipped, {done.failed} failed"
        )
