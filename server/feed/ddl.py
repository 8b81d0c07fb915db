"""Triggers that keep the database honest, in the words of both engines.

They are attached to the tables' `after_create`, and `statements` gives them to migrations.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import DDL, Table, event

SQLITE: Final = "sqlite"
POSTGRES: Final = "postgresql"

RISING = "roundsman_version_must_rise"
KEPT = "roundsman_insert_only"
ABOVE = "roundsman_above_horizon"


def _postgres_function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def rising_version(table: str) -> dict[str, list[str]]:
    """Return, by engine, the statements after which an update of `table` must raise `version`."""
    return {
        SQLITE: [
            f'CREATE TRIGGER "{table}_version_rises" BEFORE UPDATE ON "{table}" FOR EACH ROW '
            "WHEN NEW.version <= OLD.version "
            f"BEGIN SELECT RAISE(ABORT, '{table}.version must rise with every change'); END"
        ],
        POSTGRES: [
            _postgres_function(
                RISING,
                "IF NEW.version <= OLD.version THEN "
                "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
                "MESSAGE = TG_TABLE_NAME || '.version must rise with every change'; END IF; RETURN NEW;",
            ),
            f'CREATE TRIGGER "{table}_version_rises" BEFORE UPDATE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {RISING}()",
        ],
    }


def insert_only(table: str) -> dict[str, list[str]]:
    """Return, by engine, the statements after which rows of `table` can neither change nor go.

    `INSERT OR REPLACE` on SQLite deletes first, which the trigger sees because every connection
    has `recursive_triggers` on.
    """
    return {
        SQLITE: [
            f'CREATE TRIGGER "{table}_no_{verb.lower()}" BEFORE {verb} ON "{table}" FOR EACH ROW '
            f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            for verb in ("UPDATE", "DELETE")
        ],
        POSTGRES: [
            _postgres_function(
                KEPT,
                "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
                "MESSAGE = TG_TABLE_NAME || ' is insert-only';",
            ),
            f'CREATE TRIGGER "{table}_insert_only" BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {KEPT}()",
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {KEPT}()",
        ],
    }


def above_horizon(table: str, heads: str) -> dict[str, list[str]]:
    """Return, by engine, the statements after which rows of `table` never change.

    They may go below their organisation's horizon.

    :param heads: the table with the `horizon` of each organisation
    """
    horizon = f'(SELECT horizon FROM "{heads}" WHERE organisation_id = OLD.organisation_id)'  # noqa: S608
    told = f"{table} keeps every row from its horizon on"
    guarded = insert_only(table)
    return {
        SQLITE: [
            *(text for text in guarded[SQLITE] if "BEFORE UPDATE" in text),
            f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW '
            f"WHEN OLD.pos >= COALESCE({horizon}, 0) "
            f"BEGIN SELECT RAISE(ABORT, '{told}'); END",
        ],
        POSTGRES: [
            *(text.replace("BEFORE UPDATE OR DELETE", "BEFORE UPDATE") for text in guarded[POSTGRES]),
            _postgres_function(
                ABOVE,
                f"IF OLD.pos >= COALESCE({horizon}, 0) THEN "
                "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
                f"MESSAGE = '{told}'; END IF; RETURN OLD;",
            ),
            f'CREATE TRIGGER "{table}_above_horizon" BEFORE DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {ABOVE}()",
        ],
    }


def attach(table: Table, by_engine: dict[str, list[str]]) -> None:
    """Run the statements whenever `table` is created, and note them for `statements`."""
    for dialect, texts in by_engine.items():
        for text in texts:
            statement = DDL(text.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", statement.execute_if(dialect=dialect))
        table.metadata.info.setdefault("triggers", {}).setdefault(dialect, []).extend(texts)


def statements(metadata_info: dict[str, dict[str, list[str]]], dialect: str) -> list[str]:
    """Return every trigger statement of all tables for one engine, in order: for migrations."""
    return list(dict.fromkeys(metadata_info.get("triggers", {}).get(dialect, [])))
