"""Reports on the screen: a period's tables, the rounds behind a figure, people, places, months."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy.orm import Session

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.people.access import people_within
from server.people.policy import policy
from server.problems import NotFound
from server.reports import periods
from server.reports.periods import Period
from server.reports.schemas import (
    CellBody,
    CellQuery,
    PeopleFigures,
    PersonRounds,
    PlacesQuery,
    ReportBody,
    ReportQuery,
    RoundsQuery,
    TrendBody,
    TrendQuery,
    UnscannedList,
)
from server.reports.schemas.told import CorrectedBody, ServedBody
from server.reports.service import closing as closings
from server.reports.service.cells import cell_view
from server.reports.service.corrections import corrections_view
from server.reports.service.people import people_view, walked_view
from server.reports.service.places import places_view
from server.reports.service.report import Report, gather, report_view, today_of
from server.reports.service.served import served_view
from server.reports.service.trend import trend_view
from server.reports.views import bp
from server.rounds.service.visits import BadCursor
from server.rounds.views.plans import site_here
from server.sites.models import Site


@bp.get("/report")
@policy("see.board")
@bp.arguments(ReportQuery, location="query")
@bp.response(HTTPStatus.OK, ReportBody)
def get_report(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the report of a period: what was due and what became of it."""
    reading()
    session, now = db.session(), now_ms()
    site = site_here(site_id)
    report = gather(session, site=site, period=period_of(query, site, now), now_ms=now)
    other = query["against"]
    against = gather(session, site=site, period=other, now_ms=now) if other else None
    return report_view(session, report, against=against) | closed_view(session, report)


@bp.get("/report/corrections")
@policy("see.board")
@bp.arguments(ReportQuery, location="query")
@bp.response(HTTPStatus.OK, CorrectedBody)
def get_corrections(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the rounds of a period that were told of in a state that later evidence corrected."""
    reading()
    session, now = db.session(), now_ms()
    site = site_here(site_id)
    report = gather(session, site=site, period=period_of(query, site, now), now_ms=now)
    return corrections_view(session, report)


@bp.get("/report/served")
@policy("see.board")
@bp.arguments(ReportQuery, location="query")
@bp.response(HTTPStatus.OK, ServedBody)
def get_served(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the score of the clauses that work orders, requests and the register keep.

    What stands behind each figure only whoever may see it.
    """
    reading()
    session, now = db.session(), now_ms()
    site = site_here(site_id)
    period = period_of(query, site, now)
    span = period.bounds(day_start_min=site.day_start_min, zone=ZoneInfo(site.time_zone))
    found = served_view(session, Report(site, period, span, now, []))
    if "see.assets" not in g.here.may:
        found = {"rows": [row | {"behind": []} for row in found["rows"]]}
    return found


@bp.get("/report/rounds")
@policy("see.board")
@bp.arguments(CellQuery, location="query")
@bp.response(HTTPStatus.OK, CellBody)
@refuses(BadCursor)
def get_cell(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the rounds behind a figure of the report."""
    reading()
    session, now = db.session(), now_ms()
    site = site_here(site_id)
    return cell_view(
        session,
        gather(session, site=site, period=period_of(query, site, now), now_ms=now),
        axis=query["axis"],
        key=query["key"],
        states=tuple(query["state"]),
        after=query["after"],
        limit=query["limit"],
    )


@bp.get("/report/people")
@policy("see.people")
@bp.arguments(ReportQuery(only=("period",)), location="query")
@bp.response(HTTPStatus.OK, PeopleFigures)
def get_people(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return what people did in a period."""
    reading()
    session, now = db.session(), now_ms()
    site = site_here(site_id)
    report = gather(session, site=site, period=period_of(query, site, now), now_ms=now)
    return people_view(session, report, within=people_within(session, g.here))


@bp.get("/report/people/<uuid:person_id>/rounds")
@policy("see.people")
@bp.arguments(RoundsQuery, location="query")
@bp.response(HTTPStatus.OK, PersonRounds)
@refuses(NotFound, BadCursor)
def get_walked(query: dict[str, Any], site_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Return the rounds in which a person walked."""
    reading()
    session, now = db.session(), now_ms()
    site = site_here(site_id)
    return walked_view(
        session,
        gather(session, site=site, period=period_of(query, site, now), now_ms=now),
        person_id,
        within=people_within(session, g.here),
        states=tuple(query["state"]),
        after=query["after"],
        limit=query["limit"],
    )


@bp.get("/report/places")
@policy("see.board")
@bp.arguments(PlacesQuery, location="query")
@bp.response(HTTPStatus.OK, UnscannedList)
def get_places(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return checkpoints and assets that nobody scanned for some days."""
    reading()
    return places_view(db.session(), site=site_here(site_id), days=query["days"], now_ms=now_ms())


@bp.get("/report/trend")
@policy("see.board")
@bp.arguments(TrendQuery, location="query")
@bp.response(HTTPStatus.OK, TrendBody)
def get_trend(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the months up to one."""
    reading()
    now, site = now_ms(), site_here(site_id)
    return trend_view(
        db.session(),
        site=site,
        until=query["until"] or periods.around(today_of(site, now), "month"),
        months=query["months"],
        demand=query["demand"],
        now_ms=now,
    )


def period_of(query: dict[str, Any], site: Site, now: int) -> Period:
    """Return the period that a request asks for, the site's month now when it names none."""
    return query["period"] or periods.around(today_of(site, now), "month")


def closed_view(session: Session, report: Report) -> dict[str, Any]:
    """Return what was stated of the report's period, and when it may be closed."""
    revisions = closings.revisions_of(session, site_id=report.site.id, period=report.period)
    after = closings.settings_of(session, report.site).close_after_days * closings.DAY_MS
    may_close = report.period.kind in periods.CLOSABLE
    names = "see.people" in g.here.may
    return {
        "closed": {
            "revisions": [closings.closing_view(session, one, names=names) for one in revisions],
            "changed": bool(revisions) and closings.has_changed(revisions[-1], report),
        },
        "closable_ms": report.span.to_ms + after if may_close else None,
    }
