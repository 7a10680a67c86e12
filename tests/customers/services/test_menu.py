from common.tenancy import tenant_scope
from customers.models import Service
from customers.services import menu
from tests.conftest import World


def test_new_dealership_has_the_standard_menu(world: World):
    with tenant_scope(world.dealership):
        oil = Service.objects.get(code="oil-change")

        assert (oil.interval_distance, oil.interval_unit, oil.interval_months) == (5000, "mi", 6)


def test_adding_twice_keeps_what_the_dealership_changed(world: World):
    with tenant_scope(world.dealership):
        Service.objects.filter(code="oil-change").update(interval_months=12)
        Service.objects.filter(code="battery").delete()

        assert menu.add_standard_menu() == 1
        assert Service.objects.get(code="oil-change").interval_months == 12
