"""Bodies for the console that must be refused: every member of every body, wrong in every way.

`BODIES` says for each operation a body that is right, and of which kind each member is, by its path.
What is wrong with a kind stands in `WRONG`. Everything here is a 422 but what no JSON may hold (400).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.corpus.bad import Refused
from tests.recurring import daily

NOBODY = "00000000-0000-4000-8000-000000000000"
NO_TEXT: list[Any] = [None, 1, True, [], {}, ["x"]]
UNSEEN = ["\u0001", "a\u001bb", "\u202egnp.exe", "\u200b", "\ufeff", "a\u2066b", "\x7f", "\u00ad"]
"""Control and direction characters: nobody sees them, and they change what is seen."""
NO_ID: list[Any] = [1, True, [], {}, "", "x", NOBODY[:-1], NOBODY + "0", "../" + NOBODY, "' OR 1=1 --"]

WRONG: Mapping[str, list[Any]] = {
    "label": [None, 1, "x", [], True, {}, {"en": "x"}, {"zh": ""}, {"zh": " "}, {"zh": 1}, {"zh": None},
              {"zh": "x", "en": None}, {"zh": "x", "fr": "x"}, {"zh": "x" * 121}, {"zh": ["x"]},
              *({"zh": f"x{c}"} for c in UNSEEN), *({"zh": "x", "en": f"x{c}"} for c in UNSEEN)],
    "text": [*NO_TEXT, "", " ", "x" * 501, *(f"x{c}" for c in UNSEEN)],
    "id": [None, *NO_ID],
    "id?": NO_ID,
    "zone": [*NO_TEXT, "", "Mars/Olympus", "../../etc/passwd", "Asia/Shanghai ", "asia", "x" * 65,
             "Asia/Shanghai/"],
    "time": [*NO_TEXT, "", "24:01", "25:00", "12:60", "1:00", "12:5", "12:00:00", "１２:００", "noon",
             "-1:00", "12:00 "],
    "date": [*NO_TEXT, "", "2026-02-30", "2026-13-01", "26-01-01", "01/02/2026", "today", "0000-00-00",
             "2026-1-1", "99999-01-01", "２０２６-01-01"],
    "date?": ["", "2026-02-30", "2026-13-01", "today", 1, [], {}],
    "minutes": ["1", "", True, 1.5, -1, 1441, 10**9, [], {}],
    "crew": [0, 3, "1", True, 1.5, None, [], {}],
    "bool": [None, 0, 1, "true", "yes", "", [], {}],
    "word": [*NO_TEXT, "", "CALENDAR", "weekly"],
    "rule": [*NO_TEXT, "", "FREQ", "FREQ=", "FREQ=HOURLY", "freq=daily", "RRULE:FREQ=DAILY",
             "FREQ=DAILY;COUNT=2", "FREQ=DAILY;UNTIL=20270101", "FREQ=DAILY;BYHOUR=8",
             "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=" + "9" * 90,
             "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=",
             "FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0",
             "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
             "FREQ=MONTHLY;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5", "FREQ=MONTHLY;BYDAY=5MO",
             "FREQ=YEARLY;BYWEEKNO=1", "FREQ=DAILY;BYDAY=MO;INTERVAL=7",
             "FREQ=MONTHLY;INTERVAL=2;BYMONTH=1", "FREQ=DAILY\nFREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=１",
             "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=2", "F" * 201],
    "order": [*NO_TEXT, "", "strict", "FREE"],
    "kind": [*NO_TEXT, "", "door", "Checkpoint"],
    "list": [None, 1, "x", True, {}, [1], ["x"], [None], [[]], [{}]],
    "object": [None, 1, "x", True, []],
}  # fmt: skip

IMPOSSIBLE = ("\ud800", "\udfff", "a\u0000b")
"""No JSON of ours holds these: 400."""


@dataclass(frozen=True)
class Body:
    """An operation's good body, and the kind of each member by its path."""

    good: Mapping[str, Any]
    kinds: Mapping[str, str]
    optional: frozenset[str] = frozenset()


LABEL = {"zh": "东门", "en": "East gate"}


def bodies(place: str) -> dict[str, Body]:
    """Return the bodies by address below the site's.

    :param place: the id of a checkpoint that is there
    """
    stop = {"target": {"kind": "checkpoint", "id": place}, "form": None}
    return {
        "zones": Body(
            {"name": LABEL, "parent": None}, {"name": "label", "parent": "id?"}, frozenset({"parent"})
        ),
        "teams": Body({"name": LABEL}, {"name": "label"}),
        "checkpoints": Body(
            {"number": "77", "name": LABEL, "zone": None},
            {"number": "text", "name": "label", "zone": "id?"},
            frozenset({"zone"}),
        ),
        "assets": Body(
            {"number": "78", "name": LABEL, "zone": None},
            {"number": "text", "name": "label", "zone": "id?"},
            frozenset({"zone"}),
        ),
        "routes": Body(
            {"name": LABEL, "order": "free", "stops": [stop]},
            {
                "name": "label",
                "order": "order",
                "stops": "list",
                "stops.0.target": "object",
                "stops.0.target.kind": "kind",
                "stops.0.target.id": "id",
                "stops.0.form": "id?",
            },
            frozenset({"order", "stops", "stops.0.form"}),
        ),
        "plans": Body(
            {
                "name": LABEL,
                "route": NOBODY,
                "crew": 1,
                "grace_min": 0,
                "recurrence": daily(("22:00", "24:00")),
                "starts_on": "2026-11-01",
                "ends_on": None,
                "paused": False,
            },
            {
                "name": "label",
                "route": "id",
                "crew": "crew",
                "grace_min": "minutes",
                "recurrence.kind": "word",
                "recurrence.rule": "rule",
                "recurrence.windows": "list",
                "recurrence.windows.0.from": "time",
                "recurrence.windows.0.to": "time",
                "starts_on": "date",
                "ends_on": "date?",
                "paused": "bool",
            },
            frozenset({"crew", "grace_min", "ends_on", "paused", "route"}),
        ),
        "tags/reprint": Body(
            {"target": {"kind": "checkpoint", "id": place}},
            {"target": "object", "target.kind": "kind", "target.id": "id"},
        ),
    }


def cases(body: Body) -> Iterator[Refused]:
    """Yield the cases of a body: each member wrong in each way, missing, and with one too many."""
    for path, kind in body.kinds.items():
        for number, wrong in enumerate(WRONG[kind]):
            yield _case(f"{path} is {json.dumps(wrong)[:30]} ({number})", body, path, wrong)
        if path not in body.optional:
            yield _case(f"no {path}", body, path, _MISSING)
        if kind in ("label", "text"):
            for text in IMPOSSIBLE:
                value = {"zh": text} if kind == "label" else text
                yield _case(f"{path} is impossible", body, path, value, status=400, slug="bad-json")
    for name in ("more", "__proto__", "id", "organisation_id", "site_id", "administrator", "constructor", ""):
        yield _case(f"one more: {name}", body, name, "x")


_MISSING = object()


def _case(
    name: str, body: Body, path: str, value: object, *, status: int = 422, slug: str = "invalid-body"
) -> Refused:
    message = copy.deepcopy(dict(body.good))
    place: Any = message
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is _MISSING:
        del place[last]
    else:
        place[last] = value
    return Refused(name, json.dumps(message).encode(), status, slug)
