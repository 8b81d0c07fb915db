"""A year's days off and working days, as the State Council announced them and the office enters them."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import g

from server.audit import service as audit
from server.clock import now_ms
from server.db import db, reading
from server.feed import service as feed
from server.people.policy import policy
from server.sites.schemas_holidays import HolidayYearBody, HolidayYearIn, HolidayYearList
from server.sites.service import announced
from server.sites.views import bp

HOLIDAYS = "/api/v1/holidays"


@bp.get(HOLIDAYS)
@policy("member")
@bp.response(HTTPStatus.OK, HolidayYearList)
def list_holidays() -> dict[str, Any]:
    """Return this year and the next: what the library knows, and what the office said."""
    reading()
    found = announced.years(db.session(), organisation_id=g.principal.organisation_id, now_ms=now_ms())
    return {"years": [_view(one) for one in found]}


@bp.post(f"{HOLIDAYS}/look")
@policy("administer")
@bp.arguments(HolidayYearIn)
@bp.response(HTTPStatus.OK, HolidayYearBody)
def look_at_holidays(body: dict[str, Any]) -> dict[str, Any]:
    """Return what the year would be, without saying it."""
    reading()
    return _view(
        announced.look(db.session(), organisation_id=g.principal.organisation_id, now_ms=now_ms(), **body)
    )


@bp.post(HOLIDAYS)
@policy("administer")
@bp.arguments(HolidayYearIn)
@bp.response(HTTPStatus.CREATED, HolidayYearBody)
def announce_holidays(body: dict[str, Any]) -> dict[str, Any]:
    """Say a year's days off and working days. What has not begun is cut anew within a minute."""
    now, session = now_ms(), db.session()
    organisation, person = g.principal.organisation_id, g.principal.person_id
    found = announced.announce(session, organisation_id=organisation, person_id=person, now_ms=now, **body)
    audit.write(
        session,
        organisation=organisation,
        site=None,
        person=person,
        action="holidays.announced" if found.said else "holidays.taken_back",
        subject=f"holidays:{found.year}",
        detail={
            "year": found.year,
            "free": [day.isoformat() for day in body["free"]],
            "working": [day.isoformat() for day in body["working"]],
        },
        now_ms=now,
    )
    feed.commit(session, now_ms=now)
    return _view(found)


def _view(year: announced.Year) -> dict[str, Any]:
    word = year.said
    return {
        "year": year.year,
        "in_library": year.in_library,
        "said": word
        and {
            "number": word.number,
            "free": [date.fromisoformat(day) for day in word.free],
            "working": [date.fromisoformat(day) for day in word.working],
            "at_ms": word.at_ms,
        },
        "unusual": [{"day": day, "works": is_working} for day, is_working in year.unusual],
        "differs": year.differs,
    }
