import pytest

from booking.models import Appointment
from common.tenancy import tenant_scope
from customers.models import Customer, OdometerReading, Vehicle, Visit, VisitImport, VisitLine
from customers.services.imports import running, undoing
from customers.services.imports.locking import is_held
from customers.services.imports.running import NotRunnable
from tests.customers.services.imports.files import CUSTOMERS, REPAIR_ORDERS, VEHICLES
from tests.customers.services.imports.test_running import ALL_IN_ONE, FORD
from tests.factories.booking import AppointmentFactory
from tests.factories.customers import CustomerFactory, VisitFactory


def test_undo_of_the_first_import_leaves_nothing(import_files, everything, now):
    nothing = everything()
    visit_import = import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)

    undone = undoing.undo(visit_import.pk, now=now)

    assert everything() == nothing
    assert {name: count for name, count in undone.removed.items() if count} == {
        "visits": 3,
        "vehicles": 3,
        "customers": 3,
        "op codes": 3,
    }
    assert VisitImport.objects.get().status == "undone"


def test_undo_of_the_second_import_brings_back_the_first(import_files, everything, now):
    import_files(ALL_IN_ONE)
    before = everything()
    changed = (
        ALL_IN_ONE.replace("LEE, ANN", "LEE, ANNA")
        .replace("0142", "0143")
        .replace("15000", "15100")
        .replace(",50\n", ",60\n")
        .replace("F-150", "F-250")
    )
    handed_over = f'3,11/01/2025,8,"GRAY, BO",,{FORD},2020,FORD,F-250,20000,LOF,LUBE OIL FILTER,50\n'
    second = import_files(changed + handed_over)
    assert everything() != before

    undoing.undo(second.pk, now=now)

    assert everything() == before


def test_row_changed_since_is_left(import_files, now):
    import_files(ALL_IN_ONE)
    second = import_files(ALL_IN_ONE.replace("F-150", "F-250").replace("LEE, ANN", "LEE, ANNA"))
    Vehicle.objects.update(model="Ranger")

    undone = undoing.undo(second.pk, now=now)

    assert (Vehicle.objects.get().model, Customer.objects.get().first_name) == ("Ranger", "Ann")
    assert undone.changed_since["vehicles"] == 1


def test_what_later_work_hangs_on_is_kept(import_files, world, now):
    visit_import = import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    vehicle = Vehicle.objects.get(vin=FORD)
    VisitFactory(dealership=world.dealership, vehicle=vehicle, customer=vehicle.customer)

    undone = undoing.undo(visit_import.pk, now=now)

    assert list(Customer.objects.values_list("external_id", flat=True)) == ["7"]
    assert Customer.objects.get().contact_points.count() == 3
    assert (undone.kept["vehicles"], undone.kept["customers"], undone.kept["visits"]) == (1, 1, 0)


def test_visit_a_later_import_changed_is_kept(import_files, now):
    first = import_files(ALL_IN_ONE)
    import_files(ALL_IN_ONE.replace(",50\n", ",60\n"))

    undone = undoing.undo(first.pk, now=now)

    assert (Visit.objects.count(), undone.kept["visits"]) == (2, 2)


def test_reading_shared_with_a_visit_that_stays_is_kept(import_files, now):
    head = "RO Number,Open Date,VIN,Cust No,Name,Make,Mileage\n"
    first = import_files(head + f"1,06/15/2024,{FORD},7,Ann Lee,FORD,10000\n")
    import_files(head + f"2,06/15/2024,{FORD},7,Ann Lee,FORD,10000\n")

    undoing.undo(first.pk, now=now)

    assert list(OdometerReading.objects.values_list("visit__ro_number", "value")) == [("2", 10000.0)]


def test_undo_twice_is_refused(import_files, now):
    visit_import = import_files(CUSTOMERS)
    undoing.undo(visit_import.pk, now=now)

    with pytest.raises(NotRunnable, match="undone already"):
        undoing.undo(visit_import.pk, now=now)


