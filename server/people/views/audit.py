"""The audit log: of a site for its supervisors, of everything for the administrators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, g, stream_with_context
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import cells
from server.audit import search
from server.audit import service as audit
from server.audit.models import AuditRow
from server.audit.schemas import AuditChoices, AuditPage, AuditQuery, AuditWhich
from server.audit.search import Wanted
from server.clock import now_ms
from server.db import db, reading, streamed
from server.ledger.models import Device
from server.people.models import Person
from server.people.policy import policy
from server.people.views import bp

SITE = "/api/v1/sites/<uuid:site_id>/audit"
ALL = "/api/v1/audit"
HEAD = ("pos", "at", "person", "action", "subject", "site", "detail")


@bp.get(SITE)
@policy("see.audit")
@bp.arguments(AuditQuery, location="query")
@bp.response(HTTPStatus.OK, AuditPage)
def site_audit(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return a page of what was done and looked at on a site."""
    return _page(query, site_id)


@bp.get(ALL)
@policy("administer")
@bp.arguments(AuditQuery, location="query")
@bp.response(HTTPStatus.OK, AuditPage)
def whole_audit(query: dict[str, Any]) -> dict[str, Any]:
    """Return a page of what was done and looked at anywhere, and of log-ins, which belong to no site."""
    return _page(query, None)


@bp.get(f"{SITE}/choices")
@policy("see.audit")
@bp.response(HTTPStatus.OK, AuditChoices)
def site_audit_choices(site_id: UUID) -> dict[str, Any]:
    """Return which actions were ever done on a site, and by whom."""
    return _choices(site_id)


@bp.get(f"{ALL}/choices")
@policy("administer")
@bp.response(HTTPStatus.OK, AuditChoices)
def whole_audit_choices() -> dict[str, Any]:
    """Return which actions were ever done, and by whom."""
    return _choices(None)


@bp.get(f"{SITE}/csv")
@policy("see.audit", fresh=True)
@bp.arguments(AuditWhich, location="query")
@bp.response(HTTPStatus.OK, {"type": "string"}, content_type=cells.MIME)
def site_audit_csv(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the rows of a site as CSV, the newest first. The export is noted."""
    return _csv(query, site_id)


@bp.get(f"{ALL}/csv")
@policy("administer", fresh=True)
@bp.arguments(AuditWhich, location="query")
@bp.response(HTTPStatus.OK, {"type": "string"}, content_type=cells.MIME)
def whole_audit_csv(query: dict[str, Any]) -> Response:
    """Return all rows as CSV, the newest first. The export is noted."""
    return _csv(query, None)


def _wanted(query: Mapping[str, Any], site: UUID | None) -> Wanted:
    return Wanted(
        organisation=g.principal.organisation_id,
        site=site,
        person=query["person"],
        action=query["action"],
        subject=query["subject"],
        from_ms=query["from"],
        to_ms=query["to"],
    )


def _page(query: dict[str, Any], site: UUID | None) -> dict[str, Any]:
    reading()
    session, limit = db.session(), query["limit"]
    found = search.page(session, _wanted(query, site), before=query["before"], limit=limit + 1)
    rows = found[:limit]
    names = _names(session, rows)
    told = [_told(row, names) for row in rows]
    return {"rows": told, "next": rows[-1].pos if len(found) > limit else None}


def _choices(site: UUID | None) -> dict[str, Any]:
    reading()
    session = db.session()
    wanted = Wanted(organisation=g.principal.organisation_id, site=site)
    people = session.execute(
        select(Person.id, Person.name)
        .where(Person.organisation_id == wanted.organisation, Person.id.in_(search.doers(wanted)))
        .order_by(Person.name, Person.id)
    )
    return {
        "actions": search.actions(session, wanted),
        "people": [{"id": person, "name": name} for person, name in people],
    }


def _csv(query: dict[str, Any], site: UUID | None) -> Response:
    session = db.session()
    wanted, now = _wanted(query, site), now_ms()
    audit.write(
        session,
        organisation=wanted.organisation,
        site=site,
        person=g.principal.person_id,
        action="audit.exported",
        subject="audit:",
        detail={name: str(value) for name, value in query.items() if value is not None},
        now_ms=now,
    )
    session.commit()
    reading()  # a slow download must keep nobody from writing
    names = dict(
        session.execute(
            select(Person.id, Person.name).where(Person.organisation_id == wanted.organisation)
        ).all()
    )
    lines = streamed(session, _lines(session, wanted, names))
    response = Response(stream_with_context(lines), mimetype=cells.MIME)
    response.headers.set("Content-Disposition", "attachment", filename="audit.csv")
    return response


def _lines(session: Session, wanted: Wanted, names: Mapping[UUID, str]) -> Iterator[str]:
    yield cells.BOM + cells.line(HEAD)
    for row in search.everything(session, wanted):
        yield cells.line(
            (
                row.pos,
                datetime.fromtimestamp(row.at_ms / 1000, UTC).isoformat(timespec="seconds"),
                names.get(row.person_id, "") if row.person_id else "",
                row.action,
                row.subject,
                row.site_id,
                " ".join(f"{name}={value}" for name, value in row.detail.items()),
            )
        )


def _names(session: Session, rows: Sequence[AuditRow]) -> dict[str, str]:
    """Return id → name of the people and phones that rows mention."""
    mentioned = {row.person_id for row in rows if row.person_id}
    subjects = [_subject(row) for row in rows]
    mentioned |= {UUID(id_) for kind, id_ in subjects if kind == "person" and _is_id(id_)}
    phones = {UUID(id_) for kind, id_ in subjects if kind == "device" and _is_id(id_)}
    found: dict[str, str] = {}
    for model, ids in ((Person, mentioned), (Device, phones)):
        query = select(model.id, model.name).where(
            model.organisation_id == g.principal.organisation_id, model.id.in_(ids)
        )
        found |= {str(id_): name for id_, name in session.execute(query)}
    return found


def _told(row: AuditRow, names: Mapping[str, str]) -> dict[str, Any]:
    kind, id_ = _subject(row)
    person = row.person_id
    return {
        "pos": row.pos,
        "at_ms": row.at_ms,
        "site": row.site_id,
        "person": {"id": person, "name": names.get(str(person), "")} if person else None,
        "action": row.action,
        "subject": {"kind": kind, "id": id_, "name": names.get(id_)},
        "detail": row.detail,
    }


def _subject(row: AuditRow) -> tuple[str, str]:
    """Return kind and id; where the row has an id alone, the action says of what kind it is."""
    kind, _, id_ = row.subject.rpartition(":")
    return kind or row.action.partition(".")[0], id_


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
