from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.queries.simulation import Simulation, simulate
from common import clock
from common.enums import Channel
from common.tenancy import tenant_scope
from dealerships.models import Dealership
from messaging.reason_words import words_for

CHANNELS = [Channel.EMAIL, Channel.SMS, Channel.VOICE, Channel.LETTER]
LONGEST_DAYS = 366


class Command(BaseCommand):
    help = "Show what a dealership would send in the days to come, per day and channel. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dealership", required=True, metavar="SLUG")
        parser.add_argument("--days", type=int, default=90, help=f"1 to {LONGEST_DAYS}, from today (90)")

    def handle(self, *_: Any, dealership: str, days: int, **__: Any) -> None:
        if not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days must be from 1 to {LONGEST_DAYS}.")
        tenant = Dealership.objects.filter(slug=dealership).first()
        if tenant is None:
            raise CommandError(f"There is no dealership “{dealership}”.")
        with tenant_scope(tenant):
            self._print(simulate(days=days, now=clock.now()))

    def _print(self, simulation: Simulation) -> None:
        self.stdout.write(
            "day         " + "".join(f"{channel.label:>9}" for channel in CHANNELS) + "      all"
        )
        for day, counts in simulation.per_day().items():
            self.stdout.write(_line(str(day), counts))
        total = Counter(touch.channel for touch in simulation.touches if touch.is_sent)
        self.stdout.write(_line("all", total))
        self.stdout.write(
            f"\n{simulation.enrolled} enrolled, {simulation.joined} services joined a running enrolment"
        )
        for reason, count in simulation.skipped().most_common():
            self.stdout.write(f"{count:>7} not sent: {words_for(reason)}")


def _line(name: str | date, counts: Counter[str]) -> str:
    cells = "".join(f"{counts[channel]:>9,}" for channel in CHANNELS)
    return f"{name:<12}{cells}{sum(counts.values()):>9,}"
