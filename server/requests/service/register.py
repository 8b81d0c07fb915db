"""The lines of the complaint register (投诉台账)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.people.models import Person
from server.requests.deadlines import as_of
from server.requests.models import Request, RequestEvent
from server.requests.service.following import texts_of
from server.sites import service as sites
from server.sites.models import Label, Site


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint as a register shows it; texts are as they were written."""

    number: int
    opened_ms: int
    text: str
    place: str
    department: Label | None
    owner: str
    answered_ms: int | None
    answer: str
    due_ms: int | None
    kept: str
    """How its deadline to be answered stands: ``met``, ``late``, ``running`` …; empty where none applies."""
    satisfied: bool | None
    state: str


def complaints(session: Session, *, site: Site, from_ms: int, to_ms: int, now_ms: int) -> list[Complaint]:
    """Return the complaints that came between two moments, the oldest first, without merged ones."""
    query = (
        select(Request)
        .where(
            Request.site_id == site.id,
            Request.kind == "complaint",
            Request.state.not_in(("merged", "withdrawn")),
            Request.opened_ms >= from_ms,
            Request.opened_ms < to_ms,
        )
        .order_by(Request.number)
    )
    found = session.scalars(query).all()
    teams = {team.id: team.name for team in sites.teams_of(session, site=site)}
    places = sites.places_by_id(session, site_id=site.id)
    owners = {one.owner_id for one in found if one.owner_id is not None}
    people = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(owners))).all())
    lines = []
    for one in found:
        texts = texts_of(session, request_id=one.id)
        events = session.scalars(
            select(RequestEvent)
            .where(RequestEvent.request_id == one.id, RequestEvent.kind.in_(("opened", "answered")))
            .order_by(RequestEvent.seq)
        ).all()
        answered = [event for event in events if event.kind == "answered"]
        due = next((line for line in as_of(one.deadlines, now_ms=now_ms) if line["what"] == "answer"), None)
        place = places.get(one.target_id) if one.target_id else None
        named = f"{place.number} {place.name['zh']}" if place is not None else ""
        lines.append(
            Complaint(
                number=one.number,
                opened_ms=one.opened_ms,
                text=texts.get(events[0].id, "") if events else "",
                place=" ".join(part for part in (named, one.place) if part),
                department=teams.get(one.department_id) if one.department_id else None,
                owner=people.get(one.owner_id, "") if one.owner_id else "",
                answered_ms=answered[-1].at_ms if answered else None,
                answer=texts.get(answered[-1].id, "") if answered else "",
                due_ms=due["due_ms"] if due else None,
                kept=due["state"] if due else "",
                satisfied=one.satisfied,
                state=one.state,
            )
        )
    return lines
