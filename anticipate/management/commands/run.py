import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from anticipate.soundness import require_sound_installation
from anticipate.supervisor import parts, preflight
from anticipate.supervisor.sizes import sizes_from


class Command(BaseCommand):
    """Becomes one part; for containers and service managers, which supervise by themselves."""

    help = "Run one part in the foreground: web, worker (urgent), bulk (imports, nightly) or beat."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=parts.NAMES)

    def handle(self, *_args: object, part: str, **_options: object) -> None:
        preflight.require_writable(settings.VAR_DIR)
        require_sound_installation()
        command = parts.command(part, sizes_from(settings))
        os.execv(command[0], command)  # noqa: S606 -- our own command; the process becomes the part
