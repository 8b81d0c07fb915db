"""The asset register: cards, papers, states, due dates, imports, take-over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0018"
down_revision = "0017"

NEW = (
    "asset_said",
    "asset_import",
    "category_need",
    "document",
    "document_file",
    "take_over",
    "asset_import_part",
    "take_over_check",
    "asset_entry",
    "document_asset",
    "duty",
    "duty_done",
)
INSERT_ONLY = ("asset_entry", "duty_done", "take_over_check")
ASSET = (
    "parent_id",
    "maker",
    "model",
    "serial",
    "installed_on",
    "warranty_until",
    "criticality",
    "special",
    "registration",
    "certificate",
    "photo",
    "state",
    "made_ms",
)


def upgrade() -> None:
    """Make the tables and guard them; every asset has an empty card and runs."""
    op.create_table(
        "asset_said",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=True),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(length=1), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_asset_said")),
    )
    op.create_index("ix_asset_said_asset_id", "asset_said", ["asset_id"], unique=False)
    op.create_table(
        "asset_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("same", sa.BigInteger(), nullable=False),
        sa.Column("bad", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("unknown", sa.JSON(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_asset_import_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_import")),
    )
    op.create_index("ix_asset_import_site_id", "asset_import", ["site_id", "made_ms"], unique=False)
    op.create_table(
        "category_need",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_category_need_site_id")),
        sa.PrimaryKeyConstraint("site_id", "category", name=op.f("pk_category_need")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=20), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="document", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_document_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_document_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_site_id"), "document", ["site_id"], unique=False)
    op.create_table(
        "document_file",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_document_file_site_id")),
        sa.PrimaryKeyConstraint("site_id", "sha256", name=op.f("pk_document_file")),
    )
    op.create_table(
        "take_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("from_whom", sa.String(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_take_over_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_over")),
    )
    op.create_index("ix_take_over_site_id", "take_over", ["site_id", "begun_ms"], unique=False)
    op.create_table(
        "asset_import_part",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["asset_import.id"], name=op.f("fk_asset_import_part_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_asset_import_part")),
    )
    op.create_table(
        "take_over_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("take_over_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(length=20), nullable=True),
        sa.Column("found", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.Column("checked_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["take_over_id"], ["take_over.id"], name=op.f("fk_take_over_check_take_over_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_over_check")),
    )
    op.create_index("ix_take_over_check_take_over_id", "take_over_check", ["take_over_id"], unique=False)
    op.create_table(
        "asset_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_entry_asset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_entry")),
    )
    op.create_index("ix_asset_entry_asset_id", "asset_entry", ["asset_id"], unique=False)
    op.create_table(
        "document_asset",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_document_asset_asset_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_asset_document_id")),
        sa.PrimaryKeyConstraint("document_id", "asset_id", name=op.f("pk_document_asset")),
    )
    op.create_index("ix_document_asset_asset_id", "document_asset", ["asset_id"], unique=False)
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("every_months", sa.BigInteger(), nullable=False),
        sa.Column("anchor", sa.String(length=8), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("remind_days", sa.BigInteger(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_duty_asset_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_duty_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index("ix_duty_asset_id", "duty", ["asset_id"], unique=False)
    op.create_index("ix_duty_site_id_next_on", "duty", ["site_id", "next_on"], unique=False)
    op.create_table(
        "duty_done",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("voids", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_done_duty_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_done")),
    )
    op.create_index("ix_duty_done_duty_id", "duty_done", ["duty_id"], unique=False)
    op.add_column("asset", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.add_column("asset", sa.Column("maker", sa.String(), server_default="", nullable=False))
    op.add_column("asset", sa.Column("model", sa.String(), server_default="", nullable=False))
    op.add_column("asset", sa.Column("serial", sa.String(), server_default="", nullable=False))
    op.add_column("asset", sa.Column("installed_on", sa.String(length=10), server_default="", nullable=False))
    op.add_column("asset", sa.Column("warranty_until", sa.Date(), nullable=True))
    op.add_column("asset", sa.Column("criticality", sa.String(length=1), nullable=True))
    op.add_column("asset", sa.Column("special", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("asset", sa.Column("registration", sa.String(), server_default="", nullable=False))
    op.add_column("asset", sa.Column("certificate", sa.String(length=40), nullable=True))
    op.add_column("asset", sa.Column("photo", sa.String(length=64), nullable=True))
    op.add_column("asset", sa.Column("state", sa.String(length=10), server_default="running", nullable=False))
    op.add_column("asset", sa.Column("made_ms", sa.BigInteger(), nullable=True))
    op.create_index("ix_asset_parent_id", "asset", ["parent_id"], unique=False)
    op.create_index("ix_asset_site_id_category", "asset", ["site_id", "category"], unique=False)
    dialect = op.get_bind().dialect.name
    for statement in ddl.rising_version("document")[dialect]:
        op.execute(statement)
    for table in INSERT_ONLY:
        for statement in ddl.insert_only(table)[dialect]:
            op.execute(statement)
    if dialect == "postgresql":
        for table in NEW:
            for statement in tenancy.policy(table, "organisation_id"):
                op.execute(statement)


def downgrade() -> None:
    """Forget the cards, the papers and all that was said and done."""
    op.drop_index("ix_asset_site_id_category", table_name="asset")
    op.drop_index("ix_asset_parent_id", table_name="asset")
    for column in reversed(ASSET):
        op.drop_column("asset", column)
    for table in reversed(NEW):
        op.drop_table(table)
