"""The one writer of the feed; what others read of it is `server.feed.reading`.

Position = a counter row per organisation, incremented as the *last* statements of the writing
transaction and locked until it commits. A sequence, a timestamp or a snapshot bound in its place
would skip rows that commit late.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import bindparam, event, select, update
from sqlalchemy.orm import Session, SessionTransaction

from server import faults
from server.bulk import Bulk
from server.feed.compaction import compact, first_altered
from server.feed.models import Epoch, FeedHead, FeedRow
from server.feed.reading import Page, Reset, ScopeChange, SnapshotPage, pull, snapshot
from sync.encoding import ZERO_HASH
from sync.feed import chain_step, digest, row_bytes

__all__ = [
    "Change",
    "Page",
    "Reset",
    "ScopeChange",
    "SnapshotPage",
    "begin",
    "commit",
    "compact",
    "epoch",
    "first_altered",
    "flush",
    "publish",
    "pull",
    "queue",
    "savepoint",
    "snapshot",
]

_QUEUE = "roundsman.feed"
_ROWS = Bulk(FeedRow)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a fed entity, as it will stand in the feed."""

    organisation_id: UUID
    site_id: UUID
    kind: str
    entity: UUID
    version: int
    op: Literal["upsert", "leave"]
    body: Mapping[str, object] | None
    """What phones get; None for `leave`."""


def begin(session: Session, *, organisation: UUID) -> None:
    """Give a new organisation its feed and the name of its history."""
    session.add(FeedHead(organisation_id=organisation, pos=0, chain=ZERO_HASH))
    session.add(Epoch(organisation_id=organisation, epoch=secrets.token_hex(8)))
    session.flush()


_EPOCH = select(Epoch.epoch).where(Epoch.organisation_id == bindparam("organisation"))


def epoch(session: Session, *, organisation: UUID) -> str:
    """Return the name of the history that this organisation's data belongs to."""
    return session.scalars(_EPOCH, {"organisation": organisation}).one()


# -- writing ---------------------------------------------------------------------------


def queue(session: Session, change: Change) -> None:
    """Note a change of this transaction; `commit` publishes it. A rollback forgets it."""
    _queued(session).append(change)


def publish(session: Session, *, organisation: UUID, changes: Sequence[Change], now_ms: int) -> None:
    """Write `changes` to the feed; must be the last statements before the commit.

    Takes the lock of the organisation's feed head, which orders all writers.
    """
    if not changes:
        return
    session.flush()
    faults.at("feed.before_counter")
    head = session.execute(
        update(FeedHead)
        .where(FeedHead.organisation_id == organisation)
        .values(pos=FeedHead.pos + len(changes))
        .returning(FeedHead.pos, FeedHead.chain)
        .execution_options(synchronize_session=False)
    ).one()
    chain: str = head.chain
    faults.at("feed.after_counter")
    rows = []
    for pos, change in enumerate(changes, start=head.pos - len(changes) + 1):
        row = row_bytes(
            kind=change.kind,
            id=str(change.entity),
            scope=str(change.site_id),
            version=change.version,
            op=change.op,
            body=change.body,
        )
        chain = chain_step(chain, digest(row))
        rows.append(
            {
                "organisation_id": organisation,
                "pos": pos,
                "site_id": change.site_id,
                "kind": change.kind,
                "entity": change.entity,
                "version": change.version,
                "op": change.op,
                "row": row,
                "chain": chain,
                "made_ms": now_ms,
            }
        )
    _ROWS.insert(session, rows)
    session.execute(
        update(FeedHead)
        .where(FeedHead.organisation_id == organisation)
        .values(chain=chain)
        .execution_options(synchronize_session=False)
    )


def flush(session: Session, *, now_ms: int) -> None:
    """Publish everything queued, organisations and entities in a fixed order, without committing."""
    session.flush()
    queued = _queued(session)
    changes = sorted(queued, key=lambda c: (c.organisation_id, c.kind, c.entity, c.version))
    queued.clear()
    for organisation in dict.fromkeys(change.organisation_id for change in changes):
        mine = [change for change in changes if change.organisation_id == organisation]
        publish(session, organisation=organisation, changes=mine, now_ms=now_ms)


def commit(session: Session, *, now_ms: int) -> None:
    """Publish everything queued and commit: how every view that changes something ends."""
    flush(session, now_ms=now_ms)
    faults.at("feed.before_commit")
    session.commit()


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """Open a savepoint that also forgets what was queued inside, when it is rolled back."""
    before = len(_queued(session))
    try:
        with session.begin_nested():
            yield
    except BaseException:
        del _queued(session)[before:]
        raise


def _queued(session: Session) -> list[Change]:
    changes: list[Change] = session.info.setdefault(_QUEUE, [])
    return changes


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:  # a savepoint's rollback forgets only its own, see `savepoint`
        session.info.pop(_QUEUE, None)
