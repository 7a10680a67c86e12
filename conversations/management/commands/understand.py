"""Read replies as JSON lines on stdin, write what they mean as JSON lines, in order."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from conversations.interfaces.understand_lines import answer_line


class Command(BaseCommand):
    help = (
        'Understand replies: {"id", "text", "now", "timezone", "prompt", "offered"} a line on stdin, one answer a line on stdout. '
        "A bad line is answered with an error; the others go on."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        for number, line in enumerate(sys.stdin, 1):
            if line.strip():
                self.stdout.write(answer_line(line, number=number))
