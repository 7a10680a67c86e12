from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from common import clock
from common.tenancy import tenant_scope
from customers.models import ColumnMapping, Customer, ImportFile, Visit, VisitImport
from customers.services.imports import locking, running
from tests.customers.services.imports.files import CUSTOMERS, REPAIR_ORDERS, VEHICLES

BASE = "/d/live-oak/imports/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def alice(client, world):
    client.force_login(world.alice)
    return client


def upload(client, *files: tuple[str, str]) -> int:
    uploads = [SimpleUploadedFile(name, text.encode()) for name, text in files]
    answer = client.post(f"{BASE}upload/", {"uploads": uploads})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.url.rstrip("/").rpartition("/")[2])


def test_upload_keeps_the_files_and_waits_for_a_worker(alice, world, tmp_path):
    import_id = upload(alice, ("cust.csv", CUSTOMERS), ("../../ros.csv", REPAIR_ORDERS))

    with tenant_scope(world.dealership):
        kept = list(ImportFile.objects.order_by("id").values_list("name", "path"))
    assert kept == [
        ("cust.csv", f"imports/{import_id}/1.upload"),
        ("ros.csv", f"imports/{import_id}/2.upload"),
    ]
    assert (tmp_path / kept[0][1]).read_text() == CUSTOMERS
    page = alice.get(f"{BASE}{import_id}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "Waiting for a worker" in page


def test_preview_shows_counts_consent_and_rejections_then_run_imports(alice, world, now):
    import_id = upload(alice, ("c.csv", CUSTOMERS), ("v.csv", VEHICLES), ("r.csv", REPAIR_ORDERS))
    with tenant_scope(world.dealership):
        running.dry_run(import_id, now=now)

    page = alice.get(f"{BASE}{import_id}/").content.decode()

    assert "This is what would change" in page
    assert world.dealership.consent_attestation in page
    assert "hx-trigger" not in page.partition("<main")[2]
    assert "repair order number stands earlier" in page
    with tenant_scope(world.dealership):
        assert Visit.objects.count() == 0
    assert alice.post(f"{BASE}{import_id}/run/").status_code == 302
    with tenant_scope(world.dealership):
        running.run(import_id, now=now)
        assert Visit.objects.count() == 3
    assert "Imported" in alice.get(f"{BASE}{import_id}/").content.decode()


def test_rejected_rows_are_downloaded_as_csv(alice, world, now):
    import_id = upload(alice, ("c.csv", CUSTOMERS), ("v.csv", VEHICLES), ("r.csv", REPAIR_ORDERS))
    with tenant_scope(world.dealership):
        running.run(import_id, now=now)
        file = ImportFile.objects.get(name="r.csv")

    answer = alice.get(f"{BASE}{import_id}/files/{file.pk}/errors/")

    assert answer["Content-Disposition"] == 'attachment; filename="errors-r.csv"'
    assert b"Error reason" in b"".join(answer.streaming_content)


def test_file_without_rejected_rows_has_no_download(alice, world, now):
    import_id = upload(alice, ("c.csv", CUSTOMERS))
    with tenant_scope(world.dealership):
        running.run(import_id, now=now)
        file = ImportFile.objects.get()

    assert alice.get(f"{BASE}{import_id}/files/{file.pk}/errors/").status_code == 404


def test_ambiguous_dates_are_asked_for(alice, world, now):
    text = "RO Number,Open Date,VIN,Cust No,Name1\n1,03/04/2025,1FTFW5L86RFB45612,7,Ann Lee\n"
    import_id = upload(alice, ("r.csv", text))
    with tenant_scope(world.dealership):
        running.dry_run(import_id, now=now)

    page = alice.get(f"{BASE}{import_id}/").content.decode()
    assert "03/04/2025" in page
    alice.post(f"{BASE}{import_id}/date-order/", {"date_order": "dmy"})

    with tenant_scope(world.dealership):
        running.run(import_id, now=now)
        assert str(Visit.objects.get().opened_on) == "2025-04-03"


def test_columns_can_be_corrected_and_are_remembered(alice, world, now):
    import_id = upload(alice, ("c.csv", "Kennung,Wer,Tel\n1,Ann Lee,512-555-0142\n"))
    with tenant_scope(world.dealership):
        file = ImportFile.objects.get()
    path = f"{BASE}{import_id}/files/{file.pk}/columns/"
    assert "Kennung" in alice.get(path).content.decode()

    twice = alice.post(path, {"column_0": "phone", "column_1": "customer_name", "column_2": "phone"})
    assert "Two columns are given for: Phone" in twice.content.decode()
    right = {"column_0": "customer_number", "column_1": "customer_name", "column_2": "phone"}
    assert alice.post(path, right).status_code == 302

    with tenant_scope(world.dealership):
        assert ColumnMapping.objects.get().columns == {
            "Kennung": "customer_number",
            "Wer": "customer_name",
            "Tel": "phone",
        }
        running.run(import_id, now=now)
        assert Customer.objects.get().display_name == "Ann Lee"


def test_interrupted_import_offers_to_continue(alice, world):
    import_id = upload(alice, ("c.csv", CUSTOMERS))
    with tenant_scope(world.dealership):
        VisitImport.objects.update(status="running")

    page = alice.get(f"{BASE}{import_id}/").content.decode()

    assert "This import was interrupted" in page


def test_undo_asks_then_takes_back(alice, world, now):
    import_id = upload(alice, ("c.csv", CUSTOMERS))
    with tenant_scope(world.dealership):
        running.run(import_id, now=now)

    assert "Undo this import" in alice.get(f"{BASE}{import_id}/undo/").content.decode()
    alice.post(f"{BASE}{import_id}/undo/")

    with tenant_scope(world.dealership):
        assert Customer.objects.count() == 0
    assert "This import was undone" in alice.get(f"{BASE}{import_id}/").content.decode()
    assert alice.post(f"{BASE}{import_id}/run/").status_code == 404


@pytest.mark.parametrize("path", ["upload/", "{id}/run/", "{id}/check/", "{id}/undo/", "{id}/date-order/"])
def test_only_admins_change_anything(client, world, path):
    with tenant_scope(world.dealership):
        visit_import = VisitImport.objects.create(dealership=world.dealership)
    client.force_login(world.bob)

    assert client.post(BASE + path.format(id=visit_import.pk)).status_code == 403


def test_import_of_the_evening_is_dated_by_the_dealerships_calendar(alice, world):
    with time_machine.travel(datetime(2026, 11, 21, 2, 30, tzinfo=UTC), tick=False):  # the 20th in Chicago
        with tenant_scope(world.dealership):
            import_id = VisitImport.objects.create(dealership=world.dealership).pk
        pages = [alice.get(path).content.decode() for path in (BASE, f"{BASE}{import_id}/")]

    assert [("20 Nov, 8:30 pm" in page, "21 Nov" in page) for page in pages] == [(True, False)] * 2


def test_list_has_an_empty_state_and_one_query_count(alice, world, django_assert_max_num_queries):
    assert "Nothing was imported yet" in alice.get(BASE).content.decode()
    for count in (1, 3):
        for _ in range(count):
            upload(alice, ("c.csv", CUSTOMERS))
        with django_assert_max_num_queries(14):
            assert "Import " in alice.get(BASE).content.decode()


def test_hostile_values_are_shown_as_text(alice, world, now):
    import_id = upload(
        alice, ("c.csv", "Cust No,Customer Name,E-Mail\n1,Ann Lee,<script>alert(1)</script>@x\n")
    )
    with tenant_scope(world.dealership):
        running.run(import_id, now=now)

    page = alice.get(f"{BASE}{import_id}/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_file_that_is_gone_after_a_finished_import_is_no_alarm(alice, world, now, tmp_path):
    import_id = upload(alice, ("c.csv", CUSTOMERS))
    with tenant_scope(world.dealership):
        running.dry_run(import_id, now=now)
        (tmp_path / ImportFile.objects.get().path).unlink()

    waiting = alice.get(f"{BASE}{import_id}/").content.decode()
    with tenant_scope(world.dealership):
        VisitImport.objects.update(status="done")
    done = alice.get(f"{BASE}{import_id}/").content.decode()

    assert "The file is no longer where it was." in waiting
    assert "tone-bad" in waiting.partition("c.csv")[2]
    assert "This file was removed after the import." in done
    assert "tone-bad" not in done.partition("c.csv")[2]


def test_file_without_rows_offers_nothing_to_import(alice, world, now):
    import_id = upload(alice, ("c.csv", "Cust No,Customer Name,Phone\n"))
    with tenant_scope(world.dealership):
        running.dry_run(import_id, now=now)

    page = alice.get(f"{BASE}{import_id}/").content.decode()

    assert "The files have column names and no rows below them." in page
    assert f"{BASE}{import_id}/run/" not in page


@pytest.mark.parametrize(("count", "words"), [(1, "1 import<"), (2, "2 imports<")])
def test_list_counts_in_words(alice, world, count, words):
    with tenant_scope(world.dealership):
        VisitImport.objects.bulk_create(
            VisitImport(dealership=world.dealership, status="done") for _ in range(count)
        )

    assert f">{words}" in alice.get(BASE).content.decode()


ONE_BAD = "Cust No,Customer Name,Phone\n1,Ann Lee,512-555-0142\n2,,512-555-0143\n3,Bo Gray,512-555-0144\n"


def previewed(alice, world, now, text):
    import_id = upload(alice, ("c.csv", text))
    with tenant_scope(world.dealership):
        running.dry_run(import_id, now=now)
    return alice.get(f"{BASE}{import_id}/").content.decode()


def test_the_button_counts_what_comes_in_and_the_page_what_does_not(alice, world, now):
    page = previewed(alice, world, now, ONE_BAD)

    assert "Import 2 rows<" in page
    assert "2 of 3 rows will be imported; 1 is rejected, for the reasons below." in page


def test_one_row_is_one_row_and_none_is_no_button(alice, world, now):
    assert "Import 1 row<" in previewed(alice, world, now, "Cust No,Customer Name\n1,Ann Lee\n")
    page = previewed(alice, world, now, "Cust No,Customer Name\n1,\n")

    assert "No row can be imported: 1 is rejected" in page
    assert "/run/" not in page


def test_imports_are_called_by_their_files_and_local_time_and_by_no_id(alice, world, now):
    with time_machine.travel(now, tick=False):
        alice.force_login(world.alice)
        import_id = upload(alice, ("march.csv", CUSTOMERS), ("v.csv", VEHICLES), ("r.csv", REPAIR_ORDERS))
    with tenant_scope(world.dealership):
        running.run(import_id, now=now)

    for path in ("", f"{import_id}/", f"{import_id}/undo/", f"{import_id}/issues/"):
        page = alice.get(f"{BASE}{path}").content.decode()
        assert "march.csv and 2 more" in page
        assert f"Import {import_id}" not in page
    assert "20 Nov, 10:00 am" in alice.get(BASE).content.decode()
    undone = alice.post(f"{BASE}{import_id}/undo/", follow=True).content.decode()
    assert "march.csv and 2 more is undone." in undone


def test_dates_follow_the_demo_clock(alice, world, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    clock.advance(timedelta(days=40))

    import_id = upload(alice, ("c.csv", CUSTOMERS))

    with tenant_scope(world.dealership):
        created_at = VisitImport.objects.get(pk=import_id).created_at
    assert timedelta(0) <= clock.now() - created_at < timedelta(minutes=5)


def test_undo_pressed_while_an_import_runs_says_so(alice, world, now):
    import_id = upload(alice, ("c.csv", CUSTOMERS))
    with tenant_scope(world.dealership):
        running.run(import_id, now=now)
    parameters = connection.get_connection_params()
    wanted = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)
    }
    with psycopg.connect(**wanted, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [locking._CLASS, world.dealership.pk])
        refused = alice.post(f"{BASE}{import_id}/undo/", follow=True).content.decode()

    assert "Another import of Live Oak Motors is running. Try again when it is done." in refused
    with tenant_scope(world.dealership):
        assert Customer.objects.count() == 3


def test_undo_pressed_twice_says_that_it_is_undone(alice, world, now):
    import_id = upload(alice, ("c.csv", CUSTOMERS))
    with tenant_scope(world.dealership):
        running.run(import_id, now=now)
    alice.post(f"{BASE}{import_id}/undo/")

    assert (
        "This import is undone already."
        in alice.post(f"{BASE}{import_id}/undo/", follow=True).content.decode()
    )
