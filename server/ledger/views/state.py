"""Pull and snapshot: state comes down, as long as there is room beside what goes up."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, request
from msgspec import Raw

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses, speaks
from server.feed import service as feed
from server.ledger import devices
from server.ledger.valve import Shed
from server.ledger.views.base import bp, its_secrets, its_valve
from server.ledger.wire import answer, decode, phone, prove, receive
from sync import messages


@bp.post("/sync/pull")
@phone
@refuses(feed.Reset, Shed)
@speaks(messages.PullRequest, messages.PullAnswer)
def pull() -> Response:
    """Give the next page of what comes down, or how the phone's scopes change."""
    with its_valve().room():
        sent = receive(request)
        reading()
        session, now = db.session(), now_ms()
        caller = prove(session, request, sent, key=its_secrets().proof, now_ms=now)
        asked = decode(request, sent, messages.PullRequest)
        page = feed.pull(
            session,
            organisation=caller.organisation_id,
            granted=devices.sites_of(session, caller.device_id),
            cursor=asked.cursor,
            scopes=asked.scopes,
            limit=asked.limit,
            key=its_secrets().cursor,
            before=its_secrets().cursor_before,
        )
        return answer(
            request,
            messages.PullPage(
                proto=1,
                nonce=asked.nonce,
                rows=_raw(page.rows),
                cursor=page.cursor,
                more=page.more,
                server_ms=now,
                scopes=messages.ScopeChange(
                    add=[str(site) for site in page.scopes.add],
                    remove=[str(site) for site in page.scopes.remove],
                ),
            ),
        )


@bp.post("/sync/snapshot")
@phone
@refuses(feed.Reset, Shed)
@speaks(messages.SnapshotRequest, messages.SnapshotAnswer)
def snapshot() -> Response:
    """Give the next page of a whole site as it stands."""
    with its_valve().room():
        sent = receive(request)
        reading()
        session, now = db.session(), now_ms()
        caller = prove(session, request, sent, key=its_secrets().proof, now_ms=now)
        asked = decode(request, sent, messages.SnapshotRequest)
        page = feed.snapshot(
            session,
            organisation=caller.organisation_id,
            granted=devices.sites_of(session, caller.device_id),
            scope=UUID(asked.scope),
            cursor=asked.cursor,
            scopes=asked.scopes,
            resume=asked.resume,
            limit=asked.limit,
            key=its_secrets().cursor,
            before=its_secrets().cursor_before,
        )
        return answer(
            request,
            messages.SnapshotPage(
                proto=1,
                nonce=asked.nonce,
                rows=_raw(page.rows),
                resume=page.resume,
                cursor=page.cursor,
                server_ms=now,
            ),
        )


def _raw(rows: Sequence[bytes]) -> list[Raw]:
    return [Raw(row) for row in rows]
