"""What the desk and who asks do with a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.people import roles
from server.people.models import Membership, Person
from server.problems import Invalid, Problem
from server.requests.models import Request
from server.requests.service.links import keep_link, make_secret, retire_links
from server.requests.service.opening import check_department, check_target, merge
from server.requests.service.photos import Drawn, keep_photos
from server.requests.service.writing import request_of, write
from server.sites.models import Site

REOPEN_MS = 30 * 86_400_000
"""So long after a request was closed who asked may say that they are not satisfied after all."""


class HasOwner(Problem):
    """Somebody took the request already and follows it; they may hand it over."""

    slug, status, title = "request-taken", HTTPStatus.CONFLICT, "Somebody follows this request already"


class NotNow(Problem):
    """The request has ended, or is not so far, or nobody offered it to this person."""

    slug, status, title = "request-state", HTTPStatus.CONFLICT, "This cannot be done with the request now"


def held(session: Session, *, site_id: UUID, request_id: UUID) -> Request:
    """Return a request whose row is held until the commit.

    :raises NotFound: the site has none
    """
    return request_of(session, site_id=site_id, request_id=request_id, to_change=True)


def take(session: Session, *, request: Request, by: UUID, now_ms: int) -> None:
    """Take a request that nobody follows: who takes it is the first asked, and responsible.

    :raises HasOwner: somebody was first
    :raises NotNow: it has ended
    """
    _going(request)
    if request.owner_id is not None:
        raise HasOwner
    write(session, request=request, kind="taken", by=by, now_ms=now_ms)


def offer(session: Session, *, request: Request, to: UUID, by: UUID, now_ms: int) -> None:
    """Ask somebody of the desk to follow a request from now on; it stays the owner's until they accept.

    :raises Invalid: they do not work at this site's desk
    :raises NotNow: it has ended, or nobody follows it yet
    """
    _going(request)
    if request.owner_id is None or to == request.owner_id:
        raise NotNow
    if to not in {one.id for one in handlers_of(session, site_id=request.site_id)}:
        raise Invalid(errors={"json": {"to": ["Not of the desk of this site"]}})
    write(session, request=request, kind="offered", by=by, now_ms=now_ms, detail={"to": str(to)})


def settle_offer(session: Session, *, request: Request, accept: bool, by: UUID, now_ms: int) -> None:
    """Accept a request that was offered, or leave it where it is.

    :raises NotNow: it was not offered to this person
    """
    if request.offered_to_id != by:
        raise NotNow
    write(session, request=request, kind="accepted" if accept else "refused", by=by, now_ms=now_ms)


def sort(
    session: Session, *, site: Site, request: Request, changes: Mapping[str, Any], by: UUID, now_ms: int
) -> None:
    """Say anew of what sort a request is, where, how urgent, whose matter, or for when.

    :raises Invalid: a place or team is not of this site
    :raises NotNow: it was merged or withdrawn
    """
    if request.state in ("merged", "withdrawn"):
        raise NotNow
    detail = dict(changes)
    if "target" in detail:
        check_target(session, site=site, target=detail["target"])
        target = detail["target"]
        detail["target"] = target and {"kind": target["kind"], "id": str(target["id"])}
    if "department" in detail:
        check_department(session, site=site, department=detail["department"])
        detail["department"] = detail["department"] and str(detail["department"])
    if "place" in detail:
        request.place = detail.pop("place")
        detail["words"] = True
    write(session, request=request, kind="sorted", by=by, now_ms=now_ms, detail=detail)


def say(session: Session, *, request: Request, kind: str, text: str, by: UUID | None, now_ms: int) -> None:
    """Urge, tell who asked, note for the desk, answer, or end without a word of who asked.

    :raises NotNow: it has ended
    """
    if kind != "noted":
        _going(request)
    write(session, request=request, kind=kind, by=by, now_ms=now_ms, text=text)


def write_more(
    session: Session, *, request: Request, text: str, photos: Sequence[Drawn], now_ms: int
) -> None:
    """Keep what who asked writes to it later.

    :raises NotNow: it has ended
    :raises TooManyPhotos: it holds no more photos
    """
    _going(request)
    event = write(session, request=request, kind="said", now_ms=now_ms, text=text)
    keep_photos(session, request=request, event_id=event.id, drawn=photos)


def add_to_merged(
    session: Session, *, request: Request, going: Request, text: str, photos: Sequence[Drawn], now_ms: int
) -> None:
    """Keep what somebody adds whose request goes on as another one: the words stay with their own.

    :raises NotNow: the other one has ended
    :raises TooManyPhotos: it holds no more photos
    """
    _going(going)
    event = write(session, request=request, kind="said", now_ms=now_ms, text=text)
    keep_photos(session, request=request, event_id=event.id, drawn=photos)
    write(session, request=going, kind="said", now_ms=now_ms, detail={"from": str(request.id)})


def follow(
    session: Session, *, request: Request, satisfied: bool, text: str, by: UUID | None, now_ms: int
) -> None:
    """Note whether who asked is satisfied. If not, it begins anew, with new deadlines.

    :param by: who asked them; None: they said it themselves
    :raises NotNow: it was withdrawn or merged, closed long ago, or nothing was done yet
    """
    if request.state in ("withdrawn", "merged", "new"):
        raise NotNow
    if request.closed_ms is not None and now_ms - request.closed_ms > REOPEN_MS:
        raise NotNow
    if satisfied and request.state == "closed" and request.satisfied:
        return
    if not satisfied and request.state == "open":
        # nothing was done yet with which one could be dissatisfied: it is a word like another
        write(session, request=request, kind="said", by=by, now_ms=now_ms, text=text)
        return
    write(
        session,
        request=request,
        kind="followed",
        by=by,
        now_ms=now_ms,
        text=text,
        detail={"satisfied": satisfied},
    )


def withdraw(session: Session, *, request: Request, now_ms: int) -> None:
    """Have who asked take it back.

    :raises NotNow: it has ended
    """
    _going(request)
    write(session, request=request, kind="withdrawn", now_ms=now_ms)


def merge_into(session: Session, *, request: Request, into: Request, by: UUID, now_ms: int) -> None:
    """Have a request go on as another one that says the same; both links show what becomes of it.

    :raises NotNow: one of them has ended, or they are the same
    """
    _going(request)
    _going(into)
    if request.id == into.id:
        raise NotNow
    merge(session, request=request, into=into, by=by, now_ms=now_ms)


def new_link(session: Session, *, request: Request, by: UUID, now_ms: int) -> str:
    """Return the secret of a new private link; earlier ones open nothing any more."""
    retire_links(session, request_id=request.id, now_ms=now_ms)
    secret = make_secret()
    keep_link(session, request=request, secret=secret, now_ms=now_ms)
    write(session, request=request, kind="linked", by=by, now_ms=now_ms)
    return secret


def handlers_of(session: Session, *, site_id: UUID) -> list[Person]:
    """Return who works at the site's desk, by name."""
    able = [role for role in roles.ROLES if "handle.requests" in roles.may(role)]
    here = select(Membership.person_id).where(
        Membership.site_id == site_id, Membership.role.in_(able), Membership.ended_ms.is_(None)
    )
    site = session.get_one(Site, site_id)
    query = select(Person).where(
        Person.organisation_id == site.organisation_id,
        Person.id.in_(here) | Person.administrator,
        Person.left_ms.is_(None),
    )
    return list(session.scalars(query.order_by(Person.name, Person.id)))


def last_of(session: Session, *, request: Request) -> Request:
    """Return the request as which one goes on: itself, or that into which it was merged."""
    seen = {request.id}
    while request.merged_into_id is not None and request.merged_into_id not in seen:
        seen.add(request.merged_into_id)
        request = session.get_one(Request, request.merged_into_id)
    return request


def _going(request: Request) -> None:
    if request.state in ("closed", "withdrawn", "merged"):
        raise NotNow
