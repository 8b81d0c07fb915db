"""The desk's side: the queue, one request, what is done with it, the month in figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, current_app, g

from server.audit import service as audit
from server.audit.looks import look
from server.clock import now_ms
from server.config import Settings
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.people.policy import policy
from server.requests import schemas, service
from server.requests.models import Request
from server.requests.views import bp
from server.requests.views.pages import qr_rows
from server.sites import service as sites
from server.sites.models import Site

ROOT = "/api/v1/sites/<uuid:site_id>"
ONE = f"{ROOT}/requests/<uuid:request_id>"
_SORTED = ("kind", "class_", "urgency", "target", "place", "department", "window")
_SAID = {"urge": "urged", "tell": "told", "note": "noted", "answer": "answered", "end": "ended"}


@bp.get(f"{ROOT}/requests")
@policy("handle.requests")
@bp.arguments(schemas.QueueQuery, location="query")
@bp.response(HTTPStatus.OK, schemas.RequestList)
def list_requests(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return requests, what is due next first."""
    reading()
    mine = query.pop("mine")
    owner = g.principal.person_id if mine else None
    return service.queue_of(db.session(), site=_site(site_id), owner=owner, now_ms=now_ms(), **query)


@bp.post(f"{ROOT}/requests")
@policy("handle.requests")
@bp.arguments(schemas.RequestIn)
@bp.response(HTTPStatus.CREATED, schemas.RequestBody)
def enter_request(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Enter what somebody asks for by phone, in person or by message. Who enters it is responsible."""
    now, session = now_ms(), db.session()
    contact = body.pop("contact")
    window = body.pop("window")
    made = service.open_request(
        session,
        site=_site(site_id),
        **body,
        window=None if window is None else (window[0], window[1]),
        contact=None if contact is None else service.Contact(**contact),
        by=g.principal.person_id,
        now_ms=now,
    )
    request_id = made.id
    _finish("request.entered", site_id, request_id, now, kind=made.kind)
    return _one(site_id, request_id)


@bp.get(f"{ROOT}/requests/callers")
@policy("handle.requests")
@bp.arguments(schemas.CallerQuery, location="query")
@bp.response(HTTPStatus.OK, schemas.CallerList)
def list_callers(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return what who has this phone number asked for before."""
    reading()
    return {"requests": service.callers(db.session(), site=_site(site_id), phone=query["phone"])}


@bp.get(f"{ROOT}/requests/month")
@policy("handle.requests")
@bp.arguments(schemas.DeskMonthQuery, location="query")
@bp.response(HTTPStatus.OK, schemas.DeskMonth)
def month(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return a month of the desk in figures: complaints by whose matter, requests by kind, class and zone."""
    reading()
    site = _site(site_id)
    from_ms, to_ms = month_span(query["month"], site)
    return service.month_of(db.session(), site=site, from_ms=from_ms, to_ms=to_ms, now_ms=now_ms())


@bp.get(ONE)
@policy("handle.requests")
@bp.response(HTTPStatus.OK, schemas.RequestBody)
def get_request(site_id: UUID, request_id: UUID) -> dict[str, Any]:
    """Return a request with everything that happened to it."""
    reading()
    return _one(site_id, request_id)


@bp.post(f"{ONE}/acts")
@policy("handle.requests")
@bp.arguments(schemas.ActIn)
@bp.response(HTTPStatus.OK, schemas.RequestBody)
@refuses(service.HasOwner, service.NotNow)
def act_on_request(body: dict[str, Any], site_id: UUID, request_id: UUID) -> dict[str, Any]:
    """Take, hand over, sort, order work, urge, tell, answer, follow up, merge or erase."""
    now, session = now_ms(), db.session()
    request = service.held(session, site_id=site_id, request_id=request_id)
    _do(body, request, now)
    _finish(f"request.{body['act']}", site_id, request_id, now)
    return _one(site_id, request_id)


@bp.post(f"{ONE}/link")
@policy("handle.requests")
@bp.response(HTTPStatus.CREATED, schemas.LinkBody)
def renew_link(site_id: UUID, request_id: UUID) -> dict[str, Any]:
    """Make a new private link to give to who asked; earlier ones open nothing any more."""
    now, session = now_ms(), db.session()
    request = service.held(session, site_id=site_id, request_id=request_id)
    secret = service.new_link(session, request=request, by=g.principal.person_id, now_ms=now)
    _finish("request.link", site_id, request_id, now)
    settings: Settings = current_app.extensions["roundsman.settings"]
    address = f"{settings.public_url}/R/{secret}"
    return {"url": address, "qr": qr_rows(address)}


@bp.get(f"{ONE}/photos/<number>")
@policy("handle.requests")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def request_photo(site_id: UUID, request_id: UUID, number: str) -> Response:
    """Return a photo of a request, and note that somebody looked."""
    now, session = now_ms(), db.session()
    request = service.request_of(session, site_id=site_id, request_id=request_id)
    data = service.photo_of(session, request_id=request.id, number=service.photo_number(number))
    look(
        session,
        organisation=g.principal.organisation_id,
        site=site_id,
        person=g.principal.person_id,
        action="photo.read",
        subject=f"request:{request_id}",
        detail={"photo": number},
        now_ms=now,
    )
    session.commit()
    response = Response(data, mimetype="image/jpeg")
    response.headers.set("Content-Disposition", "attachment", filename=f"photo-{number}.jpeg")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@bp.get(f"{ROOT}/desk")
@policy("handle.requests")
@bp.response(HTTPStatus.OK, schemas.DeskBody)
def get_desk(site_id: UUID) -> dict[str, Any]:
    """Return what the site says of its desk, and who works at it."""
    reading()
    return _desk(site_id)


@bp.patch(f"{ROOT}/desk")
@policy("change.plan")
@bp.arguments(schemas.DeskIn)
@bp.response(HTTPStatus.OK, schemas.DeskBody)
def change_desk(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Change the numbers to call, what is urgent by itself, and how long phone numbers are kept."""
    now = now_ms()
    service.change_desk(db.session(), site=_site(site_id), changes=body)
    _finish("desk.changed", site_id, site_id, now, of="site", members=sorted(body))
    return _desk(site_id)


def month_span(month: str, site: Site) -> tuple[int, int]:
    """Return the moments between which a month of the site lies."""
    zone = ZoneInfo(site.time_zone)
    first = date(int(month[:4]), int(month[5:]), 1)
    after = (first + timedelta(days=32)).replace(day=1)
    begin, end = (
        int(datetime(day.year, day.month, 1, tzinfo=zone).timestamp() * 1000) for day in (first, after)
    )
    return begin, end


def _do(body: dict[str, Any], request: Request, now: int) -> None:
    session, act, text, by = db.session(), body["act"], body["text"], g.principal.person_id
    common: dict[str, Any] = {"request": request, "by": by, "now_ms": now}
    if act == "take":
        service.take(session, **common)
    elif act == "offer":
        service.offer(session, to=body["to"], **common)
    elif act in ("accept", "refuse"):
        service.settle_offer(session, accept=act == "accept", **common)
    elif act == "sort":
        changes = {name.rstrip("_"): body[name] for name in _SORTED if name in body}
        service.sort(session, site=_site(request.site_id), changes=changes, **common)
    elif act == "order":
        assignee = body.get("assignee")
        given = assignee and {"kind": assignee["kind"], "id": str(assignee["id"])}
        service.order(session, assignee=given, note=text, **common)
    elif act == "follow":
        service.follow(session, satisfied=body["satisfied"], text=text, **common)
        service.say_to_orders(session, satisfied=body["satisfied"], **common)
    elif act == "merge":
        into = service.held(session, site_id=request.site_id, request_id=body["into"])
        service.merge_into(session, into=into, **common)
    elif act == "contact":
        service.keep_contact(session, request=request, contact=service.Contact(**body["contact"]))
    elif act == "erase":
        service.erase(session, **common)
    else:
        service.say(session, kind=_SAID[act], text=text, **common)


def _site(site_id: UUID) -> Site:
    return sites.site_of(db.session(), organisation_id=g.principal.organisation_id, site_id=site_id)


def _one(site_id: UUID, request_id: UUID) -> dict[str, Any]:
    session = db.session()
    request = service.request_of(session, site_id=site_id, request_id=request_id)
    return service.one_of(session, site=_site(site_id), request=request, now_ms=now_ms())


def _desk(site_id: UUID) -> dict[str, Any]:
    session, site = db.session(), _site(site_id)
    desk = service.desk_of(session, site=site)
    return {
        "phone": desk.phone,
        "emergency_phone": desk.emergency_phone,
        "urgent_classes": desk.urgent_classes,
        "takes_reports": desk.takes_reports,
        "contact_days": desk.contact_days,
        "handlers": [
            {"id": one.id, "name": one.name} for one in service.handlers_of(session, site_id=site_id)
        ],
        "teams": [{"id": team.id, "name": team.name} for team in sites.teams_of(session, site=site)],
        "me": g.principal.person_id,
    }


def _finish(action: str, site: UUID, subject: UUID, now: int, *, of: str = "request", **detail: Any) -> None:
    audit.write(
        db.session(),
        organisation=g.principal.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=f"{of}:{subject}",
        detail=detail,
        now_ms=now,
    )
    feed.commit(db.session(), now_ms=now)
