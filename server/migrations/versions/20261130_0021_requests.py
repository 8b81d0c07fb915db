"""Requests of residents and customers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0021"
down_revision = "0020"

NEW = (
    "request",
    "request_event",
    "request_text",
    "request_photo",
    "request_contact",
    "request_link",
    "desk",
)


def _of(*more: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "site_id", *more)]


def upgrade() -> None:
    """Make the tables of the service desk; its events never change."""
    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of(),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("class", sa.String(length=12), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=False),
        sa.Column("target_kind", sa.String(length=12), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("offered_to_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("window_from_ms", sa.BigInteger(), nullable=True),
        sa.Column("window_to_ms", sa.BigInteger(), nullable=True),
        sa.Column("done_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("next_due_ms", sa.BigInteger(), nullable=True),
        sa.Column("deadlines", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_request_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_request_site_id_number")),
        sa.UniqueConstraint("site_id", "form_hash", name=op.f("uq_request_site_id_form_hash")),
    )
    op.create_index("ix_request_site_id", "request", ["site_id", "state", "next_due_ms"])
    op.create_index("ix_request_opened", "request", ["site_id", "opened_ms"])
    op.create_index("ix_request_target_id", "request", ["target_id"])
    op.create_table(
        "request_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of("request_id"),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_request_event_site_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_event_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
        sa.UniqueConstraint("request_id", "seq", name=op.f("uq_request_event_request_id_seq")),
    )
    op.create_index("ix_request_event_site_id", "request_event", ["site_id"])
    op.create_table(
        "request_text",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        *_of("request_id"),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["request_event.id"], name=op.f("fk_request_text_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_request_text")),
    )
    op.create_index("ix_request_text_request_id", "request_text", ["request_id"])
    op.create_table(
        "request_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of("request_id", "event_id"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["request_event.id"], name=op.f("fk_request_photo_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_photo")),
    )
    op.create_index("ix_request_photo_request_id", "request_photo", ["request_id"])
    op.create_table(
        "request_contact",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        *_of(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("digits", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_contact_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_contact")),
    )
    op.create_index("ix_request_contact_digits", "request_contact", ["site_id", "digits"])
    op.create_table(
        "request_link",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        *_of("request_id"),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_link_request_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_request_link")),
    )
    op.create_index("ix_request_link_request_id", "request_link", ["request_id"])
    op.create_table(
        "desk",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("numbered", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.String(length=24), nullable=False),
        sa.Column("emergency_phone", sa.String(length=24), nullable=False),
        sa.Column("urgent_classes", sa.JSON(), nullable=False),
        sa.Column("takes_reports", sa.Boolean(), nullable=False),
        sa.Column("contact_days", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_desk_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_desk")),
    )
    dialect = op.get_bind().dialect.name
    for statement in ddl.insert_only("request_event")[dialect]:
        op.execute(statement)
    if dialect == "postgresql":
        for table in NEW:
            for statement in tenancy.policy(table, "organisation_id"):
                op.execute(statement)


def downgrade() -> None:
    """Forget the service desk."""
    for table in reversed(NEW):
        op.drop_table(table)
