"""Row-level security as a migration operation.

    migrations.CreateModel(name="Customer", ...),
    ForceRowSecurity("Customer"),

source: docs/decisions/0005-row-level-security.md
"""

from typing import Any

from django.db.migrations.operations.base import Operation

from common.tenancy import EVERYBODY, SETTING

POLICY = "tenant"

# Each look at the setting stands in a sub-select, so that PostgreSQL evaluates it once a statement (an
# InitPlan) instead of once a row. NULLIF keeps an unset or star setting out of the cast.
_VISIBLE = f"(SELECT NULLIF(NULLIF(current_setting('{SETTING}', true), ''), '{EVERYBODY}')::bigint)"
_IS_SWEEP = f"(SELECT current_setting('{SETTING}', true) = '{EVERYBODY}')"


class ForceRowSecurity(Operation):
    """Make PostgreSQL show and accept only the rows of the dealership in scope, for the owner too."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.model_name], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in Django's state: the policy lives in the database only."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 -- Django's signature
        table = self._table(app_label, schema_editor, to_state)
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"CREATE POLICY {POLICY} ON {table} USING ({_IS_SWEEP} OR dealership_id = {_VISIBLE})"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 -- Django's signature
        table = self._table(app_label, schema_editor, from_state)
        schema_editor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        return f"Force row-level security on {self.model_name}"

    def _table(self, app_label: str, schema_editor: Any, state: Any) -> str:
        model = state.apps.get_model(app_label, self.model_name)
        return str(schema_editor.quote_name(model._meta.db_table))
