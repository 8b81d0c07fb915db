"""What a request is, from what happened to it. Pure: no clock, no database.

Events are folded in the order in which they were written. Each says who did it (None: who asks, or
the server) and what of ours it carries; what people typed lies elsewhere and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from server.requests.kinds import ENDED

Act = Literal[
    "opened", "taken", "offered", "accepted", "refused", "sorted", "ordered", "arrived", "worked", "stopped",
    "urged", "hurried", "told", "noted", "said", "answered", "followed", "ended", "withdrawn", "merged",
    "joined", "linked", "erased",
]  # fmt: skip

BY_WHO_ASKS: Final = frozenset({"said", "hurried"})
"""What who asks writes, and waits for a word."""

HEARD: Final = frozenset({"told", "answered", "followed", "ended"})
"""With which the desk gives a word."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    kind: str
    at_ms: int
    person: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RequestState:
    """How it stands with a request."""

    kind: str = "repair"
    class_: str = "other"
    urgency: str = "normal"
    target: Mapping[str, str] | None = None
    state: str = "new"
    owner: str | None = None
    offered_to: str | None = None
    department: str | None = None
    window: tuple[int, int] | None = None
    merged_into: str | None = None
    orders: Mapping[str, str] = field(default_factory=dict)
    """Work orders that it led to, by id: ``open``, ``done`` or ``stopped``."""
    opened_ms: int = 0
    since_ms: int = 0
    """When it was opened, or opened again: from then its deadlines run."""
    taken_ms: int | None = None
    arrived_ms: int | None = None
    done_ms: int | None = None
    told_ms: int | None = None
    """When who asked was given a word last."""
    closed_ms: int | None = None
    satisfied: bool | None = None
    unread: bool = False
    urged: int = 0
    reopened: int = 0
    erased: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.state in ENDED


def fold(events: Iterable[Event]) -> RequestState:
    """Return how it stands after these events."""
    state = RequestState()
    for event in events:
        state = step(state, event)
    return state


def step(state: RequestState, event: Event) -> RequestState:
    """Return how it stands after one event more. What no longer fits changes nothing."""
    if event.kind in BY_WHO_ASKS:
        state = replace(state, unread=True)
    elif event.kind in HEARD:
        state = replace(state, unread=False, told_ms=event.at_ms)
    make = _STEPS.get(event.kind)
    return state if make is None else make(state, event)


def _opened(state: RequestState, event: Event) -> RequestState:
    detail = event.detail
    taken = event.person is not None
    return replace(
        _sorted(state, event),
        state="open" if taken else "new",
        owner=event.person,
        taken_ms=event.at_ms if taken else None,
        opened_ms=event.at_ms,
        since_ms=event.at_ms,
        told_ms=event.at_ms if taken else None,
        kind=detail["kind"],
    )


def _taken(state: RequestState, event: Event) -> RequestState:
    if state.owner is not None or state.ended:
        return state
    first = event.at_ms if state.taken_ms is None else state.taken_ms
    now = "open" if state.state == "new" else state.state
    return replace(state, owner=event.person, taken_ms=first, state=now)


def _offered(state: RequestState, event: Event) -> RequestState:
    return replace(state, offered_to=event.detail["to"])


def _accepted(state: RequestState, event: Event) -> RequestState:
    if state.offered_to is None or state.offered_to != event.person:
        return state
    return replace(state, owner=event.person, offered_to=None)


def _refused(state: RequestState, event: Event) -> RequestState:
    return replace(state, offered_to=None) if state.offered_to == event.person else state


def _sorted(state: RequestState, event: Event) -> RequestState:
    detail = event.detail
    window = detail.get("window", state.window)
    return replace(
        state,
        kind=detail.get("kind", state.kind),
        class_=detail.get("class", state.class_),
        urgency=detail.get("urgency", state.urgency),
        target=detail.get("target", state.target),
        department=detail.get("department", state.department),
        window=tuple(window) if window else None,
    )


def _order(state: RequestState, event: Event, how: str) -> RequestState:
    return replace(state, orders={**state.orders, event.detail["order"]: how})


def _ordered(state: RequestState, event: Event) -> RequestState:
    state = _order(state, event, "open")
    # a done one for which more work is ordered is not done
    return replace(state, state="open", done_ms=None) if state.state == "done" else state


def _arrived(state: RequestState, event: Event) -> RequestState:
    return state if state.arrived_ms is not None else replace(state, arrived_ms=event.at_ms)


def _worked(state: RequestState, event: Event) -> RequestState:
    state = _order(state, event, "done")
    if state.ended or "open" in state.orders.values() or state.state == "done":
        return state
    return replace(state, state="done", done_ms=event.at_ms)


def _stopped(state: RequestState, event: Event) -> RequestState:
    return _order(state, event, event.detail.get("how", "stopped"))


def _urged(state: RequestState, _event: Event) -> RequestState:
    return replace(state, urged=state.urged + 1)


def _answered(state: RequestState, event: Event) -> RequestState:
    return state if state.ended else replace(state, state="done", done_ms=event.at_ms)


def _followed(state: RequestState, event: Event) -> RequestState:
    if state.state in ("withdrawn", "merged"):
        return state
    if event.detail["satisfied"]:
        done_ms = event.at_ms if state.done_ms is None else state.done_ms
        return replace(state, state="closed", closed_ms=event.at_ms, satisfied=True, done_ms=done_ms)
    return replace(
        state,
        state="open" if state.owner else "new",
        since_ms=event.at_ms,
        arrived_ms=None,
        done_ms=None,
        closed_ms=None,
        satisfied=False,
        unread=event.person is None,
        reopened=state.reopened + 1,
    )


def _ended(state: RequestState, event: Event) -> RequestState:
    return state if state.ended else replace(state, state="closed", closed_ms=event.at_ms)


def _withdrawn(state: RequestState, event: Event) -> RequestState:
    return state if state.ended else replace(state, state="withdrawn", closed_ms=event.at_ms)


def _merged(state: RequestState, event: Event) -> RequestState:
    if state.ended:
        return state
    return replace(state, state="merged", closed_ms=event.at_ms, merged_into=event.detail["into"])


def _erased(state: RequestState, _event: Event) -> RequestState:
    return replace(state, erased=True)


_STEPS: Final = {
    "opened": _opened,
    "taken": _taken,
    "offered": _offered,
    "accepted": _accepted,
    "refused": _refused,
    "sorted": _sorted,
    "ordered": _ordered,
    "arrived": _arrived,
    "worked": _worked,
    "stopped": _stopped,
    "urged": _urged,
    "hurried": _urged,
    "answered": _answered,
    "followed": _followed,
    "ended": _ended,
    "withdrawn": _withdrawn,
    "merged": _merged,
    "erased": _erased,
}
