import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.enums import Channel
from common.tenancy import cross_tenant
from messaging.enums import AccountState
from messaging.logic.provider_settings import SPECS
from messaging.models import PlatformAccount
from messaging.services import platform_accounts
from messaging.services.account_changes import Draft

DONE = {True: "Done.", False: "Nothing to change."}
STATES = {"pause": AccountState.PAUSED, "resume": AccountState.WORKING}


class Command(BaseCommand):
    help = (
        "List, enter, pause, resume or withdraw the accounts that serve dealerships without one of their own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="what there is; shows no secret")
        enter = verbs.add_parser(
            "enter", help="settings as JSON on standard input; an empty secret stays as it is"
        )
        enter.add_argument("provider", choices=sorted(SPECS))
        enter.add_argument("--from", dest="from_address", default="", help="number or mailbox to send from")
        for verb in ("pause", "resume", "withdraw"):
            verbs.add_parser(verb).add_argument("channel", choices=Channel.values)

    def handle(self, *_: Any, verb: str, **options: Any) -> None:
        match verb:
            case "list":
                self._list()
            case "enter":
                self._enter(options["provider"], options["from_address"])
            case "withdraw":
                done = platform_accounts.withdraw(options["channel"])
                self.stdout.write(DONE[done])
            case _:
                done = platform_accounts.turn(options["channel"], STATES[verb], now=clock.now())
                self.stdout.write(DONE[done])

    def _list(self) -> None:
        with cross_tenant(reason="the platform's operator asks for its accounts"):
            for row in PlatformAccount.objects.filter(is_active=True).order_by("channel"):
                shares = row.shares.filter(is_active=True).count()
                since = f" since {row.state_since:%Y-%m-%d %H:%M} UTC" if row.state_since else ""
                trouble = f" ({row.trouble})" if row.trouble else ""
                self.stdout.write(
                    f"{row.channel}: {row.provider}, {row.state}{since}{trouble}, {shares} dealerships"
                )

    def _enter(self, provider: str, from_address: str) -> None:
        try:
            given = json.loads(sys.stdin.read())
            settings = {str(name): str(value) for name, value in given.items()}
        except (ValueError, AttributeError):
            raise CommandError("Standard input holds no JSON object.") from None
        spec = SPECS[provider]
        if unknown := set(settings) - {each.name for each in spec.settings}:
            raise CommandError(f"{provider} has no setting {', '.join(sorted(unknown))}.")
        try:
            row = platform_accounts.enter(spec, Draft(from_address, settings), now=clock.now())
        except ValueError as error:
            raise CommandError(f"Nothing is saved: {error}.") from None
        self.stdout.write(
            f"{row.channel}: {row.provider} serves every dealership without an account of its own."
        )
