"""What a page costs does not grow with the feed: every statement walks an index, and sorts nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Select, event, text

from server.feed import reading
from tests.api.field import Garden

KEY = {"scope": uuid4(), "kind": "asset", "entity": uuid4(), "version": 1}
UPTO = {"last_kind": "team", "last_entity": uuid4(), "last_version": 1}
STATEMENTS: dict[str, tuple[Select[*tuple[Any, ...]], dict[str, Any]]] = {
    "pull": (
        reading._PAGE,
        {"organisation": uuid4(), "scopes": [uuid4()], "after": 1, "upto": 9, "limit": 1_000},
    ),
    "where the feed stands": (reading._STANDS, {"organisation": uuid4(), "at": 5}),
    "where a page ends": (reading._BOUND, {**KEY, "scan": 10_000}),
    "snapshot": (reading._CURRENT, {**KEY, "limit": 1_000}),
    "snapshot up to a key": (reading._CURRENT_UPTO, {**KEY, **UPTO, "limit": 1_000}),
}


def plan(garden: Garden, name: str) -> str:
    """Return the plan of a statement as the database makes it for the very words that it is sent."""
    engine = garden.session.get_bind().engine
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    garden.session.execute(*STATEMENTS[name])
    event.remove(engine, "before_cursor_execute", note)
    words, values = next(one for one in sent if "FROM feed" in one[0])
    if engine.dialect.name == "sqlite":
        explain = f"EXPLAIN QUERY PLAN {words}"
    else:  # a table that is nearly empty is scanned at once, whatever indexes there are
        garden.session.execute(text("SET LOCAL enable_seqscan = off"))
        garden.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        explain = f"EXPLAIN {words}"
    rows = garden.session.connection().exec_driver_sql(explain, values).all()
    garden.session.rollback()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_page_walks_an_index_and_sorts_nothing(garden: Garden, name: str) -> None:
    told = plan(garden, name)
    if garden.session.get_bind().dialect.name == "sqlite":
        assert "SCAN feed" not in told, told
        assert "TEMP B-TREE" not in told, told
    else:
        assert "Seq Scan on feed" not in told, told
        assert "Sort" not in told, told


@pytest.mark.parametrize("name", ["pull", "snapshot", "snapshot up to a key"])
def test_whether_a_version_was_replaced_is_answered_by_the_index_alone(garden: Garden, name: str) -> None:
    told = plan(garden, name)
    covered = "COVERING INDEX" if garden.session.get_bind().dialect.name == "sqlite" else "Index Only Scan"
    assert covered in told, told