def test_undo_after_a_broken_import(import_files, everything, monkeypatch, now):
    nothing = everything()
    monkeypatch.setattr(running, "settle", lambda _run: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    visit_import = VisitImport.objects.get()
    assert (visit_import.status, visit_import.failure) == ("failed", "ZeroDivisionError: division by zero")

    undoing.undo(visit_import.pk, now=now)

    assert everything() == nothing


def test_undo_touches_no_other_dealership(import_files, world, now):
    first = import_files(ALL_IN_ONE)
    with tenant_scope(world.other):
        import_files(ALL_IN_ONE)

    undoing.undo(first.pk, now=now)

    with tenant_scope(world.other):
        assert (Visit.objects.count(), VisitLine.objects.count()) == (2, 2)
        with pytest.raises(VisitImport.DoesNotExist):
            undoing.undo(first.pk, now=now)


def test_nothing_imported_means_nothing_to_undo(world, now):
    customer = CustomerFactory(dealership=world.dealership)
    visit_import = VisitImport.objects.create(dealership=world.dealership, status="done")

    undone = undoing.undo(visit_import.pk, now=now)

    assert (sum(undone.removed.values()), Customer.objects.get()) == (0, customer)
    assert Appointment.objects.count() == 0


def test_customer_with_an_appointment_booked_meanwhile_is_kept_with_the_car(import_files, world, now):
    visit_import = import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    vehicle = Vehicle.objects.get(vin=FORD)
    booked = AppointmentFactory(dealership=world.dealership, customer=vehicle.customer, vehicle=vehicle)

    undone = undoing.undo(visit_import.pk, now=now)

    booked.refresh_from_db()
    assert (booked.status, booked.customer_id, booked.vehicle_id) == (
        "booked",
        vehicle.customer_id,
        vehicle.pk,
    )
    assert list(Vehicle.objects.values_list("vin", flat=True)) == [FORD]
    assert (undone.kept["vehicles"], undone.kept["customers"], undone.kept["visits"]) == (1, 1, 0)
    assert undone.removed["visits"] == 3


def test_rows_a_later_import_touched_stay_as_that_import_left_them(import_files, everything, now):
    first = import_files(ALL_IN_ONE)
    import_files(ALL_IN_ONE.replace("LEE, ANN", "LEE, ANNA").replace("F-150", "F-250"))
    after_both = everything()

    undone = undoing.undo(first.pk, now=now)

    left = everything()
    assert (left["customers"], left["vehicles"]) == (after_both["customers"], after_both["vehicles"])
    assert (undone.kept["vehicles"], undone.kept["customers"]) == (1, 1)


def test_both_undone_in_either_order_leave_nothing_of_the_rows_they_touched(import_files, everything, now):
    nothing = everything()
    first = import_files(ALL_IN_ONE)
    second = import_files(ALL_IN_ONE.replace("LEE, ANN", "LEE, ANNA"))

    undoing.undo(second.pk, now=now)
    undoing.undo(first.pk, now=now)

    assert everything() == nothing


def test_undone_while_it_waited_to_begin_does_not_begin(import_files, everything, now):
    visit_import = import_files(CUSTOMERS)
    nothing_more = undoing.undo(visit_import.pk, now=now)

    with pytest.raises(NotRunnable, match="was undone"):
        running.run(visit_import.pk, now=now)

    assert nothing_more.removed["customers"] == 3
    assert (Customer.objects.count(), VisitImport.objects.get().status) == (0, "undone")


def test_lock_is_free_again_after_a_second_undo(import_files, world, now):
    visit_import = import_files(CUSTOMERS)
    undoing.undo(visit_import.pk, now=now)
    with pytest.raises(NotRunnable):
        undoing.undo(visit_import.pk, now=now)

    assert not is_held(world.dealership)
    assert import_files(CUSTOMERS).status == "done"
