"""Compute a dealership's forecasts anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.tenancy import tenant_scope
from customers.services import forecasts
from dealerships.models import Dealership


class Command(BaseCommand):
    help = "Computes the forecasts of all vehicles of a dealership anew, as the night does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dealership", required=True, metavar="SLUG")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            dealership = Dealership.objects.get(slug=options["dealership"])
        except Dealership.DoesNotExist as error:
            raise CommandError(f"No dealership {options['dealership']!r}.") from error
        with tenant_scope(dealership):
            count = forecasts.refresh(vehicle_ids=None, today=clock.today(dealership.time_zone))
        self.stdout.write(f"{count} forecasts")
