"""The resident's pages: behind a printed code, and behind the private link of a request. Nobody logs in."""

from __future__ import annotations

import base64
import logging
import secrets as random
from http import HTTPStatus
from typing import Any, Final

from flask import Response, current_app, jsonify, redirect, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as WerkzeugResponse

from server.clock import now_ms
from server.config import Settings
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.people.policy import policy
from server.problems import NotFound, Problem, trouble_of
from server.requests import service
from server.requests.kinds import number_words
from server.requests.models import Request
from server.requests.service.scanned import Scanned
from server.requests.views import bp, pages
from server.requests.words import Lang, say
from server.sites.models import Site
from server.throttle import TooMuch
from sync.encoding import sha256_hex

log = logging.getLogger(__name__)

TEXT_CHARACTERS: Final = 1_000
PHONE_DIGITS: Final = range(5, 21)
RESCUE_REFRESH_S: Final = 30

PAGE: Final[dict[str, Any]] = {"text/html": {}}
_SEEN: Final = {"200": {"content": PAGE, "description": "A page"}}
_TOLD: Final[dict[str, Any]] = {"content": {**PAGE, "application/json": {}}}
_SENT: Final = {
    "200": {"content": {"application/json": {}}, "description": "Where to follow it, for the page's script"},
    "303": {"description": "To the request's private page"},
    "409": {**_TOLD, "description": "Not now: the request has ended meanwhile"},
    "413": {**_TOLD, "description": "The photos are too large together"},
    "415": {**_TOLD, "description": "One of the files is no photo"},
    "422": {
        **_TOLD,
        "description": "Something is missing or does not fit; what was typed stands there again",
    },
    "429": {**_TOLD, "description": "Too many just now"},
    "503": {**_TOLD, "description": "It cannot be taken just now; what was typed stands there again"},
}
_NONE: Final = {"404": {**_TOLD, "description": "No such code or link"}}
_FORM: Final = {"content": {"multipart/form-data": {"schema": {"type": "object"}}}, "required": True}


class Refused(Exception):
    """What was sent cannot be taken: the page says why, and holds what was typed."""

    def __init__(self, word: str, status: int, *, at: str = "", **values: object) -> None:
        super().__init__(word)
        self.word, self.status, self.at, self.values = word, status, at, values


@bp.get("/t/<token>")
@bp.get("/T/<token>")
@bp.doc(responses=_SEEN)
@policy("public")
def tag_page(token: str) -> Response:
    """Return the page behind a printed code: where a resident reports, and staff are told what to do."""
    reading()
    lang = pages.language()
    found = service.scanned(db.session(), token)
    if found is None or found.place.retired or not found.desk.takes_reports:
        return _plain(found, lang)
    return _report(found, lang, typed={})


@bp.post("/T/<token>")
@bp.doc(requestBody=_FORM, responses={**_SENT, **_NONE})
@policy("public")
def report(token: str) -> WerkzeugResponse:
    """Take a report of a resident, or a call from a lift; the same form sent twice is one request."""
    now, session = now_ms(), db.session()
    typed: dict[str, str] = {}
    lang = pages.preferred()
    try:
        lang = pages.language()
        typed = pages.typed("form", "act", "kind", "class", "text", "place", "phone", "website")
        found = service.scanned(session, token)
        if found is None or found.place.retired or not found.desk.takes_reports:
            return _refuse_plain(found, lang)
        secret = _take(session, found, typed, lang, now)
    except RequestEntityTooLarge:
        session.rollback()
        return _failed(Refused("refuse.large", 413), service.scanned(session, token), lang, typed)
    except Refused as refused:
        session.rollback()
        return _failed(refused, service.scanned(session, token), lang, typed)
    except Exception as error:
        if trouble_of(error) is None:
            raise
        log.warning("a report could not be taken: %r", error)
        return _failed(Refused("refuse.busy", 503), _scanned_at_all(token), lang, typed)
    return _to(secret, lang)


@bp.get("/R/<secret>")
@bp.doc(responses={**_SEEN, **_NONE})
@policy("public")
def follow_page(secret: str) -> Response:
    """Return the private page of a request: what became of it, in plain words and without names."""
    reading()
    lang = pages.language()
    try:
        found = service.request_behind(db.session(), secret)
    except NotFound:
        return _no_link(lang)
    return _follow(found, secret, lang, fresh=request.args.get("new") == "1")


@bp.post("/R/<secret>")
@bp.doc(requestBody=_FORM, responses={**_SENT, **_NONE})
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
        return _no_link(lang)
    except (RequestEntityTooLarge, Refused, Problem, service.NoPhoto, service.TooManyPhotos) as trouble:
        session.rollback()
        refused = _as_refused(trouble)
        message = _words(refused, lang)
        if pages.wants_json():
            return _said(message, refused.status)
        return _follow(
            service.request_behind(session, secret), secret, lang, refusal=message, status=refused.status
        )
    if pages.wants_json():
        return _json({"link": f"/R/{secret}?lang={lang}"}, 200)
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


