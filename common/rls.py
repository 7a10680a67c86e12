"""Row-level security as a migration operation.

    migrations.CreateModel(name="Customer", ...),
    ForceRowSecurity("Customer"),

source: docs/decisions/0005-row-level-security.md
"""

from typing import Any

from common.table_rule import TableRule
from common.tenancy import EVERYBODY, SETTING

POLICY = "tenant"

# Each look at the setting stands in a sub-select, so that PostgreSQL evaluates it once a statement (an
# InitPlan) instead of once a row. NULLIF keeps an unset or star setting out of the cast.
_VISIBLE = f"(SELECT NULLIF(NULLIF(current_setting('{SETTING}', true), ''), '{EVERYBODY}')::bigint)"
_IS_SWEEP = f"(SELECT current_setting('{SETTING}', true) = '{EVERYBODY}')"


class ForceRowSecurity(TableRule):
    """Make PostgreSQL show and accept only the rows of the dealership in scope, for the owner too."""

    def add(self, table: str, *, schema_editor: Any) -> None:
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"CREATE POLICY {POLICY} ON {table} USING ({self._condition()})")

    def remove(self, table: str, *, schema_editor: Any) -> None:
        schema_editor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        return f"Force row-level security on {self.model_name}"

    def _condition(self) -> str:
        return f"{_IS_SWEEP} OR dealership_id = {_VISIBLE}"


class ForcePlatformRowSecurity(ForceRowSecurity):
    """The same for a table of the platform's own: no dealership's scope shows any of its rows."""

    def describe(self) -> str:
        return f"Close {self.model_name} to every dealership"

    def _condition(self) -> str:
        return _IS_SWEEP
