"""Voice notes, signatures and originals among the photos of a record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Let a claim have a longer role, and say of which photo it is the original."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("blob_claim", "role", existing_type=sa.String(8), type_=sa.String(16))
    op.add_column("blob_claim", sa.Column("of_sha256", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Forget what is an original; longer roles do not fit any more and are called photos."""
    op.execute("UPDATE blob_claim SET role = 'photo' WHERE role IN ('voice', 'signature')")
    op.drop_column("blob_claim", "of_sha256")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("blob_claim", "role", existing_type=sa.String(16), type_=sa.String(8))
