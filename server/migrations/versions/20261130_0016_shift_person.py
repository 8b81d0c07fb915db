"""Find the shifts of a person: whether they had another phone is asked of every page of the patrol log."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0014"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_shift_person", "shift", ["organisation_id", "person_id", "started_ms"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_shift_person", "shift")
