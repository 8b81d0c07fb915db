"""What becomes of a work order: what phones said to it, and what the office did meanwhile."""

from __future__ import annotations

from typing import Any

from sync.orders import KEEP, folded
from tests.vectors.cases.common import T0

ANN = "0a0b0c0d-0000-4000-8000-0000000000a1"
BEN = "0a0b0c0d-0000-4000-8000-0000000000b2"
DESK = "0a0b0c0d-0000-4000-8000-0000000000d3"
CREW = "0a0b0c0d-0000-4000-8000-0000000000e4"
LOGS = {ANN: "a" * 26, BEN: "b" * 26}
MINUTE = 60_000

Event = dict[str, Any]


def minute(n: int) -> int:
    """Return the moment `n` minutes after the order was opened."""
    return T0 + n * MINUTE


def said(
    who: str, seq: int, at: int, kind: str, /, *, heard: int | None = None, saw: int = 1, **p: Any
) -> Event:
    """Return a record: made at minute `at`, heard by the office at minute `heard` (at once when None)."""
    return {
        "id": f"{seq:02x}{LOGS[who][0]}" + "0" * 61,
        "kind": kind,
        "at_ms": minute(at),
        "by": who,
        "p": p,
        "log": LOGS[who],
        "seq": seq,
        "received_ms": minute(at if heard is None else heard),
        "saw": saw,
    }


def did(number: int, at: int, kind: str, /, **p: Any) -> Event:
    """Return an act of the office at minute `at`, by which the order got version `number`."""
    return {
        "id": f"0a0b0c0d-0000-4000-8000-{number:012x}",
        "kind": kind,
        "at_ms": minute(at),
        "by": DESK,
        "p": p,
        "version": number,
    }


def _moved(to: str, before: str = "3-9") -> dict[str, Any]:
    return {"from": before, "to": to}


def person(who: str) -> dict[str, Any]:
    """Return a person as somebody to give an order to."""
    return {"kind": "person", "id": who}


OPEN: dict[str, Any] = {"opened_ms": T0, "class": "lighting", "place": "3-9"}
TO_ANN = {**OPEN, "state": "dispatched", "assignee": person(ANN)}
TO_CREW = {**OPEN, "state": "dispatched", "assignee": {"kind": "team", "id": CREW}}
OPENED: dict[str, Any] = {
    "target": None,
    "kind": "repair",
    "urgency": "normal",
    "class": "lighting",
    "finding": None,
}


def _work(who: str = ANN, *, heard: int | None = None, at: int = 10) -> list[Event]:
    return [
        said(who, 1, at, "accept", heard=heard),
        said(who, 2, at + 5, "arrive", heard=heard, scan=None),
        said(who, 3, at + 20, "complete", heard=heard, result="fixed", answers=None),
    ]


