"""An order is not opened again beside the one that took its place; a phone can, and a person settles it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.api.orders.conftest import As, Desk
from tests.api.orders.test_office import acted

RULE = "finding pump"
NOT_GOOD: list[dict[str, Any]] = [
    {"act": "reopen", "why": "still leaks"},
    {"act": "verify", "ok": False, "why": "still leaks"},
    {"act": "follow", "satisfied": False},
]


@pytest.fixture
def path(at: str) -> str:
    return f"{at}/orders"


def done(desk: Desk) -> dict[str, Any]:
    """Return an order of the rule that was done."""
    order = desk.open(rule=RULE, assignee=desk.person("Wang"))
    desk.say("Wang", order.id, "complete", 10, saw=1, result="fixed")
    desk.push("Wang", 11)
    return {"id": str(order.id), "version": desk.row(order.id).version}


def test_the_office_opens_it_again_only_while_no_other_is_under_way(desk: Desk, as_: As, path: str) -> None:
    order = done(desk)
    desk.to(20)
    other = desk.open(rule=RULE)

    for body in NOT_GOOD:
        refused = acted(as_, path, order, status=409, **body)
        assert (refused["type"], refused["number"]) == ("/problems/order-replaced", other.name)
    assert acted(as_, path, order, act="verify", ok=True)["state"] == "verified"

    desk.act(other.id, "cancel", 30, why="the same")
    order["version"] += 1
    assert acted(as_, path, order, act="reopen", why="still leaks")["state"] == "dispatched"


def test_what_was_cancelled_for_another_is_not_opened_again_beside_it(desk: Desk, as_: As, path: str) -> None:
    order, other = desk.open(), desk.open()
    desk.act(order.id, "cancel", 5, into=other.name)
    named = {"id": str(order.id), "version": 2}

    refused = acted(as_, path, named, status=409, act="reopen", why="x")

    assert refused["number"] == other.name
    desk.act(other.id, "cancel", 6, why="x")
    assert acted(as_, path, named, act="reopen", why="x")["state"] == "open"


def test_a_phone_opens_it_again_all_the_same_and_a_person_says_which_one_goes_on(
    desk: Desk, as_: As, path: str
) -> None:
    order = done(desk)
    desk.to(20)
    other = desk.open(rule=RULE)
    row = desk.row(desk.open(rule="something else").id)
    desk.say("Liu", desk.row(other.id).id, "note", 24)
    shown = as_("Li").get(f"{path}/{order['id']}").json or {}
    desk.say("Wang", UUID(order["id"]), "verify", 25, saw=shown["version"], ok=False)

    assert desk.push("Wang", 30) == ["applied"]
    desk.say("Wang", UUID(order["id"]), "note", 31)
    desk.push("Wang", 32)

    shown = as_("Li").get(f"{path}/{order['id']}").json or {}
    [conflict] = shown["found"]
    assert (shown["state"], conflict["kind"], conflict["keep"]) == (
        "dispatched",
        "doubled",
        ["this", "other"],
    )
    [double] = [one for one in shown["entries"] if one["kind"] == "double"]
    assert (double["by"], double["p"]) == (None, {"into": other.name})
    assert desk.row(row.id).conflicts == 0

    settled = acted(
        as_, path, shown, act="settle", conflict=conflict["id"], keep="other", why="one is enough"
    )
    assert settled["state"] == "cancelled"
    assert settled["replaced_by"] == {"id": str(other.id), "number": other.name}
