from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from anticipate.demo import seeding
from anticipate.demo.logins import LOGINS
from common import clock
from dealerships.models import Dealership


class Command(BaseCommand):
    help = "Fill an empty demo installation with two dealerships, their staff and years of made-up visits."

    def handle(self, *_args: object, **_options: object) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo installation (DEMO=true); its data stays as it is.")
        if Dealership.objects.exists():
            self.stdout.write("There are dealerships already; nothing was added.")
            return
        for demo, dealership in seeding.create_people_and_places():
            done = seeding.fill(demo, dealership, now=clock.now())
            self.stdout.write(f"  {dealership.name}: {_words(done.counts)}")
        self.stdout.write("Sign in with one of these:")
        for login in LOGINS:
            self.stdout.write(f"  {login.role:<8} {login.email:<26} {login.password}")


def _words(counts: dict[str, object]) -> str:
    return ", ".join(
        f"{value} {name.replace('_', ' ')}"
        for name, value in counts.items()
        if isinstance(value, int) and value
    )