def scenes() -> list[tuple[str, dict[str, Any], list[Event]]]:
    """Return name, start and events of every case."""
    done = said(ANN, 3, 30, "complete", heard=90, result="fixed", answers=None)
    settle = {
        "done_cancelled": (TO_ANN, [did(2, 20, "cancel", why="not needed"), done]),
        "done_reassigned": (TO_ANN, [*_work(heard=90), did(2, 20, "dispatch", to=person(BEN))]),
        "done_by_other": (TO_ANN, [said(BEN, 3, 30, "complete", result="fixed", answers=None)]),
        "done_twice": (
            TO_CREW,
            [done, said(BEN, 3, 40, "complete", heard=95, result="temporary", answers=None)],
        ),
        "worked_cancelled": (
            TO_ANN,
            [did(2, 20, "cancel", why="not needed"), said(ANN, 2, 25, "arrive", heard=90, scan=None)],
        ),
        "working_reassigned": (
            TO_ANN,
            [
                said(ANN, 1, 10, "arrive", heard=90, scan=None),
                did(2, 20, "dispatch", to=person(BEN)),
            ],
        ),
        "not_theirs": (TO_ANN, [did(2, 5, "dispatch", to=person(BEN)), said(ANN, 1, 10, "accept")]),
        "two_accepted": (TO_CREW, [said(ANN, 1, 10, "accept"), said(BEN, 1, 12, "accept", heard=90)]),
        "doubled": (
            TO_ANN,
            [*_work(), said(BEN, 1, 40, "verify", heard=90, ok=False), did(2, 90, "double", into="W-0009")],
        ),
        "field": (
            OPEN,
            [
                did(2, 5, "change", place="3-10"),
                said(ANN, 1, 10, "set", heard=90, field="place", **_moved("3-11")),
            ],
        ),
    }
    plain: list[tuple[str, dict[str, Any], list[Event]]] = [
        ("nothing was said", OPEN, []),
        ("accepted, begun and done", TO_ANN, _work()),
        ("done, verified, and whoever asked is content", TO_ANN, [*_work(), *_after()]),
        (
            "verified with no: it is opened again",
            TO_ANN,
            [*_work(), did(2, 60, "verify", ok=False, why="still dark")],
        ),
        (
            "whoever asked is not content: it is opened again",
            TO_ANN,
            [*_work(), did(2, 60, "verify", ok=True), did(3, 70, "follow", satisfied=False)],
        ),
        ("opened on the phone, for somebody to do", OPEN, [said(ANN, 1, 0, "open", **OPENED, mine=False)]),
        (
            "a quick fix on the spot",
            OPEN,
            [
                said(ANN, 1, 0, "open", heard=90, saw=0, **OPENED, mine=True),
                said(ANN, 2, 4, "complete", heard=90, saw=0, result="fixed", answers=None),
            ],
        ),
        (
            "what was opened twice was opened once",
            OPEN,
            [said(ANN, 1, 0, "open", **OPENED, mine=False), said(BEN, 1, 1, "open", **OPENED, mine=True)],
        ),
        (
            "given back, and given to another",
            TO_ANN,
            [said(ANN, 1, 10, "return", reason="no_skill"), did(2, 20, "dispatch", to=person(BEN))],
        ),
        ("given back, and nobody has it", TO_ANN, [said(ANN, 1, 10, "return", reason="busy")]),
        (
            "passed on to a colleague, who takes it",
            TO_ANN,
            [said(ANN, 1, 10, "pass", to=BEN), said(BEN, 1, 12, "accept")],
        ),
        (
            "paused for parts, gone on with, and done",
            TO_ANN,
            [
                said(ANN, 1, 10, "arrive", scan=None),
                said(ANN, 2, 12, "pause", reason="parts", until_ms=minute(600)),
                said(ANN, 3, 500, "resume"),
                said(ANN, 4, 520, "complete", result="fixed", answers=None),
            ],
        ),
        (
            "paused twice: the reason changes, the pause goes on",
            TO_ANN,
            [
                said(ANN, 1, 10, "arrive", scan=None),
                said(ANN, 2, 12, "pause", reason="access", until_ms=None),
                said(ANN, 3, 30, "pause", reason="parts", until_ms=None),
            ],
        ),
        (
            "done while paused: the pause ends",
            TO_ANN,
            [
                said(ANN, 1, 10, "pause", reason="weather", until_ms=None),
                said(ANN, 2, 50, "complete", result="nothing_found", answers=None),
            ],
        ),
        (
            "going on with what is not paused changes nothing",
            TO_ANN,
            [said(ANN, 1, 10, "accept"), said(ANN, 2, 11, "resume")],
        ),
        (
            "labour, a note, a signature and leaving are added, also after the end",
            TO_ANN,
            [
                *_work(),
                said(ANN, 4, 31, "labour", minutes=20, people=2),
                said(ANN, 5, 32, "sign", by="customer"),
                said(ANN, 6, 33, "note"),
                said(ANN, 7, 34, "leave", scan=None),
                said(ANN, 8, 35, "labour", minutes=5, people=1),
                said(ANN, 9, 36, "sign", by="customer"),
            ],
        ),
        (
            "a proposal is asked for, approved, and the work goes on",
            TO_ANN,
            [
                said(ANN, 1, 10, "arrive", scan=None),
                did(2, 20, "propose", amount="1200.00", text="new pump"),
                did(3, 60, "approve"),
            ],
        ),
        (
            "a proposal is declined",
            OPEN,
            [
                did(2, 20, "propose", amount="90000.00", text="new roof"),
                did(3, 60, "decline", why="no money"),
            ],
        ),
        ("approved, though nobody proposed", OPEN, [did(2, 20, "approve")]),
        ("cancelled, and opened again", TO_ANN, [did(2, 20, "cancel", why="twice"), did(3, 30, "reopen")]),
        ("taken back by the office", TO_ANN, [did(2, 20, "recall")]),
        (
            "the office changes what is its own",
            OPEN,
            [did(2, 5, "change", urgency="urgent", due_ms=minute(300), title={"zh": "灯", "en": "Lamp"})],
        ),
        (
            "a field is changed from what it was",
            OPEN,
            [said(ANN, 1, 10, "set", field="class", **_moved("power", "lighting"))],
        ),
        (
            "a field is changed from something else, and nobody touched it",
            OPEN,
            [said(ANN, 1, 10, "set", field="place", **_moved("3-10", "elsewhere"))],
        ),
        (
            "the phone had seen the office's change",
            OPEN,
            [
                did(2, 5, "change", place="3-10"),
                said(ANN, 1, 10, "set", saw=2, field="place", **_moved("3-11")),
            ],
        ),
        (
            "office and phone set the same apart",
            OPEN,
            [
                did(2, 5, "change", place="3-11"),
                said(ANN, 1, 10, "set", heard=90, field="place", **_moved("3-11")),
            ],
        ),
        (
            "the office changes what a phone had set, which it did not know",
            OPEN,
            [
                said(ANN, 1, 4, "set", heard=90, field="class", **_moved("power", "lighting")),
                did(2, 5, "change", **{"class": "water"}),
            ],
        ),
        (
            "two phones set a field apart",
            OPEN,
            [
                said(ANN, 1, 4, "set", heard=90, field="place", **_moved("3-10")),
                said(BEN, 1, 6, "set", heard=80, field="place", **_moved("3-11")),
            ],
        ),
        (
            "done offline before the office cancelled",
            TO_ANN,
            [*_work(heard=90), did(2, 60, "cancel", why="x")],
        ),
        ("the office cancels what it knows to be done", TO_ANN, [*_work(), did(2, 60, "cancel", why="x")]),
        (
            "done offline before the office gave it to another",
            TO_ANN,
            [*_work(heard=90), did(2, 60, "dispatch", to=person(BEN))],
        ),
        (
            "given to another before the work began, and done all the same",
            TO_ANN,
            [did(2, 5, "dispatch", to=person(BEN)), *_work(heard=90)],
        ),
        (
            "a helper who was there completes it",
            TO_ANN,
            [
                said(ANN, 1, 10, "arrive", scan=None),
                said(BEN, 1, 12, "arrive", scan=None),
                said(BEN, 2, 30, "complete", result="fixed", answers=None),
            ],
        ),
        (
            "somebody of the team completes it",
            TO_CREW,
            [said(BEN, 1, 30, "complete", result="fixed", answers=None)],
        ),
        (
            "the same phone completes it twice",
            TO_ANN,
            [*_work(), said(ANN, 4, 31, "complete", result="fixed", answers=None)],
        ),
        (
            "opened again between two completions: the second counts",
            TO_ANN,
            [
                *_work(),
                did(2, 60, "verify", ok=False, why="x"),
                said(ANN, 4, 90, "complete", saw=2, result="fixed", answers=None),
            ],
        ),
        (
            "accepted after somebody else had begun",
            TO_CREW,
            [said(ANN, 1, 10, "arrive", scan=None), said(BEN, 1, 20, "accept")],
        ),
        (
            "given back by one who has it no longer",
            TO_ANN,
            [did(2, 5, "dispatch", to=person(BEN)), said(ANN, 1, 10, "return", heard=90, reason="busy")],
        ),
        (
            "passed on by one who has it no longer",
            TO_ANN,
            [did(2, 5, "dispatch", to=person(BEN)), said(ANN, 1, 10, "pass", heard=90, to=CREW)],
        ),
        (
            "verified by a leader's phone, after the office had",
            TO_ANN,
            [*_work(), did(2, 60, "verify", ok=True), said(BEN, 1, 70, "verify", ok=True)],
        ),
        (
            "a clock that went back does not turn the log around",
            TO_ANN,
            [
                said(ANN, 1, 30, "accept"),
                said(ANN, 2, 20, "arrive", scan=None),
                said(ANN, 3, 10, "complete", result="fixed", answers=None),
            ],
        ),
        (
            "a clock that is slow: what the phone had seen came before",
            OPEN,
            [did(2, 20, "dispatch", to=person(ANN)), said(ANN, 1, 10, "accept", saw=2, heard=25)],
        ),
        (
            "not sent yet: a phone folds its own records over the row that came down",
            {**TO_ANN, "state": "accepted", "holder": ANN},
            [{k: v for k, v in said(ANN, 4, 30, "arrive", scan=None).items() if k != "received_ms"}],
        ),
        (
            "not sent yet, over a row that is paused",
            {
                **TO_ANN,
                "state": "paused",
                "holder": ANN,
                "paused": {"reason": "parts", "until_ms": None, "since_ms": minute(5), "was": "working"},
            },
            [{k: v for k, v in said(ANN, 4, 30, "resume").items() if k != "received_ms"}],
        ),
        (
            "not sent yet, over a row that is done",
            {
                **TO_ANN,
                "state": "done",
                "done": {"event": "f" * 64, "by": BEN, "at_ms": minute(5), "result": "fixed"},
            },
            [
                {
                    k: v
                    for k, v in said(ANN, 4, 30, "complete", result="fixed", answers=None).items()
                    if k != "received_ms"
                }
            ],
        ),
        (
            "a leader's phone asks, and opens it again",
            TO_ANN,
            [*_work(), said(BEN, 1, 60, "follow", satisfied=False)],
        ),
        (
            "the office waits for access, goes on, notes, reckons, joins and escalates",
            TO_ANN,
            [
                did(2, 5, "pause", reason="access", until_ms=minute(50)),
                did(3, 50, "resume"),
                did(4, 51, "note", text="owner is away"),
                did(5, 52, "cost", amount="80.00", what="contractor"),
                did(6, 53, "join", finding="f" * 64),
                did(7, 54, "escalate", clause="P1-03", step=1),
            ],
        ),
        ("a word of tomorrow changes nothing", OPEN, [did(2, 5, "tomorrow"), said(ANN, 1, 10, "tomorrow")]),
    ]
    doubled = _conflict(*settle["doubled"], "doubled")
    plain += [
        (
            "doubled: done again all the same, and settled for the other",
            TO_ANN,
            [
                *settle["doubled"][1],
                said(ANN, 4, 100, "complete", result="fixed", answers=None),
                did(3, 120, "settle", conflict=doubled, keep="other", why="x"),
            ],
        ),
        (
            "doubled: noted before the record counts that opened it again",
            TO_ANN,
            [*_work(), said(BEN, 1, 95, "verify", heard=90, ok=False), did(2, 90, "double", into="W-0009")],
        ),
    ]
    for kind, (start, events) in settle.items():
        plain.append((f"{kind}: nobody settled it", start, events))
        name = _conflict(start, events, kind)
        for keep in KEEP[kind]:
            answer = did(9, 120, "settle", conflict=name, keep=keep, why="asked both")
            plain.append((f"{kind}: settled, {keep}", start, [*events, answer]))
    plain.append(
        (
            "settled twice: the first word counts",
            settle["field"][0],
            [
                *settle["field"][1],
                did(9, 120, "settle", conflict=_conflict(*settle["field"], "field"), keep="phone", why="x"),
                did(10, 121, "settle", conflict=_conflict(*settle["field"], "field"), keep="office", why="y"),
            ],
        )
    )
    return plain


def _after() -> list[Event]:
    return [did(2, 60, "verify", ok=True), did(3, 70, "follow", satisfied=True)]


def _conflict(start: dict[str, Any], events: list[Event], kind: str) -> str:
    found = [one["id"] for one in folded(start, events)["conflicts"] if one["kind"] == kind]
    assert found, f"{kind} does not come of its case"
    return str(found[0])


def cases() -> dict[str, object]:
    """Return the content of orders.json."""
    return {
        "keep": {kind: list(two) for kind, two in KEEP.items()},
        "folds": [
            {"name": name, "start": start, "events": events, "state": folded(start, events)}
            for name, start, events in scenes()
        ],
    }