@bp.get("/t/page.css")
@bp.doc(responses={"200": {"content": {"text/css": {}}, "description": "The pages' stylesheet"}})
@policy("public")
def page_style() -> Response:
    """Return the stylesheet of these pages."""
    return _static(pages.STYLE, "text/css")


@bp.get("/t/page.js")
@bp.doc(responses={"200": {"content": {"text/javascript": {}}, "description": "The pages' script"}})
@policy("public")
def page_script() -> Response:
    """Return the script that makes these pages easier; they work without it."""
    return _static(pages.SCRIPT, "text/javascript")


# -- reporting -------------------------------------------------------------------------


def _take(session: Session, found: Scanned, typed: dict[str, str], lang: Lang, now: int) -> str:
    """Open the request and commit; return the secret of its link.

    :raises Refused: something does not fit
    """
    stuck = typed["act"] == "stuck" and found.is_lift
    kind = typed["kind"] if typed["kind"] in pages.ASKED else "repair"
    class_ = "lift" if stuck else typed["class"] if typed["class"] in pages.CLASSES else found.class_
    if not stuck:
        _check(typed)
    token = found.place.id.hex
    site_id, site_key = found.site.id, found.site.id.hex
    _count(session, "rescue" if stuck else "report", token, site_key, now)
    files = [] if stuck else pages.photo_files()
    if not typed["text"] and not files and not stuck:
        raise Refused("refuse.text", 422, at="text")
    try:
        drawn = service.draw(files)
    except (service.NoPhoto, service.TooManyPhotos) as trouble:
        raise _as_refused(trouble) from None

    form = typed["form"] if service.FORM_KEY.match(typed["form"]) else random.token_urlsafe(16)
    content = [str(stuck), kind, class_, *(typed[name] for name in ("text", "place", "phone"))]
    digest = sha256_hex("\0".join([*content, *(sha256_hex(data) for data in files)]).encode())
    secret = service.secret_of_form(form, token=token, digest=digest)
    target = {"kind": found.place.kind, "id": found.place.id}
    service.open_request(
        session,
        site=session.get_one(Site, site_id),
        kind="repair" if stuck else kind,
        class_=class_,
        channel="code",
        text=say("lift.text", lang) if stuck else typed["text"],
        place="" if stuck else typed["place"],
        target=target,
        urgency="rescue" if stuck else None,
        language=lang,
        contact=service.Contact(phone="" if stuck else typed["phone"]),
        photos=drawn,
        secret=secret,
        form_hash=sha256_hex(secret.encode()),
        now_ms=now,
    )
    feed.commit(session, now_ms=now)
    return secret


def _check(typed: dict[str, str]) -> None:
    if typed["website"]:
        raise Refused("refuse.trap", 422)
    for name, most in (("text", TEXT_CHARACTERS), ("place", 200)):
        if len(typed[name]) > most:
            raise Refused("refuse.long", 422, at=name, n=most)
    figures = sum(character.isdigit() for character in typed["phone"])
    if typed["phone"] and (figures not in PHONE_DIGITS or len(typed["phone"]) > 24):
        raise Refused("refuse.phone", 422, at="phone")


def _count(session: Session, kind: str, code: str, site: str, now: int) -> None:
    """Count a report of a code, a network and a site, and commit; photos are looked at only then.

    A call from a lift is counted apart, and not by the network: nobody else can use it up.
    """
    try:
        pages.count(session, f"{kind}-code", code, now_ms=now)
        pages.count(session, f"{kind}-site", site, now_ms=now)
        if kind == "report":
            pages.count(session, "report-from", pages.network(), now_ms=now)
    except TooMuch as trouble:
        raise _as_refused(trouble) from None
    session.commit()


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


# -- answers ---------------------------------------------------------------------------


def _report(
    found: Scanned,
    lang: Lang,
    *,
    typed: dict[str, str],
    refusal: str | None = None,
    refused: str = "",
    had_photos: bool = False,
    status: int = 200,
) -> Response:
    kept = {name: typed.get(name, "") for name in ("text", "place", "phone")}
    kind = typed.get("kind", "")
    return pages.page(
        "report.html",
        lang=lang,
        site=found.site,
        status=status,
        place=found.place,
        action=f"/T/{found.token}",
        desk=found.desk,
        lift=found.is_lift,
        kinds=pages.ASKED,
        classes=pages.CLASSES,
        form=typed.get("form") or _form_key(),
        rescue_form=_form_key(),
        typed={
            **kept,
            "kind": kind if kind in pages.ASKED else "repair",
            "class_": typed.get("class", found.class_ if found.class_ != "other" else ""),
        },
        most=TEXT_CHARACTERS,
        refusal=refusal,
        refused=refused,
        had_photos=had_photos,
    )


