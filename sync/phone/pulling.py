"""What comes down: whole sites by snapshot, then what changed, page by page.

A page, the cursor and the scopes change in one transaction. A site is shown when it is whole, and
goes on being shown while it is fetched anew: nobody sees half a world.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from sync import messages
from sync.messages import PullAnswer, PullRequest, ScopeChange, SnapshotAnswer, SnapshotRequest
from sync.phone.api import NoAnswer
from sync.phone.rig import Rig, RoundReport
from sync.phone.saving import current
from sync.phone.store import Store

RESETS = 3
"""A server that resets more often than this in an hour is not followed any more; records still go up."""

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a phone stands in what comes down."""

    cursor: str | None = None
    generation: int = 1
    """Rises with every reset; rows of an older one are swept when their site is whole again."""
    scopes: tuple[str, ...] = ()
    """The sites that are whole under `cursor`."""
    shown: tuple[str, ...] = ()
    """The sites that are shown: those that are whole, or were before the last reset."""
    coming: str | None = None
    """The site whose snapshot is under way."""
    resume: str | None = None
    """Where that snapshot goes on; None begins it."""


def bookmark(store: Store) -> Bookmark:
    """Return the phone's bookmark; one of nothing at first."""
    held = store.meta("pull")
    if held is None:
        return Bookmark()
    members = json.loads(held)
    return Bookmark(**{**members, "scopes": tuple(members["scopes"]), "shown": tuple(members["shown"])})


def pull(rig: Rig, report: RoundReport) -> None:
    """Pull until nothing more comes.

    :raises NoAnswer: no page that may be believed, or too many resets
    """
    while True:
        mark = bookmark(rig.store)
        try:
            is_over = _snapshot(rig, mark, report) if mark.coming else _page(rig, mark, report)
        except NoAnswer as none:
            if none.status != 409 or none.slug != "reset" or not _may_reset(rig):
                raise
            _reset(rig, mark)
            report.resets += 1
            continue
        if is_over:
            return


def _page(rig: Rig, mark: Bookmark, report: RoundReport) -> bool:
    """Ask for the next page of changes; tell whether it was the last."""
    request = PullRequest(1, rig.api.new_nonce(), mark.cursor, messages.PULL_ROWS, list(mark.scopes))
    answer = rig.api.call("pull", request, PullAnswer, log=current(rig.store).log)
    report.rows += len(answer.rows)
    change = answer.scopes
    if change is not None and (change.add or change.remove):
        _change_scopes(rig.store, mark, answer, change)
        return False
    if answer.more and answer.cursor == mark.cursor:  # would be asked for ever
        raise NoAnswer("cursor-stands-still", status=200)
    with rig.store.transaction():
        for row in answer.rows:
            rig.store.apply_row(row, mark.generation)
        _keep(rig.store, replace(mark, cursor=answer.cursor))
    return not answer.more


def _change_scopes(store: Store, mark: Bookmark, answer: PullAnswer, change: ScopeChange) -> None:
    """Let go of what the phone may see no more, and begin the snapshot of what it may see now."""
    whole = tuple(scope for scope in mark.scopes if scope not in change.remove)
    granted = {*whole, *change.add}
    with store.transaction():
        store.keep_scopes(granted)
        _keep(
            store,
            replace(
                mark,
                cursor=answer.cursor,
                scopes=whole,
                shown=tuple(scope for scope in mark.shown if scope in granted),
                coming=change.add[0] if change.add else None,
                resume=None,
            ),
        )


def _snapshot(rig: Rig, mark: Bookmark, report: RoundReport) -> bool:
    """Ask for the next page of a whole site; with the last one the site is shown. Never the end."""
    scope = mark.coming or ""
    request = SnapshotRequest(
        proto=1,
        nonce=rig.api.new_nonce(),
        scope=scope,
        cursor=mark.cursor,
        scopes=list(mark.scopes),
        resume=mark.resume,
        limit=messages.PULL_ROWS,
    )
    answer = rig.api.call("snapshot", request, SnapshotAnswer, log=current(rig.store).log)
    if answer.resume is None and answer.cursor is None:
        raise NoAnswer("snapshot-ends-nowhere", status=200)
    if answer.resume is not None and answer.resume == mark.resume:
        raise NoAnswer("cursor-stands-still", status=200)
    report.rows += len(answer.rows)
    with rig.store.transaction():
        for row in answer.rows:
            rig.store.apply_row(row, mark.generation)
        if answer.resume is not None:
            _keep(rig.store, replace(mark, resume=answer.resume))
            return False
        rig.store.sweep(mark.generation, scope)
        _keep(
            rig.store,
            replace(
                mark,
                cursor=answer.cursor,
                scopes=(*mark.scopes, scope),
                shown=tuple(dict.fromkeys((*mark.shown, scope))),
                coming=None,
                resume=None,
            ),
        )
    return False


def _keep(store: Store, mark: Bookmark) -> None:
    store.set_meta("pull", json.dumps(asdict(mark)))


def _may_reset(rig: Rig) -> bool:
    now = rig.clock.mono()
    rig.resets[:] = [at for at in rig.resets if now - at < HOUR_MS]
    if len(rig.resets) >= RESETS:
        return False
    rig.resets.append(now)
    return True


def _reset(rig: Rig, mark: Bookmark) -> None:
    """Begin a new generation; the old rows stay until it is whole, own records for ever."""
    with rig.store.transaction():
        _keep(rig.store, Bookmark(generation=mark.generation + 1, shown=mark.shown))
        rig.ask_about_all()
