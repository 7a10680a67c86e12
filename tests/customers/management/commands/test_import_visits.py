import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.tenancy import tenant_scope
from customers.models import Customer, Visit, VisitImport
from customers.services.imports import intake
from tests.customers.services.imports.files import CUSTOMERS, REPAIR_ORDERS, VEHICLES
from tests.customers.services.imports.test_running import ALL_IN_ONE
from tests.database_address import database_url


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in {
        "c.csv": CUSTOMERS,
        "v.csv": VEHICLES,
        "r.txt": REPAIR_ORDERS,
        "notes.doc": "no",
    }.items():
        (folder / name).write_text(text)
    return folder


def test_folder_is_imported_and_rejections_give_code_3(world, folder, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("import_visits", folder, dealership="live-oak")

    out, err = capsys.readouterr()
    assert ended.value.code == 3
    assert err.splitlines() == [
        f"Left out, as it is no .csv, .tsv, .txt or .xml file: {folder / 'notes.doc'}"
    ]
    assert "13 rows read, 3 rejected" in out
    assert "Repair orders: 3 new, 0 changed, 0 as before" in out
    assert "Rejected: r.txt line 8, VIN “1HGCM82633A12345”" in out


def test_dry_run_changes_nothing(world, folder, capsys):
    with pytest.raises(SystemExit):
        call_command("import_visits", folder, dealership="live-oak", dry_run=True)

    assert "Dry run: nothing was changed" in capsys.readouterr().out
    with tenant_scope(world.dealership):
        assert Visit.objects.count() == 0


def test_undo(world, tmp_path, capsys):
    path = tmp_path / "all.csv"
    path.write_text(ALL_IN_ONE)
    call_command("import_visits", path, dealership="live-oak")
    with tenant_scope(world.dealership):
        import_id = VisitImport.objects.get().pk

    call_command("import_visits", dealership="live-oak", undo=import_id)

    assert "visits: 2 removed" in capsys.readouterr().out
    with tenant_scope(world.dealership):
        assert Customer.objects.count() == 0


def test_question_gives_code_2_and_says_how_to_answer(world, tmp_path):
    path = tmp_path / "all.csv"
    path.write_text(ALL_IN_ONE.replace("06/15/2024", "03/04/2024"))

    with pytest.raises(CommandError, match=r"03/04/2024(.|\n)*--date-order") as asked:
        call_command("import_visits", path, dealership="live-oak")
    assert asked.value.returncode == 2

    call_command("import_visits", path, dealership="live-oak", date_order="mdy")


def test_mapping_file(world, tmp_path):
    path, mapping = tmp_path / "c.csv", tmp_path / "m.json"
    path.write_text("Kennung,Wer\n1,Ann Lee\n")
    mapping.write_text(json.dumps({"Kennung": "customer_number", "Wer": "customer_name"}))

    call_command("import_visits", path, dealership="live-oak", mapping=mapping)

    with tenant_scope(world.dealership):
        assert Customer.objects.get().display_name == "Ann Lee"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"dealership": "nowhere"}, "no dealership"),
        ({"dealership": "live-oak"}, "at least one file"),
        ({"dealership": "live-oak", "undo": 99999}, "no import 99999"),
    ],
)
def test_mistakes_are_named(world, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("import_visits", **options)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "No column is recognised"),
        ("Phone,City\n1,2\n", "do not make a customer"),
    ],
)
def test_files_that_cannot_be_imported_are_named(world, tmp_path, content, words):
    path = tmp_path / "odd.csv"
    path.write_text(content)

    with pytest.raises(CommandError, match=rf"odd.csv: .*{words}"):
        call_command("import_visits", path, dealership="live-oak")


