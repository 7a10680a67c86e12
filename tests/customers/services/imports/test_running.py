"""Whole imports: what comes in, what is named, what a repeat and a dry run do."""

from datetime import date

import pytest

from common.tenancy import tenant_scope
from customers.models import Customer, ImportIssue, OdometerReading, Vehicle, Visit, VisitLine
from customers.services.imports import apply_visits, running, settling, undoing
from customers.signals import contact_refused, visits_recorded
from messaging.signals import consent_withdrawn
from tests.customers.services.imports.files import CUSTOMERS, REPAIR_ORDERS, VEHICLES

FORD = "1FTFW5L86RFB45612"
ALL_IN_ONE = f"""RO Number,Open Date,Cust No,Name,Cell,VIN,Year,Make,Model,Mileage,Op Code,Op Description,Amount
1,06/15/2024,7,"LEE, ANN",512-555-0142,{FORD},2020,FORD,F-150,10000,LOF,LUBE OIL FILTER,50
2,01/05/2025,7,"LEE, ANN",512-555-0142,{FORD},2020,FORD,F-150,15000,LOF,LUBE OIL FILTER,50
"""


def issues(visit_import) -> list[tuple]:
    rows = ImportIssue.objects.filter(visit_import=visit_import).order_by("file", "line", "id")
    return list(rows.values_list("line", "column", "value", "problem", "is_rejection"))


@pytest.mark.parametrize(
    "texts", [(CUSTOMERS, VEHICLES, REPAIR_ORDERS), (REPAIR_ORDERS, VEHICLES, CUSTOMERS)]
)
def test_good_rows_come_in_whatever_the_order_of_files_and_bad_ones_are_named(
    import_files, everything, texts
):
    visit_import = import_files(*texts)

    state = everything()
    assert visit_import.status == "done"
    assert state["customers"] == [
        ("7", "Marisol de la Cruz", "es", False, False),
        ("8", "Lakeside Plumbing Inc.", "", False, False),
        ("9", "Piotr Nowak", "", False, False),
    ]
    assert state["points"] == [
        ("7", "email", "marisol@example.com", 0),
        ("7", "phone", "+15125550142", 0),
        ("7", "postal", "2210 Live Oak St, Austin, TX 78704", 0),
        ("8", "phone", "+15125550104", 0),
        ("8", "postal", "4501 Guadalupe, Austin, TX 78751", 0),
    ]
    assert state["visits"] == [
        ("501", FORD, date(2025, 3, 15), date(2025, 3, 15), 8995),
        ("502", FORD, date(2025, 9, 20), date(2025, 9, 21), 8995),
        ("503", "5UX63DP06R9U65632", date(2025, 6, 30), date(2025, 6, 30), 0),
    ]
    assert state["lines"] == [
        ("501", 1, "LOF", "performed", 8995, "oil-change"),
        ("501", 2, "BRK", "declined", 41200, "brakes"),
        ("502", 1, "LOF", "performed", 8995, "oil-change"),
        ("503", 1, "PDI", "performed", 0, None),
    ]
    assert state["readings"] == [
        (FORD, date(2025, 3, 15), 5012.0, "good", ""),
        (FORD, date(2025, 9, 20), 10240.0, "good", ""),
        ("5UX63DP06R9U65632", date(2025, 6, 30), 2078300.0, "quarantined", "impossible"),
    ]
    assert issues(visit_import) == [
        (5, "Mileage In", "2078300", "odometer_impossible", False),
        (6, "Open Date", "2026-01-05", "ro_repeated", True),
        (7, "Open Date", "13/25/2026", "bad_date", True),
        (7, "Close Date", "13/25/2026", "bad_date", True),
        (8, "VIN", "1HGCM82633A12345", "unknown_vehicle", True),
    ]
    assert (visit_import.counts["rows_read"], visit_import.counts["rows_rejected"]) == (13, 3)


