"""Tables of work orders.

What became of an order is never stored twice: `sync.orders.fold` says it of `order_event` (what phones
recorded: a projection) and `order_act` (what the office did: never changed). `work_order` is what the
fold says, for lists, filters and phones; `server.orders.service.folding` alone writes it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import JSON, Computed, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl
from server.feed.models import Fed

KINDS = ("repair", "upkeep", "request", "inspection", "rectify", "other")
SOURCES = ("finding", "request", "upkeep", "office", "phone")

DUE = text("next_due_ms IS NOT NULL")
CLASH = text("conflicts > 0")

_Optional = JSON(none_as_null=True)
SEARCHED: Final = ("title_zh", "title_en", "place", "note")
SEARCH: Final = "lower(" + " || '\n' || ".join(f"coalesce({name}, '')" for name in SEARCHED) + ")"


class WorkOrder(Fed, Base):
    """A work order as it stands."""

    __tablename__ = "work_order"
    __table_args__ = (
        UniqueConstraint("site_id", "number", name="uq_work_order_number"),
        Index("ix_work_order_board", "site_id", "state", "next_due_ms", "id"),
        Index("ix_work_order_opened", "site_id", "opened_ms", "id"),
        Index("ix_work_order_newest", "site_id", "state", "opened_ms", "id"),
        Index("ix_work_order_counts", "site_id", "state", "class", "urgency", "kind"),
        Index("ix_work_order_due", "site_id", "next_due_ms", "id", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_work_order_clash", "site_id", "id", sqlite_where=CLASH, postgresql_where=CLASH),
        Index("ix_work_order_ended", "site_id", "ended_ms", "id"),
        Index("ix_work_order_target", "site_id", "target_id", "opened_ms"),
        Index("ix_work_order_source", "site_id", "source_kind", "source_id"),
        Index("ix_work_order_rule", "site_id", "rule"),
        Index("ix_work_order_fed", "fed", "ended_ms"),
        Index("ix_work_order_look", "look_ms"),
        Index(
            "ix_work_order_search", "site_id", "search", "state", "opened_ms", "id", postgresql_using="brin"
        ),
    )
    feed_kind_name: ClassVar[str] = "order"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    number: Mapped[int]
    """1, 2, 3 … per site; shown as ``W-0001``."""
    kind: Mapped[str] = mapped_column(String(12))
    """``repair``, ``upkeep``, ``request``, ``inspection``, ``rectify`` or ``other``."""
    cls: Mapped[str] = mapped_column("class", String(12))
    """What is wrong: one of `sync.order_payloads.CLASSES`."""
    urgency: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12))
    title_zh: Mapped[str | None]
    title_en: Mapped[str | None]
    note: Mapped[str | None]
    """Words of whoever opened it in the office; those of a phone stay private parts of its record."""
    target_kind: Mapped[str | None] = mapped_column(String(12))
    target_id: Mapped[UUID | None]
    place: Mapped[str | None]
    source_kind: Mapped[str] = mapped_column(String(8))
    """``finding``, ``request``, ``upkeep``, ``office`` or ``phone``."""
    source_id: Mapped[str] = mapped_column(String(100))
    """Id of the finding, request or rule; of the person who opened it otherwise."""
    source_name: Mapped[str | None] = mapped_column(String(16))
    """What people call that: ``R-0001`` of a request; None where it has no name."""
    photos: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Photos of whoever asked, as they travel: ``{"sha256","width","height","thumb"}``; the hashes alone."""
    assignee_kind: Mapped[str | None] = mapped_column(String(8))
    assignee_id: Mapped[UUID | None]
    holder_id: Mapped[UUID | None]
    """The person who took it."""
    form_id: Mapped[UUID | None]
    asks_signature: Mapped[bool]
    opened_ms: Mapped[int]
    opened_by: Mapped[UUID | None]
    rule: Mapped[str | None] = mapped_column(String(160))
    """What opened it by itself, and for which thing: of each there is one order under way."""
    opening: Mapped[str | None] = mapped_column(String(64))
    """The record that opened it on a phone."""
    start: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How it began: where the fold begins."""
    due_ms: Mapped[int | None]
    """When it is due by the office's word."""
    deadlines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    next_due_ms: Mapped[int | None]
    """When the next of what is due is due."""
    look_ms: Mapped[int | None]
    """When time alone makes another of it: then it is looked at again."""
    paused: Mapped[dict[str, Any] | None] = mapped_column(_Optional)
    done: Mapped[dict[str, Any] | None] = mapped_column(_Optional)
    returned: Mapped[dict[str, Any] | None] = mapped_column(_Optional)
    proposal: Mapped[str | None] = mapped_column(String(10))
    conflicts: Mapped[int]
    """How many wait for a person."""
    reopened: Mapped[int]
    labour_min: Mapped[int]
    done_ms: Mapped[int | None]
    """When it was done, by the completion that counts."""
    ended_ms: Mapped[int | None]
    """When nothing more was to be done on it: done, or cancelled."""
    fed: Mapped[bool]
    """Whether phones still get it; it leaves them some days after its end."""
    search: Mapped[str] = mapped_column(Computed(SEARCH, persisted=True), deferred=True)
    """Everything that may be searched, in small letters, a line per column. The database keeps it."""

    @property
    def title(self) -> dict[str, str] | None:
        """The title as it travels."""
        return None if self.title_zh is None else {"zh": self.title_zh, "en": self.title_en or ""}

    @property
    def name(self) -> str:
        """The number as it is shown."""
        return f"W-{self.number:04}"

    @property
    def source(self) -> dict[str, str]:
        """What asked for it, as it travels."""
        found = {"kind": self.source_kind, "id": self.source_id}
        return found if self.source_name is None else {**found, "name": self.source_name}

    @property
    def target(self) -> dict[str, str] | None:
        """What it is about, as it travels."""
        return _pair(self.target_kind, self.target_id)

    @property
    def assignee(self) -> dict[str, str] | None:
        """To whom it is given, as it travels."""
        return _pair(self.assignee_kind, self.assignee_id)


