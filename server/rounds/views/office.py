"""What the office writes to a round: comments and paper sheets."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from server.audit.looks import look
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.ledger.blobs.problems import BlobTooLarge
from server.people.access import people_within
from server.people.policy import policy
from server.problems import NotFound
from server.rounds.schemas.board import OccurrenceBody
from server.rounds.schemas.office import (
    CommentBody,
    CommentIn,
    CommentList,
    PaperPhotoBody,
    SheetIn,
    SheetList,
)
from server.rounds.service import comments, papers, sheets
from server.rounds.service.cutting import occurrence_of
from server.rounds.service.telling import look_at_once, look_before
from server.rounds.views import bp
from server.rounds.views.evidence import BYTES, PHOTO_POLICY
from server.rounds.views.log import round_here
from server.rounds.views.plans import note, site_here
from sync.encoding import is_hash

PICTURES = ("image/jpeg", "image/png", "image/webp")


@bp.get("/occurrences/<uuid:occurrence_id>/comments")
@policy("comment")
@bp.response(HTTPStatus.OK, CommentList)
def list_comments(site_id: UUID, occurrence_id: UUID) -> dict[str, Any]:
    """Return what the office wrote on a round, the oldest first."""
    reading()
    return {"comments": comments.comments_of(db.session(), site_id=site_id, occurrence_id=occurrence_id)}


@bp.post("/occurrences/<uuid:occurrence_id>/comments")
@policy("comment")
@bp.arguments(CommentIn)
@bp.response(HTTPStatus.CREATED, CommentBody)
def write_comment(body: dict[str, Any], site_id: UUID, occurrence_id: UUID) -> dict[str, Any]:
    """Write a comment on a round. It stays as it was written."""
    now = now_ms()
    written = comments.comment(
        db.session(),
        site_id=site_id,
        occurrence_id=occurrence_id,
        person_id=g.principal.person_id,
        text=body["text"],
        now_ms=now,
    )
    found = {"id": written.id, "at_ms": now, "by": g.principal.name, "text": written.text}
    note("occurrence.commented", site=site_id, subject=occurrence_id, now=now)
    return found


@bp.get("/occurrences/<uuid:occurrence_id>/papers")
@policy("see.evidence")
@bp.response(HTTPStatus.OK, SheetList)
def list_papers(site_id: UUID, occurrence_id: UUID) -> dict[str, Any]:
    """Return the paper sheets of a round that are in force, of those people whose doings one may see."""
    reading()
    session = db.session()
    occurrence_of(session, site_id=site_id, occurrence_id=occurrence_id)
    within = people_within(session, g.here)
    found = sheets.sheets_for(session, site_id=site_id, occurrences=[occurrence_id])
    shown = [sheet for sheet in found if within is None or sheet.person_id in within]
    return {"papers": sheets.sheet_views(session, shown)}


@bp.post("/occurrences/<uuid:occurrence_id>/papers")
@policy("excuse")
@bp.arguments(SheetIn)
@bp.response(HTTPStatus.OK, OccurrenceBody)
def enter_paper(body: dict[str, Any], site_id: UUID, occurrence_id: UUID) -> dict[str, Any]:
    """Enter what was done on paper. Its stops count as claimed; the person's next sheet replaces it."""
    now = now_ms()
    look_before(db.session(), site=site_here(site_id), occurrence_id=occurrence_id, now_ms=now)
    papers.enter(
        db.session(),
        site_id=site_id,
        occurrence_id=occurrence_id,
        person=body["person"],
        entered_by=g.principal.person_id,
        why=body["why"],
        photo_sha256=body["photo"],
        stops=body["stops"],
        now_ms=now,
    )
    occurrence = occurrence_of(db.session(), site_id=site_id, occurrence_id=occurrence_id)
    look_at_once(db.session(), occurrence=occurrence, now_ms=now)
    note(
        "occurrence.paper_entered",
        site=site_id,
        subject=occurrence_id,
        now=now,
        person=str(body["person"]),
        stops=len(body["stops"]),
    )
    return round_here(site_id, occurrence_id, now=now)


@bp.post("/papers/photos")
@policy("excuse")
@bp.doc(requestBody={"content": {kind: {"schema": BYTES} for kind in PICTURES}, "required": True})
@bp.response(HTTPStatus.CREATED, PaperPhotoBody)
@refuses(papers.NoPicture, BlobTooLarge)
def keep_paper_photo(site_id: UUID) -> dict[str, Any]:
    """Keep the photo of a sheet, at most 12 MiB, for the sheet that is entered next."""
    request.max_content_length = papers.MAX_PHOTO_BYTES
    now = now_ms()
    if request.mimetype not in PICTURES:
        raise papers.NoPicture
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise BlobTooLarge(f"at most {papers.MAX_PHOTO_BYTES} bytes") from None
    sha256 = papers.keep_photo(
        db.session(),
        organisation=g.principal.organisation_id,
        site_id=site_id,
        data=data,
    )
    note("paper.photo_kept", site=site_id, subject=sha256, now=now)
    return {"photo": sha256}


@bp.get("/papers/photos/<sha256>")
@policy("excuse")
@bp.response(HTTPStatus.OK, BYTES, content_type="image/jpeg")
def get_paper_photo(site_id: UUID, sha256: str) -> Response:
    """Return the photo of a sheet, and note that somebody looked."""
    if not is_hash(sha256):
        raise NotFound
    now, session = now_ms(), db.session()
    data = papers.photo(session, site_id=site_id, sha256=sha256)
    look(
        session,
        organisation=g.principal.organisation_id,
        site=site_id,
        person=g.principal.person_id,
        action="photo.read",
        subject=f"paper:{sha256}",
        detail={"photo": sha256},
        now_ms=now,
    )
    session.commit()
    response = Response(data, mimetype="image/jpeg")
    response.headers.set("Content-Disposition", "attachment", filename=f"{sha256[:16]}.jpeg")
    response.headers["Content-Security-Policy"] = PHOTO_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
