"""Triggers that count the changes of what an occurrence is judged by, in the words of both engines.

The database counts and not the code: a push, a rebuild, an erasure and a repair by hand are seen alike.
"""

from __future__ import annotations

from server.feed.ddl import POSTGRES, SQLITE

COUNTED = "roundsman_count_change"


def counted(table: str, counts: str) -> dict[str, list[str]]:
    """Return, by engine, the statements after which each change of a row counts for its occurrence.

    A row that moves from one occurrence to another counts for both.
    """
    return {
        SQLITE: [
            f'CREATE TRIGGER "{table}_counts_{verb.lower()}" AFTER {verb} ON "{table}" FOR EACH ROW '
            f"BEGIN {' '.join(_count(counts, row) for row in rows)} END"
            for verb, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",)))
        ],
        POSTGRES: [
            f"CREATE OR REPLACE FUNCTION {COUNTED}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP <> 'INSERT' THEN {_count(counts, 'OLD')} END IF; "
            f"IF TG_OP <> 'DELETE' THEN {_count(counts, 'NEW')} END IF; "
            "RETURN NULL; END $$",
            f'CREATE TRIGGER "{table}_counts" AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {COUNTED}()",
        ],
    }


def _count(counts: str, row: str) -> str:
    return (
        f'INSERT INTO "{counts}" (occurrence_id, organisation_id, site_id, changes) '
        f"SELECT {row}.occurrence_id, {row}.organisation_id, {row}.site_id, 1 "
        f"WHERE {row}.occurrence_id IS NOT NULL "
        f'ON CONFLICT (occurrence_id) DO UPDATE SET changes = "{counts}".changes + 1;'
    )
