"""Whose turn it is: the order of effects, what is held and what is released.

A log's records are projected in the order of their numbers. A record whose predecessor has not come
is *held*; when the predecessor comes, both have their turn. A record that waits for another log's
record (`deps`) is held alone and stops nobody. The caller holds the row lock of the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from server.direct import Direct
from server.ledger import waiting
from server.ledger.appliers import Apply, applier
from server.ledger.devices import LockedLog
from server.ledger.gate import Gate
from server.ledger.items import Item, clocks_of, load
from server.ledger.models import Record, Verdict
from server.ledger.places import Places, is_in
from server.ledger.projection import project
from server.ledger.verdicts import write
from sync.anchors import Anchor, verify_anchor
from sync.clocks import Sighting, ZonedClocks, evaluate
from sync.encoding import ZERO_HASH

_SAME = (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos)


_BELOW = Direct(
    select(Verdict.seq, Verdict.lower_ms, Record.body)
    .join(Record, _SAME)
    .where(Verdict.log == bindparam("log"), Verdict.trunk, Verdict.seq < bindparam("seq"))
    .order_by(Verdict.seq.desc())
    .limit(1)
)


@dataclass(slots=True)
class _Before:
    """The record before the one whose turn it is."""

    lower: int | None
    t: ZonedClocks | None


@dataclass(slots=True)
class Turns:
    """Gives records their turn, within one transaction and for logs of one organisation."""

    session: Session
    organisation_id: UUID
    receipt_key: str
    """The public key of receipts and anchors."""
    now_ms: int
    changed: dict[int, Item] = field(default_factory=dict)
    """Every record that got a verdict, by its position in the ledger."""
    places: Places = field(init=False)
    _settled: set[str] = field(default_factory=set)
    _run: list[tuple[Item, Apply]] = field(default_factory=list)
    """Records that had their turn and are to be projected, in this order."""
    _gates: dict[UUID, Gate] = field(default_factory=dict)
    _anchors: dict[tuple[str, str], Anchor | None] = field(default_factory=dict)
    _before: dict[str, _Before] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give places and turns to the same records."""
        self.places = Places(self.session, self.organisation_id, self.changed)

    def gate(self, log: LockedLog) -> Gate:
        """Return who judges the records of the phone that keeps `log`."""
        if log.device_id not in self._gates:
            self._gates[log.device_id] = Gate(self.session, log.device_id)
        return self._gates[log.device_id]

    # -- turns -------------------------------------------------------------------------

    def settle(self, log: LockedLog, fresh: Sequence[Item]) -> None:
        """Give every record its turn that is next in the chain, the `fresh` ones and those held before."""
        at_hand = {item.seq: item for item in fresh if item.trunk and item.seq is not None}
        for item in fresh:
            self.changed[item.ledger_pos] = item
        late = [item for seq, item in sorted(at_hand.items()) if seq <= log.settled_seq]
        for item in late:  # its number was given up as missing; see `give_up_gap`
            item.mark("seq_gap")
            self._before.pop(log.id, None)
            self._turn(log, item)
            self._before.pop(log.id, None)
        while (turn := self._next(log, at_hand)) is not None:
            if turn.prev not in (None, log.settled_hash):
                self.places.lose(log, turn)
                at_hand.pop(log.settled_seq + 1, None)
                heir = self.places.passed_over(log, log.settled_seq + 1)
                if heir is None:
                    break
                turn = heir
            self._turn(log, turn)
            log.settled_seq, log.settled_hash = log.settled_seq + 1, turn.hash
        self._project()
        for item in fresh:
            if item.code and item.outcome == "held":
                item.outcome = "quarantined"
            if item.outcome != "held":
                self._settled.add(item.hash)
        self._release_dependants()

    def set_aside(self, items: Sequence[Item]) -> None:
        """Keep records in quarantine that belong to no log at hand; nobody waits for them any longer."""
        for item in items:
            item.outcome = "quarantined"
            self.changed[item.ledger_pos] = item
            self._settled.add(item.hash)
        self._release_dependants()

    def give_up_gap(self, log: LockedLog) -> None:
        """Stop waiting for the numbers that are missing next; the record after them carries the mark.

        They stay missing in what `hello` tells the phone, and are taken when they come after all.
        """
        found = load(
            self.session,
            Verdict.log == log.id,
            Verdict.trunk,
            Verdict.seq
            == select(func.min(Verdict.seq))
            .where(Verdict.log == log.id, Verdict.trunk, Verdict.seq > log.settled_seq)
            .scalar_subquery(),
        )
        for item in found:
            assert item.seq is not None  # noqa: S101  it has a place
            item.mark("seq_gap")
            self.changed[item.ledger_pos] = item
            log.settled_seq, log.settled_hash = item.seq - 1, item.prev or ZERO_HASH
            self._before.pop(log.id, None)
            self.settle(log, [])

    def give_up_dependencies(self, items: Sequence[Item]) -> None:
        """Give their turn to records that wait for what has not come; they carry the mark `dep_missing`."""
        for item in items:
            item.mark("dep_missing")
            self.changed[item.ledger_pos] = item
            self._apply(item)
            self._settled.add(item.hash)
        self._release_dependants()

    def _next(self, log: LockedLog, at_hand: Mapping[int, Item]) -> Item | None:
        seq = log.settled_seq + 1
        if seq in at_hand:
            return at_hand[seq]
        if seq > log.max_seq:
            return None
        for item in self.changed.values():
            if item.seq == seq and is_in(log, item):
                return item
        found = load(self.session, Verdict.log == log.id, Verdict.trunk, Verdict.seq == seq)
        return found[0] if found else self.places.passed_over(log, seq)

    def _turn(self, log: LockedLog, item: Item) -> None:
        """Judge one record and project it, unless it waits for a dependency."""
        self.changed[item.ledger_pos] = item
        before = self._record_before(log, item)
        ceiling = self._ceiling(log, item)
        if item.body is None:
            item.lower, item.upper = before.lower, None
            self._before[log.id] = _Before(item.lower, None)
            item.outcome = "quarantined"
            self._settled.add(item.hash)
            return
        t = item.body.envelope.t
        sighting = Sighting(t, self._anchor(log.id, t.anchor), item.received_ms, item.after)
        interval = evaluate(sighting, floor=before.lower, ceiling=ceiling, previous=before.t)
        item.lower, item.estimate, item.upper = interval.lower, interval.estimate, interval.upper
        item.quality = interval.quality
        self._before[log.id] = _Before(interval.lower, t)
        item.mark(*interval.marks)
        if log.alg == "none":
            item.mark("weak_key")
        item.code = item.code or self.gate(log).objection(log, item)
        if item.code is not None:
            item.outcome = "quarantined"
        elif needs := self._unmet(item):
            item.outcome = "held"
            waiting.wait(
                self.session, self.organisation_id, item.site_id, ledger_pos=item.ledger_pos, needs=needs
            )
            return
        else:
            self._apply(item)
        self._settled.add(item.hash)

    def _apply(self, item: Item) -> None:
        assert item.body is not None  # noqa: S101  only what could be read is projected
        envelope = item.body.envelope
        apply = applier(envelope.type, envelope.tv)
        if apply is None:
            item.code, item.outcome = "unknown_type", "quarantined"
            return
        self._run.append((item, apply))

    def _project(self) -> None:
        """Project the records that had their turn since the last time."""
        run, self._run = self._run, []
        project(self.session, self.organisation_id, run, now_ms=self.now_ms)

    def learn(self, log: LockedLog, item: Item) -> bool:
        """Project a record whose type was unknown when it had its turn; tell whether it is known now."""
        if item.body is None or applier(item.body.envelope.type, item.body.envelope.tv) is None:
            return False
        item.code = None
        self._before.pop(log.id, None)
        self._turn(log, item)
        self._project()
        self._before.pop(log.id, None)
        return True

    # -- judging -----------------------------------------------------------------------

    def _anchor(self, log: str, token: str | None) -> Anchor | None:
        if token is None:
            return None
        if (log, token) not in self._anchors:
            self._anchors[log, token] = verify_anchor(self.receipt_key, log, token)
        return self._anchors[log, token]

    def _record_before(self, log: LockedLog, item: Item) -> _Before:
        """Return the bounds and clocks of the nearest record before, of the predecessor in the usual case."""
        assert item.seq is not None  # noqa: S101  it has a place
        if item.seq == log.settled_seq + 1 and log.id in self._before:
            return self._before[log.id]
        bound = {"log": log.id, "seq": item.seq}
        below = _BELOW.row(self.session, bound)
        if below is None:
            return _Before(None, None)
        return _Before(below.lower_ms, clocks_of(below.body) if below.seq == item.seq - 1 else None)

    def _ceiling(self, log: LockedLog, item: Item) -> int | None:
        """Return when the server already had a later record of the chain, None in the usual case."""
        held_before = log.id in self.places.overlaps or item.judged_before
        if not held_before or item.seq is None or item.seq >= log.max_seq:
            return None
        return self.session.scalar(
            select(func.min(Record.received_ms))
            .join(Verdict, _SAME)
            .where(Verdict.log == log.id, Verdict.trunk, Verdict.seq > item.seq)
        )

    # -- dependencies ------------------------------------------------------------------

    def _unmet(self, item: Item) -> list[str]:
        assert item.body is not None  # noqa: S101  only what could be read is projected
        needs = [need for need in dict.fromkeys(item.body.envelope.deps) if need not in self._settled]
        if not needs:
            return []
        judged = {other.hash: other.outcome for other in self.changed.values()}
        return waiting.unmet(self.session, self.organisation_id, needs, judged=judged)

    def _release_dependants(self) -> None:
        """Give their turn to records that waited for what has come now."""
        done: set[str] = set()
        while come := self._settled - done:
            done |= come
            for pos in waiting.released(self.session, self.organisation_id, come):
                item = self.changed.get(pos)
                if item is None:
                    at = Record.organisation_id == self.organisation_id, Record.ledger_pos == pos
                    item = self.changed[pos] = load(self.session, *at)[0]
                self._apply(item)
                self._settled.add(item.hash)
        self._project()

    def write(self, items: Iterable[Item]) -> None:
        """Store the verdicts of `items`."""
        write(self.session, self.organisation_id, items)
