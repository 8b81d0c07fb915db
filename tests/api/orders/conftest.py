"""The cast of the rounds, with a technician's phone that has a work order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from server.feed import service as feed
from server.orders import service as orders
from server.orders.models import WorkOrder
from sync.order_payloads import ORDER_PAYLOADS
from sync.orders import OrderState
from sync.records import Base, Blob
from tests.api.rounds.conftest import MIN, As, Estate, as_, at, estate
from tests.api.rounds.phone import Phone
from tests.conftest import FakeClock

__all__ = ["MIN", "As", "Estate", "as_", "at", "desk", "estate"]

OPEN: dict[str, Any] = {
    "target": None,
    "kind": "repair",
    "urgency": "normal",
    "class": "lighting",
    "finding": None,
    "mine": False,
}


@dataclass
class Desk:
    """Who gives out orders, and the phones of Wang and Liu."""

    estate: Estate
    clock: FakeClock
    phones: dict[str, Phone] = field(default_factory=dict)
    start: int = 0

    def open(self, **members: Any) -> WorkOrder:
        """Open an order in the office."""
        wanted: dict[str, Any] = {
            "kind": "repair",
            "cls": "lighting",
            "urgency": "normal",
            "title": {"zh": "楼道灯不亮", "en": "Dark corridor"},
            "target": None,
            "source": {"kind": "office", "id": str(self.estate.people["Li"].id)},
        } | members
        order = orders.open_order(
            self.estate.session,
            organisation_id=self.estate.site.organisation_id,
            site_id=self.estate.site.id,
            by=self.estate.people["Li"].id,
            now_ms=self.clock.ms,
            **wanted,
        )
        feed.commit(self.estate.session, now_ms=self.clock.ms)
        return order

    def act(self, order: UUID, kind: str, minutes: float, /, **p: Any) -> None:
        """Have the office do something so many minutes after the start."""
        self.to(minutes)
        orders.act(
            self.estate.session,
            site_id=self.estate.site.id,
            order_id=order,
            kind=kind,
            p=p,
            by=self.estate.people["Li"].id,
            now_ms=self.clock.ms,
        )
        feed.commit(self.estate.session, now_ms=self.clock.ms)

    def say(
        self,
        who: str,
        order: UUID,
        word: str,
        minutes: float,
        /,
        *,
        saw: int | None = None,
        deps: tuple[str, ...] = (),
        private: dict[str, str] | None = None,
        blobs: tuple[Blob, ...] = (),
        **p: Any,
    ) -> str:
        """Have a person's phone seal a record, not yet sent; returns its hash."""
        payload: dict[str, Any] = {"order": str(order), **p}
        if word in ("arrive", "leave"):
            payload.setdefault("scan", None)
        if word == "complete":
            payload.setdefault("answers", None)
        assert (f"order.{word}", 1) in ORDER_PAYLOADS
        base = Base(str(order), saw) if saw else None
        return self.phones[who].record(
            f"order.{word}",
            payload,  # type: ignore[arg-type]
            at_ms=self.start + int(minutes * MIN),
            base=base,
            deps=deps,
            private=private,
            blobs=blobs,
        )

    def push(self, who: str, minutes: float) -> list[str]:
        """Send what a phone has; returns the outcomes."""
        self.to(minutes)
        answer = self.phones[who].push(now_ms=self.clock.ms)
        return [outcome.outcome for outcome in answer.outcomes]

    def to(self, minutes: float) -> None:
        """Let so many minutes be over since the start."""
        self.clock.ms = self.start + int(minutes * MIN)

    def row(self, order: UUID) -> WorkOrder:
        """Return an order as it stands."""
        self.estate.session.expire_all()
        return orders.order_of(self.estate.session, site_id=self.estate.site.id, order_id=order)

    def state(self, order: UUID) -> OrderState:
        """Return all that the fold says."""
        return orders.state_of(self.estate.session, self.row(order))

    def person(self, name: str) -> dict[str, str]:
        """Return a person as an assignee."""
        return {"kind": "person", "id": str(self.estate.people[name].id)}


@pytest.fixture
def desk(estate: Estate, clock: FakeClock) -> Desk:
    made = Desk(estate, clock)
    for name in ("Wang", "Liu"):
        phone = estate.phone(f"{name}'s phone")
        phone.sign_in(estate.people[name], at_ms=clock.ms)
        phone.push(now_ms=clock.ms)
        made.phones[name] = phone
    made.start = clock.ms
    return made
