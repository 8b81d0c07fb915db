"""The evidence page, photos and the quarantine."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Response, current_app, g

from server.audit.looks import look
from server.clock import now_ms
from server.config import Settings
from server.db import db, reading
from server.describe import refuses
from server.people.access import people_within
from server.people.policy import policy
from server.problems import NotFound
from server.rounds.schemas.evidence import EvidenceBody, PhotoQuery, QuarantineList
from server.rounds.service.evidence import evidence
from server.rounds.service.photos import (
    UNREADABLE,
    Behind,
    PhotoDamaged,
    PhotoRemoved,
    PhotoUnreadable,
    photo_of,
)
from server.rounds.service.quarantine import quarantine
from server.rounds.service.shown import shown_evidence
from server.rounds.views import bp
from server.rounds.views.plans import site_here
from sync.encoding import is_hash

BYTES = {"type": "string", "format": "binary"}
GIVEN = {mime: {"schema": BYTES} for mime in ("image/*", "audio/*", UNREADABLE)}
PHOTO_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def _data_dir() -> Path:
    settings: Settings = current_app.extensions["roundsman.settings"]
    return settings.data_dir


@bp.get("/visits/<visit_id>")
@policy("see.evidence")
@bp.response(HTTPStatus.OK, EvidenceBody)
def get_visit(site_id: UUID, visit_id: str) -> dict[str, Any]:
    """Return the evidence behind a visit. It shows where somebody was, so the look is noted."""
    now, session = now_ms(), db.session()
    within = people_within(session, g.here)
    found = evidence(
        session,
        site=site_here(site_id),
        visit_id=visit_id,
        data_dir=_data_dir(),
        photo_url=f"/api/v1/sites/{site_id}/photos",
        now_ms=now,
        within=within,
    )
    found = shown_evidence(found, may=g.here.may, within=within)
    shown = [photo for photo in (found["frame"], *found["photos"]) if photo and photo["url"]]
    look(
        session,
        organisation=g.principal.organisation_id,
        site=site_id,
        person=g.principal.person_id,
        action="visit.read",
        subject=f"visit:{visit_id}",
        detail={"place": found["geo"] is not None, "photos": len(shown)},
        now_ms=now,
        covers={f"record:{photo['record']}" for photo in shown},
    )
    session.commit()
    return found


@bp.get("/photos/<sha256>")
@policy("see.photos")
@bp.arguments(PhotoQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type="image/*")
@bp.doc(
    responses={
        "200": {"description": "The photo or voice note, or its bytes where it is none", "content": GIVEN}
    }
)
@refuses(PhotoDamaged, PhotoRemoved, PhotoUnreadable)
def get_photo(query: dict[str, Any], site_id: UUID, sha256: str) -> Response:
    """Return a photo, or a thumbnail of it without EXIF, and note that somebody looked.

    What the evidence of a visit shows is noted with that look.
    """
    if not is_hash(sha256):
        raise NotFound
    now, session = now_ms(), db.session()
    photo = photo_of(
        session,
        data_dir=_data_dir(),
        organisation=g.principal.organisation_id,
        site_id=site_id,
        sha256=sha256,
        width=query["width"],
        within=people_within(session, g.here),
        also=Behind.seen(session, g.here),
    )
    look(
        session,
        organisation=g.principal.organisation_id,
        site=site_id,
        person=g.principal.person_id,
        action="photo.read",
        subject=f"record:{photo.record}",
        detail={"photo": sha256},
        now_ms=now,
    )
    session.commit()
    response = Response(photo.data, mimetype=photo.mime)
    suffix = photo.mime.removeprefix("image/") if photo.mime.startswith("image/") else "bin"
    response.headers.set("Content-Disposition", "attachment", filename=f"{sha256[:16]}.{suffix}")
    response.headers["Content-Security-Policy"] = PHOTO_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/quarantine")
@policy("see.quarantine")
@bp.response(HTTPStatus.OK, QuarantineList)
def list_quarantine(site_id: UUID) -> dict[str, Any]:
    """Return the records that wait for a person, the newest first."""
    reading()
    return quarantine(db.session(), site=site_here(site_id))
