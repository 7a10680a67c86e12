"""Two imports of one dealership at once, on real connections."""

import psycopg
import pytest
from django.db import connection

from common.tenancy import tenant_scope
from customers.models import Customer, VisitImport
from customers.services.imports import locking, undoing
from customers.services.imports.locking import ImportRunning, is_held
from tests.customers.services.imports.files import CUSTOMERS


@pytest.fixture
def other_import(world):
    """Another process that imports for Alice's dealership."""
    parameters = connection.get_connection_params()
    wanted = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)
    }
    with psycopg.connect(**wanted, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [locking._CLASS, world.dealership.pk])
        yield other


def test_second_import_is_refused_and_can_be_repeated(import_files, other_import):
    with pytest.raises(ImportRunning, match=r"Another import of Live Oak Motors is running"):
        import_files(CUSTOMERS)
    assert (Customer.objects.count(), VisitImport.objects.get().status) == (0, "uploaded")

    other_import.execute("SELECT pg_advisory_unlock_all()")
    import_files(CUSTOMERS)

    assert Customer.objects.count() == 3


def test_other_dealership_does_not_wait(import_files, other_import, world):
    with tenant_scope(world.other):
        assert import_files(CUSTOMERS).status == "done"


def test_whether_an_import_runs_is_seen_by_others(world, other_import):
    assert is_held(world.dealership)
    assert not is_held(world.other)

    other_import.execute("SELECT pg_advisory_unlock_all()")

    assert not is_held(world.dealership)


def test_lock_is_given_back_after_an_error(world):
    with pytest.raises(ZeroDivisionError), locking.only_import(world.dealership):
        1 / 0  # noqa: B018 -- any error

    assert not is_held(world.dealership)


def test_undo_while_an_import_runs_is_refused_and_changes_nothing(import_files, other_import, now):
    other_import.execute("SELECT pg_advisory_unlock_all()")
    visit_import = import_files(CUSTOMERS)
    other_import.execute("SELECT pg_advisory_lock(%s, %s)", [locking._CLASS, visit_import.dealership_id])

    with pytest.raises(ImportRunning, match=r"Another import of Live Oak Motors is running"):
        undoing.undo(visit_import.pk, now=now)

    assert (Customer.objects.count(), VisitImport.objects.get().status) == (3, "done")
    other_import.execute("SELECT pg_advisory_unlock_all()")
    assert undoing.undo(visit_import.pk, now=now).removed["customers"] == 3
