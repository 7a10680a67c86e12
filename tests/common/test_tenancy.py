"""The wall between dealerships, attacked from every side we know."""

import threading

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django_scopes import ScopeError

from common.tenancy import SETTING, TenantModel, cross_tenant, current_dealership, tenant_scope
from customers.models import Customer
from dealerships.models import Dealership, Membership
from tests.factories.customers import CustomerFactory

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
MODELS_WITH_A_DEALERSHIP = [
    model
    for model in apps.get_models()
    if any(field.related_model is Dealership for field in model._meta.get_fields() if field.concrete)
]


def visible() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SETTING])
        return cursor.fetchone()[0] or ""


def names_by_raw_sql() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT display_name FROM customers_customer ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def two_customers(world):
    with tenant_scope(world.dealership):
        CustomerFactory(dealership=world.dealership, display_name="Anna")
    with tenant_scope(world.other):
        CustomerFactory(dealership=world.other, display_name="Otto")
    return world


@pytest.mark.logic
def test_every_model_with_a_dealership_is_a_tenant_model():
    assert [model.__name__ for model in MODELS_WITH_A_DEALERSHIP if not issubclass(model, TenantModel)] == []
    assert len(TENANT_MODELS) > 30


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_tenant_table_has_a_forced_policy(model):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relrowsecurity, c.relforcerowsecurity, p.polname, p.polcmd, p.polpermissive,
                   pg_get_expr(p.polqual, p.polrelid) LIKE '%%dealership_id = %%'
            FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
            WHERE c.relname = %s
            """,
            [model._meta.db_table],
        )
        assert cursor.fetchall() == [(True, True, "tenant", "*", True, True)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_query_outside_a_scope_raises(model):
    with pytest.raises(ScopeError):
        model.objects.count()


def test_raw_sql_outside_a_scope_sees_nothing(two_customers):
    assert names_by_raw_sql() == []


def test_raw_sql_inside_a_scope_sees_only_its_dealership(two_customers):
    with tenant_scope(two_customers.dealership):
        assert names_by_raw_sql() == ["Anna"]
    with tenant_scope(two_customers.other):
        assert names_by_raw_sql() == ["Otto"]


def test_sweep_sees_every_dealership(two_customers):
    with cross_tenant(reason="test"):
        assert names_by_raw_sql() == ["Anna", "Otto"]
        assert Customer.objects.count() == 2


@pytest.mark.django_db
def test_sweep_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="Say why"), cross_tenant(reason=""):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_customer SET display_name = 'Eve'",
        "DELETE FROM customers_customer",
    ],
)
def test_raw_write_inside_a_scope_never_touches_another(two_customers, statement):
    with tenant_scope(two_customers.dealership), connection.cursor() as cursor:
        cursor.execute(statement)
    with cross_tenant(reason="test"):
        assert "Otto" in names_by_raw_sql()


def test_insert_for_another_dealership_is_refused(two_customers):
    with (
        tenant_scope(two_customers.dealership),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        CustomerFactory(dealership=two_customers.other)


def test_moving_a_row_to_another_dealership_is_refused(two_customers):
    with (
        tenant_scope(two_customers.dealership),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Customer.objects.update(dealership=two_customers.other)


def test_scopes_nest_and_restore(world):
    assert visible() == ""
    with tenant_scope(world.dealership):
        assert (visible(), current_dealership()) == (str(world.dealership.pk), world.dealership)
        with tenant_scope(world.other.pk):
            assert (visible(), current_dealership()) == (str(world.other.pk), world.other)
        with cross_tenant(reason="test"):
            assert visible() == "*"
        assert visible() == str(world.dealership.pk)
    assert visible() == ""
    with pytest.raises(LookupError):
        current_dealership()


def test_scope_is_restored_after_a_failed_statement(world):
    with tenant_scope(world.dealership):
        with pytest.raises(IntegrityError), transaction.atomic(), tenant_scope(world.other):
            Membership.objects.bulk_create(
                [Membership(dealership=world.other, user=world.charlie, role="admin")]
            )
        assert visible() == str(world.dealership.pk)
    assert visible() == ""


def test_scope_opened_inside_a_rolled_back_transaction_does_not_outlive_it(world):
    with pytest.raises(RuntimeError), transaction.atomic(), tenant_scope(world.dealership):
        raise RuntimeError
    assert visible() == ""


@pytest.mark.django_db(transaction=True)
def test_reopened_connection_takes_up_the_scope(world):
    with tenant_scope(world.dealership):
        connection.close()
        assert visible() == str(world.dealership.pk)
        connection.close()
    assert visible() == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["inside", "before leaving"])
def test_scope_survives_a_connection_the_server_ended(world, when):
    with tenant_scope(world.dealership):
        end_this_connection_from_another()
        if when == "inside":
            with tenant_scope(world.other):
                assert visible() == str(world.other.pk)
    assert visible() == ""


def end_this_connection_from_another() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


@pytest.fixture
def pooled_connection():
    """Yield a connection whose pool holds a single one, so that its next user surely gets the same."""
    settings = {
        **connection.settings_dict,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 1}},
        "CONN_MAX_AGE": 0,
    }
    wrapper = type(connections["default"])(settings, alias="pooled")
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


@pytest.mark.django_db(transaction=True)
def test_pooled_connection_does_not_keep_the_scope_of_its_last_user(world, pooled_connection):
    def look() -> tuple[int, str]:
        with pooled_connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), current_setting(%s, true)", [SETTING])
            return cursor.fetchone()

    with tenant_scope(world.dealership):
        first = look()
        pooled_connection.close()  # back into the pool, the setting still made
    second = look()

    assert first == (second[0], str(world.dealership.pk))
    assert second[1] == ""


@pytest.mark.django_db(transaction=True)
def test_another_threads_connection_stays_closed(two_customers):
    seen: list[list[str]] = []

    def look() -> None:
        seen.append(names_by_raw_sql())
        connection.close()

    with tenant_scope(two_customers.dealership):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert seen == [[]]


@pytest.mark.django_db
def test_application_role_is_subject_to_row_level_security():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