def test_repeat_changes_nothing(import_files, everything):
    import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    before = everything()
    heard: list[int] = []

    def hear(visit_ids, **_):
        heard.extend(visit_ids)

    visits_recorded.connect(hear)
    again = import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    visits_recorded.disconnect(hear)

    assert everything() == before
    assert heard == []
    assert {
        name: again.counts.get(name, 0)
        for name in ("customers_created", "vehicles_updated", "visits_created", "visits_updated")
    } == dict.fromkeys(("customers_created", "vehicles_updated", "visits_created", "visits_updated"), 0)
    assert again.changes.count() == 0


def test_dry_run_changes_nothing_and_counts_the_same(import_files, everything):
    nothing = everything()
    heard: list[object] = []

    def hear(**_):
        heard.append(1)

    for signal in (visits_recorded, contact_refused):
        signal.connect(hear)
    preview = import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS, dry=True)

    assert (everything(), heard, preview.status) == (nothing, [], "previewed")
    found = issues(preview)
    real = import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    for signal in (visits_recorded, contact_refused):
        signal.disconnect(hear)
    assert issues(real) == found
    assert {**real.counts, "refusals": 0} == {**preview.counts, "refusals": 0}


def test_refusals_are_told_and_never_granted(import_files, world):
    told = []

    def hear(refusals, **_):
        told.extend((one.channel, one.evidence["column"], one.evidence["value"]) for one in refusals)

    contact_refused.connect(hear)
    import_files(CUSTOMERS)
    import_files(CUSTOMERS.replace(",Y\n", ",N\n"))
    import_files(
        "Customer Number,First Name,Last Name,Allow Contact By Phone,AllowContactByEmail\n10,Bo,Lee,N,Y\n"
    )
    contact_refused.disconnect(hear)

    assert told == [
        (None, "Block Auto Msg", "Y"),
        ("voice", "Allow Contact By Phone", "N"),
        ("sms", "Allow Contact By Phone", "N"),
    ]


def test_customer_is_the_same_by_number_else_by_name_and_surest_contact(import_files):
    numbered = "Cust No,Customer Name,E-Mail\n7,ANN LEE,ann@example.com\n"
    nameless = "Customer Name,E-Mail,Phone\nBOB LEE,bob@example.com,512-555-0143\n"
    import_files(numbered, nameless)

    import_files(numbered.replace("ANN LEE,ann@", "Ann Smith,a.smith@"))
    import_files(nameless.replace("BOB LEE", "Bob Lee").replace("512-555-0143", "512-555-0144"))
    import_files(nameless.replace("bob@", "robert@").replace("0143", "0145"))

    assert sorted(Customer.objects.values_list("display_name", flat=True)) == [
        "Ann Smith",
        "Bob Lee",
        "Bob Lee",
    ]


def test_refusal_stops_what_runs_for_a_known_customer_only(import_files):
    """For somebody who comes in with it nothing can be running; whoever was there before must be left alone at once."""
    stopped = []

    def hear(customer_id, **_):
        stopped.append(Customer.objects.get(pk=customer_id).external_id)

    consent_withdrawn.connect(hear)
    import_files(CUSTOMERS)
    came_in = list(stopped)
    import_files(CUSTOMERS.replace("Spanish,N", "Spanish,Y"))
    consent_withdrawn.disconnect(hear)

    assert (came_in, stopped) == ([], ["7"])


def test_corrected_error_file_is_imported_as_it_is(import_files, settings):
    first = import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    error_file = settings.MEDIA_ROOT / first.error_file
    text = error_file.read_text(encoding="utf-8-sig")
    assert "Error reason" in text
    corrected = (
        text.replace("13/25/2026", "01/02/2026").replace("1HGCM82633A12345", FORD).replace("\n502,", "\n506,")
    )
    error_file.write_text(corrected)

    second = import_files(error_file)

    assert (second.status, second.counts["rows_rejected"], second.counts["visits_created"]) == ("done", 0, 3)
    assert Visit.objects.get(ro_number="504").opened_on == date(2026, 1, 2)


def test_ambiguous_dates_stop_the_import_and_are_asked_for(import_files):
    text = ALL_IN_ONE.replace("06/15/2024", "03/04/2024")

    asked = import_files(text)

    assert (asked.status, Visit.objects.count()) == ("needs_answer", 0)
    assert [(one["column"], one["example"]) for one in asked.question["date_order"]] == [
        ("Open Date", "03/04/2024")
    ]
    import_files(text, order="dmy")
    assert sorted(Visit.objects.values_list("opened_on", flat=True)) == [date(2024, 4, 3), date(2025, 5, 1)]


