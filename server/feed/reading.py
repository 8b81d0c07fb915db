"""What phones read of the feed: what changed since a cursor, and a whole scope as it stands.

Both give rows in their stored bytes, and both look at a bounded number of them per request. A
cursor that cannot be trusted any more ends in a `Reset` with its reason, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Row, Select, Uuid, bindparam, select, tuple_
from sqlalchemy.orm import Session, aliased

from server.feed.models import Epoch, FeedHead, FeedRow
from server.problems import Problem
from sync.encoding import ZERO_HASH
from sync.feed import (
    Cursor,
    ResetReason,
    Resume,
    make_cursor,
    make_resume,
    open_cursor,
    open_resume,
    scope_hash,
)

SNAPSHOT_SCAN = 10_000
"""So many versions a page of a snapshot looks at, replaced ones and tombstones among them."""

_BEGINNING = ("", UUID(int=0), 0)
"""A key before every other: kind, entity, version."""


class Reset(Problem):
    """The phone's cursor leads nowhere: it pulls again from the beginning."""

    slug, status, title = "reset", HTTPStatus.CONFLICT, "Pull again from the beginning"
    carries: ClassVar = {"reason": {"enum": ["chain", "epoch", "scope", "horizon", "cursor"]}}


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """How what a phone has whole differs from what it may see, in a fixed order."""

    add: list[UUID]
    remove: list[UUID]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in their stored bytes, and the cursor that goes with them; None while no scope is whole."""

    rows: list[bytes]
    cursor: str | None
    more: bool
    scopes: ScopeChange


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    """Rows of one scope. The last page has no `resume`, and the cursor of all that is whole then."""

    rows: list[bytes]
    resume: str | None
    cursor: str | None


# -- where the feed stands -------------------------------------------------------------

_STANDS = (
    select(
        Epoch.epoch,
        FeedHead.pos,
        FeedHead.chain,
        FeedHead.horizon,
        select(FeedRow.chain)
        .where(FeedRow.organisation_id == bindparam("organisation"), FeedRow.pos == bindparam("at"))
        .scalar_subquery()
        .label("chain_at"),
    )
    .join(FeedHead, FeedHead.organisation_id == Epoch.organisation_id)
    .where(Epoch.organisation_id == bindparam("organisation"))
)
"""The history's name, the head, the horizon, and the chain at one position; in one statement."""

_Stands = Row[Any]


def _stands(session: Session, organisation: UUID, at: int) -> _Stands:
    return _ask(session, _STANDS, {"organisation": organisation, "at": at}).one()


def _ask(session: Session, statement: Select[*tuple[Any, ...]], values: dict[str, Any]) -> CursorResult[Any]:
    """Execute a statement on the session's connection: these rows are no objects, and stay bytes."""
    return session.connection().execute(statement, values)


def _check(place: Cursor | Resume, feed: _Stands) -> None:
    """Refuse a place that is not one of this feed as it stands.

    :raises Reset: another history, a place that compaction has passed, or another chain there
    """
    if place.epoch != feed.epoch:
        raise reset("epoch")
    if place.pos < feed.horizon:
        raise reset("horizon")
    if place.chain != (ZERO_HASH if place.pos == 0 else feed.chain_at):
        raise reset("chain")


def reset(reason: ResetReason) -> Reset:
    """Return the refusal that makes a phone begin anew."""
    return Reset(reason=reason)


# -- pull ------------------------------------------------------------------------------


def _replaced(row: Any) -> ColumnElement[bool]:
    """Tell whether a newer version of a row exists: answered by the index of versions alone.

    A version beyond the page's last position counts too: it comes with a later page.
    """
    later = aliased(FeedRow)
    return (
        select(later.version)
        .where(
            later.site_id == row.site_id,
            later.kind == row.kind,
            later.entity == row.entity,
            later.version > row.version,
        )
        .exists()
    )


_PAGE = (
    select(FeedRow.pos, FeedRow.chain, FeedRow.row, _replaced(FeedRow).label("replaced"))
    .where(
        FeedRow.organisation_id == bindparam("organisation"),
        FeedRow.site_id.in_(bindparam("scopes", expanding=True)),
        FeedRow.pos > bindparam("after"),
        FeedRow.pos <= bindparam("upto"),
    )
    .order_by(FeedRow.pos)
    .limit(bindparam("limit"))
)
"""Position, chain, row and whether a newer version replaced it, of one page; built once."""


def pull(
    session: Session,
    *,
    organisation: UUID,
    granted: Collection[UUID],
    cursor: str | None,
    scopes: Sequence[str] | None,
    limit: int,
    key: bytes,
    before: bytes | None = None,
) -> Page:
    """Return the next page of what a phone may see, or how its scopes have to change first.

    The page looks at up to `limit` positions of the scopes and leaves out versions that a newer
    one has replaced, so it may be shorter than `limit`, also empty, while the cursor moves on.

    :param granted: the sites that the phone may see
    :param scopes: the sites that it has whole under `cursor`; None for a phone that does not say:
        it reads the feed from its beginning
    :param key: the secret under which cursors are made
    :param before: the one under which they were made before it was replaced
    :raises Reset: the cursor does not belong to this feed as it stands
    """
    allowed = {str(site) for site in granted}
    held = allowed if scopes is None else set(scopes)
    at = None if cursor is None else _open(key, before, cursor)
    feed = _stands(session, organisation, 0 if at is None else at.pos)
    if at is not None:
        if at.epoch == feed.epoch and at.scopes != scope_hash(held):
            raise reset("scope")
        _check(at, feed)
    elif scopes is None:
        at = Cursor(feed.epoch, 0, ZERO_HASH, scope_hash(held))
    else:
        add = _ordered(allowed)
        return Page([], None, bool(add), ScopeChange(add, _ordered(held - allowed)))

    if held != allowed:
        kept = held & allowed
        left = make_cursor(key, Cursor(at.epoch, at.pos, at.chain, scope_hash(kept))) if kept else None
        return Page([], left, True, ScopeChange(_ordered(allowed - held), _ordered(held - allowed)))

    found = _ask(
        session,
        _PAGE,
        {"organisation": organisation, "scopes": granted, "after": at.pos, "upto": feed.pos, "limit": limit},
    ).all()
    more = len(found) == limit and found[-1].pos < feed.pos
    last = (found[-1].pos, found[-1].chain) if more else (feed.pos, feed.chain)
    return Page(
        rows=[one.row for one in found if not one.replaced],
        cursor=make_cursor(key, Cursor(feed.epoch, *last, at.scopes)),
        more=more,
        scopes=ScopeChange([], []),
    )


