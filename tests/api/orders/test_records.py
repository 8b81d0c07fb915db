"""What phones say to work orders: kept in every case, and the same whatever order it comes in."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from server.feed import service as feed
from server.feed.models import FeedRow
from server.keeping.rebuild import differences, rebuild
from server.orders import service as orders
from server.orders.models import OrderEvent, WorkOrder
from server.orders.service.folding import Changed
from server.problems import NotFound
from tests.api.orders.conftest import OPEN, Desk


def fed(desk: Desk, order: UUID) -> list[dict[str, object]]:
    query = select(FeedRow).where(FeedRow.kind == "order", FeedRow.entity == order).order_by(FeedRow.version)
    return [json.loads(row.row) for row in desk.estate.session.scalars(query)]


def test_an_order_goes_from_the_office_to_the_phone_and_back(desk: Desk) -> None:
    order = desk.open(assignee=desk.person("Wang"))
    assert (order.name, order.state, order.version) == ("W-0001", "dispatched", 1)
    desk.say("Wang", order.id, "accept", 2, saw=1)
    desk.say("Wang", order.id, "arrive", 10, saw=1)
    desk.say("Wang", order.id, "labour", 29, saw=1, minutes=20, people=2)
    desk.say("Wang", order.id, "complete", 30, saw=1, result="fixed")

    assert desk.push("Wang", 31) == ["applied"] * 4

    row = desk.row(order.id)
    assert (row.state, row.labour_min, row.conflicts) == ("done", 40, 0)
    assert row.holder_id == desk.estate.people["Wang"].id
    assert (row.done_ms, row.ended_ms) == (desk.start + 30 * 60_000,) * 2
    bodies = fed(desk, order.id)
    assert [body["version"] for body in bodies] == [1, 2], "one push is one change"
    assert bodies[-1]["body"]["state"] == "done"  # type: ignore[index]

    desk.act(order.id, "verify", 40, ok=True)
    desk.act(order.id, "follow", 50, satisfied=True)
    assert desk.row(order.id).state == "closed"


def test_an_order_that_a_phone_makes_gets_the_sites_next_number(desk: Desk) -> None:
    desk.open()
    made = uuid4()
    opening = desk.say("Liu", made, "open", 1, **OPEN | {"mine": True})
    desk.say("Liu", made, "complete", 5, result="fixed")

    desk.push("Liu", 90)

    row = desk.row(made)
    assert (row.name, row.state, row.source_kind) == ("W-0002", "done", "phone")
    assert (row.opened_ms, row.opening) == (desk.start + 60_000, opening)
    assert row.opened_by == desk.estate.people["Liu"].id


def test_what_comes_before_its_order_counts_once_the_order_is_there(desk: Desk) -> None:
    made = uuid4()
    desk.say("Liu", made, "accept", 3)
    desk.push("Liu", 4)
    assert desk.estate.session.get(WorkOrder, made) is None

    desk.say("Wang", made, "open", 1, **OPEN)
    desk.push("Wang", 5)

    assert desk.row(made).state == "accepted"


def test_a_record_is_no_word_to_an_order_of_another_site(desk: Desk) -> None:
    there = orders.open_order(
        desk.estate.session,
        organisation_id=desk.estate.site.organisation_id,
        site_id=desk.estate.north.id,
        kind="repair",
        cls="water",
        urgency="normal",
        title=None,
        target=None,
        source={"kind": "office", "id": "x"},
        now_ms=desk.clock.ms,
    )
    feed.commit(desk.estate.session, now_ms=desk.clock.ms)
    desk.say("Wang", there.id, "complete", 3, result="fixed")
    desk.say("Wang", there.id, "open", 4, **OPEN)

    assert desk.push("Wang", 5) == ["applied", "applied"]

    desk.estate.session.expire_all()
    assert desk.estate.session.get_one(WorkOrder, there.id).state == "open"
    assert desk.estate.session.scalar(select(func.count()).select_from(OrderEvent)) == 2, "it is kept"
    with pytest.raises(NotFound):
        orders.order_of(desk.estate.session, site_id=desk.estate.site.id, order_id=there.id)


def test_what_the_office_did_meanwhile_is_shown_and_settled(desk: Desk) -> None:
    order = desk.open(assignee=desk.person("Wang"))
    desk.say("Wang", order.id, "arrive", 10, saw=1)
    done = desk.say("Wang", order.id, "complete", 30, saw=1, result="fixed")
    desk.act(order.id, "cancel", 20, why="报错了")
    assert desk.row(order.id).state == "cancelled"

    desk.push("Wang", 60)

    row, state = desk.row(order.id), desk.state(order.id)
    assert (row.state, row.conflicts) == ("done", 1)
    [conflict] = [one for one in state.conflicts if one.settled is None]
    assert (conflict.kind, conflict.event) == ("done_cancelled", done)
    desk.act(order.id, "settle", 70, conflict=conflict.id, keep="done", why="看过照片")
    assert (desk.row(order.id).state, desk.row(order.id).conflicts) == ("done", 0)


def test_a_rebuild_makes_the_same_and_feeds_nothing(desk: Desk) -> None:
    order = desk.open(assignee=desk.person("Wang"))
    made = uuid4()
    for who, minutes in (("Wang", 10), ("Liu", 12)):
        desk.say(who, order.id, "arrive", minutes, saw=1)
        desk.say(who, order.id, "complete", minutes + 20, saw=1, result="fixed")
    desk.say("Wang", made, "open", 40, **OPEN | {"mine": True})
    desk.act(order.id, "dispatch", 25, to=desk.person("Liu"))
    desk.push("Liu", 50)
    desk.push("Wang", 60)
    session, organisation = desk.estate.session, desk.estate.site.organisation_id
    before = {one.id: (one.version, orders.row_of(one)) for one in session.scalars(select(WorkOrder))}
    heard: list[UUID] = []
    Changed.listeners.append(lambda _session, one, _state, _now: heard.append(one.id))

    try:
        assert differences(session, organisation) == []
        rebuild(session, organisation)
        feed.commit(session, now_ms=desk.clock.ms)
    finally:
        Changed.listeners.pop()

    session.expire_all()
    after = {one.id: (one.version, orders.row_of(one)) for one in session.scalars(select(WorkOrder))}
    assert after == before
    assert heard == []
