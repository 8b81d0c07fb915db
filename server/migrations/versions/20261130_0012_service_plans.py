"""Say when a site's day is, which further demands a plan serves, and what was made from which template."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add them; sites have said nothing of their day yet, and each plan serves the one demand that it names."""
    op.add_column("site", sa.Column("daytime_from_min", sa.BigInteger(), nullable=True))
    op.add_column("site", sa.Column("daytime_to_min", sa.BigInteger(), nullable=True))
    op.add_column("plan", sa.Column("also", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "drafted",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_drafted_site_id")),
        sa.PrimaryKeyConstraint("site_id", "template", "kind", "key", name=op.f("pk_drafted")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in tenancy.policy("drafted", "organisation_id"):
            op.execute(statement)


def downgrade() -> None:
    """Forget them; what was made from templates stays as it is."""
    op.drop_table("drafted")
    op.drop_column("plan", "also")
    op.drop_column("site", "daytime_to_min")
    op.drop_column("site", "daytime_from_min")
