"""A report of a resident, or a call from a lift: checked, counted, and kept."""

from __future__ import annotations

import secrets as random
from typing import Final

from sqlalchemy.orm import Session

from server.feed import service as feed
from server.requests import service
from server.requests.service.scanned import Scanned
from server.requests.views import pages
from server.requests.views.public.refusing import TEXT_CHARACTERS, Refused, as_refused
from server.requests.words import Lang, say
from server.sites.models import Site
from server.throttle import TooMuch
from sync.encoding import sha256_hex

PHONE_DIGITS: Final = range(5, 21)


def take(session: Session, found: Scanned, typed: dict[str, str], lang: Lang, now: int) -> str:
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
        raise as_refused(trouble) from None

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
        raise as_refused(trouble) from None
    session.commit()