def test_all_in_one_file(import_files, everything):
    import_files(ALL_IN_ONE)

    state = everything()
    assert state["vehicles"] == [(FORD, "7", "Ford", "F-150", date(2024, 6, 15), False)]
    assert [visit[0] for visit in state["visits"]] == ["1", "2"]


def test_car_changing_hands(import_files, everything):
    import_files(ALL_IN_ONE)

    import_files(
        ALL_IN_ONE.replace("06/15/2024,7", "06/15/2025,8")
        .replace("01/05/2025,7", "11/01/2025,8")
        .replace("LEE, ANN", "GRAY, BO")
        .replace("\n1,", "\n3,")
        .replace("\n2,", "\n4,")
    )

    assert everything()["owned"] == [
        (FORD, "7", date(2024, 6, 15), date(2025, 6, 15)),
        (FORD, "8", date(2025, 6, 15), None),
    ]
    assert Vehicle.objects.get().customer.display_name == "Bo Gray"


def test_car_its_owner_sold_is_reminded_of_again_when_somebody_else_brings_it(import_files, everything, now):
    import_files(ALL_IN_ONE)
    Vehicle.objects.update(status="sold")
    import_files(ALL_IN_ONE.replace(",50\n", ",60\n"))
    assert Vehicle.objects.get().status == "sold"  # the same owner's old visits again say nothing

    handed_over = (
        ALL_IN_ONE.replace("06/15/2024,7", "06/15/2025,8")
        .replace("01/05/2025,7", "11/01/2025,8")
        .replace("LEE, ANN", "GRAY, BO")
        .replace("\n1,", "\n3,")
        .replace("\n2,", "\n4,")
    )
    third = import_files(handed_over)
    assert (Vehicle.objects.get().status, Vehicle.objects.get().customer.external_id) == ("active", "8")

    undoing.undo(third.pk, now=now)
    assert (Vehicle.objects.get().status, Vehicle.objects.get().customer.external_id) == ("sold", "7")


def test_vehicle_file_says_who_owns_it_now(import_files, everything):
    import_files(ALL_IN_ONE)

    import_files("Cust No,Customer Name\n8,Bo Gray\n", f"VIN,Cust No,Owned Since\n{FORD},8,02/20/2025\n")

    assert everything()["owned"] == [
        (FORD, "7", date(2024, 6, 15), date(2025, 2, 20)),
        (FORD, "8", date(2025, 2, 20), None),
    ]


def test_same_order_number_for_another_visit_is_rejected_and_kept(import_files):
    import_files(ALL_IN_ONE)

    second = import_files(ALL_IN_ONE.replace("06/15/2024", "07/16/2024"))

    assert issues(second) == [(2, "Open Date", "2024-07-16", "ro_taken", True)]
    assert Visit.objects.get(ro_number="1").opened_on == date(2024, 6, 15)


def test_later_file_updates_a_visit(import_files):
    import_files(ALL_IN_ONE)

    import_files(ALL_IN_ONE.replace("15000,LOF,LUBE OIL FILTER,50", "15100,LOF,LUBE OIL FILTER,60"))

    assert list(OdometerReading.objects.order_by("read_on").values_list("value", flat=True)) == [
        10000.0,
        15100.0,
    ]
    assert Visit.objects.get(ro_number="2").customer_pay_cents == 6000


def test_unknown_customer_without_a_name_is_rejected(import_files):
    visit_import = import_files(VEHICLES)

    assert {row[3] for row in issues(visit_import)} == {"unknown_customer"}
    assert Vehicle.objects.count() == 0


