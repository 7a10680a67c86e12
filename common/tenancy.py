"""The wall between dealerships: one scope for the ORM and for PostgreSQL's row-level security.

django-scopes makes a query outside a scope raise; the forced policies of `common.rls` make PostgreSQL
return nothing where the ORM was bypassed. Both are opened and closed together here, and nowhere else.

source: docs/decisions/0005-row-level-security.md
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from celery import Task
from django.apps import apps
from django.db import connection, models
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django_scopes import ScopedManager, get_scope, scope, scopes_disabled
from psycopg import OperationalError
from psycopg.pq import TransactionStatus

import common.lookups  # gives every model's fields the lookup `any_of`
import common.timestamps  # noqa: F401 -- has every connection read timestamps fast

if TYPE_CHECKING:
    from dealerships.models import Dealership

SETTING = "anticipate.dealership_id"
NOBODY = ""
EVERYBODY = "*"

_SET = "SELECT set_config(%s, %s, false)"

_visible: ContextVar[str] = ContextVar("anticipate_visible_dealership", default=NOBODY)


if TYPE_CHECKING:
    _Task = Task[..., Any]  # generic for the type checker only
    M = TypeVar("M", bound=models.Model)

    class TenantManager(models.Manager[M]):
        """As the type checker sees it; below is what runs."""

else:
    _Task = Task

    class TenantManager(type(ScopedManager(dealership="dealership"))):
        """Raises outside a scope and filters by the dealership inside one (django-scopes)."""


class TenantModel(models.Model):
    """A row that belongs to one dealership; its migration must add `ForceRowSecurity`."""

    # No index of its own: it leads the unique keys and indexes of the table instead.
    dealership = models.ForeignKey(
        "dealerships.Dealership", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True


@contextmanager
def tenant_scope(dealership: Dealership | int) -> Iterator[Dealership]:
    """Let the code inside see and write the rows of one dealership, and no others.

    Scopes nest; leaving one restores the one around it. Open it in the thread that does the queries: a
    database connection of another thread stays closed to everything.

    raises: Dealership.DoesNotExist for an unknown id
    """
    tenant: Dealership = (
        apps.get_model("dealerships", "Dealership")._default_manager.get(pk=dealership)
        if isinstance(dealership, int)
        else dealership
    )
    with _visible_to_database(str(tenant.pk)), scope(dealership=tenant):
        yield tenant


@contextmanager
def cross_tenant(*, reason: str) -> Iterator[None]:
    """Let the code inside see the rows of all dealerships; for sweeps, sign-in and webhook look-ups.

    The reason is for the reader and is counted by a test: every use is a hole in the wall on purpose.
    """
    if not reason:
        raise ValueError("Say why this code must see every dealership.")
    with _visible_to_database(EVERYBODY), scopes_disabled():
        yield


def current_dealership() -> Dealership:
    """Return the dealership whose scope is open.

    raises: LookupError outside a tenant scope
    """
    tenant: Dealership | None = get_scope().get("dealership")
    if tenant is None:
        raise LookupError("No dealership's scope is open here.")
    return tenant


class TenantTask(_Task):
    """A Celery task that runs inside the scope of its keyword argument `dealership_id`."""

    abstract = True

    def __call__(self, *args: Any, dealership_id: int, **kwargs: Any) -> Any:
        with tenant_scope(dealership_id):
            return super().__call__(*args, dealership_id=dealership_id, **kwargs)


@contextmanager
def _visible_to_database(value: str) -> Iterator[None]:
    token = _visible.set(value)
    _tell_database()
    try:
        yield
    finally:
        _visible.reset(token)
        _tell_database()


def _tell_database() -> None:
    """Set what the open connection may see; a connection opened later is told when it is created."""
    raw = connection.connection
    if raw is None or raw.closed:
        return
    if raw.info.transaction_status == TransactionStatus.INERROR:
        # Nothing can be executed here, and nothing need be: the setting was made inside the transaction
        # (or savepoint) that is about to be rolled back, and PostgreSQL takes it back with it.
        return
    try:
        raw.execute(_SET, (SETTING, _visible.get()))
    except OperationalError:
        # The server went away. The next query takes up a new connection, which is told as it is created;
        # inside a transaction it raises, as it must.
        connection.close()


@receiver(connection_created, dispatch_uid="common.tenancy")
def _tell_new_connection(*, connection: Any, **_: Any) -> None:
    """Tell each connection as it is taken up, so that a pooled one never keeps an earlier user's scope."""
    if connection.vendor == "postgresql":
        connection.connection.execute(_SET, (SETTING, _visible.get()))
