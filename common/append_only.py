"""Append-only tables as a migration operation: evidence that nobody, not even a bug of ours, rewrites.

Rows may still be deleted with the customer or dealership they belong to; what must survive that is kept
elsewhere (suppressions).
"""

from typing import Any

from common.table_rule import TableRule

_FUNCTION = """
CREATE OR REPLACE FUNCTION anticipate_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a row instead of changing one', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""


class AppendOnly(TableRule):
    """Make PostgreSQL refuse every UPDATE of a table."""

    def add(self, table: str, *, schema_editor: Any) -> None:
        schema_editor.execute(_FUNCTION, params=None)
        schema_editor.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION anticipate_refuse_update()"
        )

    def remove(self, table: str, *, schema_editor: Any) -> None:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS append_only ON {table}")

    def describe(self) -> str:
        return f"Make {self.model_name} append-only"
