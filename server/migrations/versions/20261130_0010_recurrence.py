"""Recurrence instead of days and windows; whom a plan is given to; special rounds; posts; a site's holidays."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from server.feed import ddl

revision = "0010"
down_revision = "0009"

SETTING = "current_setting('roundsman.organisation', true)"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONG = "to_ms - from_ms > 172800000"


def _columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "site": (sa.Column("holidays", sa.String(length=8), server_default="none", nullable=False),),
        "route": (sa.Column("single", sa.Boolean(), server_default=sa.false(), nullable=False),),
        "plan": (
            sa.Column("post_id", sa.Uuid(), nullable=True),
            sa.Column("person_id", sa.Uuid(), nullable=True),
            sa.Column("company_id", sa.Uuid(), nullable=True),
            sa.Column("recurrence", sa.JSON(), server_default="{}", nullable=False),
            sa.Column("special", sa.JSON(), nullable=True),
        ),
        "plan_edition": (
            sa.Column("person_id", sa.Uuid(), nullable=True),
            sa.Column("company_id", sa.Uuid(), nullable=True),
            sa.Column("demands", sa.JSON(), nullable=True),
            sa.Column("recurrence", sa.JSON(), nullable=True),
        ),
        "cutting": (sa.Column("calendar", sa.String(length=24), server_default="", nullable=False),),
        "occurrence": (sa.Column("number", sa.BigInteger(), server_default="1", nullable=False),),
    }


def upgrade() -> None:
    """Say what each plan asked for by days and windows as a recurrence."""
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index("ix_occurrence_long", "occurrence", ["site_id", "to_ms"], sqlite_where=sa.text(LONG),
                    postgresql_where=sa.text(LONG))  # fmt: skip
    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_post_site_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_post_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index(op.f("ix_post_site_id"), "post", ["site_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE "post" ENABLE ROW LEVEL SECURITY')
        op.execute('ALTER TABLE "post" FORCE ROW LEVEL SECURITY')
        op.execute(
            'CREATE POLICY "tenant" ON "post" USING ('
            f"organisation_id = (SELECT NULLIF(NULLIF({SETTING}, ''), '*')::uuid) OR (SELECT {SETTING} = '*'))"
        )
    _rewrite("days, windows", ("recurrence",), lambda days, windows: (_recurrence(days, windows),))
    for column in ("days", "windows"):
        op.drop_column("plan", column)


def downgrade() -> None:
    """Say again by days and windows what can be said so; every other plan becomes a paused one."""
    op.add_column("plan", sa.Column("days", sa.JSON(), server_default='"daily"', nullable=False))
    op.add_column("plan", sa.Column("windows", sa.JSON(), server_default="[]", nullable=False))
    _rewrite("recurrence, paused", ("days", "windows", "paused"), _days_and_windows)
    op.drop_table("post")
    op.drop_index("ix_occurrence_long", table_name="occurrence")
    for table, columns in reversed(_columns().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)


def _rewrite(read: str, written: tuple[str, ...], translate: Any) -> None:
    """Change every plan without raising its version: what phones have of it stays the same."""
    connection = op.get_bind()
    dialect = connection.dialect.name
    on_table = "" if dialect == "sqlite" else ' ON "plan"'
    op.execute(f'DROP TRIGGER "plan_version_rises"{on_table}')
    setting = ", ".join(f"{name} = :{name}" for name in written)
    types = [sa.bindparam(name, type_=sa.Boolean() if name == "paused" else sa.JSON()) for name in written]
    update = sa.text(f"UPDATE plan SET {setting} WHERE id = :id").bindparams(*types)
    for row in connection.execute(sa.text(f"SELECT id, {read} FROM plan")).all():
        connection.execute(update, dict(zip(written, translate(*row[1:]), strict=True)) | {"id": row[0]})
    for statement in ddl.rising_version("plan")[dialect]:
        op.execute(statement)


def _recurrence(days: Any, windows: Any) -> dict[str, Any]:
    days, windows = _value(days), _value(windows)
    names = "" if days == "daily" else ",".join(WEEKDAYS[day - 1] for day in days)
    rule = "FREQ=DAILY" if days == "daily" else f"FREQ=WEEKLY;BYDAY={names}"
    return {"kind": "calendar", "rule": rule, "days": "all", "shift": "none", "windows": windows}


def _days_and_windows(recurrence: Any, paused: bool) -> tuple[Any, list[dict[str, str]], bool]:
    said = _value(recurrence)
    rule, windows = said.get("rule", ""), said.get("windows", [])
    plain = said.get("days", "all") == "all" and said.get("shift", "none") == "none" and bool(windows)
    plain = plain and not any(window.get("days") for window in windows)
    if plain and rule == "FREQ=DAILY":
        return "daily", windows, paused
    names = rule.removeprefix("FREQ=WEEKLY;BYDAY=").split(",")
    if plain and rule.startswith("FREQ=WEEKLY;BYDAY=") and set(names) <= set(WEEKDAYS):
        return sorted(WEEKDAYS.index(name) + 1 for name in names), windows, paused
    return "daily", [{"from": "00:00", "to": "24:00"}], True


def _value(stored: Any) -> Any:
    """Return what a JSON column holds: text on SQLite, a value already on PostgreSQL."""
    return json.loads(stored) if isinstance(stored, str) else stored