def test_missing_file_and_bad_mapping_are_named(world, tmp_path):
    with pytest.raises(CommandError, match="no file"):
        call_command("import_visits", tmp_path / "none.csv", dealership="live-oak")
    (tmp_path / "c.csv").write_text(CUSTOMERS)
    for text in ("[1]", "{", '{"Cust No": "nonsense"}'):
        (tmp_path / "m.json").write_text(text)
        with pytest.raises(CommandError):
            call_command(
                "import_visits", tmp_path / "c.csv", dealership="live-oak", mapping=tmp_path / "m.json"
            )


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_killed_process_is_continued_by_a_repeat(world, tmp_path):
    """SIGKILL in the middle of the batches; what is in is whole, and the repeat brings in the rest."""
    rows = "".join(
        f'{number},06/{1 + number % 28:02d}/2024,{number},"LEE, ANN",512-555-0142,1FTFW5L86{number:08d},2020,FORD,F-150,10000,LOF,LUBE OIL FILTER,50\n'
        for number in range(2500)
    )
    path = tmp_path / "big.csv"
    path.write_text(ALL_IN_ONE.splitlines()[0] + "\n" + rows)
    environment = {**os.environ, "DATABASE_URL": database_url(), "VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, "manage.py", "import_visits", str(path), "--dealership", "live-oak"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with tenant_scope(world.dealership):
        deadline = time.monotonic() + 180
        while Visit.objects.count() == 0 and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        partly = Visit.objects.count()
        assert 0 < partly < 2500
        assert not Visit.objects.filter(lines=None).exists()
        assert VisitImport.objects.get().status == "running"

    call_command("import_visits", path, dealership="live-oak")

    with tenant_scope(world.dealership):
        assert Visit.objects.count() == 2500
        assert Visit.objects.filter(readings=None).count() == 0
        assert Customer.objects.exclude(search_tokens=None).count() == 2500


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_import_of_the_web_app_is_done_by_a_live_worker(world, tmp_path):
    """A real worker of its own process takes the import up, from the broker to the last row."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "VAR_DIR": str(tmp_path / "var")}
    environment.pop("REDIS_URL", None)
    path = tmp_path / "all.csv"
    path.write_text(ALL_IN_ONE)
    with tenant_scope(world.dealership):
        import_id = intake.create_from_paths([path]).pk
    ring = f"from celery import current_app; current_app.send_task('customers.run_import', kwargs={{'dealership_id': {world.dealership.pk}, 'import_id': {import_id}}})"
    subprocess.run([sys.executable, "manage.py", "shell", "-c", ring], env=environment, check=True)
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "anticipate",
            "worker",
            "-Q",
            "default",
            "-c",
            "1",
            "-P",
            "prefork",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with tenant_scope(world.dealership):
            deadline = time.monotonic() + 180
            while VisitImport.objects.get().status != "done" and time.monotonic() < deadline:
                assert worker.poll() is None
                time.sleep(0.1)
            assert VisitImport.objects.get().status == "done"
            assert Visit.objects.count() == len({line.split(",")[0] for line in ALL_IN_ONE.splitlines()[1:]})
    finally:
        worker.terminate()
        worker.wait(timeout=30)


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_same_file_imported_by_two_processes_at_once_comes_in_once(world, tmp_path):
    rows = "".join(
        f'{number},06/{1 + number % 28:02d}/2024,{number},"LEE, ANN",512-555-0142,1FTFW5L86{number:08d},2020,FORD,F-150,10000,LOF,LUBE OIL FILTER,50\n'
        for number in range(500)
    )
    path = tmp_path / "big.csv"
    path.write_text(ALL_IN_ONE.splitlines()[0] + "\n" + rows)
    environment = {**os.environ, "DATABASE_URL": database_url(), "VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, "manage.py", "import_visits", str(path), "--dealership", "live-oak"]

    both = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[1] for process in both]

    # Whoever came second was refused, or found every row there already.
    assert 0 in {process.returncode for process in both}
    for process, words in zip(both, said, strict=True):
        assert process.returncode == 0 or "Another import of Live Oak Motors is running" in words
    with tenant_scope(world.dealership):
        assert (Visit.objects.count(), Customer.objects.count()) == (500, 500)
        assert Visit.objects.filter(lines__line_number=2).count() == 0
