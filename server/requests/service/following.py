"""What who asked sees under the private link: what became of it, in plain words and without names."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.requests.models import Request, RequestEvent, RequestText
from server.requests.service.acting import REOPEN_MS, last_of
from server.requests.service.photos import photos_of
from server.requests.service.writing import events_of

SHOWN = frozenset(
    {
        "opened", "taken", "accepted", "ordered", "arrived", "worked", "told", "said", "hurried",
        "answered", "followed", "ended", "withdrawn", "merged",
    }
)  # fmt: skip
"""What concerns who asked. Notes, hand-overs that were only offered and sorting are the desk's own."""

_OTHERS_TEXT = frozenset({"told", "answered"})
"""With which the words are meant for everybody whose request was merged into this one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, as who asked sees it."""

    at_ms: int
    word: str
    text: str
    photos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """How it stands, as who asked sees it."""

    number: int
    """Of the own request."""
    goes_on_as: int | None
    """The number of the one into which it was merged."""
    kind: str
    state: str
    urgency: str
    erased: bool
    window: tuple[int, int] | None
    lines: list[Line]
    may_add: bool
    may_judge: bool
    may_reopen: bool


def followed(session: Session, *, request: Request, now_ms: int) -> Followed:
    """Return what a private link shows: the own request, and what was done with it or with what it became."""
    last = last_of(session, request=request)
    lines = _lines(session, request, own=True)
    if last.id != request.id:
        lines += _lines(session, last, own=False)
    going = last.state not in ("closed", "withdrawn")
    closed_ms = last.closed_ms
    return Followed(
        number=request.number,
        goes_on_as=None if last.id == request.id else last.number,
        kind=request.kind,
        state=last.state,
        urgency=last.urgency,
        erased=any(event.kind == "erased" for event in events_of(session, request_id=request.id)),
        window=_window(last),
        lines=sorted(lines, key=lambda line: line.at_ms),
        may_add=going,
        may_judge=last.state == "done",
        may_reopen=last.state == "closed" and closed_ms is not None and now_ms - closed_ms <= REOPEN_MS,
    )


def texts_of(session: Session, *, request_id: UUID) -> dict[UUID, str]:
    """Return event → what was written with it."""
    query = select(RequestText.event_id, RequestText.text).where(RequestText.request_id == request_id)
    return dict(session.execute(query).all())


def _lines(session: Session, request: Request, *, own: bool) -> list[Line]:
    texts = texts_of(session, request_id=request.id)
    photos = photos_of(session, request_id=request.id) if own else {}
    found = []
    for event in events_of(session, request_id=request.id):
        if event.kind not in SHOWN or (not own and event.kind in ("opened", "said", "hurried", "withdrawn")):
            continue
        if not own and event.kind == "followed" and event.person_id is None:
            continue  # what another person said of it
        text = texts.get(event.id, "") if own or event.kind in _OTHERS_TEXT else ""
        found.append(Line(event.at_ms, _word(event), text, tuple(photos.get(event.id, ()))))
    return found


def _word(event: RequestEvent) -> str:
    by_desk = ".desk" if event.person_id is not None else ""
    if event.kind == "followed":
        return f"event.followed.{'yes' if event.detail['satisfied'] else 'no'}{by_desk}"
    if event.kind == "opened":
        return f"event.opened{by_desk}"
    return f"event.{event.kind}"


def _window(request: Request) -> tuple[int, int] | None:
    if request.window_from_ms is None or request.window_to_ms is None:
        return None
    return request.window_from_ms, request.window_to_ms
