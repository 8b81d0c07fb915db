"""What is said to a work order, and the words of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, get_args

import msgspec
from msgspec import Struct

State = Literal[
    "open", "dispatched", "accepted", "working", "paused", "done", "verified", "closed", "cancelled"
]
STATES: Final[tuple[State, ...]] = get_args(State)
UNDER_WAY: Final = frozenset({"open", "dispatched", "accepted", "working", "paused"})
"""Somebody has still to do it."""
FINISHED: Final = frozenset({"done", "verified", "closed"})

RECORDS: Final = (
    "open",
    "accept",
    "return",
    "pass",
    "arrive",
    "leave",
    "pause",
    "resume",
    "note",
    "labour",
    "complete",
    "sign",
    "verify",
    "follow",
    "set",
)
"""What a phone says: record types without ``order.``."""

OFFICE: Final = (
    "dispatch",
    "recall",
    "cancel",
    "reopen",
    "change",
    "pause",
    "resume",
    "propose",
    "approve",
    "decline",
    "verify",
    "follow",
    "settle",
    "note",
    "cost",
    "join",
    "escalate",
    "double",
)
"""What the office does."""

KEEP: Final[Mapping[str, tuple[str, str]]] = {
    "done_cancelled": ("done", "cancelled"),
    "done_reassigned": ("done", "again"),
    "done_by_other": ("done", "again"),
    "done_twice": ("first", "second"),
    "worked_cancelled": ("cancelled", "again"),
    "working_reassigned": ("phone", "office"),
    "not_theirs": ("phone", "office"),
    "two_accepted": ("first", "second"),
    "doubled": ("this", "other"),
    "field": ("phone", "office"),
}
"""Each kind of conflict, and between which two a person chooses."""

Who = dict[str, str]
"""``{"kind": "person"|"team"|"company", "id"}``"""


class Event(Struct, frozen=True, omit_defaults=True):
    """One thing that was said or done. `log` is empty for the office."""

    id: str
    """Hash of the record; id of the office's act."""
    kind: str
    at_ms: int
    by: str | None
    """The person."""
    p: dict[str, Any] = {}
    """The record's payload; what the act says."""
    log: str = ""
    seq: int = 0
    received_ms: int | None = None
    """Of a record: when the server got it; None on a phone that has not sent it."""
    saw: int = 0
    """Of a record: the version of the order that the phone showed, 0 when none."""
    version: int = 0
    """Of an act: the version that the order got by it."""


class Conflict(Struct, omit_defaults=True):
    """What two people decided apart. Both are kept; a person settles it."""

    id: str
    kind: str
    event: str
    """The event of the field."""
    against: str | None
    """The event that it does not fit."""
    field: str | None = None
    phone: str | None = None
    """Of a field: the value that the phone set."""
    office: str | None = None
    """Of a field: the other one, which stands until somebody chooses."""
    settled: dict[str, Any] | None = None
    """``{"event", "by", "at_ms", "keep"}``"""


class Start(Struct, frozen=True, omit_defaults=True):
    """How an order began; on a phone: how the row that came down says it stands."""

    opened_ms: int
    state: State = "open"
    assignee: Who | None = None
    holder: str | None = None
    urgency: str = "normal"
    cls: str | None = msgspec.field(name="class", default=None)
    place: str | None = None
    title: dict[str, str] | None = None
    due_ms: int | None = None
    paused: dict[str, Any] | None = None
    done: dict[str, Any] | None = None


class OrderState(Struct):
    """What became of the order."""

    state: State
    assignee: Who | None
    """To whom it is given: the office's to say, or a colleague's who passed it on."""
    holder: str | None
    """Who took it."""
    urgency: str
    cls: str | None = msgspec.field(name="class")
    place: str | None
    title: dict[str, str] | None
    due_ms: int | None
    """When it is due by the office's word; clauses have theirs beside it."""
    hands: list[str] = []
    """Everybody who took it, was there or did it, in order."""
    arrivals: list[str] = []
    paused: dict[str, Any] | None = None
    """``{"reason", "until_ms", "since_ms", "was"}``"""
    pauses: list[dict[str, Any]] = []
    """``{"from_ms", "to_ms"|null, "reason"}``"""
    done: dict[str, Any] | None = None
    """``{"event", "by", "at_ms", "result"}``: the completion that counts."""
    completions: list[str] = []
    """Every completion, also those that do not count."""
    verified: dict[str, Any] | None = None
    followed: dict[str, Any] | None = None
    """``{"event", "by", "at_ms", "satisfied"}``: the last."""
    closed_ms: int | None = None
    cancelled: dict[str, Any] | None = None
    """``{"event", "by", "at_ms"}``"""
    returned: dict[str, Any] | None = None
    """``{"event", "by", "at_ms", "reason"}``, until it is given to somebody again."""
    reopened: int = 0
    labour_min: int = 0
    """Minutes times people."""
    signed: list[str] = []
    proposal: dict[str, Any] | None = None
    """``{"event", "state": "asked"|"approved"|"declined"}``"""
    conflicts: list[Conflict] = []
    kept: list[str] = []
    """Events that changed nothing: evidence."""

    @property
    def unsettled(self) -> int:
        """How many conflicts wait for a person."""
        return sum(conflict.settled is None for conflict in self.conflicts)


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return the events as they count, each at the moment from which it does.

    A record never counts before one with a smaller number in its log, nor before an act that the
    phone had seen; its estimate may say so when a clock was wrong. An opening counts first.
    """
    given = list({event.id: event for event in events}.values())
    acts = [event for event in given if not event.log]
    moments = list(acts)
    latest: dict[str, int] = {}
    for event in sorted((event for event in given if event.log), key=lambda event: (event.log, event.seq)):
        seen = [act.at_ms for act in acts if 0 < act.version <= event.saw]
        at_ms = max([event.at_ms, *seen, *([latest[event.log]] if event.log in latest else [])])
        latest[event.log] = at_ms
        moments.append(msgspec.structs.replace(event, at_ms=at_ms))
    return sorted(
        moments, key=lambda one: (one.kind != "open", one.at_ms, one.log != "", one.log, one.seq, one.id)
    )