def _follow(
    found: Request,
    secret: str,
    lang: Lang,
    *,
    fresh: bool = False,
    refusal: str | None = None,
    status: int = 200,
) -> Response:
    session = db.session()
    settings: Settings = current_app.extensions["roundsman.settings"]
    site = session.get_one(Site, found.site_id)
    it = service.followed(session, request=found, now_ms=now_ms())
    address = f"{settings.public_url}/R/{secret}"
    drawn, size = pages.qr_of(address)
    return pages.page(
        "follow.html",
        lang=lang,
        site=site,
        status=status,
        it=it,
        number=number_words(it.number),
        goes_on_as=None if it.goes_on_as is None else number_words(it.goes_on_as),
        desk=service.desk_of(session, site=site),
        action=f"/R/{secret}",
        secret=secret,
        address=address,
        qr=drawn,
        qr_size=size,
        fresh=fresh,
        refusal=refusal,
        refresh=RESCUE_REFRESH_S if it.urgency == "rescue" and it.may_add else None,
        most=TEXT_CHARACTERS,
    )


def _plain(found: Scanned | None, lang: Lang, status: int = 200) -> Response:
    return pages.page(
        "tag.html",
        lang=lang,
        site=found.site if found else None,
        desk=found.desk if found else None,
        gone=found is not None and found.place.retired,
        status=status,
    )


def _refuse_plain(found: Scanned | None, lang: Lang) -> Response:
    if pages.wants_json():
        return _said(say("tag.gone" if found else "tag.visitor.why", lang), 404)
    return _plain(found, lang, status=404)


def _no_link(lang: Lang) -> Response:
    if pages.wants_json():
        return _said(say("follow.gone.why", lang), 404)
    heading, why = say("follow.gone", lang), say("follow.gone.why", lang)
    return pages.page("gone.html", lang=lang, site=None, status=404, heading=heading, why=why)


def _nothing(lang: Lang, word: str, status: int) -> Response:
    """Return a page without a place, where not even that can be looked up."""
    heading, why = say("report.title", lang), say(word, lang)
    return pages.page("gone.html", lang=lang, site=None, status=status, heading=heading, why=why)


def _scanned_at_all(token: str) -> Scanned | None:
    """Return what a code stands for if the database says so just now."""
    session = db.session()
    try:
        session.rollback()
        return service.scanned(session, token)
    except (SQLAlchemyError, OSError):
        return None


def _failed(refused: Refused, found: Scanned | None, lang: Lang, typed: dict[str, str]) -> Response:
    message = _words(refused, lang)
    if pages.wants_json():
        return _said(message, refused.status)
    if found is None:
        return _nothing(lang, "refuse.busy", refused.status)
    had_photos = refused.status != 413 and any(file.filename for file in request.files.getlist("photos"))
    return _report(
        found,
        lang,
        typed=typed,
        refusal=message,
        refused=refused.at,
        had_photos=had_photos,
        status=refused.status,
    )


def _to(secret: str, lang: Lang) -> WerkzeugResponse:
    link = f"/R/{secret}?lang={lang}&new=1"
    if pages.wants_json():
        return _json({"link": link}, 200)
    return pages.dress(redirect(link, HTTPStatus.SEE_OTHER))  # type: ignore[arg-type]


def _as_refused(trouble: Exception) -> Refused:
    """Return why something was refused in the words of these pages; what they do not know goes on."""
    if isinstance(trouble, Refused):
        return trouble
    if isinstance(trouble, RequestEntityTooLarge):
        return Refused("refuse.large", 413)
    if isinstance(trouble, TooMuch):
        wait_s = int(trouble.headers["Retry-After"])
        return Refused("refuse.often", 429, minutes=max(1, -(-wait_s // 60)))
    if isinstance(trouble, service.NoPhoto):
        return Refused("refuse.photo", 415)
    if isinstance(trouble, service.TooManyPhotos):
        return Refused("refuse.photos", 422)
    if isinstance(trouble, service.NotNow):
        return Refused("refuse.state", 409)
    raise trouble


def _words(refused: Refused, lang: Lang) -> str:
    values = dict(refused.values)
    if "minutes" in values:
        values["time"] = say("minutes", lang, n=values.pop("minutes"))
    return say(refused.word, lang, **values)


def _said(message: str, status: int) -> Response:
    return _json({"message": message}, status)


def _json(body: dict[str, str], status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _static(data: bytes, mimetype: str) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _form_key() -> str:
    return base64.urlsafe_b64encode(random.token_bytes(16)).rstrip(b"=").decode()
