"""Photos of requests on their orders, and what asked for an order by its name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0028"

PHOTO = {
    "sha256": sa.String(length=64),
    "width": sa.BigInteger(),
    "height": sa.BigInteger(),
    "thumb": sa.LargeBinary(),
    "thumb_sha256": sa.String(length=64),
}
"""What is kept of a photo besides."""


def upgrade() -> None:
    """Let orders show photos and a name. Photos that are there already stay at the desk."""
    op.add_column("work_order", sa.Column("source_name", sa.String(length=16), nullable=True))
    op.add_column("work_order", sa.Column("photos", sa.JSON(), server_default="[]", nullable=False))
    for name, type_ in PHOTO.items():
        op.add_column("request_photo", sa.Column(name, type_, nullable=True))
    op.create_index("ix_request_photo_sha256", "request_photo", ["site_id", "sha256"], unique=False)
    op.create_index(
        "ix_request_photo_thumb_sha256", "request_photo", ["site_id", "thumb_sha256"], unique=False
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_index("ix_request_photo_thumb_sha256", table_name="request_photo")
    op.drop_index("ix_request_photo_sha256", table_name="request_photo")
    for name in reversed(PHOTO):
        op.drop_column("request_photo", name)
    op.drop_column("work_order", "photos")
    op.drop_column("work_order", "source_name")
