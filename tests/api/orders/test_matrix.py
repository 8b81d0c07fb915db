"""The table of `docs/work-orders.md`, row by row: an act of a phone, and what happened meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from tests.api.orders.conftest import Desk

PAGE = Path(__file__).resolve().parents[3] / "docs/work-orders.md"
ROW = re.compile(r"^\| ([a-z, ]+) \| ([^|]+) \| (\w+) \| (\w+) \|$", re.MULTILINE)
ROWS = [tuple(cell.strip() for cell in row) for row in ROW.findall(PAGE.read_text("utf-8"))]

SAYS: Final[dict[str, dict[str, Any]]] = {
    "accept": {},
    "return": {"reason": "busy"},
    "pass": {"to": "Liu"},
    "arrive": {},
    "leave": {},
    "pause": {"reason": "parts", "until_ms": None},
    "resume": {},
    "note": {},
    "labour": {"minutes": 10, "people": 1},
    "sign": {"by": "customer"},
    "complete": {"result": "fixed"},
    "verify": {"ok": True},
    "reject": {"ok": False},
    "follow": {"satisfied": True},
    "set": {"field": "place", "from": "3-9", "to": "3-11"},
}


def _liu(*words: str) -> Callable[[Desk, UUID], None]:
    def do(desk: Desk, order: UUID) -> None:
        for n, word in enumerate(words):
            if word == "verify":
                desk.act(order, "verify", 15, ok=True)
            else:
                desk.say("Liu", order, word, 5 + n, saw=1, **SAYS[word])
                desk.push("Liu", 6 + n)

    return do


def _office(minutes: float, kind: str, **p: Any) -> Callable[[Desk, UUID], None]:
    def do(desk: Desk, order: UUID) -> None:
        members = {name: desk.person(value) if name == "to" else value for name, value in p.items()}
        desk.act(order, kind, minutes, **members)

    return do


def _again(desk: Desk) -> None:
    desk.to(5)
    desk.open(rule=RULE)


MEANWHILE: Final[dict[str, Callable[[Desk, UUID], None]]] = {
    "nothing": lambda _desk, _order: None,
    "given to Liu": _office(5, "dispatch", to="Liu"),
    "taken back": _office(5, "recall"),
    "cancelled": _office(5, "cancel", why="x"),
    "urgency changed": _office(5, "change", urgency="urgent"),
    "Liu accepted first": _liu("accept"),
    "Liu completed first": _liu("complete"),
    "Liu completed, verified": _liu("complete", "verify"),
    "cancelled after the work began": _office(25, "cancel", why="x"),
    "given to Liu after the work began": _office(25, "dispatch", to="Liu"),
    "cancelled later, not knowing": _office(60, "cancel", why="x"),
    "given to Liu later, not knowing": _office(60, "dispatch", to="Liu"),
    "another opened for the same thing": lambda desk, _order: _again(desk),
    "place changed to the same": _office(5, "change", place="3-11"),
    "place changed to another": _office(5, "change", place="3-10"),
}
RULE = "finding x"
RECORDS = {"reject": "verify"}
"""As the record is called."""
OF_THE_TEAM = ("Liu accepted first", "Liu completed first", "Liu completed, verified")


@pytest.mark.parametrize(("acts", "meanwhile", "state", "conflict"), ROWS, ids=lambda cell: cell)
def test_a_row(desk: Desk, acts: str, meanwhile: str, state: str, conflict: str) -> None:
    to = {"kind": "team", "id": str(desk.estate.team.id)} if meanwhile in OF_THE_TEAM else desk.person("Wang")
    order = desk.open(assignee=to, place="3-9", rule=RULE).id
    for n, act in enumerate(acts.split(", ")):
        p: dict[str, Any] = dict(SAYS[act])
        if act == "pass":
            p["to"] = str(desk.estate.people["Liu"].id)
        desk.say("Wang", order, RECORDS.get(act, act), 20 + 10 * n, saw=1, **p)
    MEANWHILE[meanwhile](desk, order)

    outcomes = desk.push("Wang", 90)

    assert set(outcomes) == {"applied"}, "nothing that a person did is refused"
    found = [one for one in desk.state(order).conflicts if one.settled is None]
    assert (desk.row(order).state, [one.kind for one in found]) == (
        state,
        [] if conflict == "none" else [conflict],
    )


def test_the_table_has_every_act_and_everything_that_may_happen_meanwhile() -> None:
    assert len(ROWS) == len(set(ROWS)) > 35
    assert {act for acts, *_ in ROWS for act in acts.split(", ")} == set(SAYS)
    assert {meanwhile for _, meanwhile, *_ in ROWS} == set(MEANWHILE)
