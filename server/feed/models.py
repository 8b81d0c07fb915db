"""Tables of the feed, and the mixin of everything that it carries."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from server.db import Base
from server.feed import ddl


class Epoch(Base):
    """The name of the server's history; another one comes with a restored backup."""

    __tablename__ = "epoch"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    cluster: Mapped[str | None] = mapped_column(String(80))
    """On PostgreSQL the system identifier and the timeline under which it was served last."""
    since_ms: Mapped[int | None]
    """When this history began, None for the first one."""
    why: Mapped[str | None] = mapped_column(String(20))
    """``restore`` (somebody said so), ``older`` or ``cluster`` (the server found out), None for the first."""


class FeedHead(Base):
    """The counter of one organisation's feed. Its row lock is held to the commit."""

    __tablename__ = "feed_head"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    pos: Mapped[int]
    """Position of the newest row; 0 before the first."""
    chain: Mapped[str] = mapped_column(String(64))
    """The feed's chain there."""
    horizon: Mapped[int] = mapped_column(default=0, server_default="0")
    """Below it, versions that were replaced and tombstones may be gone; see `server.feed.compaction`."""


class FeedRow(Base):
    """One change as phones get it. Written once by `server.feed.service`, never altered."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("site_id", "kind", "entity", "version", name="uq_feed_version"),
        Index("ix_feed_scope", "organisation_id", "site_id", "pos"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    pos: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[UUID]
    """The scope: only phones of this site get the row."""
    kind: Mapped[str] = mapped_column(String(20))
    entity: Mapped[UUID]
    version: Mapped[int]
    op: Mapped[str] = mapped_column(String(10))
    row: Mapped[bytes]
    """The row's JSON exactly as it is sent."""
    chain: Mapped[str] = mapped_column(String(64))
    made_ms: Mapped[int]


class Fed:
    """Mixin of a table whose rows come down to phones.

    The class names its kind in `feed_kind_name` and has the columns `site_id` and `id` (or names
    another in `feed_entity`). The mixin adds `version` and `feed_kind`, a foreign key to the
    feed's row of that version, checked at the commit, and a trigger that every update raises
    `version`: a change that nobody queued for the feed does not commit.
    """

    feed_kind_name: ClassVar[str]
    feed_entity: ClassVar[str] = "id"

    version: Mapped[int] = mapped_column(default=1)
    """1, 2, 3 …; raise it by one with every change."""

    @declared_attr
    def feed_kind(cls) -> Mapped[str]:  # noqa: N805
        """Hold the kind as a column, for the foreign key."""
        return mapped_column(String(20), default=cls.feed_kind_name, server_default=cls.feed_kind_name)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        table = cls.__dict__.get("__table__")
        if not isinstance(table, Table):
            return  # a mixin of mixins
        table.append_constraint(
            ForeignKeyConstraint(
                ["site_id", "feed_kind", cls.feed_entity, "version"],
                ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
                name=f"fk_{table.name}_feed",
                deferrable=True,
                initially="DEFERRED",
            )
        )
        ddl.attach(table, ddl.rising_version(table.name))


ddl.attach(FeedRow.__table__, ddl.above_horizon("feed", "feed_head"))  # type: ignore[arg-type]
