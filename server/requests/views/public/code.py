"""The page behind a printed code, where a resident reports."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Response, redirect
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as WerkzeugResponse

from server.clock import now_ms
from server.db import db, reading
from server.people.policy import policy
from server.problems import trouble_of
from server.requests import service
from server.requests.views import bp, pages
from server.requests.views.public.described import FORM, NONE, SEEN, SENT
from server.requests.views.public.refusing import Refused, as_json
from server.requests.views.public.reporting import take
from server.requests.views.public.showing import (
    failed_page,
    plain_page,
    refuse_plain,
    report_page,
    scanned_at_all,
)
from server.requests.words import Lang

log = logging.getLogger(__name__)


@bp.get("/t/<token>")
@bp.get("/T/<token>")
@bp.doc(responses=SEEN)
@policy("public")
def tag_page(token: str) -> Response:
    """Return the page behind a printed code: where a resident reports, and staff are told what to do."""
    reading()
    lang = pages.language()
    found = service.scanned(db.session(), token)
    if found is None or found.place.retired or not found.desk.takes_reports:
        return plain_page(found, lang)
    return report_page(found, lang, typed={})


@bp.post("/T/<token>")
@bp.doc(requestBody=FORM, responses={**SENT, **NONE})
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
            return refuse_plain(found, lang)
        secret = take(session, found, typed, lang, now)
    except RequestEntityTooLarge:
        session.rollback()
        return failed_page(Refused("refuse.large", 413), service.scanned(session, token), lang, typed)
    except Refused as refused:
        session.rollback()
        return failed_page(refused, service.scanned(session, token), lang, typed)
    except Exception as error:
        if trouble_of(error) is None:
            raise
        log.warning("a report could not be taken: %r", error)
        return failed_page(Refused("refuse.busy", 503), scanned_at_all(token), lang, typed)
    return _to(secret, lang)


def _to(secret: str, lang: Lang) -> WerkzeugResponse:
    link = f"/R/{secret}?lang={lang}&new=1"
    if pages.wants_json():
        return as_json({"link": link}, 200)
    return pages.dress(redirect(link, HTTPStatus.SEE_OTHER))  # type: ignore[arg-type]
