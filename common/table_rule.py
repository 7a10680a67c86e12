"""What PostgreSQL, not Django, watches over in a table, as a migration operation."""

from abc import abstractmethod
from typing import Any

from django.db.migrations.operations.base import Operation


class TableRule(Operation):
    """A rule on one model's table: what `add` and `remove` do to it. Django's own state knows nothing of it."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.model_name], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in Django's state: the rule lives in the database only."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 -- Django's signature
        self.add(self._table(app_label, schema_editor, to_state), schema_editor=schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 -- Django's signature
        self.remove(self._table(app_label, schema_editor, from_state), schema_editor=schema_editor)

    @abstractmethod
    def add(self, table: str, *, schema_editor: Any) -> None:
        """Make the rule hold on a table, whose name comes quoted."""

    @abstractmethod
    def remove(self, table: str, *, schema_editor: Any) -> None:
        """Take back what `add` did."""

    def _table(self, app_label: str, schema_editor: Any, state: Any) -> str:
        model = state.apps.get_model(app_label, self.model_name)
        return str(schema_editor.quote_name(model._meta.db_table))
