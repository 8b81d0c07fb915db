"""The board, occurrences, the patrol log and findings."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Response, g, jsonify, request

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.people.access import people_within
from server.people.policy import policy
from server.rounds import service
from server.rounds.schemas.board import (
    BoardBody,
    BoardQuery,
    ExcuseIn,
    FindingList,
    OccurrenceBody,
    SkipIn,
    SpanQuery,
    VisitPage,
    VisitsQuery,
)
from server.rounds.schemas.told import SeenIn
from server.rounds.service.accepting import NotSkipped, decide
from server.rounds.service.board import board
from server.rounds.service.occurrences import occurrence_view
from server.rounds.service.shown import shown_board, shown_round
from server.rounds.service.telling import look_at_once, look_before, take_note
from server.rounds.service.visits import BadCursor, Filter, findings_of, visits_page
from server.rounds.views import bp
from server.rounds.views.plans import note, site_here

_board = BoardBody()


@bp.get("/board")
@policy("see.board")
@bp.arguments(BoardQuery, location="query")
@bp.response(HTTPStatus.OK, BoardBody)
@bp.doc(responses={"304": {"description": "Nothing has changed since the ETag that `If-None-Match` names."}})
def get_board(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the board of a day. Its ETag leaves `now_ms` out: 304 until something changes."""
    reading()
    session = db.session()
    found = board(
        session,
        site=site_here(site_id),
        day=query["day"],
        now_ms=now_ms(),
        reader=g.principal.person_id,
    )
    shown = shown_board(found, may=g.here.may, within=people_within(session, g.here))
    body = cast("dict[str, Any]", _board.dump(shown))
    still = {name: value for name, value in body.items() if name != "now_ms"}
    etag = hashlib.sha256(json.dumps(still, sort_keys=True).encode()).hexdigest()[:32]
    response = jsonify(body)
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return cast("Response", response.make_conditional(request))


@bp.get("/occurrences/<uuid:occurrence_id>")
@policy("see.board")
@bp.response(HTTPStatus.OK, OccurrenceBody)
def get_occurrence(site_id: UUID, occurrence_id: UUID) -> dict[str, Any]:
    """Return one occurrence in full."""
    reading()
    return round_here(site_id, occurrence_id, now=now_ms())


@bp.post("/occurrences/<uuid:occurrence_id>/excuse")
@policy("excuse")
@bp.arguments(ExcuseIn)
@bp.response(HTTPStatus.OK, OccurrenceBody)
def excuse(body: dict[str, Any], site_id: UUID, occurrence_id: UUID) -> dict[str, Any]:
    """Excuse an occurrence with a written reason."""
    now = now_ms()
    look_before(db.session(), site=site_here(site_id), occurrence_id=occurrence_id, now_ms=now)
    excused = service.excuse(
        db.session(),
        site_id=site_id,
        occurrence_id=occurrence_id,
        why=body["why"],
        person_id=g.principal.person_id,
        now_ms=now,
    )
    look_at_once(db.session(), occurrence=excused, now_ms=now)
    note("occurrence.excused", site=site_id, subject=occurrence_id, now=now, why=body["why"])
    return round_here(site_id, occurrence_id, now=now)


@bp.post("/occurrences/<uuid:occurrence_id>/stops/<uuid:stop_id>/skip")
@policy("excuse")
@bp.arguments(SkipIn)
@bp.response(HTTPStatus.OK, OccurrenceBody)
@refuses(NotSkipped)
def decide_skip(body: dict[str, Any], site_id: UUID, occurrence_id: UUID, stop_id: UUID) -> dict[str, Any]:
    """Accept that a stop was skipped, or do not. Accepted, the round can be complete without it."""
    now = now_ms()
    look_before(db.session(), site=site_here(site_id), occurrence_id=occurrence_id, now_ms=now)
    decided = decide(
        db.session(),
        site_id=site_id,
        occurrence_id=occurrence_id,
        stop_id=stop_id,
        accepted=body["accepted"],
        why=body["why"],
        person_id=g.principal.person_id,
        now_ms=now,
    )
    look_at_once(db.session(), occurrence=decided, now_ms=now)
    note(
        "skip.accepted" if body["accepted"] else "skip.refused",
        site=site_id,
        subject=occurrence_id,
        now=now,
        stop=str(stop_id),
        why=body["why"],
    )
    return round_here(site_id, occurrence_id, now=now)


def round_here(site_id: UUID, occurrence_id: UUID, *, now: int) -> dict[str, Any]:
    """Return an occurrence as who asks may see it."""
    session = db.session()
    found = occurrence_view(session, site=site_here(site_id), occurrence_id=occurrence_id, now_ms=now)
    return shown_round(found, may=g.here.may, within=people_within(session, g.here))


@bp.post("/corrections/seen")
@policy("comment")
@bp.arguments(SeenIn)
@bp.response(HTTPStatus.NO_CONTENT)
def see_corrections(body: dict[str, Any], site_id: UUID) -> None:
    """Take note that what was told of rounds was corrected: these rows leave one's own list."""
    now = now_ms()
    take_note(
        db.session(),
        site_id=site_id,
        reports=body["reports"],
        person_id=g.principal.person_id,
        now_ms=now,
    )
    note("correction.seen", site=site_id, subject=site_id, now=now, count=len(set(body["reports"])))


@bp.get("/visits")
@policy("see.evidence")
@bp.arguments(VisitsQuery, location="query")
@bp.response(HTTPStatus.OK, VisitPage)
@refuses(BadCursor)
def list_visits(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return a page of the patrol log, the latest visit first."""
    reading()
    session = db.session()
    wanted = Filter(
        from_ms=query["from"],
        to_ms=query["to"],
        plan=query["plan"],
        person=query["person"],
        checkpoint=query["checkpoint"],
        device=query["device"],
        faulty=query["faulty"],
        marked=query["marked"],
        within=people_within(session, g.here),
    )
    return visits_page(
        session,
        site=site_here(site_id),
        wanted=wanted,
        before=query["before"],
        limit=query["limit"],
    )


@bp.get("/findings")
@policy("see.findings")
@bp.arguments(SpanQuery, location="query")
@bp.response(HTTPStatus.OK, FindingList)
def list_findings(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the findings of a stretch of time, the latest first."""
    reading()
    session = db.session()
    return findings_of(
        session,
        site=site_here(site_id),
        from_ms=query["from"],
        to_ms=query["to"],
        within=people_within(session, g.here),
    )
