"""Append-only tables as a migration operation: evidence that nobody, not even a bug of ours, rewrites.

Rows may still be deleted with the customer or dealership they belong to; what must survive that is kept
elsewhere (suppressions).
"""

from typing import Any

from django.db.migrations.operations.base import Operation

_FUNCTION = """
CREATE OR REPLACE FUNCTION anticipate_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a row instead of changing one', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""


class AppendOnly(Operation):
    """Make PostgreSQL refuse every UPDATE of a table."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.model_name], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in Django's state: the trigger lives in the database only."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 -- Django's signature
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(_FUNCTION, params=None)
        schema_editor.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE ON {schema_editor.quote_name(table)} "
            "FOR EACH ROW EXECUTE FUNCTION anticipate_refuse_update()"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 -- Django's signature
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(f"DROP TRIGGER IF EXISTS append_only ON {schema_editor.quote_name(table)}")

    def describe(self) -> str:
        return f"Make {self.model_name} append-only"
