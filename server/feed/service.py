"""The one writer and the one reader of the feed.

Position = a counter row per organisation, incremented as the *last* statements of the writing
transaction and locked until it commits. A sequence, a timestamp or a snapshot bound in its place
would skip rows that commit late.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, bindparam, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction, aliased

from server import faults
from server.feed.models import Epoch, FeedHead, FeedRow
from server.problems import Problem
from sync.encoding import ZERO_HASH
from sync.feed import Cursor, ResetReason, chain_step, digest, make_cursor, open_cursor, row_bytes, scope_hash

_QUEUE = "roundsman.feed"


class Reset(Problem):
    """The phone's cursor leads nowhere: it pulls again from the beginning."""

    slug, status, title = "reset", HTTPStatus.CONFLICT, "Pull again from the beginning"


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
    session.execute(insert(FeedRow), rows)
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


# -- reading ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in their stored bytes, and the cursor that goes with them."""

    rows: list[bytes]
    cursor: str
    more: bool


_HEAD = select(FeedHead.pos, FeedHead.chain).where(FeedHead.organisation_id == bindparam("organisation"))


def _page() -> Select[int, str, bytes, bool]:
    scanned = (
        select(FeedRow)
        .where(
            FeedRow.organisation_id == bindparam("organisation"),
            FeedRow.site_id.in_(bindparam("scopes", expanding=True)),
            FeedRow.pos > bindparam("after"),
            FeedRow.pos <= bindparam("upto"),
        )
        .order_by(FeedRow.pos)
        .limit(bindparam("limit"))
        .subquery()
    )
    later = aliased(FeedRow)
    replaced = (
        select(later.pos)
        .where(
            later.site_id == scanned.c.site_id,
            later.kind == scanned.c.kind,
            later.entity == scanned.c.entity,
            later.version > scanned.c.version,
            later.pos <= bindparam("upto"),
        )
        .exists()
    )
    return select(scanned.c.pos, scanned.c.chain, scanned.c.row, replaced).order_by(scanned.c.pos)


_PAGE = _page()
"""Position, chain, row and whether a newer version replaced it, of one page; built once."""


def pull(
    session: Session,
    *,
    organisation: UUID,
    scopes: Sequence[UUID],
    cursor: str | None,
    limit: int,
    key: bytes,
) -> Page:
    """Return the next page of what phones of `scopes` may see.

    The page looks at up to `limit` positions of the scopes and leaves out versions that a newer
    one has replaced, so it may be shorter than `limit`, also empty, while the cursor moves on.

    :param key: the secret under which cursors are made
    :raises Reset: the cursor does not belong to this feed as it stands
    """
    history = epoch(session, organisation=organisation)
    granted = scope_hash(str(scope) for scope in scopes)
    at = Cursor(history, 0, ZERO_HASH, granted) if cursor is None else _open(key, cursor)
    head = session.execute(_HEAD, {"organisation": organisation}).one()
    if at.epoch != history:
        raise _reset("epoch")
    if at.scopes != granted:
        raise _reset("scope")
    if _chain_at(session, organisation, at.pos, (head.pos, head.chain)) != at.chain:
        raise _reset("chain")

    found = session.execute(
        _PAGE,
        {"organisation": organisation, "scopes": scopes, "after": at.pos, "upto": head.pos, "limit": limit},
    ).all()
    more = len(found) == limit and found[-1].pos < head.pos
    last = (found[-1].pos, found[-1].chain) if more else (head.pos, head.chain)
    return Page(
        rows=[row for _, _, row, is_replaced in found if not is_replaced],
        cursor=make_cursor(key, Cursor(history, *last, granted)),
        more=more,
    )


def _open(key: bytes, text: str) -> Cursor:
    cursor = open_cursor(key, text)
    if cursor is None:
        raise _reset("cursor")
    return cursor


def _chain_at(session: Session, organisation: UUID, pos: int, head: tuple[int, str]) -> str | None:
    if pos == 0:
        return ZERO_HASH
    if pos == head[0]:
        return head[1]
    return session.scalars(
        select(FeedRow.chain).where(FeedRow.organisation_id == organisation, FeedRow.pos == pos)
    ).one_or_none()


def _reset(reason: ResetReason) -> Reset:
    return Reset(reason=reason)
