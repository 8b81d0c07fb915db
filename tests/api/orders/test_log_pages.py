"""The maintenance log page by page and as a file: what is said of the whole is what its lines come to."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from server.orders.models import OrderDue, WorkOrder
from server.orders.service import logbook, papers
from server.orders.service.figures import COUNTED, figures
from server.stock import service as stock
from tests.api.orders.conftest import As, Desk


@pytest.fixture
def done(desk: Desk, as_: As, at: str) -> Desk:
    """Finish seven orders, some at the same moment, with labour, costs and parts; one stays open."""
    as_("Li").patch(f"{at}/orders/policy", {"rates": {"labour_hour": "50", "currency": "CNY"}})
    session = desk.estate.session
    seal = stock.make_part(
        session,
        site=desk.estate.site,
        number="P-1",
        name={"zh": "密封", "en": "Seal"},
        unit="个",
        price=333,
        now_ms=desk.clock.ms,
    )
    for n in range(7):
        source = {"kind": ("request", "finding", "office")[n % 3], "id": str(uuid4())}
        order = desk.open(assignee=desk.person("Wang"), source=source, cls=("water", "glass")[n % 2])
        desk.say("Wang", order.id, "labour", 10 + n, saw=1, minutes=7 * n, people=1)
        desk.say("Wang", order.id, "complete", 20 + n // 2 * 40, saw=1, result="fixed")
        stock.enter(
            session, part=seal, why="used", milli=1_500, by=None, order_id=order.id, now_ms=desk.clock.ms
        )
        desk.push("Wang", 300 + n)
        desk.act(order.id, "cost", 310 + n, amount=f"{n}.05", what="外委")
    desk.open(cls="glass", source={"kind": "finding", "id": "f"})
    return desk


def test_pages_hold_every_line_once_and_the_sum_is_that_of_all(done: Desk, as_: As, at: str) -> None:
    found: list[dict[str, Any]] = []
    after, sums = "", []
    while True:
        page = as_("Li").get(f"{at}/orders/log?limit=3{after}").json
        assert page is not None
        found += page["orders"]
        sums.append(page["sum"])
        if page["after"] is None:
            break
        after = f"&after={page['after']}"

    assert [len(found), len({one["id"] for one in found}), len(sums)] == [7, 7, 3]
    ended = [one["ended_ms"] for one in found]
    assert ended == sorted(ended, reverse=True)

    def total(name: str) -> str:
        return str(sum(Decimal(one[f"{name}_cost"]) for one in found))

    wanted = {name: total(name) for name in ("labour", "parts", "other", "total")}
    assert sums == [wanted | {"orders": 7, "unpriced": 0}] * 3
    assert Decimal(wanted["parts"]) > 0
    assert as_("Li").get(f"{at}/orders/log?after=none").status_code == 422


def test_a_file_has_every_line_however_many_are_read_at_once(
    done: Desk, as_: As, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = as_("Li").get(f"{at}/orders/log").json
    monkeypatch.setattr(logbook, "_AT_ONCE", 2)
    monkeypatch.setattr(papers, "_AT_ONCE", 3)

    text = as_("Li").get(f"{at}/orders/log/csv?lang=en").data.decode("utf-8-sig")

    assert screen is not None
    assert [one["Order"] for one in csv.DictReader(io.StringIO(text))] == [
        one["number"] for one in screen["orders"]
    ]


def test_what_is_due_is_kept_beside_the_orders_and_counted_as_they_say(done: Desk) -> None:
    session = done.estate.session
    session.expire_all()
    orders = session.scalars(select(WorkOrder)).all()
    lines = [
        (order.id, one["clause"], one["what"], one["state"], one["due_ms"], order.source_kind)
        for order in orders
        for one in order.deadlines
        if one["clause"]
    ]
    kept = session.scalars(select(OrderDue)).all()
    assert sorted((one.order_id, one.clause, one.what, one.state, one.due_ms) for one in kept) == sorted(
        line[:5] for line in lines
    )
    middle = sorted(line[4] for line in lines)[len(lines) // 2]
    assert done.start < middle
    for begin, end in ((done.start, middle), (middle, middle + 10**10)):
        due = [line for line in lines if begin <= line[4] < end]
        found = figures(session, site_id=done.estate.site.id, from_ms=begin, to_ms=end)
        assert {(one["clause"], one["what"], one["source"]): one["due"] for one in found} == {
            key: sum((line[1], line[2], SOURCE.get(line[5], "other")) == key for line in due)
            for key in {(line[1], line[2], SOURCE.get(line[5], "other")) for line in due}
        }
        counted = {state: sum(one[state] for one in found) for state in set(COUNTED.values())}
        assert counted == {state: sum(COUNTED[line[3]] == state for line in due) for state in counted}


SOURCE = {"request": "request", "finding": "finding"}
