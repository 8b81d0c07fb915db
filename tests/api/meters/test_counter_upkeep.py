"""Upkeep by a counter, from what phones really read: due, one order, done with a phone, what comes next."""

from __future__ import annotations

from sqlalchemy import select

from server.feed import service as feed
from server.meters.models import Meter
from server.orders.models import WorkOrder
from server.sites.models import Place
from server.upkeep import service as upkeep
from sync.order_payloads import OrderComplete
from tests.api.meters.conftest import As, Estate
from tests.api.meters.test_records import Pumps, said
from tests.api.rounds.conftest import MIN
from tests.conftest import FakeClock


def test_a_counter_that_phones_read_opens_one_order_and_counts_on_from_completion_or_schedule(
    estate: Estate, clock: FakeClock, pump: Place, water: Meter, pressure: Meter, as_: As, at: str
) -> None:
    for origin in ("completion", "schedule"):
        made = as_("Li").post(
            f"{at}/upkeep",
            {
                "name": {"zh": origin, "en": origin},
                "target": {"kind": "asset", "id": str(pump.id)},
                "meter": {"key": water.key, "every": "8", "origin": origin, "open_days": 7},
                "starts_on": "2026-11-01",
                "class": "water",
            },
        )
        assert made.status_code == 201, made.get_data(as_text=True)
    pumps = Pumps(estate, clock, pump)

    def opened(minutes: int, value: str) -> list[tuple[str, str]]:
        """Push a reading, keep up twice, and return the orders by the rule's name and the counter."""
        pumps.read(minutes, {"used": said(water, value)})
        pumps.push(minutes + 2)
        for _ in range(2):
            estate.session.rollback()
            upkeep.run(estate.session, now_ms=clock.ms)
            feed.commit(estate.session, now_ms=clock.ms)
        rows = estate.session.scalars(select(WorkOrder).order_by(WorkOrder.number))
        return [((row.title or {})["en"], row.state) for row in rows]

    assert opened(5, "100.0") == opened(30, "105.0") == []
    assert sorted(opened(60, "109.0")) == [("completion", "open"), ("schedule", "open")]
    assert len(opened(70, "110.5")) == 2, "what comes due meanwhile joins the one that is open"
    [threads] = {len(one["threads"]) for one in as_("Li").get(f"{at}/upkeep").json["rules"]}  # type: ignore[index]
    assert threads == 1

    for order in estate.session.scalars(select(WorkOrder.id)).all():
        done = OrderComplete(str(order), "fixed", None)
        pumps.phone.record("order.complete", done, at_ms=pumps.start + 75 * MIN)
    after = opened(85, "112.0")
    assert {state for _, state in after} == {"done"}
    assert len(after) == 2, "1.5 since completion, and 12 of the 16 of the second multiple"
    assert opened(110, "116.0")[2:] == [("schedule", "open")], "the second multiple has come"
    assert opened(118, "117.0")[3:] == []
    assert opened(150, "119.0")[3:] == [("completion", "open")], "8.5 since completion"
