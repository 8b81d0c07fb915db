"""Requests as the desk sees them: the queue, one with all that happened to it, and who called before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from server.orders import service as orders
from server.people.models import Person
from server.requests import deadlines
from server.requests.kinds import ENDED, number_words
from server.requests.models import Request, RequestContact, RequestEvent, RequestLink, RequestText
from server.requests.service.following import texts_of
from server.requests.service.opening import digits_of
from server.requests.service.photos import photos_of
from server.requests.service.writing import events_of, state_of
from server.sites import service as sites
from server.sites.models import Site

EXCERPT = 160
"""So much of the first words a list shows."""
DOUBLES_MS = 24 * 3_600_000
PAGE = 50

_STATES: dict[str, tuple[str, ...]] = {
    "going": ("new", "open", "done"),
    "new": ("new",),
    "open": ("open",),
    "done": ("done",),
    "ended": ("closed", "withdrawn", "merged"),
}


def queue_of(
    session: Session,
    *,
    site: Site,
    state: str = "going",
    kind: str | None = None,
    class_: str | None = None,
    owner: UUID | None = None,
    unread: bool = False,
    late: bool = False,
    text: str = "",
    skip: int = 0,
    now_ms: int,
) -> dict[str, Any]:
    """Return a page of requests, what is due next first, and how many there are of each state."""
    here = [Request.site_id == site.id]
    which: list[ColumnElement[bool]] = list(here)
    if state != "all":
        which.append(Request.state.in_(_STATES[state]))
    if kind:
        which.append(Request.kind == kind)
    if class_:
        which.append(Request.class_ == class_)
    if owner:
        which.append(or_(Request.owner_id == owner, Request.offered_to_id == owner))
    if unread:
        which.append(Request.unread.is_(True))
    overdue = and_(Request.state.not_in(ENDED), Request.next_due_ms < now_ms)
    if late:
        which.append(overdue)
    if text:
        which.append(_holds(site, text))
    rescue = case((Request.urgency == "rescue", 0), else_=1)
    unknown = case((Request.next_due_ms.is_(None), 1), else_=0)
    ended = state in ("ended", "all")
    by_due = (rescue, unknown, Request.next_due_ms, Request.opened_ms, Request.number)
    order = (Request.number.desc(),) if ended else by_due
    rows = session.scalars(select(Request).where(*which).order_by(*order).offset(skip).limit(PAGE + 1)).all()
    counts = session.execute(
        select(Request.state, func.count())
        .where(*here, Request.state.in_(_STATES["going"]))
        .group_by(Request.state)
    ).all()
    how_many_late = session.scalar(select(func.count()).where(*here, overdue))
    return {
        "requests": rows_of(session, site=site, requests=rows[:PAGE], now_ms=now_ms),
        "more": len(rows) > PAGE,
        "counts": {**dict.fromkeys(_STATES["going"], 0), **dict(counts), "late": how_many_late or 0},
        "now_ms": now_ms,
    }


def rows_of(
    session: Session, *, site: Site, requests: Sequence[Request], now_ms: int
) -> list[dict[str, Any]]:
    """Return requests as lists show them."""
    people = _people(session, _named(requests))
    teams = {team.id: team.name for team in sites.teams_of(session, site=site)}
    places = sites.places_by_id(session, site_id=site.id)
    words = _first_words(session, [request.id for request in requests])
    return [
        {
            "id": one.id,
            "number": number_words(one.number),
            "kind": one.kind,
            "class": one.class_,
            "urgency": one.urgency,
            "state": one.state,
            "channel": one.channel,
            "place": one.place,
            "target": _target(one, places),
            "text": words.get(one.id, "")[:EXCERPT],
            "owner": people.get(one.owner_id),
            "offered_to": people.get(one.offered_to_id),
            "department": None
            if one.department_id is None
            else {"id": one.department_id, "name": teams.get(one.department_id, {"zh": "—", "en": "—"})},
            "window": None if one.window_from_ms is None else [one.window_from_ms, one.window_to_ms],
            "opened_ms": one.opened_ms,
            "next_due_ms": one.next_due_ms,
            "deadlines": deadlines.as_of(one.deadlines, now_ms=now_ms),
            "unread": one.unread,
            "satisfied": one.satisfied,
        }
        for one in requests
    ]


def one_of(session: Session, *, site: Site, request: Request, now_ms: int) -> dict[str, Any]:
    """Return a request with everything that happened to it."""
    state = state_of(session, request_id=request.id)
    contact = session.get(RequestContact, request.id)
    links = select(func.count()).where(RequestLink.request_id == request.id, RequestLink.retired_ms.is_(None))
    merged = session.scalars(
        select(Request).where(Request.merged_into_id == request.id).order_by(Request.number)
    ).all()
    into = None if request.merged_into_id is None else session.get(Request, request.merged_into_id)
    made = orders.orders_from(
        session, site_id=site.id, source_kind="request", source_ids=[str(request.id)]
    ).get(str(request.id), [])
    events = _events(session, request)
    return {
        **rows_of(session, site=site, requests=[request], now_ms=now_ms)[0],
        "language": request.language,
        "done_ms": request.done_ms,
        "closed_ms": request.closed_ms,
        "urged": state.urged,
        "reopened": state.reopened,
        "erased": state.erased,
        "contact": None if contact is None else {"name": contact.name, "phone": contact.phone},
        "links": session.scalar(links) or 0,
        "events": events,
        "orders": [
            {"id": one.id, "number": one.name, "state": one.state, "next_due_ms": one.next_due_ms}
            for one in made
        ],
        "merged_into": None if into is None else _ref(into),
        "merged": [_ref(one) for one in merged],
        "doubles": _doubles(session, site=site, request=request),
        "now_ms": now_ms,
    }


def callers(session: Session, *, site: Site, phone: str) -> list[dict[str, Any]]:
    """Return the last requests of who has this phone number, the newest first; of short ones none."""
    digits = digits_of(phone)
    if len(digits) < 5:
        return []
    query = (
        select(Request, RequestContact.name)
        .join(RequestContact, RequestContact.request_id == Request.id)
        .where(RequestContact.site_id == site.id, RequestContact.digits == digits)
        .order_by(Request.number.desc())
        .limit(5)
    )
    found = session.execute(query).all()
    words = _first_words(session, [request.id for request, _ in found])
    return [
        {**_ref(request), "name": name, "text": words.get(request.id, "")[:EXCERPT], "place": request.place}
        for request, name in found
    ]


def _events(session: Session, request: Request) -> list[dict[str, Any]]:
    texts = texts_of(session, request_id=request.id)
    photos = photos_of(session, request_id=request.id)
    events = events_of(session, request_id=request.id)
    to = {UUID(event.detail["to"]) for event in events if event.kind == "offered"}
    people = _people(session, {event.person_id for event in events} | to)
    found = []
    for event in events:
        detail: dict[str, Any] = dict(event.detail)
        if event.kind == "offered":
            other = people.get(UUID(detail["to"]))
            detail["to"] = other["name"] if other else ""
        found.append(
            {
                "id": event.id,
                "at_ms": event.at_ms,
                "kind": event.kind,
                "by": people.get(event.person_id),
                "text": texts.get(event.id, ""),
                "photos": photos.get(event.id, []),
                "detail": detail,
            }
        )
    return found


def _doubles(session: Session, *, site: Site, request: Request) -> list[dict[str, Any]]:
    """Return going requests that may be the same: of the same place, or of its class within a day."""
    if request.state in ENDED:
        return []
    alike = (Request.class_ == request.class_) & (Request.class_ != "other")
    near = Request.opened_ms.between(request.opened_ms - DOUBLES_MS, request.opened_ms + DOUBLES_MS)
    same: ColumnElement[bool] = alike & near
    if request.target_id is not None:
        same = or_(Request.target_id == request.target_id, same)
    query = select(Request).where(
        Request.site_id == site.id, Request.id != request.id, Request.state.not_in(ENDED), same
    )
    found = session.scalars(query.order_by(Request.number).limit(8)).all()
    words = _first_words(session, [one.id for one in found])
    return [{**_ref(one), "text": words.get(one.id, "")[:EXCERPT]} for one in found]


def _ref(request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "number": number_words(request.number),
        "kind": request.kind,
        "state": request.state,
        "opened_ms": request.opened_ms,
    }


def _holds(site: Site, text: str) -> ColumnElement[bool]:
    """Whether a request is the one that somebody looks for: by number, words, place or phone."""
    found: list[ColumnElement[bool]] = [
        Request.place.icontains(text, autoescape=True),
        Request.id.in_(
            select(RequestText.request_id).where(
                RequestText.site_id == site.id, RequestText.text.icontains(text, autoescape=True)
            )
        ),
    ]
    figures = text.upper().removeprefix("R").lstrip("-")
    if figures.isascii() and figures.isdecimal() and len(figures) < 12:
        found.append(Request.number == int(figures))
    digits = digits_of(text)
    if len(digits) >= 5:
        with_it = select(RequestContact.request_id).where(
            RequestContact.site_id == site.id, RequestContact.digits.contains(digits)
        )
        found.append(Request.id.in_(with_it))
    return or_(*found)


def _first_words(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    query = (
        select(RequestText.request_id, RequestText.text)
        .join(RequestEvent, RequestEvent.id == RequestText.event_id)
        .where(RequestText.request_id.in_(ids), RequestEvent.kind == "opened")
    )
    return dict(session.execute(query).all())


def _named(requests: Iterable[Request]) -> set[UUID | None]:
    return {person for one in requests for person in (one.owner_id, one.offered_to_id)}


def _people(session: Session, ids: Collection[UUID | None]) -> dict[UUID | None, dict[str, Any]]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: {"id": row.id, "name": row.name} for row in rows}


def _target(request: Request, places: dict[UUID, Any]) -> dict[str, Any] | None:
    place = places.get(request.target_id) if request.target_id else None
    if place is None:
        return None
    return {"kind": place.kind, "id": place.id, "number": place.number, "name": place.name}