def _pair(kind: str | None, thing: UUID | None) -> dict[str, str] | None:
    return None if kind is None or thing is None else {"kind": kind, "id": str(thing)}


class OrderDue(Base):
    """A line of an order's `deadlines` that a clause asks for, to be counted. Written with them."""

    __tablename__ = "order_due"
    __table_args__ = (
        Index("ix_order_due_figures", "site_id", "due_ms", "clause", "what", "source", "state"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("work_order.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    """Which of the order's deadlines, from 0."""
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    clause: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(8))
    """Whose order it is: of a ``request``, of a ``finding``, or ``other``."""
    state: Mapped[str] = mapped_column(String(10))
    due_ms: Mapped[int]


class OrderEvent(Base):
    """What a phone recorded of an order: a record `order.*`. A projection."""

    __tablename__ = "order_event"
    __table_args__ = (Index("ix_order_event_order_id", "order_id"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[UUID]
    order_id: Mapped[UUID]
    """As the record names it; there may be no such order, or none yet."""
    device_id: Mapped[UUID]
    log: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int]
    person_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(12))
    """The record's type without ``order.``."""
    p: Mapped[dict[str, Any]] = mapped_column(JSON)
    saw: Mapped[int]
    """The version of the order that the phone showed; 0: none."""
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str] = mapped_column(String(1))
    received_ms: Mapped[int]
    marks: Mapped[list[str]] = mapped_column(JSON)


class OrderAct(Base):
    """What the office, or a rule of it, did to an order. Never changed."""

    __tablename__ = "order_act"
    __table_args__ = (Index("ix_order_act_order_id", "order_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("work_order.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """One of `sync.orders.OFFICE`."""
    person_id: Mapped[UUID | None]
    """None: a rule did it."""
    at_ms: Mapped[int]
    version: Mapped[int]
    """The version that the order got by it."""
    p: Mapped[dict[str, Any]] = mapped_column(JSON)


class OrderCount(Base):
    """The last number that a site gave to an order."""

    __tablename__ = "order_count"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    last: Mapped[int]


class OrderPolicy(Base):
    """What a site has set of its orders: clauses, what opens an order, rates. Absent: the defaults."""

    __tablename__ = "order_policy"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by: Mapped[UUID | None]
    changed_ms: Mapped[int]


ddl.attach(OrderAct.__table__, ddl.insert_only("order_act"))  # type: ignore[arg-type]
