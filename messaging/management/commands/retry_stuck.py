from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.tenancy import tenant_scope
from dealerships.models import Dealership
from messaging.queries import stuck as queries
from messaging.services import receipts_processing, stuck


class Command(BaseCommand):
    help = (
        "Try again what providers told us and failed again and again, given up or not; say what still fails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dealership", metavar="SLUG", nargs="?", help="only this one (all)")

    def handle(self, *_: Any, dealership: str | None, **__: Any) -> None:
        tenants = Dealership.objects.filter(slug=dealership) if dealership else Dealership.objects.all()
        if dealership and not tenants.exists():
            raise CommandError(f"There is no dealership “{dealership}”.")
        tried = 0
        for tenant in tenants.order_by("slug"):
            with tenant_scope(tenant):
                tried += stuck.try_again(now=clock.now())
        receipts_processing.process(now=clock.now())
        self.stdout.write(f"{tried} tried again.")
        for tenant in tenants.order_by("slug"):
            with tenant_scope(tenant):
                self._tell_what_fails(tenant)

    def _tell_what_fails(self, tenant: Dealership) -> None:
        for each in queries.failing():
            self.stdout.write(f"{tenant.slug}: {each.what}, {each.since:%Y-%m-%d %H:%M} UTC: {each.failure}")
