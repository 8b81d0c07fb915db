"""The private page of a request: what became of it, and what whoever asked adds to it."""

from __future__ import annotations

from flask import Response, redirect, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as WerkzeugResponse

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.people.policy import policy
from server.problems import NotFound, Problem
from server.requests import service
from server.requests.views import bp, pages
from server.requests.views.public.described import FORM, NONE, SEEN, SENT
from server.requests.views.public.refusing import (
    TEXT_CHARACTERS,
    Refused,
    as_json,
    as_refused,
    told,
    words_of,
)
from server.requests.views.public.showing import followed_page, no_link


@bp.get("/R/<secret>")
@bp.doc(responses={**SEEN, **NONE})
@policy("public")
def follow_page(secret: str) -> Response:
    """Return the private page of a request: what became of it, in plain words and without names."""
    reading()
    lang = pages.language()
    try:
        found = service.request_behind(db.session(), secret)
    except NotFound:
        return no_link(lang)
    return followed_page(found, secret, lang, fresh=request.args.get("new") == "1")


@bp.post("/R/<secret>")
@bp.doc(requestBody=FORM, responses={**SENT, **NONE})
@policy("public")
def act_on_own(secret: str) -> WerkzeugResponse:
    """Add something, ask again, say whether one is satisfied, or take it back."""
    now, session = now_ms(), db.session()
    lang = pages.preferred()
    try:
        lang = pages.language()
        typed = pages.typed("act", "text")
        found = service.request_behind(session, secret)
        pages.count(session, "follow-link", str(found.id), now_ms=now)
        session.commit()
        _act(session, secret, typed, now)
    except NotFound:
        return no_link(lang)
    except (RequestEntityTooLarge, Refused, Problem, service.NoPhoto, service.TooManyPhotos) as trouble:
        session.rollback()
        refused = as_refused(trouble)
        message = words_of(refused, lang)
        if pages.wants_json():
            return told(message, refused.status)
        return followed_page(
            service.request_behind(session, secret), secret, lang, refusal=message, status=refused.status
        )
    if pages.wants_json():
        return as_json({"link": f"/R/{secret}?lang={lang}"}, 200)
    return pages.dress(redirect(f"/R/{secret}?lang={lang}", 303))  # type: ignore[arg-type]


@bp.get("/R/<secret>/photo/<number>")
@bp.doc(responses={"200": {"content": {"image/jpeg": {}}, "description": "A photo"}})
@policy("public")
@refuses(NotFound)
def own_photo(secret: str, number: str) -> Response:
    """Return a photo that somebody sent with their own request."""
    reading()
    session = db.session()
    found = service.request_behind(session, secret)
    data = service.photo_of(session, request_id=found.id, number=service.photo_number(number))
    response = Response(data, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _act(session: Session, secret: str, typed: dict[str, str], now: int) -> None:
    """Do what a form of the private page asks for, and commit."""
    text, act = typed["text"], typed["act"]
    if len(text) > TEXT_CHARACTERS:
        raise Refused("refuse.long", 422, at="text", n=TEXT_CHARACTERS)
    drawn: list[service.Drawn] = []
    if act == "add":
        files = pages.photo_files()
        if not text and not files:
            raise Refused("refuse.text", 422, at="text")
        drawn = service.draw(files)
    own = service.request_behind(session, secret)
    going = service.held(session, site_id=own.site_id, request_id=service.last_of(session, request=own).id)
    if act == "add":
        if own.id == going.id:
            service.write_more(session, request=going, text=text, photos=drawn, now_ms=now)
        else:  # what one adds stays one's own; the desk sees it with the request that goes on
            service.add_to_merged(session, request=own, going=going, text=text, photos=drawn, now_ms=now)
    elif act in ("satisfied", "unsatisfied"):
        satisfied = act == "satisfied"
        service.follow(session, request=going, satisfied=satisfied, text=text, by=None, now_ms=now)
        service.say_to_orders(session, request=going, satisfied=satisfied, by=None, now_ms=now)
    elif act == "hurry":
        service.say(session, request=going, kind="hurried", text="", by=None, now_ms=now)
    elif act == "withdraw":
        service.withdraw(session, request=own, now_ms=now)
    else:
        raise Refused("refuse.text", 422)
    feed.commit(session, now_ms=now)
