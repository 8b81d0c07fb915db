"""Which record has which place in a log's chain.

A place belongs to one record. Until its turn has come it may lose the place to another one that follows
the chain better; see `server.ledger.turns`. The caller holds the row lock of the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.ledger.devices import LockedLog
from server.ledger.gate import stand_at_site
from server.ledger.items import Item, load
from server.ledger.models import Record, Verdict
from server.ledger.verdicts import write
from sync.encoding import ZERO_HASH


@dataclass(slots=True)
class Places:
    """Gives records their places, and takes them, within one transaction."""

    session: Session
    organisation_id: UUID
    changed: dict[int, Item]
    """Every record that got a verdict, by its position in the ledger; shared with whoever gives turns."""
    overlaps: set[str] = field(default_factory=set)
    """Logs of which a later record had come before."""

    def give(self, log: LockedLog, items: Sequence[Item]) -> None:
        """Give new records their place in the chain, or find that another one has it."""
        for item in items:
            if item.place is None or item.code == "bad_signature":
                self._ask_successor(log, item)
        placed = [item for item in items if item.place and item.place.log == log.id and not item.trunk]
        placed = [item for item in placed if item.code != "bad_signature"]
        numbers = [item.place.seq for item in placed if item.place]
        if not numbers:
            return
        low, high = min(numbers), max(numbers)
        trunk: dict[int, tuple[str, str | None]] = {log.max_seq: (log.head_hash, None)}
        if low <= log.max_seq:
            self.overlaps.add(log.id)
            trunk = self._trunk(log, low - 1, high + 1)
        for item in placed:
            assert item.place is not None  # noqa: S101  as chosen above
            item.seq, item.prev = item.place.seq, item.place.prev
            if item.seq > 1 and item.seq - 1 not in trunk:
                self._adopt(log, seq=item.seq - 1, hash=item.prev, trunk=trunk)
            if _has_room(log, trunk, item):
                self.take(log, item, trunk)
            else:
                item.mark("fork")
                item.outcome = "quarantined" if item.code else "forked"

    def _ask_successor(self, log: LockedLog, item: Item) -> None:
        """Let a successor that came before vouch for a record that cannot say where it stands."""
        named = self.session.scalar(
            select(Verdict.seq)
            .where(Verdict.log == log.id, Verdict.trunk, Verdict.prev == item.hash)
            .limit(1)
        )
        if named is None:
            return
        item.seq = named - 1
        trunk = self._trunk(log, item.seq, item.seq)
        if item.seq > 0 and _has_room(log, trunk, item):
            if item.code == "bad_signature":
                item.code = None
            item.prev = item.place.prev if item.place else None
            self.overlaps.add(log.id)
            self.take(log, item, trunk)
        else:
            item.seq = None

    def _trunk(self, log: LockedLog, low: int, high: int) -> dict[int, tuple[str, str | None]]:
        rows = self.session.execute(
            select(Verdict.seq, Verdict.hash, Verdict.prev).where(
                Verdict.log == log.id, Verdict.trunk, Verdict.seq.between(low, high)
            )
        )
        return {seq: (found, prev) for seq, found, prev in rows if seq is not None}

    def take(self, log: LockedLog, item: Item, trunk: dict[int, tuple[str, str | None]]) -> None:
        """Let a record take the place of its number; note it in `trunk`, as in the log."""
        assert item.seq is not None  # noqa: S101  only a record with a number gets here
        item.trunk = True
        trunk[item.seq] = (item.hash, item.prev)
        log.kept += 1
        if item.seq > log.max_seq:
            log.max_seq, log.head_hash = item.seq, item.hash

    def _adopt(
        self,
        log: LockedLog,
        *,
        seq: int,
        hash: str,  # noqa: A002 (the column's name)
        trunk: dict[int, tuple[str, str | None]],
    ) -> None:
        """Let the successor vouch for a record that could not say, or not prove, where it stands."""
        for item in load(
            self.session,
            Record.organisation_id == self.organisation_id,
            Record.hash == hash,
            or_(Verdict.log == log.id, Record.seq.is_(None)),
            ~Verdict.trunk,
            Verdict.code.in_(("too_large", "schema", "bad_signature")),
        ):
            item.judge_under(log)
            stand_at_site(self.session, log, [item])
            item.seq = seq
            if not _has_room(log, trunk, item):
                continue
            if item.code == "bad_signature":
                item.code, item.outcome = None, "held"
            self.take(log, item, trunk)
            self.changed[item.ledger_pos] = item
            write(self.session, self.organisation_id, [item])

    def passed_over(self, log: LockedLog, seq: int) -> Item | None:
        """Return the record that follows the chain, although another one had its place before."""
        follows = (Verdict.outcome == "forked") & (Verdict.prev == log.settled_hash)
        for item in load(self.session, Verdict.log == log.id, Verdict.seq == seq, ~Verdict.trunk, follows):
            if item.ledger_pos in self.changed:
                continue  # it has just lost the place
            item.outcome = "held"
            self.take(log, item, {})
            return item
        return None

    def lose(self, log: LockedLog, item: Item) -> None:
        """Take its place from a record that was held: it does not follow the chain as it came."""
        item.trunk = False
        item.mark("fork")
        item.outcome = "quarantined" if item.code else "forked"
        self.changed[item.ledger_pos] = item
        log.kept -= 1
        if log.head_hash != item.hash:
            return
        write(self.session, self.organisation_id, [item])
        top = self.session.execute(
            select(Verdict.seq, Verdict.hash)
            .where(Verdict.log == log.id, Verdict.trunk)
            .order_by(Verdict.seq.desc())
            .limit(1)
        ).one_or_none()
        held = [(top.seq or 0, top.hash)] if top else []
        here = [(other.seq or 0, other.hash) for other in self.changed.values() if is_in(log, other)]
        log.max_seq, log.head_hash = max([*held, *here], default=(0, ZERO_HASH))


def _has_room(log: LockedLog, trunk: Mapping[int, tuple[str, str | None]], item: Item) -> bool:
    """Tell whether a record may take its place: nobody has it, and what had its turn agrees.

    Between records that are held the chain decides later, when their turn comes.
    """
    assert item.seq is not None  # noqa: S101  only a record with a number is asked
    if item.seq in trunk:
        return False
    below, above = trunk.get(item.seq - 1), trunk.get(item.seq + 1)
    if below and item.prev and item.seq - 1 <= log.settled_seq and below[0] != item.prev:
        return False
    return not (above and item.seq < log.settled_seq and above[1] not in (None, item.hash))


def is_in(log: LockedLog, item: Item) -> bool:
    """Tell whether a record holds a place in the chain of `log`."""
    return item.trunk and item.log == log.id
