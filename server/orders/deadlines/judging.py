"""What of an order or a request is due when, and whether it came in time.

Pure. Nothing is said more surely than the evidence allows: a moment is an interval. It is `met` when all
of it lies before the deadline, `late` when all of it lies after, and `unproven` in between; where the
anchors before and after agree (quality A) the estimate counts. What nobody has said yet after the
deadline is `missed`, and `unheard` as long as the phone that may carry it has not been heard from since.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from server.orders.deadlines.calendar import Calendar, add, add_within_hours, length_of
from server.orders.deadlines.clauses import Clause, What

DeadlineState = Literal["running", "paused", "met", "late", "missed", "unheard", "unproven"]
OPEN: Final = frozenset({"running", "paused", "missed", "unheard"})
"""What was due did not come yet."""


class Moment(Struct, frozen=True):
    """When something was, as surely as is known; in ms."""

    estimate: int
    lower: int | None = None
    upper: int | None = None
    quality: str = "A"
    proven: bool = True
    """Whether it is proven that it was so at all, such as by a scan of the thing's code."""

    def is_by(self, due_ms: int) -> Literal["met", "late", "unproven"]:
        """Whether it was by a deadline."""
        said = self._is_by(due_ms)
        return said if self.proven or said == "late" else "unproven"

    def _is_by(self, due_ms: int) -> Literal["met", "late", "unproven"]:
        if self.quality == "A":
            return "met" if self.estimate <= due_ms else "late"
        if (self.upper if self.upper is not None else self.estimate) <= due_ms:
            return "met"
        return "late" if self.lower is not None and self.lower > due_ms else "unproven"


class Facts(Struct, frozen=True):
    """What is known of an order or a request."""

    kind: str
    cls: str
    urgency: str
    opened_ms: int
    arrivals: Sequence[Moment] = ()
    done: Moment | None = None
    followed: Moment | None = None
    answered: Moment | None = None
    reports: Sequence[Moment] = ()
    """Whenever somebody said how it stands."""
    pauses: Sequence[tuple[int, int | None]] = ()
    """From when to when it waited; None: it waits still."""
    cancelled_ms: int | None = None
    due_ms: int | None = None
    """When it is due by somebody's word, beside what the clauses say."""
    silent_since_ms: int | None = None
    """Since when nothing was heard from a phone that may carry something; None: none may."""


class Deadline(Struct, frozen=True):
    """One thing that is due."""

    key: str
    clause: str
    what: What
    due_ms: int
    state: DeadlineState
    left_ms: int
    """Until it is due; negative when that is over, or by how much it was missed."""
    span_ms: int
    """From its beginning until it is due; of a clause within hours, what of them it gives."""
    came_ms: int | None = None
    """When it came, by estimate."""


def judge(clauses: Sequence[Clause], facts: Facts, calendar: Calendar, now_ms: int) -> list[Deadline]:
    """Return what is and was due, by moment."""
    found = []
    for clause in clauses:
        if clause.is_for(kind=facts.kind, cls=facts.cls, urgency=facts.urgency):
            found += _judged(clause, facts, calendar, now_ms)
    if facts.due_ms is not None:
        is_over = facts.cancelled_ms is not None and facts.cancelled_ms <= facts.due_ms
        if not is_over:
            found.append(
                _deadline("due", "", "repair", facts.opened_ms, facts.due_ms, facts.done, facts, now_ms)
            )
    return sorted(found, key=lambda one: (one.due_ms, one.key))


def _judged(clause: Clause, facts: Facts, calendar: Calendar, now_ms: int) -> list[Deadline]:
    begin = facts.opened_ms
    if clause.what == "follow":
        if facts.done is None:
            return []
        begin = facts.done.estimate
    elif clause.what == "report":
        return _reports(clause, facts, calendar, now_ms)
    came = {
        "arrive": _first([*facts.arrivals, *([facts.done] if facts.done else [])]),
        "repair": facts.done,
        "follow": facts.followed,
        "answer": facts.answered,
    }[clause.what]
    due_ms = _due(clause, begin, facts, calendar, now_ms)
    if came is None and facts.cancelled_ms is not None and facts.cancelled_ms <= due_ms:
        return []
    waits = not clause.pause_counts
    return [_of_clause(clause, begin, due_ms, came, facts, now_ms, waits=waits)]


