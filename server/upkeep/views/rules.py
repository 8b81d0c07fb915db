"""Rules of upkeep, what is due by them, and the plan of a year."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.assets import service as assets
from server.audit import service as audit
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.http import change_of
from server.people.policy import policy
from server.sites import service as sites
from server.sites.models import Site
from server.upkeep import service
from server.upkeep.models import UpkeepRule
from server.upkeep.schemas import (
    UpkeepBody,
    UpkeepIn,
    UpkeepList,
    UpkeepTemplates,
    UpkeepWhole,
    WhyIn,
    YearBody,
    YearQuery,
)
from server.upkeep.service.showing import thread_view, threads_of_asset, turn_view
from server.upkeep.templates import TEMPLATES
from server.upkeep.views import bp


def site_here(site_id: UUID) -> Site:
    """Return the site of the request; the policy has looked at the person's role."""
    return sites.site_of(db.session(), organisation_id=g.principal.organisation_id, site_id=site_id)


def finish(action: str, *, site: UUID, subject: UUID, now: int, **detail: Any) -> None:
    """Write the audit row and commit."""
    audit.write(
        db.session(),
        organisation=g.principal.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=str(subject),
        detail=detail,
        now_ms=now,
    )
    feed.commit(db.session(), now_ms=now)


@bp.get("/upkeep")
@policy("see.assets")
@bp.response(HTTPStatus.OK, UpkeepList)
def list_rules(site_id: UUID) -> dict[str, Any]:
    """List the site's rules with what is open, due next and done last of each thing that they keep up."""
    reading()
    session = db.session()
    return {"rules": _views(service.rules_of(session, site_id=site_id), site_here(site_id))}


@bp.post("/upkeep")
@policy("change.assets")
@bp.arguments(UpkeepIn)
@bp.response(HTTPStatus.CREATED, UpkeepBody)
def make_rule(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a rule. Its first work order comes with the next run of the periodic work."""
    now, site = now_ms(), site_here(site_id)
    rule = service.make_rule(db.session(), site=site, now_ms=now, **body)
    [view] = _views([rule], site)
    finish("upkeep.made", site=site_id, subject=rule.id, now=now)
    return view


@bp.get("/upkeep/templates")
@policy("see.assets")
@bp.response(HTTPStatus.OK, UpkeepTemplates)
def list_templates(site_id: UUID) -> dict[str, Any]:
    """List the rules that demands of service plans ask for."""
    reading()
    site_here(site_id)
    return {"templates": TEMPLATES}


@bp.get("/upkeep/year")
@policy("see.assets")
@bp.arguments(YearQuery, location="query")
@bp.response(HTTPStatus.OK, YearBody)
def get_year(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the maintenance plan of a year: what was done, is open and is planned, month by month."""
    reading()
    session, site = db.session(), site_here(site_id)
    some = service.rules_of(session, site_id=site_id)
    rows = service.year_plan(session, site=site, some=some, year=query["year"], now_ms=now_ms())
    return {"year": query["year"], "rows": rows}


@bp.get("/upkeep/<uuid:rule_id>")
@policy("see.assets")
@bp.response(HTTPStatus.OK, UpkeepWhole)
def get_rule(site_id: UUID, rule_id: UUID) -> dict[str, Any]:
    """Return a rule with every turn of it, the newest first."""
    reading()
    session, site = db.session(), site_here(site_id)
    rule = service.rule_of(session, site_id=site_id, rule_id=rule_id)
    return _whole(rule, site)


@bp.patch("/upkeep/<uuid:rule_id>")
@policy("change.assets")
@bp.arguments(change_of(UpkeepIn))
@bp.response(HTTPStatus.OK, UpkeepBody)
def change_rule(body: dict[str, Any], site_id: UUID, rule_id: UUID) -> dict[str, Any]:
    """Change or pause a rule. Open work orders stay; what comes next follows the rule as it is now."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    rule = service.rule_of(session, site_id=site_id, rule_id=rule_id)
    service.change_rule(session, site=site, rule=rule, changes=body)
    [view] = _views([rule], site)
    finish("upkeep.changed", site=site_id, subject=rule.id, now=now, members=sorted(body))
    return view


@bp.post("/upkeep/<uuid:rule_id>/skip")
@policy("change.assets")
@bp.arguments(WhyIn)
@bp.response(HTTPStatus.OK, UpkeepWhole)
@refuses(service.OrderOpen, service.NothingDue)
def skip_turn(body: dict[str, Any], site_id: UUID, rule_id: UUID) -> dict[str, Any]:
    """Leave the next turn of a thing out, for a written reason. It stays to be seen."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    rule = service.rule_of(session, site_id=site_id, rule_id=rule_id)
    by = g.principal.person_id
    service.skip(session, site=site, rule=rule, thing=body["thing"], why=body["why"], by=by, now_ms=now)
    view = _whole(rule, site)
    finish("upkeep.skipped", site=site_id, subject=rule.id, now=now, thing=str(body["thing"]))
    return view


@bp.post("/upkeep/<uuid:rule_id>/advance")
@policy("change.assets")
@bp.arguments(WhyIn)
@bp.response(HTTPStatus.OK, UpkeepWhole)
@refuses(service.OrderOpen)
def advance_turn(body: dict[str, Any], site_id: UUID, rule_id: UUID) -> dict[str, Any]:
    """Open the next turn of a thing now, before its time, for a written reason."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    rule = service.rule_of(session, site_id=site_id, rule_id=rule_id)
    by = g.principal.person_id
    service.advance(session, site=site, rule=rule, thing=body["thing"], why=body["why"], by=by, now_ms=now)
    view = _whole(rule, site)
    finish("upkeep.advanced", site=site_id, subject=rule.id, now=now, thing=str(body["thing"]))
    return view


@bp.get("/assets/<uuid:asset_id>/upkeep")
@policy("see.assets")
@bp.response(HTTPStatus.OK, UpkeepList)
def upkeep_of_asset(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Return the rules that keep one asset up, each with that asset alone."""
    reading()
    session, site = db.session(), site_here(site_id)
    assets.find(session, site_id=site_id, asset_id=asset_id)
    now = now_ms()
    some = service.rules_of(session, site_id=site_id)
    found = threads_of_asset(session, site=site, rule_list=some, asset=asset_id, now_ms=now)
    return {
        "rules": [
            service.rule_view(thread.rule) | {"threads": [thread_view(thread, now)]} for thread in found
        ]
    }


def _views(some: Any, site: Site) -> list[dict[str, Any]]:
    session, now = db.session(), now_ms()
    by_rule: dict[UUID, list[dict[str, Any]]] = {}
    for thread in service.threads_of(session, site=site, some=some, now_ms=now):
        by_rule.setdefault(thread.rule.id, []).append(thread_view(thread, now))
    return [service.rule_view(rule) | {"threads": by_rule.get(rule.id, [])} for rule in some]


def _whole(rule: UpkeepRule, site: Site) -> dict[str, Any]:
    session, now = db.session(), now_ms()
    threads = service.threads_of(session, site=site, some=[rule], now_ms=now)
    turns = [(thread, turn) for thread in threads for turn in thread.turns]
    turns.sort(key=lambda one: (-one[1].row.made_ms, -one[1].row.number, str(one[1].row.id)))
    return service.rule_view(rule) | {
        "threads": [thread_view(thread, now) for thread in threads],
        "turns": [turn_view(thread, turn, now) | {"thing": thread.thing} for thread, turn in turns],
    }
