"""The one writer of requests: an event is added, and the row says again what the events say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import NotFound
from server.requests import deadlines
from server.requests.fold import Event, RequestState, fold
from server.requests.models import Request, RequestEvent, RequestText
from server.sites.models import Site

TEXT_CHARACTERS = 2_000


def request_of(session: Session, *, site_id: UUID, request_id: UUID, to_change: bool = False) -> Request:
    """Return a request of the site; `to_change` holds its row until the commit.

    :raises NotFound: there is none, or it belongs to another site
    """
    found = session.get(
        Request,
        request_id,
        with_for_update=True if to_change else None,
        populate_existing=to_change,
    )
    if found is None or found.site_id != site_id:
        raise NotFound
    return found


def events_of(session: Session, *, request_id: UUID) -> list[RequestEvent]:
    """Return what happened to a request, in order."""
    query = select(RequestEvent).where(RequestEvent.request_id == request_id)
    return list(session.scalars(query.order_by(RequestEvent.seq)))


def state_of(session: Session, *, request_id: UUID) -> RequestState:
    """Return how it stands with a request."""
    return fold(_plain(event) for event in events_of(session, request_id=request_id))


def write(
    session: Session,
    *,
    request: Request,
    kind: str,
    now_ms: int,
    by: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    text: str = "",
) -> RequestEvent:
    """Add an event to a request whose row is held, and say anew in the row how it stands."""
    event = RequestEvent(
        id=uuid4(),
        organisation_id=request.organisation_id,
        site_id=request.site_id,
        request_id=request.id,
        seq=request.events + 1,
        at_ms=now_ms,
        kind=kind,
        person_id=by,
        detail=dict(detail or {}),
    )
    request.events += 1
    session.add(event)
    session.flush()
    if text:
        session.add(
            RequestText(
                event_id=event.id,
                organisation_id=request.organisation_id,
                site_id=request.site_id,
                request_id=request.id,
                text=text,
            )
        )
    tell(session, request=request, now_ms=now_ms)
    return event


def tell(session: Session, *, request: Request, now_ms: int) -> RequestState:
    """Say in a request's row what its events say."""
    state = state_of(session, request_id=request.id)
    request.kind, request.class_, request.urgency = state.kind, state.class_, state.urgency
    target = state.target
    request.target_kind = target["kind"] if target else None
    request.target_id = UUID(target["id"]) if target else None
    request.state = state.state
    request.owner_id = _id(state.owner)
    request.offered_to_id = _id(state.offered_to)
    request.department_id = _id(state.department)
    request.merged_into_id = _id(state.merged_into)
    request.window_from_ms, request.window_to_ms = state.window or (None, None)
    request.done_ms, request.closed_ms = state.done_ms, state.closed_ms
    request.satisfied, request.unread = state.satisfied, state.unread and not state.ended
    site = session.get_one(Site, request.site_id)
    request.deadlines = deadlines.of_request(
        session, site=site, request_id=str(request.id), state=state, now_ms=now_ms
    )
    request.next_due_ms = deadlines.next_due(request.deadlines)
    session.flush()
    return state


def _plain(event: RequestEvent) -> Event:
    person = None if event.person_id is None else str(event.person_id)
    return Event(event.kind, event.at_ms, person, event.detail)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
