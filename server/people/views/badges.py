"""Badges to print, and a badge that is over."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, g

from qr.sheet import Label, badge_sheet
from server.audit import service as audit
from server.clock import now_ms
from server.db import db
from server.feed import service as feed
from server.people import badges
from server.people.policy import policy
from server.people.schemas import BadgesIn
from server.people.views import bp

BADGES = "/api/v1/sites/<uuid:site_id>/badges"
TRADES = {"guard": "秩序维护员 Guard", "cleaner": "保洁员 Cleaner", "technician": "工程技工 Technician"}


@bp.post(BADGES)
@policy("change.people")
@bp.arguments(BadgesIn)
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="application/pdf")
def print_badges(body: dict[str, Any], site_id: UUID) -> Response:
    """Make badges for people of the roster, as a sheet to print. Their badges from before are over."""
    session, now = db.session(), now_ms()
    people = list(dict.fromkeys(body["people"]))
    made = badges.make(session, site=site_id, people=people, now_ms=now)
    labels = [
        Label(badge.text, badge.name, TRADES.get(badge.trade or "", ""), badge.number, "", 0)
        for badge in made
    ]
    name = g.here.name
    pdf = badge_sheet(labels, site_zh=name["zh"], site_en=name["en"])
    for person in people:
        _note(site_id, person, "badge.print", now)
    feed.commit(session, now_ms=now)
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename="badges.pdf")
    return response


@bp.delete(f"{BADGES}/<uuid:person_id>")
@policy("change.people")
@bp.response(HTTPStatus.NO_CONTENT)
def retire_badge(site_id: UUID, person_id: UUID) -> None:
    """Have a person's badge be over: a phone that has heard of it does not know it any more."""
    session, now = db.session(), now_ms()
    badges.retire(session, site=site_id, person=person_id)
    _note(site_id, person_id, "badge.retire", now)
    feed.commit(session, now_ms=now)


def _note(site: UUID, person: UUID, action: str, now: int) -> None:
    audit.write(
        db.session(),
        organisation=g.principal.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=f"person:{person}",
        detail={},
        now_ms=now,
    )