def _open(key: bytes, before: bytes | None, text: str) -> Cursor:
    cursor = open_cursor(key, text)
    if cursor is None and before is not None:
        cursor = open_cursor(before, text)
    if cursor is None:
        raise reset("cursor")
    return cursor


def _ordered(scopes: Collection[str]) -> list[UUID]:
    return [UUID(scope) for scope in sorted(scopes)]


# -- snapshot --------------------------------------------------------------------------

_KEY = tuple_(FeedRow.kind, FeedRow.entity, FeedRow.version)
_AFTER = tuple_(bindparam("kind"), bindparam("entity", type_=Uuid()), bindparam("version"))
_UPTO = tuple_(bindparam("last_kind"), bindparam("last_entity", type_=Uuid()), bindparam("last_version"))
_BY_KEY = (FeedRow.kind, FeedRow.entity, FeedRow.version)

_BOUND = (
    select(*_BY_KEY)
    .where(FeedRow.site_id == bindparam("scope"), _KEY > _AFTER)
    .order_by(*_BY_KEY)
    .offset(bindparam("scan"))
    .limit(1)
)
"""The key at which a page stops looking; nothing when the scope ends before."""

_CURRENT = (
    select(*_BY_KEY, FeedRow.row)
    .where(
        FeedRow.site_id == bindparam("scope"),
        _KEY > _AFTER,
        FeedRow.op == "upsert",
        ~_replaced(FeedRow),
    )
    .order_by(*_BY_KEY)
    .limit(bindparam("limit"))
)
_CURRENT_UPTO = _CURRENT.where(_KEY <= _UPTO)


def snapshot(
    session: Session,
    *,
    organisation: UUID,
    granted: Collection[UUID],
    scope: UUID,
    cursor: str | None,
    scopes: Sequence[str],
    resume: str | None,
    limit: int,
    key: bytes,
    before: bytes | None = None,
) -> SnapshotPage:
    """Return the next page of one scope as it stands, in the order of its keys.

    The feed's position is fixed with the first page: whatever changes while the pages are read
    comes afterwards, by pulling from there. A row may then come twice, its newest version last.

    :param cursor: the phone's cursor, None while it has nothing whole; the one that the last page
        gives never lies behind anything that the phone still needs
    :param scopes: what it has whole under that cursor
    :param resume: None begins
    :raises Reset: the scope is not the phone's, or its cursor or place are not of this feed
    """
    if scope not in granted:
        raise reset("scope")
    held = None if cursor is None else _open(key, before, cursor)
    if resume is None:
        feed = _stands(session, organisation, 0 if held is None else held.pos)
        begun = Cursor(feed.epoch, feed.pos, feed.chain, "")
        after = _BEGINNING
    else:
        place = open_resume(key, resume)
        if place is None or place.scope != str(scope):
            raise reset("cursor")
        _check(place, _stands(session, organisation, place.pos))
        feed = _stands(session, organisation, 0 if held is None else held.pos)
        begun = Cursor(place.epoch, place.pos, place.chain, "")
        after = (place.kind, UUID(place.entity), place.version)
    if held is not None:
        if held.epoch == feed.epoch and held.scopes != scope_hash(scopes):
            raise reset("scope")
        _check(held, feed)

    rows, last = _scan(session, scope, after, limit)
    if last is not None:
        kind, entity, version = last
        at = Resume(begun.epoch, begun.pos, begun.chain, str(scope), kind, str(entity), version)
        return SnapshotPage(rows, make_resume(key, at), None)
    start = begun if held is None or begun.pos < held.pos else held
    whole = scope_hash({*(scopes if held is not None else ()), str(scope)})
    return SnapshotPage(rows, None, make_cursor(key, Cursor(start.epoch, start.pos, start.chain, whole)))


def _scan(
    session: Session, scope: UUID, after: tuple[str, UUID, int], limit: int
) -> tuple[list[bytes], tuple[str, UUID, int] | None]:
    """Return the rows of a page and the key after which the next one begins; None at the end."""
    asked = {"scope": scope, "kind": after[0], "entity": after[1], "version": after[2], "limit": limit}
    bound = _ask(session, _BOUND, {**asked, "scan": SNAPSHOT_SCAN}).one_or_none()
    if bound is None:
        found = _ask(session, _CURRENT, asked).all()
    else:
        upto = {"last_kind": bound.kind, "last_entity": bound.entity, "last_version": bound.version}
        found = _ask(session, _CURRENT_UPTO, {**asked, **upto}).all()
    rows = [one.row for one in found]
    if len(found) == limit:
        return rows, (found[-1].kind, found[-1].entity, found[-1].version)
    return rows, None if bound is None else (bound.kind, bound.entity, bound.version)
