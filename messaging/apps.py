from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Messaging"

    def ready(self) -> None:
        import_module("messaging.receivers")
        post_migrate.connect(_load_law, sender=self, dispatch_uid="messaging.law")


def _load_law(*, using: str, **_: Any) -> None:
    """Load the law after each migration, so that no installation is ever without; not one that goes back before it."""
    from django.db import connections  # noqa: PLC0415 -- as above

    from common import clock  # noqa: PLC0415 -- Django's models are ready only now
    from messaging.services.law_seed import load_law  # noqa: PLC0415 -- as above

    if "messaging_lawrule" in connections[using].introspection.table_names():
        load_law(now=clock.now())
