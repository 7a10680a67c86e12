from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.services import enrolments
from common import clock
from common.tenancy import tenant_scope
from dealerships.models import Dealership
from messaging.reason_words import words_for


class Command(BaseCommand):
    help = "Enrol who became due, as the night does. Repeating it is harmless."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dealership", metavar="SLUG", help="only this one; else every active dealership"
        )

    def handle(self, *_: Any, dealership: str | None, **__: Any) -> None:
        chosen = Dealership.objects.filter(is_active=True).order_by("slug")
        if dealership is not None:
            chosen = chosen.filter(slug=dealership)
            if not chosen:
                raise CommandError(f"There is no active dealership “{dealership}”.")
        for tenant in chosen:
            with tenant_scope(tenant):
                done = enrolments.enrol_due(now=clock.now())
            self.stdout.write(f"{tenant.slug}: {done.enrolled} enrolled, {done.joined} joined")
            for reason, count in done.skipped.most_common():
                self.stdout.write(f"{count:>7} not: {words_for(reason)}")
