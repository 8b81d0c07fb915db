"""Voice notes, signatures and originals among the photos of a record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Let a claim have a longer role, and say of which photo it is the original."""
    with op.batch_alter_table("blob_claim") as table:
        table.alter_column("role", existing_type=sa.String(8), type_=sa.String(16), existing_nullable=False)
        table.add_column(sa.Column("of_sha256", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Forget what is an original; longer roles do not fit any more and are called photos."""
    op.execute("UPDATE blob_claim SET role = 'photo' WHERE role IN ('voice', 'signature')")
    with op.batch_alter_table("blob_claim") as table:
        table.drop_column("of_sha256")
        table.alter_column("role", existing_type=sa.String(16), type_=sa.String(8), existing_nullable=False)
