"""HTTP for forms: parse, call the service, commit, dump."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g, request

from server.audit import service as audit
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.forms import pictures, service
from server.forms.schemas import FormBody, FormIn, FormList, GuidePicture
from server.http import Blueprint, change_of
from server.people.policy import policy
from server.sites.views.maps import OF_A_PICTURE, PICTURE, picture_of
from server.sites.views.places import site_here

bp = Blueprint(
    "forms", __name__, url_prefix="/api/v1/sites/<uuid:site_id>/forms", description="Versioned checklists"
)


@bp.get("")
@policy("see.plan")
@bp.response(HTTPStatus.OK, FormList)
def list_forms(site_id: UUID) -> dict[str, Any]:
    """List the site's forms in the editions in force."""
    reading()
    return {"forms": service.forms_of(db.session(), site_id=site_id)}


@bp.post("")
@policy("change.plan")
@bp.arguments(FormIn)
@bp.response(HTTPStatus.CREATED, FormBody)
def make_form(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Publish the first edition of a form."""
    now = now_ms()
    form = service.make_form(
        db.session(), organisation_id=g.principal.organisation_id, site_id=site_id, now_ms=now, **body
    )
    _finish("form.made", site_id, form, now)
    return form


@bp.post("/pictures")
@policy("change.plan")
@bp.doc(requestBody=PICTURE)
@bp.response(HTTPStatus.CREATED, GuidePicture)
@refuses(*OF_A_PICTURE)
def keep_guide_picture(site_id: UUID) -> dict[str, Any]:
    """Keep a picture for the guide of a field: the body is the picture. A form that is published shows it."""
    now, site = now_ms(), site_here(site_id)
    kept = pictures.keep(db.session(), site=site, picture=picture_of(request))
    feed.commit(db.session(), now_ms=now)
    return kept


@bp.patch("/<uuid:form_id>")
@policy("change.plan")
@bp.arguments(change_of(FormIn))
@bp.response(HTTPStatus.OK, FormBody)
def change_form(body: dict[str, Any], site_id: UUID, form_id: UUID) -> dict[str, Any]:
    """Publish a new edition of a form."""
    now = now_ms()
    form = service.change_form(db.session(), site_id=site_id, form_id=form_id, changes=body, now_ms=now)
    _finish("form.changed", site_id, form, now)
    return form


def _finish(action: str, site_id: UUID, form: dict[str, Any], now: int) -> None:
    audit.write(
        db.session(),
        organisation=g.principal.organisation_id,
        site=site_id,
        person=g.principal.person_id,
        action=action,
        subject=form["id"],
        detail={"edition": form["edition"]},
        now_ms=now,
    )
    feed.commit(db.session(), now_ms=now)
