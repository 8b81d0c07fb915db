"""Consent, retention, erasure; what the audit log needs for its page; where checkpoints and assets are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.feed import ddl

revision = "0008"
down_revision = "0007"

PLACES = ("checkpoint", "asset")
AUDITED = {"person": "person_id", "action": "action", "subject": "subject"}


def upgrade() -> None:
    op.create_table(
        "blob_gone",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("gone_ms", sa.BigInteger(), nullable=False),
        sa.Column("removed_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "sha256", name=op.f("pk_blob_gone")),
    )
    op.create_index("ix_blob_gone_removed_ms", "blob_gone", ["removed_ms"])
    op.create_table(
        "retention",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("place_days", sa.BigInteger(), nullable=True),
        sa.Column("photo_days", sa.BigInteger(), nullable=True),
        sa.Column("place_pos", sa.BigInteger(), nullable=False),
        sa.Column("photo_pos", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_retention")),
    )
    op.create_table(
        "forgotten",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", name=op.f("pk_forgotten")),
    )
    op.create_table(
        "consent",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("location", sa.Boolean(), nullable=False),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person", "consent", ["organisation_id", "person_id", "estimate_ms"])
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="erasure", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_erasure_site_id")),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "person_id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_erasure_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("person_id", "site_id", name=op.f("pk_erasure")),
    )
    for statement in ddl.rising_version("erasure")[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "audit_look",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "subject", name=op.f("pk_audit_look")),
    )
    op.create_index("ix_audit_look_at_ms", "audit_look", ["at_ms"])
    for name, column in AUDITED.items():
        op.create_index(f"ix_audit_{name}", "audit", ["organisation_id", column, "pos"])
    op.add_column("person", sa.Column("erased_ms", sa.BigInteger(), nullable=True))
    for table in PLACES:
        op.add_column(table, sa.Column("lat", sa.BigInteger(), nullable=True))
        op.add_column(table, sa.Column("lon", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for table in PLACES:
        op.drop_column(table, "lon")
        op.drop_column(table, "lat")
    op.drop_column("person", "erased_ms")
    for name in AUDITED:
        op.drop_index(f"ix_audit_{name}", "audit")
    for table in ("audit_look", "erasure", "consent", "forgotten", "retention", "blob_gone"):
        op.drop_table(table)
