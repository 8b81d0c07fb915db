"""Findings open orders by the site's rules: one for each thing, and none twice."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from server.keeping.rebuild import differences
from server.orders import service as orders
from server.orders.models import OrderAct, WorkOrder
from server.rounds.models import Finding
from tests.api.orders.conftest import OPEN, As, Desk
from tests.api.rounds.night import Room


def all_orders(desk: Desk) -> list[WorkOrder]:
    desk.estate.session.expire_all()
    return list(desk.estate.session.scalars(select(WorkOrder).order_by(WorkOrder.number)))


def test_an_alarm_opens_one_order_and_the_next_is_joined_to_it(desk: Desk) -> None:
    room = Room(desk.estate, desk.clock)
    for minutes, pressure in ((10, "0.72"), (20, "0.75")):
        scan = room.scan(1, minutes, walk_on=False)
        room.answer(minutes + 1, {"pressure": pressure, "leaks": "ok"}, scan=scan)
        room.push(minutes + 2)

    [order] = all_orders(desk)

    assert (order.source_kind, order.urgency, order.state) == ("finding", "urgent", "open")
    assert order.title_zh is not None
    assert "0.72" in order.title_zh
    [joined] = desk.estate.session.scalars(select(OrderAct).where(OrderAct.kind == "join"))
    findings = set(desk.estate.session.scalars(select(Finding.id)))
    assert {order.source_id, joined.p["finding"]} == findings

    assert differences(desk.estate.session, desk.estate.site.organisation_id) == []
    desk.estate.session.rollback()
    assert len(all_orders(desk)) == 1, "a rebuild opens nothing"


def test_a_report_opens_an_order_only_where_the_site_says_so(desk: Desk, as_: As, at: str) -> None:
    place = desk.estate.places[0]
    desk.phones["Wang"].report(place, at_ms=desk.clock.ms)
    desk.push("Wang", 1)
    assert all_orders(desk) == []
    desk.phones["Wang"].report(place, at_ms=desk.clock.ms, urgency="urgent")
    desk.push("Wang", 2)
    assert [one.title_zh for one in all_orders(desk)] == ["损坏"]

    policy = as_("Li").get(f"{at}/orders/policy").json
    assert policy is not None
    as_("Li").patch(f"{at}/orders/policy", {"findings": policy["findings"] | {"report": True}})
    desk.phones["Wang"].report(place, at_ms=desk.clock.ms)
    desk.push("Wang", 3)
    assert len(all_orders(desk)) == 2


def test_who_mends_it_at_once_leaves_one_order_of_the_finding(desk: Desk, as_: As, at: str) -> None:
    finding = desk.phones["Wang"].report(desk.estate.places[0], at_ms=desk.clock.ms, urgency="urgent")
    made = uuid4()
    opened = OPEN | {"mine": True, "finding": finding}
    desk.say("Wang", made, "open", 1, deps=(finding,), **opened)
    desk.say("Wang", made, "complete", 4, result="fixed")

    assert desk.push("Wang", 5) == ["applied"] * 3

    mine = desk.row(made)
    assert (mine.state, mine.source_kind, mine.source_id) == ("done", "finding", finding)
    other = [one for one in all_orders(desk) if one.id != made]
    assert [one.state for one in other] == ["cancelled"], "what the rule opened is no second order"
    shown = as_("Li").get(f"{at}/orders/{other[0].id}").json
    assert shown is not None
    assert shown["replaced_by"] == {"id": str(made), "number": mine.name}
    assert as_("Li").get(f"{at}/orders/{made}").json["replaced_by"] is None  # type: ignore[index]
    assert orders.orders_from(
        desk.estate.session, site_id=desk.estate.site.id, source_kind="finding", source_ids=[finding]
    )
