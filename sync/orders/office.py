"""What each act of the office does to a work order."""

from __future__ import annotations

from sync.orders.events import FINISHED, KEEP, UNDER_WAY, Conflict, Event, Who
from sync.orders.records import RecordSteps


class OfficeSteps(RecordSteps):
    """A step for each act; False when it changes nothing."""

    def _act_dispatch(self, act: Event) -> bool:
        return self._dispatch(act, act.p["to"])

    def _act_recall(self, act: Event) -> bool:
        return self._dispatch(act, None)

    def _dispatch(self, act: Event, to: Who | None) -> bool:
        state = self.state
        if state.state in FINISHED:
            done = self._unheard(act, "complete")
            if done is None or state.done is None or (to and to["id"] == state.done["by"]):
                return False
            state.assignee = to
            self._conflict("done_reassigned", state.done["event"], act.id)
            return True
        if state.state not in UNDER_WAY:
            return False
        began = self._unheard(act, "arrive", "open")
        if state.state in ("working", "paused") and began and not (to and to["id"] == began.by):
            # somebody is at it, which the office did not know: they go on, and both are told
            state.assignee, state.returned = to, None
            self._conflict("working_reassigned", began.id, act.id)
            return True
        self._give(to, act.at_ms)
        state.returned = None
        return True

    def _act_cancel(self, act: Event) -> bool:
        state = self.state
        if state.state in FINISHED:
            done = self._unheard(act, "complete")
            if done is None or state.done is None:
                return False
            self._conflict("done_cancelled", state.done["event"], act.id)
            return True
        if state.state not in UNDER_WAY:
            return False
        began = self._unheard(act, "arrive")
        if began is not None:
            self._conflict("worked_cancelled", began.id, act.id)
        self._go_on(act.at_ms)
        state.state, state.cancelled = "cancelled", self._said(act)
        return True

    def _act_reopen(self, act: Event) -> bool:
        if self.state.state in UNDER_WAY:
            return False
        self._again(act.at_ms)
        return True

    def _act_change(self, act: Event) -> bool:
        for field in ("urgency", "title", "due_ms", "class", "place"):
            if field not in act.p:
                continue
            unheard = [
                one
                for one in self.touched.get(field, [])
                if one.log and not (one.received_ms is not None and one.received_ms <= act.at_ms)
            ]
            now, after = self._value(field), act.p[field]
            if unheard and now != after:
                self._conflict("field", unheard[-1].id, act.id, field=field, phone=now, office=after)
            self._put(field, after, act)
        return True

    def _act_pause(self, act: Event) -> bool:
        return self._pause(act.p["reason"], act.p.get("until_ms"), act.at_ms)

    def _act_resume(self, act: Event) -> bool:
        return self._resume(act.at_ms)

    def _act_propose(self, act: Event) -> bool:
        if not self._pause("approval", None, act.at_ms):
            return False
        self.state.proposal = {"event": act.id, "state": "asked"}
        return True

    def _act_approve(self, act: Event) -> bool:
        return self._decide("approved", act.at_ms)

    def _act_decline(self, act: Event) -> bool:
        return self._decide("declined", act.at_ms)

    def _decide(self, said: str, at_ms: int) -> bool:
        state = self.state
        if state.proposal is None or state.proposal["state"] != "asked":
            return False
        state.proposal = {**state.proposal, "state": said}
        if state.paused is not None and state.paused["reason"] == "approval":
            self._resume(at_ms)
        return True

    def _act_verify(self, act: Event) -> bool:
        return self._verify(act)

    def _act_follow(self, act: Event) -> bool:
        return self._follow(act)

    def _act_double(self, act: Event) -> bool:
        # whatever the state is by its time: the record that opened it again may count later
        self._conflict("doubled", act.id, None)
        return True

    def _act_settle(self, act: Event) -> bool:
        found = next((one for one in self.state.conflicts if one.id == act.p["conflict"]), None)
        if found is None or found.settled is not None or act.p["keep"] not in KEEP[found.kind]:
            return False
        found.settled = self._said(act, keep=act.p["keep"])
        self._settled(found, act)
        return True

    def _settled(self, found: Conflict, act: Event) -> None:
        """Do what was chosen, where it is not so already."""
        state, keep = self.state, act.p["keep"]
        record = next((one for one in self.before if one.id == found.event), None)
        counts = state.done is not None and state.done["event"] == found.event
        match found.kind, keep:
            case "done_cancelled", "cancelled" if counts:
                state.state, state.done, state.verified = "cancelled", None, None
                state.cancelled = self._said(act)
            case "done_cancelled", "done" if counts:
                state.cancelled = None
            case ("done_reassigned" | "done_by_other", "again") if counts:
                self._again(act.at_ms)
            case "done_twice", "second" if record is not None and state.state in FINISHED:
                was = state.state
                self._finish(record)
                state.state = was
            case "worked_cancelled", "again" if state.state == "cancelled":
                self._again(act.at_ms)
            case ("working_reassigned" | "not_theirs", "phone") if (
                record is not None and record.by and state.state in UNDER_WAY
            ):
                state.assignee = {"kind": "person", "id": record.by}
                state.holder = record.by
                if state.state in ("open", "dispatched"):
                    state.state = "accepted"
            case "working_reassigned", "office" if state.state in UNDER_WAY:
                self._give(state.assignee, act.at_ms)
            case "two_accepted", "second" if record is not None and state.state in UNDER_WAY:
                state.holder = record.by
            case "doubled", "other" if state.state in UNDER_WAY:
                self._go_on(act.at_ms)
                state.state, state.cancelled = "cancelled", self._said(act)
            case "field", "phone" if found.field is not None:
                self._put(found.field, found.phone, act)