def _due(clause: Clause, begin_ms: int, facts: Facts, calendar: Calendar, now_ms: int) -> int:
    """Return when something is due that begins then, put off by what waited meanwhile."""
    pauses = () if clause.pause_counts else facts.pauses
    if clause.in_hours and clause.unit in ("minutes", "hours"):
        waits = [(from_ms, max(now_ms, from_ms) if to_ms is None else to_ms) for from_ms, to_ms in pauses]
        return add_within_hours(calendar, begin_ms, clause.amount, clause.unit, waits=waits)
    return _later(begin_ms, add(calendar, begin_ms, clause.amount, clause.unit), pauses, now_ms)


def _of_clause(
    clause: Clause,
    begin_ms: int,
    due_ms: int,
    came: Moment | None,
    facts: Facts,
    now_ms: int,
    *,
    waits: bool = False,
) -> Deadline:
    """Return a deadline of a clause; of one within hours, its length is what of them it gives."""
    found = _deadline(clause.key, clause.id, clause.what, begin_ms, due_ms, came, facts, now_ms, waits=waits)
    if clause.in_hours and clause.unit in ("minutes", "hours"):
        return replace(found, span_ms=length_of(clause.amount, clause.unit))
    return found


def _reports(clause: Clause, facts: Facts, calendar: Calendar, now_ms: int) -> list[Deadline]:
    """Judge a clause that wants a word every so often, until the end: by the deadline where there is one."""
    if facts.due_ms is not None:
        return []  # it has a deadline of its own, by which whoever does it reports back
    steps = sorted([*facts.reports, *([facts.done] if facts.done else [])], key=lambda one: one.estimate)
    begin = facts.opened_ms
    end = facts.done.estimate if facts.done else facts.cancelled_ms
    for step in steps:
        due_ms = _due(clause, begin, facts, calendar, now_ms)
        if step.is_by(due_ms) != "met":
            return [_of_clause(clause, begin, due_ms, step, facts, now_ms)]
        begin = step.estimate
    due_ms = _due(clause, begin, facts, calendar, now_ms)
    if end is not None:
        last = steps[-1] if steps else None
        if last is None and end <= due_ms:
            return []
        return [_of_clause(clause, begin, due_ms, last, facts, now_ms)]
    return [_of_clause(clause, begin, due_ms, None, facts, now_ms, waits=True)]


def _later(begin_ms: int, due_ms: int, pauses: Sequence[tuple[int, int | None]], now_ms: int) -> int:
    """Return a deadline put off by the time in which the work waited before it."""
    for from_ms, to_ms in sorted(pauses, key=lambda one: one[0]):
        end = to_ms if to_ms is not None else max(now_ms, from_ms)
        if from_ms < due_ms and end > begin_ms:
            due_ms += end - max(from_ms, begin_ms)
    return due_ms


def _deadline(
    key: str,
    clause: str,
    what: What,
    begin_ms: int,
    due_ms: int,
    came: Moment | None,
    facts: Facts,
    now_ms: int,
    *,
    waits: bool = False,
) -> Deadline:
    state: DeadlineState
    if came is not None:
        state, left = came.is_by(due_ms), due_ms - came.estimate
    else:
        left = due_ms - now_ms
        if waits and any(to_ms is None for _, to_ms in facts.pauses):
            state = "paused"
        elif now_ms <= due_ms:
            state = "running"
        elif what in ("arrive", "repair", "report") and (
            facts.silent_since_ms is not None and facts.silent_since_ms <= due_ms
        ):
            state = "unheard"
        else:
            state = "missed"
    came_ms = came.estimate if came is not None else None
    return Deadline(key, clause, what, due_ms, state, left, due_ms - begin_ms, came_ms)


def _first(moments: Sequence[Moment]) -> Moment | None:
    return min(moments, key=lambda one: one.estimate, default=None)
