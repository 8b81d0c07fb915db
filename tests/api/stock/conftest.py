"""The cast of the rounds, and a store with three parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from server.feed import service as feed
from server.stock import service
from server.stock.models import Part
from sync.stock import StockCount, StockMove
from tests.api.rounds.conftest import Estate, as_, at, estate
from tests.api.rounds.phone import Phone

__all__ = ["as_", "at", "estate"]


@dataclass
class Store:
    """Seals, lamps and cable of Garden Court, and two phones: Wang's and Liu's."""

    estate: Estate
    parts: dict[str, Part]
    phones: dict[str, Phone]

    def take(self, who: str, part: str, quantity: str, *, at_ms: int, order: UUID | None = None) -> str:
        """Have somebody take a part with their phone, which sends nothing yet."""
        why: Any = "used" if quantity.startswith("-") else "returned"
        move = StockMove(str(self.parts[part].id), quantity, str(order) if order else None, why, None)
        return self.phones[who].record("stock.move", move, at_ms=at_ms)

    def count(self, who: str, part: str, counted: str, *, at_ms: int) -> str:
        """Have somebody count a part."""
        return self.phones[who].record(
            "stock.count", StockCount(str(self.parts[part].id), counted), at_ms=at_ms
        )

    def push(self, who: str, *, now_ms: int) -> list[list[str]]:
        """Have a phone send what it has."""
        self.estate.clock.ms = now_ms
        answer = self.phones[who].push(now_ms=now_ms)
        assert all(outcome.outcome == "applied" for outcome in answer.outcomes), answer.outcomes
        return [outcome.marks for outcome in answer.outcomes]

    def stock(self, part: str) -> int:
        """Return what there is, thousandths, and make sure that the moves come to the same."""
        session = self.estate.session
        session.expire_all()
        assert service.wrong(session, organisation_id=self.estate.site.organisation_id) == []
        return session.get_one(Part, self.parts[part].id).stock_milli


@pytest.fixture
def store(estate: Estate) -> Store:
    session, now = estate.session, estate.clock.ms
    given = (
        ("seal", "P-01", "机械密封", "个"),
        ("lamp", "P-02", "灯管", "支"),
        ("cable", "P-03", "电缆", "m"),
    )
    parts = {
        key: service.make_part(
            session,
            site=estate.site,
            number=number,
            name={"zh": name, "en": key},
            unit=unit,
            minimum=2_000,
            reorder=5_000,
            price=12_50,
            now_ms=now,
        )
        for key, number, name, unit in given
    }
    service.enter(session, part=parts["seal"], why="received", milli=1_000, by=None, now_ms=now)
    feed.commit(session, now_ms=now)
    phones = {}
    for who in ("Wang", "Liu"):
        phones[who] = estate.phone(f"{who} 的手机")
        phones[who].sign_in(estate.people[who], at_ms=now)
        phones[who].push(now_ms=now)
    return Store(estate, parts, phones)
