"""Opening a request: by who asks, on the page behind a printed code, or by the desk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import Invalid
from server.requests.kinds import ENDED, urgency_of
from server.requests.models import Request, RequestContact
from server.requests.service.desk import desk_of
from server.requests.service.links import keep_link
from server.requests.service.photos import Drawn, keep_photos, show_on_orders
from server.requests.service.writing import write
from server.sites import service as sites
from server.sites.models import Site

RESCUE_MS = 3 * 3_600_000
"""Who is stuck in the same lift within so long reports the same thing."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach who asks, as they said it."""

    name: str = ""
    phone: str = ""


def digits_of(phone: str) -> str:
    """Return a phone number by which it is known again: figures only, without China's country code."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", phone))
    return re.sub(r"^(0086|86)(?=1[0-9]{10}$)", "", digits)[-20:]


def open_request(
    session: Session,
    *,
    site: Site,
    kind: str,
    class_: str,
    channel: str,
    text: str,
    now_ms: int,
    place: str = "",
    target: Mapping[str, Any] | None = None,
    urgency: str | None = None,
    language: str = "zh",
    contact: Contact | None = None,
    photos: Sequence[Drawn] = (),
    by: UUID | None = None,
    department: UUID | None = None,
    window: tuple[int, int] | None = None,
    secret: str | None = None,
    form_hash: str | None = None,
) -> Request:
    """Open a request; the same form sent again gives the one that there is.

    :param urgency: None: by the site's rule
    :param photos: drawn afresh already
    :param by: who at the desk was asked, and so is responsible; None: who asks did it themselves
    :raises Invalid: the place or the team is not of this site
    """
    check_target(session, site=site, target=target)
    check_department(session, site=site, department=department)
    desk = desk_of(session, site=site, to_change=True)  # from here on one at a time for a site
    if form_hash is not None:
        query = select(Request).where(Request.site_id == site.id, Request.form_hash == form_hash)
        again = session.scalars(query).one_or_none()
        if again is not None:
            return again
    desk.numbered += 1
    request = Request(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        number=desk.numbered,
        channel=channel,
        language=language,
        form_hash=form_hash,
        opened_ms=now_ms,
        opened_by=by,
        kind=kind,
        class_=class_,
        urgency="normal",
        place=place,
        state="new",
        unread=False,
        events=0,
        deadlines=[],
    )
    session.add(request)
    session.flush()
    event = write(
        session,
        request=request,
        kind="opened",
        by=by,
        now_ms=now_ms,
        text=text,
        detail={
            "kind": kind,
            "class": class_,
            "urgency": urgency or urgency_of(kind, class_, urgent_classes=desk.urgent_classes),
            "target": target and {"kind": target["kind"], "id": str(target["id"])},
            "department": department and str(department),
            "window": window and list(window),
        },
    )
    keep_photos(session, request=request, event_id=event.id, drawn=photos)
    if contact is not None and (contact.phone or contact.name):
        keep_contact(session, request=request, contact=contact)
    if secret is not None:
        keep_link(session, request=request, secret=secret, now_ms=now_ms)
    if urgency == "rescue":
        _join_rescue(session, request=request, now_ms=now_ms)
    return request


def keep_contact(session: Session, *, request: Request, contact: Contact) -> None:
    """Keep how to reach who asks; what was kept before goes."""
    held = session.get(RequestContact, request.id)
    if held is None:
        held = RequestContact(
            request_id=request.id, organisation_id=request.organisation_id, site_id=request.site_id
        )
        session.add(held)
    held.name, held.phone, held.digits = contact.name, contact.phone, digits_of(contact.phone)
    session.flush()


def merge(session: Session, *, request: Request, into: Request, by: UUID | None, now_ms: int) -> None:
    """Have a request go on as another one. Both rows are held, and neither has ended."""
    write(session, request=request, kind="merged", by=by, now_ms=now_ms, detail={"into": str(into.id)})
    write(session, request=into, kind="joined", by=by, now_ms=now_ms, detail={"from": str(request.id)})
    show_on_orders(session, request=request)


def check_target(session: Session, *, site: Site, target: Mapping[str, Any] | None) -> None:
    """Raise `Invalid` unless the target is a place of the site, or none."""
    if target is None:
        return
    place = session.get(sites.PLACES[target["kind"]], UUID(str(target["id"])))
    if place is None or place.site_id != site.id:
        raise Invalid(errors={"json": {"target": ["Not a place of this site"]}})


def check_department(session: Session, *, site: Site, department: UUID | None) -> None:
    """Raise `Invalid` unless the department is a team of the site, or none."""
    if department is None:
        return
    if department not in {team.id for team in sites.teams_of(session, site=site)}:
        raise Invalid(errors={"json": {"department": ["Not a team of this site"]}})


def _join_rescue(session: Session, *, request: Request, now_ms: int) -> None:
    """Have a call for rescue from the same lift go on as the first one: ten calls are one rescue."""
    query = (
        select(Request)
        .where(
            Request.site_id == request.site_id,
            Request.target_id == request.target_id,
            Request.urgency == "rescue",
            Request.state.not_in(ENDED),
            Request.opened_ms >= now_ms - RESCUE_MS,
            Request.id != request.id,
        )
        .order_by(Request.number)
        .limit(1)
    )
    first = session.scalars(query.with_for_update()).one_or_none()
    if first is not None and request.target_id is not None:
        merge(session, request=request, into=first, by=None, now_ms=now_ms)
