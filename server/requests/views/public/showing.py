"""The resident's pages as they are answered."""

from __future__ import annotations

import base64
import secrets as random
from typing import Final

from flask import Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from server.clock import now_ms
from server.config import Settings
from server.db import db
from server.requests import service
from server.requests.kinds import number_words
from server.requests.models import Request
from server.requests.service.scanned import Scanned
from server.requests.views import pages
from server.requests.views.public.refusing import TEXT_CHARACTERS, Refused, told, words_of
from server.requests.words import Lang, say
from server.sites.models import Site

RESCUE_REFRESH_S: Final = 30


def report_page(
    found: Scanned,
    lang: Lang,
    *,
    typed: dict[str, str],
    refusal: str | None = None,
    refused: str = "",
    had_photos: bool = False,
    status: int = 200,
) -> Response:
    """Return the form of a place, with what was typed and why it was refused, if it was."""
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


def followed_page(
    found: Request,
    secret: str,
    lang: Lang,
    *,
    fresh: bool = False,
    refusal: str | None = None,
    status: int = 200,
) -> Response:
    """Return the private page of a request.

    :param fresh: it was made just now
    """
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


def plain_page(found: Scanned | None, lang: Lang, status: int = 200) -> Response:
    """Return the page of a code that takes no reports: the way into the app, or the desk's number."""
    return pages.page(
        "tag.html",
        lang=lang,
        site=found.site if found else None,
        desk=found.desk if found else None,
        gone=found is not None and found.place.retired,
        status=status,
    )


def refuse_plain(found: Scanned | None, lang: Lang) -> Response:
    """Refuse a report of a code that takes none."""
    if pages.wants_json():
        return told(say("tag.gone" if found else "tag.visitor.why", lang), 404)
    return plain_page(found, lang, status=404)


def no_link(lang: Lang) -> Response:
    """Say that there is no such link, or no longer."""
    if pages.wants_json():
        return told(say("follow.gone.why", lang), 404)
    heading, why = say("follow.gone", lang), say("follow.gone.why", lang)
    return pages.page("gone.html", lang=lang, site=None, status=404, heading=heading, why=why)


def _nothing(lang: Lang, word: str, status: int) -> Response:
    """Return a page without a place, where not even that can be looked up."""
    heading, why = say("report.title", lang), say(word, lang)
    return pages.page("gone.html", lang=lang, site=None, status=status, heading=heading, why=why)


def scanned_at_all(token: str) -> Scanned | None:
    """Return what a code stands for if the database says so just now."""
    session = db.session()
    try:
        session.rollback()
        return service.scanned(session, token)
    except (SQLAlchemyError, OSError):
        return None


def failed_page(refused: Refused, found: Scanned | None, lang: Lang, typed: dict[str, str]) -> Response:
    """Return the form again with what was typed, and why it was refused."""
    message = words_of(refused, lang)
    if pages.wants_json():
        return told(message, refused.status)
    if found is None:
        return _nothing(lang, "refuse.busy", refused.status)
    had_photos = refused.status != 413 and any(file.filename for file in request.files.getlist("photos"))
    return report_page(
        found,
        lang,
        typed=typed,
        refusal=message,
        refused=refused.at,
        had_photos=had_photos,
        status=refused.status,
    )


def _form_key() -> str:
    return base64.urlsafe_b64encode(random.token_bytes(16)).rstrip(b"=").decode()
