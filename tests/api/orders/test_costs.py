"""What an order cost: labour, what was entered, and the parts that phones and the office took for it."""

from __future__ import annotations

import csv
import io
from typing import Any

from server.feed import service as feed
from server.stock import service as stock
from server.stock.models import Part
from sync.stock import StockMove
from tests.api.orders.conftest import MIN, As, Desk


def part(desk: Desk, number: str, price: int | None) -> Part:
    session = desk.estate.session
    made = stock.make_part(
        session,
        site=desk.estate.site,
        number=number,
        name={"zh": "机械密封", "en": "Seal"},
        unit="个",
        price=price,
        now_ms=desk.clock.ms,
    )
    feed.commit(session, now_ms=desk.clock.ms)
    return made


def test_parts_that_were_used_are_in_the_costs_of_an_order_and_of_the_log(
    desk: Desk, as_: As, at: str
) -> None:
    seal, lamp = part(desk, "P-01", 12_50), part(desk, "P-02", None)
    order, other = desk.open(assignee=desk.person("Wang")), desk.open(assignee=desk.person("Liu"))
    as_("Li").patch(f"{at}/orders/policy", {"rates": {"labour_hour": "60", "currency": "CNY"}})
    wang = desk.phones["Wang"]

    def take(thing: Part, quantity: str, why: Any, minutes: int) -> None:
        move = StockMove(str(thing.id), quantity, str(order.id), why, None)
        wang.record("stock.move", move, at_ms=desk.start + minutes * MIN)

    take(seal, "-3", "used", 2)
    take(seal, "1", "returned", 3)
    take(lamp, "-1", "used", 4)
    desk.say("Wang", order.id, "labour", 20, saw=1, minutes=30, people=1)
    desk.say("Wang", order.id, "complete", 21, saw=1, result="fixed")
    assert set(desk.push("Wang", 22)) == {"applied"}
    desk.say("Liu", other.id, "complete", 23, saw=1, result="fixed")
    desk.push("Liu", 24)
    price = {"price": "100"}  # what was used before keeps its cost
    assert as_("Li").patch(f"{at}/parts/{seal.id}", price).status_code == 200
    desk.act(order.id, "cost", 25, amount="10.10", what="外委")

    shown: Any = as_("Li").get(f"{at}/orders/{order.id}").json
    costs = shown["costs"]
    assert [
        (
            one["part"]["number"],
            one["quantity"],
            one["part"]["unit"],
            one["why"],
            one["by"]["name"],
            one["cost"],
        )
        for one in shown["parts"]
    ] == [
        ("P-01", "3", "个", "used", "Wang", "37.50"),
        ("P-01", "-1", "个", "returned", "Wang", "-12.50"),
        ("P-02", "1", "个", "used", "Wang", None),
    ]
    assert [one["at_ms"] for one in shown["parts"]] == [desk.start + n * MIN for n in (2, 3, 4)]
    [labour] = shown["labour"]
    assert (labour["by"]["name"], labour["minutes"], labour["people"], labour["cost"]) == (
        "Wang",
        30,
        1,
        "30.00",
    )
    # 2 seals at 12.50, half an hour at 60, what was entered
    assert costs == {
        "labour": "30.00",
        "parts": "25.00",
        "unpriced": 1,
        "other": "10.10",
        "total": "65.10",
        "currency": "CNY",
    }
    log = as_("Li").get(f"{at}/orders/log").json
    assert log is not None
    assert {
        one["number"]: (one["parts_cost"], one["unpriced"], one["total_cost"]) for one in log["orders"]
    } == {
        order.name: ("25.00", 1, "65.10"),
        other.name: ("0.00", 0, "0.00"),
    }
    text = as_("Li").get(f"{at}/orders/log/csv?lang=en").data.decode("utf-8-sig")
    lines = {one["Order"]: one for one in csv.DictReader(io.StringIO(text))}
    assert float(lines[order.name]["Parts cost"]) == 25
    assert as_("Chen").get(f"{at}/orders/{order.id}").status_code == 404
