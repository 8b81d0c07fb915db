"""Pull: state comes down."""

from __future__ import annotations

from flask import Response, request
from msgspec import Raw

from server.clock import now_ms
from server.db import db, reading
from server.feed import service as feed
from server.ledger.views.base import bp, its_secrets
from server.ledger.wire import answer, decode, phone, prove, receive
from sync import messages


@bp.post("/sync/pull")
@phone
def pull() -> Response:
    """Give the next page of what comes down."""
    sent = receive(request)
    reading()
    session, now = db.session(), now_ms()
    caller = prove(session, request, sent, key=its_secrets().proof, now_ms=now)
    asked = decode(request, sent, messages.PullRequest)
    page = feed.pull(
        session,
        organisation=caller.organisation_id,
        scopes=[caller.site_id],
        cursor=asked.cursor,
        limit=asked.limit,
        key=its_secrets().cursor,
    )
    return answer(
        request,
        messages.PullPage(
            proto=1,
            nonce=asked.nonce,
            rows=[Raw(row) for row in page.rows],
            cursor=page.cursor,
            more=page.more,
            server_ms=now,
        ),
    )
