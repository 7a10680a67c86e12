from typing import Any

from django.dispatch import receiver

from booking.services import rules, visits
from common import clock
from customers.signals import visits_recorded
from dealerships.signals import dealership_created


@receiver(dealership_created, dispatch_uid="booking.dealership_created")
def add_default_rules(**_: Any) -> None:
    rules.add_defaults()


@receiver(visits_recorded, dispatch_uid="booking.visits_recorded")
def finish_appointments(*, visit_ids: list[int], **_: Any) -> None:
    visits.finish_appointments(visit_ids, now=clock.now())
