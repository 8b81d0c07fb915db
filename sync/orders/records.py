"""What each record does to a work order."""

from __future__ import annotations

from typing import Any

from sync.orders.events import FINISHED, UNDER_WAY, Event
from sync.orders.words import Steps


class RecordSteps(Steps):
    """A step for each type of record; False when it changes nothing."""

    def _record_open(self, event: Event) -> bool:
        if self.before and any(one.kind == "open" for one in self.before):
            return False
        if event.p.get("mine"):
            self.state.holder = event.by
            self.state.state = "working"
            self._hand(event.by)
            self.state.arrivals.append(event.id)
        return True

    def _record_accept(self, event: Event) -> bool:
        state = self.state
        if state.state not in UNDER_WAY:
            return False
        if self._is_other(event.by):
            self._conflict("not_theirs", event.id, self._given_away())
            return False
        given = state.assignee is not None and state.assignee["kind"] == "person"
        if state.holder not in (None, event.by) and not given:
            self._conflict("two_accepted", event.id, self._accepted_by(state.holder))
            return False
        state.holder, state.returned = event.by, None
        self._hand(event.by)
        if state.state in ("open", "dispatched"):
            state.state = "accepted"
        elif state.state == "paused" and state.paused and state.paused["was"] in ("open", "dispatched"):
            state.paused = {**state.paused, "was": "accepted"}
        return True

    def _accepted_by(self, person: str | None) -> str | None:
        for event in reversed(self.before):
            if event.by == person and event.kind in ("accept", "open", "arrive"):
                return event.id
        return None

    def _record_return(self, event: Event) -> bool:
        state = self.state
        if state.state not in UNDER_WAY:
            return False
        if self._is_other(event.by) or state.holder not in (None, event.by):
            return False  # it is somebody else's meanwhile, who goes on
        self._give(None, event.at_ms)
        state.returned = self._said(event, reason=event.p["reason"])
        return True

    def _record_pass(self, event: Event) -> bool:
        state = self.state
        if state.state not in UNDER_WAY:
            return False
        if self._is_other(event.by) or state.holder not in (None, event.by):
            self._conflict("not_theirs", event.id, self._given_away())
            return False
        self._give({"kind": "person", "id": event.p["to"]}, event.at_ms)
        state.returned = None
        return True

    def _record_arrive(self, event: Event) -> bool:
        state = self.state
        state.arrivals.append(event.id)  # it proves presence whatever became of the order
        if state.state == "cancelled":
            self._conflict("worked_cancelled", event.id, self._cancelling())
            return False
        if state.state not in UNDER_WAY:
            return False
        self._hand(event.by)
        self._go_on(event.at_ms)
        if state.holder is None and not self._is_other(event.by):
            state.holder = event.by
        state.state = "working"
        return True

    def _cancelling(self) -> str | None:
        """Return the act that cancelled the order."""
        return self.state.cancelled["event"] if self.state.cancelled else None

    def _record_pause(self, event: Event) -> bool:
        return self._pause(event.p["reason"], event.p.get("until_ms"), event.at_ms)

    def _pause(self, reason: str, until_ms: int | None, at_ms: int) -> bool:
        state = self.state
        if state.state not in UNDER_WAY:
            return False
        was = state.paused["was"] if state.paused else state.state
        self._go_on(at_ms)
        state.paused = {"reason": reason, "until_ms": until_ms, "since_ms": at_ms, "was": was}
        state.pauses.append({"from_ms": at_ms, "to_ms": None, "reason": reason})
        state.state = "paused"
        return True

    def _record_resume(self, event: Event) -> bool:
        return self._resume(event.at_ms)

    def _resume(self, at_ms: int) -> bool:
        state = self.state
        if state.state != "paused" or state.paused is None:
            return False
        was = state.paused["was"]
        self._go_on(at_ms)
        state.state = was
        return True

    def _record_labour(self, event: Event) -> bool:
        self.state.labour_min += event.p["minutes"] * event.p["people"]
        self._hand(event.by)
        return True

    def _record_sign(self, event: Event) -> bool:
        if event.p["by"] not in self.state.signed:
            self.state.signed = sorted([*self.state.signed, event.p["by"]])
        return True

    def _record_complete(self, event: Event) -> bool:
        state = self.state
        state.completions.append(event.id)
        if state.state in FINISHED:
            if state.done is not None and not self._same_log(event, state.done["event"]):
                self._conflict("done_twice", event.id, state.done["event"])
            return False
        self._overtake(event, "working_reassigned", "worked_cancelled", "not_theirs")
        if state.state == "cancelled":
            self._conflict("done_cancelled", event.id, self._cancelling())
        elif self._is_other(event.by):
            if event.by not in self.had:
                self._conflict("done_by_other", event.id, self._given_away())
            elif (away := self._given_away(event.by)) is not None:
                self._conflict("done_reassigned", event.id, away)
        self._hand(event.by)
        self._finish(event)
        return True

    def _same_log(self, event: Event, other: str) -> bool:
        return any(one.id == other and one.log == event.log for one in self.before)

    def _record_verify(self, event: Event) -> bool:
        return self._verify(event)

    def _verify(self, event: Event) -> bool:
        if self.state.state != "done":
            return False
        if event.p["ok"]:
            self.state.state, self.state.verified = "verified", self._said(event)
        else:
            self._again(event.at_ms)
        return True

    def _record_follow(self, event: Event) -> bool:
        return self._follow(event)

    def _follow(self, event: Event) -> bool:
        state = self.state
        if state.state not in FINISHED:
            return False
        satisfied = event.p["satisfied"]
        if state.state == "closed" and satisfied:
            return False
        state.followed = self._said(event, satisfied=satisfied)
        if satisfied:
            state.state, state.closed_ms = "closed", event.at_ms
        else:
            self._again(event.at_ms)
        return True

    def _record_set(self, event: Event) -> bool:
        field, before, after = event.p["field"], event.p["from"], event.p["to"]
        now = self._value(field)
        since = [one for one in self.touched.get(field, []) if not self._seen(event, one)]
        if now in (after, before) or not since:
            self._put(field, after, event)
            return True
        self._conflict("field", event.id, since[-1].id, field=field, phone=after, office=now)
        return False

    def _seen(self, record: Event, other: Event) -> bool:
        """Whether who made a record knew of another change."""
        return other.log == record.log if other.log else 0 < other.version <= record.saw

    def _value(self, field: str) -> Any:
        return self.state.cls if field == "class" else getattr(self.state, field)

    def _put(self, field: str, value: Any, event: Event) -> None:
        setattr(self.state, "cls" if field == "class" else field, value)
        self.touched.setdefault(field, []).append(event)
