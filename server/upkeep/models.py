"""Tables of preventive maintenance. Whether a cycle is done is said by its work order alone."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl
from server.sites.models import Named

_Optional = JSON(none_as_null=True)


class UpkeepRule(Named, Base):
    """What is kept up, when, by whom, and with what."""

    __tablename__ = "upkeep_rule"
    __table_args__ = (Index("ix_upkeep_rule_site_id", "site_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", name="fk_upkeep_rule_site_id"))
    target_kind: Mapped[str] = mapped_column(String(12))
    """``asset``, ``checkpoint``, ``category`` (each asset of it, one by one) or ``site``."""
    target_id: Mapped[UUID | None]
    category: Mapped[str]
    form_id: Mapped[UUID | None]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"part": id, "quantity": thousandths}]``: what it takes each time."""
    assignee: Mapped[dict[str, str] | None] = mapped_column(_Optional)
    """``{"kind": "person"|"team"|"company", "id"}``"""
    cls: Mapped[str] = mapped_column("class", String(12))
    asks_signature: Mapped[bool]
    demand: Mapped[str | None] = mapped_column(String(20))
    recurrence: Mapped[dict[str, Any] | None] = mapped_column(_Optional)
    """As of a plan; None: by the counter alone."""
    meter_key: Mapped[str | None] = mapped_column(String(32))
    """The counter of the asset by which it goes; None: by the calendar alone."""
    meter_every: Mapped[int | None]
    """Millionths of its unit."""
    meter_origin: Mapped[str] = mapped_column(String(12))
    """``completion`` or ``schedule``."""
    meter_open_days: Mapped[int]
    """So long after the counter has risen enough there is time to do it."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    lead_days: Mapped[int]
    paused: Mapped[bool]
    made_ms: Mapped[int]


class UpkeepCycle(Base):
    """A turn of a rule for one thing: a work order, or a turn that was left out. Never changed."""

    __tablename__ = "upkeep_cycle"
    __table_args__ = (
        UniqueConstraint("rule_id", "thread", "number", name="uq_upkeep_cycle_number"),
        Index("ix_upkeep_cycle_site_id", "site_id", "made_ms"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Also the work order's, which follows from rule, thing and number: nothing is opened twice."""
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", name="fk_upkeep_cycle_site_id"))
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("upkeep_rule.id", name="fk_upkeep_cycle_rule_id"))
    thread: Mapped[UUID]
    """The thing that is kept up; of a rule for the whole site, the site."""
    number: Mapped[int]
    """1, 2, 3 … of the thread."""
    by: Mapped[str] = mapped_column(String(10))
    """``calendar``, ``meter``, or ``person`` for what somebody did before its time."""
    window_from_ms: Mapped[int | None]
    window_to_ms: Mapped[int | None]
    step: Mapped[int | None]
    made_ms: Mapped[int]
    skipped: Mapped[bool]
    why: Mapped[str]
    person_id: Mapped[UUID | None]


INSERT_ONLY = (UpkeepCycle,)
ddl.attach(UpkeepCycle.__table__, ddl.insert_only("upkeep_cycle"))  # type: ignore[arg-type]
