from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.tenancy import tenant_scope
from dealerships.models import Dealership
from messaging.services import address_checks


class Command(BaseCommand):
    help = "Ask Lob whether mail reaches a dealership's postal addresses that nobody has checked. Lob charges for each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dealership", metavar="SLUG")
        parser.add_argument("--limit", type=int, default=1_000, help="at most so many (1000)")

    def handle(self, *_: Any, dealership: str, limit: int, **__: Any) -> None:
        tenant = Dealership.objects.filter(slug=dealership, is_active=True).first()
        if tenant is None:
            raise CommandError(f"There is no active dealership “{dealership}”.")
        with tenant_scope(tenant):
            try:
                counts = address_checks.check_addresses(limit=limit)
            except address_checks.NoLobAccount:
                raise CommandError(f"“{dealership}” has no active account at Lob.") from None
        for word, count in counts.most_common():
            self.stdout.write(f"{count:>7} {word or 'without an answer; ask again later'}")
        if not counts:
            self.stdout.write("Every address has been checked.")
