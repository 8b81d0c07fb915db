"""What the console does with what is recorded of people: a copy, an erasure, and for how long all is kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, current_app, g, stream_with_context

from server.audit import service as audit
from server.clock import now_ms
from server.config import Settings
from server.db import db, reading, streamed
from server.describe import refuses
from server.http import Blueprint
from server.ledger.forgetting import terms_of
from server.ledger.models import Retention
from server.people import service as people
from server.people.models import Person
from server.people.policy import policy
from server.privacy import terms
from server.privacy.copying import copy_of
from server.privacy.erasure import NotThisPerson, StillHere, erase
from server.privacy.held import answers, held
from server.privacy.schemas import ErasedBody, EraseIn, HeldBody, RetentionBody, RetentionIn

bp = Blueprint("privacy", __name__, description="What is recorded of people")

PERSON = "/api/v1/sites/<uuid:site_id>/people/<uuid:person_id>/data"
RETENTION = "/api/v1/retention"
ZIP = "application/zip"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["roundsman.settings"]
    return settings


def _person(site_id: UUID, person_id: UUID) -> Person:
    return people.person_of(db.session(), site=site_id, person=person_id)[0]


@bp.get(PERSON)
@policy("export", fresh=True)
@bp.response(HTTPStatus.OK, HeldBody)
def get_held(site_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Return how much is held of a person."""
    reading()
    return held(db.session(), person=_person(site_id, person_id))


@bp.get(f"{PERSON}/copy")
@policy("export", fresh=True)
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type=ZIP)
def get_copy(site_id: UUID, person_id: UUID) -> Response:
    """Return everything that is held of a person as a ZIP. It is noted that somebody took it."""
    session = db.session()
    person = _person(site_id, person_id)
    audit.write(
        session,
        organisation=person.organisation_id,
        site=site_id,
        person=g.principal.person_id,
        action="person.copied",
        subject=f"person:{person.id}",
        detail={},
        now_ms=now_ms(),
    )
    session.commit()
    reading()  # a slow download must keep nobody from writing
    sent = copy_of(session, person=person, data_dir=_settings().data_dir)
    response = Response(stream_with_context(streamed(session, sent)), mimetype=ZIP)
    response.headers.set("Content-Disposition", "attachment", filename=f"person-{person.id}.zip")
    return response


@bp.post(f"{PERSON}/erase")
@policy("administer", fresh=True)
@bp.arguments(EraseIn)
@bp.response(HTTPStatus.OK, ErasedBody)
@refuses(StillHere, NotThisPerson)
def erase_person(body: dict[str, Any], site_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Erase what names a person and what only concerns them. It cannot be undone."""
    done = erase(
        db.session(),
        person=_person(site_id, person_id),
        number=body["number"],
        by=g.principal.person_id,
        site=site_id,
        data_dir=_settings().data_dir,
        now_ms=now_ms(),
    )
    return {"parts": done.parts, "photos": done.photos}


@bp.get(RETENTION)
@policy("administer")
@bp.response(HTTPStatus.OK, RetentionBody)
def get_retention() -> dict[str, Any]:
    """Return for how long places and photos are kept, and what people said to it."""
    reading()
    return _retention(db.session().get(Retention, g.principal.organisation_id))


@bp.patch(RETENTION)
@policy("administer", fresh=True)
@bp.arguments(RetentionIn)
@bp.response(HTTPStatus.OK, RetentionBody)
def change_retention(body: dict[str, Any]) -> dict[str, Any]:
    """Choose for how long; what is older goes within minutes."""
    session = db.session()
    chosen = terms_of(session, g.principal.organisation_id)
    chosen.place_days, chosen.photo_days = body["place_days"], body["photo_days"]
    audit.write(
        session,
        organisation=g.principal.organisation_id,
        site=None,
        person=g.principal.person_id,
        action="retention.changed",
        subject="retention:",
        detail=body,
        now_ms=now_ms(),
    )
    session.commit()
    return _retention(chosen)


def _retention(chosen: Retention | None) -> dict[str, Any]:
    place, photo = (chosen.place_days, chosen.photo_days) if chosen else (None, None)
    agreed, declined = answers(db.session(), organisation=g.principal.organisation_id)
    settings = _settings()
    return {
        "place_days": place,
        "photo_days": photo,
        "holds": {
            "place_days": terms.days(terms.PLACE_DAYS, settings.place_days, place),
            "photo_days": terms.days(terms.PHOTO_DAYS, settings.photo_days, photo),
        },
        "agreed": agreed,
        "declined": declined,
    }
