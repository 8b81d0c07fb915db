"""What the office writes to a round: comments and paper sheets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0017"
down_revision = "0016"

NEW = ("comment", "paper_photo", "paper_sheet")


def upgrade() -> None:
    """Make the tables; none of their rows changes or goes."""
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_comment_site_id")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_comment_occurrence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_occurrence_id", "comment", ["occurrence_id", "at_ms"])
    op.create_table(
        "paper_photo",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_paper_photo_site_id")),
        sa.PrimaryKeyConstraint("site_id", "sha256", name=op.f("pk_paper_photo")),
    )
    op.create_table(
        "paper_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=True),
        sa.Column("stops", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_paper_sheet_site_id")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_paper_sheet_occurrence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
    )
    op.create_index("ix_paper_sheet_occurrence_id", "paper_sheet", ["occurrence_id", "entered_ms"])
    dialect = op.get_bind().dialect.name
    for table in NEW:
        for statement in ddl.insert_only(table)[dialect]:
            op.execute(statement)
        if dialect == "postgresql":
            for statement in tenancy.policy(table, "organisation_id"):
                op.execute(statement)


def downgrade() -> None:
    """Forget what the office wrote."""
    for table in reversed(NEW):
        op.drop_table(table)
