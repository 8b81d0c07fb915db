"""What the steps of the fold share."""

from __future__ import annotations

from typing import Any

from sync.orders.events import Conflict, Event, OrderState, Start, Who

ONLY_SAID = frozenset({"leave", "note"})
"""Records that add to what is known of an order, and change nothing of it."""
GIVES = frozenset({"dispatch", "recall", "pass", "return"})
"""What takes an order away from one and gives it to another, or to nobody."""
ONLY_DONE = frozenset({"note", "cost", "join", "escalate"})
"""Such acts."""


class Steps:
    """The state so far, and what may be asked of it."""

    def __init__(self, start: Start) -> None:
        self.state = OrderState(
            state=start.state,
            assignee=start.assignee,
            holder=start.holder,
            urgency=start.urgency,
            cls=start.cls,
            place=start.place,
            title=start.title,
            due_ms=start.due_ms,
            hands=[start.holder] if start.holder else [],
            paused=start.paused,
            done=start.done,
        )
        self.before: list[Event] = []
        self.touched: dict[str, list[Event]] = {}
        """Who changed a field, in order."""
        self.had: dict[str, int] = {}
        """Person → after how many events they first had something to do with it."""
        if start.holder:
            self.had[start.holder] = 0
        if start.assignee is not None and start.assignee["kind"] == "person":
            self.had[start.assignee["id"]] = 0

    def take(self, event: Event) -> None:
        """Let one event count."""
        name = f"_{'record' if event.log else 'act'}_{event.kind}"
        is_said = event.kind in (ONLY_SAID if event.log else ONLY_DONE)
        step = getattr(self, name, None)
        if not is_said and (step is None or not step(event)):
            self.state.kept.append(event.id)
        self.before.append(event)

    def _conflict(self, kind: str, event: str, against: str | None, **more: Any) -> None:
        name = f"{kind}:{event}:{more['field']}" if "field" in more else f"{kind}:{event}"
        if all(conflict.id != name for conflict in self.state.conflicts):
            self.state.conflicts.append(Conflict(name, kind, event, against, **more))

    def _overtake(self, event: Event, *kinds: str) -> None:
        """Let what somebody did later stand for earlier conflicts about the same person."""
        theirs = {one.id for one in self.before if one.by == event.by}
        for conflict in self.state.conflicts:
            if conflict.kind in kinds and conflict.event in theirs and conflict.settled is None:
                conflict.settled = self._said(event, keep="later")

    def _hand(self, person: str | None) -> None:
        if person is None:
            return
        self.had.setdefault(person, len(self.before))
        if person not in self.state.hands:
            self.state.hands.append(person)

    def _is_other(self, person: str | None) -> bool:
        """Whether the order is given to one person, and it is not this one."""
        to = self.state.assignee
        return to is not None and to["kind"] == "person" and to["id"] != person

    def _unheard(self, act: Event, *kinds: str) -> Event | None:
        """Return the last record of these kinds that the office had not got when it acted."""
        for event in reversed(self.before):
            heard = event.received_ms is not None and event.received_ms <= act.at_ms
            if event.log and event.kind in kinds and not heard and event.id not in self.state.kept:
                return event
        return None

    def _given_away(self, person: str | None = None) -> str | None:
        """Return the event that last gave the order to somebody; of a person, after they had it."""
        for event in reversed(self.before[self.had.get(person or "", 0) :]):
            if event.kind in GIVES and event.id not in self.state.kept:
                return event.id
        return None

    def _go_on(self, at_ms: int) -> None:
        """End a pause."""
        self.state.paused = None
        if self.state.pauses and self.state.pauses[-1]["to_ms"] is None:
            self.state.pauses[-1] = {**self.state.pauses[-1], "to_ms": at_ms}

    def _give(self, to: Who | None, at_ms: int) -> None:
        self._go_on(at_ms)
        self.state.assignee, self.state.holder = to, None
        if to is not None and to["kind"] == "person":
            self.had.setdefault(to["id"], len(self.before))
        self.state.state = "dispatched" if to else "open"

    def _again(self, at_ms: int) -> None:
        """Open it again: what was done counts no longer."""
        self.state.done = self.state.verified = self.state.cancelled = None
        self.state.closed_ms = None
        self.state.reopened += 1
        self._give(self.state.assignee, at_ms)

    def _finish(self, event: Event) -> None:
        self._go_on(event.at_ms)
        self.state.state = "done"
        self.state.done = {
            "event": event.id,
            "by": event.by,
            "at_ms": event.at_ms,
            "result": event.p.get("result"),
        }

    @staticmethod
    def _said(event: Event, **more: Any) -> dict[str, Any]:
        return {"event": event.id, "by": event.by, "at_ms": event.at_ms, **more}
