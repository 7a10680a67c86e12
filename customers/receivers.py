from typing import Any

from django.dispatch import receiver

from common.doorbell import ring
from customers.services import menu
from customers.signals import vehicle_status_changed
from dealerships.signals import dealership_created


@receiver(dealership_created, dispatch_uid="customers.menu")
def give_standard_menu(**_: Any) -> None:
    menu.add_standard_menu()


@receiver(vehicle_status_changed, dispatch_uid="customers.refresh_forecasts")
def forecast_changed_vehicles(*, dealership_id: int, vehicle_ids: list[int], **_: Any) -> None:
    ring("customers.refresh_forecasts", dealership_id=dealership_id, vehicle_ids=vehicle_ids)