def test_fleet_and_dealer_owned_cars(import_files, everything):
    cars = [f"1FTFW5L86RFB4{number:04d}" for number in range(6)]
    head = "RO Number,Open Date,Cust No,Name,VIN,Make,CustomerPay,WarrantyPay,InternalPay\n"
    own = "".join(
        f"{number},06/15/2025,1,LIVE OAK MOTORS INC,{vin},FORD,0,0,100\n"
        for number, vin in enumerate(cars[:2])
    )
    fleet = "".join(
        f"{number + 10},06/15/2025,2,LAKESIDE COURIER LLC,{vin}X,FORD,90,0,0\n"
        for number, vin in enumerate(["1FTFW5L86RFB5000" + str(n) for n in range(5)])
    )
    import_files(head + own + fleet.replace("X,FORD", ",FORD"))

    state = everything()
    assert [(row[0], row[3], row[4]) for row in state["customers"]] == [
        ("1", False, True),
        ("2", True, False),
    ]
    assert [row[5] for row in state["vehicles"]] == [True, True, False, False, False, False, False]


def test_sold_car_is_no_longer_internal(import_files):
    head = "RO Number,Open Date,Cust No,Name,VIN,Make,CustomerPay,InternalPay\n"
    import_files(head + f"1,06/15/2025,1,Sam Stock,{FORD},FORD,0,100\n")
    assert Vehicle.objects.get().is_internal

    import_files(head + f"2,08/15/2025,7,Ann Lee,{FORD},FORD,90,0\n")

    assert not Vehicle.objects.get().is_internal


def test_lines_of_one_order_may_stand_apart_and_repeat_exactly(import_files):
    lines = ALL_IN_ONE.splitlines()
    brakes = lines[1].replace("LOF,LUBE OIL FILTER,50", "BRK,FRONT BRAKE PADS,400")

    visit_import = import_files("\n".join([*lines, brakes, lines[1]]) + "\n")

    assert list(
        VisitLine.objects.filter(visit__ro_number="1")
        .order_by("line_number")
        .values_list("op_code", flat=True)
    ) == ["LOF", "BRK"]
    assert [row[3] for row in issues(visit_import)] == ["repeated_exactly"]


def test_other_dealerships_see_and_meet_nothing(import_files, world, now):
    import_files(ALL_IN_ONE)

    with tenant_scope(world.other):
        assert Visit.objects.count() == 0
        import_files(ALL_IN_ONE.replace("LEE, ANN", "GRAY, BO"))
        assert Customer.objects.get().display_name == "Bo Gray"
    assert Customer.objects.get().display_name == "Ann Lee"


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


@pytest.mark.parametrize(
    "step",
    ["apply_customers", "apply_vehicles", "apply_visits", "settle", "_count_created", "write_error_file"],
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_repeat_after_a_kill_at_any_step_ends_as_if_nothing_had_happened(
    import_files, everything, monkeypatch, step, moment
):
    original = getattr(running, step)

    def killed(*args, **kwargs):
        if moment == "after":
            original(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(running, step, killed)
    with pytest.raises(Killed):
        import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    monkeypatch.undo()

    import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)

    interrupted = everything()
    assert [len(rows) for rows in interrupted.values()] == [
        3,
        5,
        3,
        3,
        3,
        4,
        3,
        3,
        len(interrupted["tokens"]),
    ]
    assert "cruz" in interrupted["tokens"]
    assert interrupted["codes"] == [("BRK", "brakes", 1), ("LOF", "oil-change", 2), ("PDI", None, 1)]
    assert interrupted["owned"][0][1:] == ("7", date(2025, 3, 15), None)


def test_kill_between_batches_keeps_whole_visits(import_files, everything, monkeypatch):
    monkeypatch.setattr(apply_visits, "BATCH", 1)
    monkeypatch.setattr(settling, "CHUNK", 1)
    calls = []
    original = apply_visits._apply_batch

    def killed(*args):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        original(*args)

    monkeypatch.setattr(apply_visits, "_apply_batch", killed)
    with pytest.raises(Killed):
        import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)
    assert Visit.objects.count() == 1
    assert VisitLine.objects.count() == 2
    monkeypatch.setattr(apply_visits, "_apply_batch", original)

    import_files(CUSTOMERS, VEHICLES, REPAIR_ORDERS)

    assert [len(rows) for rows in everything().values()][:7] == [3, 5, 3, 3, 3, 4, 3]
