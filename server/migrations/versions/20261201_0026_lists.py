"""What long lists ask of assets and orders, of what was due, and of the parts that orders used."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from server import tenancy

revision = "0026"
down_revision = "0027"

CARD = (
    "category", "zone_id", "maker", "model", "serial", "installed_on", "criticality", "photo", "registration",
)  # fmt: skip
EMPTY = dict.fromkeys(("zone_id", "criticality", "photo"), "IS NULL")
BLANK = "= ''"
SEARCHED = ("number", "name_zh", "name_en", "category", "maker", "model", "serial", "registration")
KEPT = {
    "number_chars": (sa.BigInteger(), "length(number)"),
    "search": (sa.String(), "lower(" + " || '\n' || ".join(SEARCHED) + ")"),
    "lacks": (
        sa.BigInteger(),
        " + ".join(
            f"CASE WHEN {name} {EMPTY.get(name, BLANK)} THEN {1 << place} ELSE 0 END"
            for place, name in enumerate(CARD)
        ),
    ),
}
"""Columns of assets that the database itself keeps."""
SAID = ("title_zh", "title_en", "place", "note")
ORDER_SEARCH = "lower(" + " || '\n' || ".join(f"coalesce({name}, '')" for name in SAID) + ")"
LISTED = {
    "ix_asset_listed": ("site_id", "number_chars", "number", "id"),
    "ix_asset_cards": ("site_id", "category", "state", "special", "lacks"),
    "ix_asset_search": ("site_id", "search", "number_chars", "number", "id"),
}
TAKEN = {
    f"ix_{table}_{of}": (table, f"{of}_id")
    for table in ("stock_entry", "stock_move")
    for of in ("order", "asset")
}


def upgrade() -> None:
    """Make columns, table and indexes, and fill the table from the orders' deadlines."""
    # SQLite adds no column that is stored; the indexes store what matters
    is_stored = op.get_bind().dialect.name == "postgresql"
    for name, (kind, sqltext) in KEPT.items():
        made = sa.Computed(sqltext, persisted=is_stored)
        op.add_column("asset", sa.Column(name, kind, made, nullable=False))
    for name, columns in LISTED.items():
        using = {"postgresql_using": "brin"} if "search" in columns else {}
        op.create_index(name, "asset", list(columns), **_where("retired_ms IS NULL"), **using)
    op.add_column(
        "work_order",
        sa.Column("search", sa.String(), sa.Computed(ORDER_SEARCH, persisted=is_stored), nullable=False),
    )
    op.create_index(
        "ix_work_order_search",
        "work_order",
        ["site_id", "search", "state", "opened_ms", "id"],
        postgresql_using="brin",
    )
    op.drop_index("ix_stock_move_order_id", "stock_move")
    for name, (table, column) in TAKEN.items():
        op.create_index(name, table, ["site_id", column], **_where(f"{column} IS NOT NULL"))
    op.create_table(
        "order_due",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("clause", sa.String(length=16), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_order_due_order_id")),
        sa.PrimaryKeyConstraint("order_id", "line", name=op.f("pk_order_due")),
    )
    _fill()
    op.create_index(
        "ix_order_due_figures", "order_due", ["site_id", "due_ms", "clause", "what", "source", "state"]
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in tenancy.policy("order_due", "organisation_id"):
            op.execute(statement)


def downgrade() -> None:
    """Forget them; all of it can be made again."""
    op.drop_table("order_due")
    for name, (table, _) in TAKEN.items():
        op.drop_index(name, table)
    op.create_index("ix_stock_move_order_id", "stock_move", ["order_id"])
    op.drop_index("ix_work_order_search", "work_order")
    op.drop_column("work_order", "search")
    for name in LISTED:
        op.drop_index(name, "asset")
    for name in KEPT:
        op.drop_column("asset", name)


def _fill() -> None:
    connection = op.get_bind()
    orders = sa.table(
        "work_order",
        sa.column("id", sa.Uuid()),
        sa.column("organisation_id", sa.Uuid()),
        sa.column("site_id", sa.Uuid()),
        sa.column("source_kind", sa.String()),
        sa.column("deadlines", sa.JSON()),
    )
    dues = sa.table(
        "order_due",
        *(sa.column(name, sa.Uuid()) for name in ("order_id", "organisation_id", "site_id")),
        *(sa.column(name) for name in ("line", "clause", "what", "source", "state", "due_ms")),
    )
    rows: list[dict[str, Any]] = []
    for order in connection.execute(sa.select(orders)).all():
        source = order.source_kind if order.source_kind in ("request", "finding") else "other"
        rows += [
            {
                "order_id": order.id,
                "line": line,
                "organisation_id": order.organisation_id,
                "site_id": order.site_id,
                "source": source,
                **{name: one[name] for name in ("clause", "what", "state", "due_ms")},
            }
            for line, one in enumerate(order.deadlines)
            if one["clause"]
        ]
    for begin in range(0, len(rows), 1_000):
        connection.execute(sa.insert(dues), rows[begin : begin + 1_000])


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
