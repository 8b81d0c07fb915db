"""HTTP for service plans: the catalogue, the templates, making a site from one, copying from site to site."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.clock import now_ms
from server.db import db, reading
from server.demands import catalogue, drafting, service
from server.demands.schemas import (
    Catalogue,
    CopyUse,
    NewerUse,
    OutcomeBody,
    RenewalList,
    Standing,
    TemplateList,
    TemplateUse,
)
from server.demands.service import Made, Outcome
from server.demands.templates import Template, template, templates
from server.describe import refuses
from server.feed import service as feed
from server.http import Blueprint
from server.people.policy import policy
from server.problems import Invalid
from server.rounds.service import EmptyRoute
from server.sites import service as sites
from server.sites.models import Site

bp = Blueprint(
    "demands", __name__, description="Service plans: demands, templates, copying from site to site"
)
SITE = "/api/v1/sites/<uuid:site_id>/service-plan"


@bp.get("/api/v1/service-plans")
@policy("member")
@bp.response(HTTPStatus.OK, Catalogue)
def list_service_plans() -> dict[str, Any]:
    """List the service plans with their demands."""
    return {
        "service_plans": [
            {
                "id": plan.id,
                "version": plan.version,
                "name": plan.name.label(),
                "demands": [_demand(found) for found in plan.demands],
            }
            for plan in catalogue.service_plans()
        ]
    }


@bp.get("/api/v1/templates")
@policy("member")
@bp.response(HTTPStatus.OK, TemplateList)
def list_templates() -> dict[str, Any]:
    """List the templates."""
    return {"templates": [_template(found) for found in templates()]}


@bp.get(SITE)
@policy("see.plan")
@bp.response(HTTPStatus.OK, Standing)
def get_service_plan(site_id: UUID) -> dict[str, Any]:
    """Return what the site says of its day, and from which templates its things came."""
    reading()
    site = _site(site_id)
    usual = {"from_min": service.USUAL.from_min, "to_min": service.USUAL.to_min}
    return {
        "daytime": site.daytime,
        "usual_daytime": usual,
        "origins": service.origins(db.session(), site=site),
    }


@bp.post(f"{SITE}/look")
@policy("change.plan")
@bp.arguments(TemplateUse)
@bp.response(HTTPStatus.OK, OutcomeBody)
@refuses(service.TemplateChanged)
def look_at_template(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Tell what `POST …/service-plan` would make of the same body. Nothing changes."""
    reading()
    site = _site(site_id)
    found, drafted = _drafted(body, site)
    session = db.session()
    promises = service.look_promises(session, site=site, template=found, demands=body["demands"])
    outcome = service.look(session, site=site, template=found, draft=drafted)
    return _outcome(outcome, made=False, promises=promises)


@bp.post(SITE)
@policy("change.plan")
@bp.arguments(TemplateUse)
@bp.response(HTTPStatus.OK, OutcomeBody)
@refuses(service.TemplateChanged, EmptyRoute)
def use_template(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make what the chosen demands of a template need and the site does not have, and nothing twice."""
    now = now_ms()
    session, site = db.session(), _site(site_id)
    found, drafted = _drafted(body, site)
    sites.change_site(session, site=site, changes={"daytime": body["daytime"]})
    assignees = {craft: {"kind": "team", "id": team} for craft, team in body["teams"].items() if team}
    terms: dict[str, Any] = {"assignees": assignees, "starts_on": body["starts_on"], "now_ms": now}
    outcome = service.make(session, site=site, template=found, draft=drafted, **terms)
    promises = service.look_promises(session, site=site, template=found, demands=body["demands"])
    by = g.principal.person_id
    service.make_promises(session, site=site, template=found, promises=promises, by=by, **terms)
    counts = outcome.counts() | _new(promises)
    _finish("site.planned", site, now, template=found.id, version=found.version, **counts)
    return _outcome(outcome, made=True, promises=promises)


@bp.post(f"{SITE}/newer/look")
@policy("change.plan")
@bp.arguments(NewerUse)
@bp.response(HTTPStatus.OK, RenewalList)
@refuses(service.TemplateChanged)
def look_at_newer(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Tell what `POST …/newer` would take over from the template, and what stays. Nothing changes."""
    reading()
    site, found = _site(site_id), _template_of(body)
    return _renewed(found, service.look_newer(db.session(), site=site, template=found), done=False)


@bp.post(f"{SITE}/newer")
@policy("change.plan")
@bp.arguments(NewerUse)
@bp.response(HTTPStatus.OK, RenewalList)
@refuses(service.TemplateChanged, EmptyRoute)
def take_newer(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Let what was made from a template follow it where nobody changed it by hand."""
    now = now_ms()
    site, found = _site(site_id), _template_of(body)
    by = g.principal.person_id
    renewals = service.take_newer(db.session(), site=site, template=found, by=by, now_ms=now)
    counts = {how: sum(one.becomes == how for one in renewals) for how in ("follows", "by_hand", "waits")}
    _finish("site.renewed", site, now, template=found.id, version=found.version, **counts)
    return _renewed(found, renewals, done=True)


@bp.post(f"{SITE}/copy/look")
@policy("change.plan")
@bp.arguments(CopyUse)
@bp.response(HTTPStatus.OK, OutcomeBody)
def look_at_copy(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Tell what `POST …/copy` would make of the same body. Nothing changes."""
    reading()
    target, source = _site(site_id), _source(body["from"])
    session, promises = db.session(), body["promises"]
    copy = service.copy_of(session, source=source, target=target, plans=body["plans"], promises=promises)
    outcome = service.look(session, site=target, template=None, draft=copy.draft)
    told = service.look_copied(session, source=source, target=target) if promises else []
    return _outcome(outcome, made=False, missing=copy.missing, promises=told)


@bp.post(f"{SITE}/copy")
@policy("change.plan")
@bp.arguments(CopyUse)
@bp.response(HTTPStatus.OK, OutcomeBody)
@refuses(EmptyRoute)
def copy_plans(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Copy plans of another site of the company, with what they need, by name, and nothing twice.

    Who copies may change plans here and see them there.
    """
    now = now_ms()
    session, target, source = db.session(), _site(site_id), _source(body["from"])
    with_promises = body["promises"]
    copy = service.copy_of(session, source=source, target=target, plans=body["plans"], promises=with_promises)
    promises = service.look_copied(session, source=source, target=target) if with_promises else []
    if target.daytime is None and source.daytime is not None:
        sites.change_site(session, site=target, changes={"daytime": source.daytime})
    outcome = service.make(
        session,
        site=target,
        template=None,
        draft=copy.draft,
        assignees=copy.assignees,
        starts_on=body["starts_on"],
        now_ms=now,
    )
    carried = None
    if with_promises:
        carried = service.copy_promises(
            session,
            source=source,
            target=target,
            promises=promises,
            forms={one.item.key: one.id for one in outcome.things["form"]},
            assignees=copy.assignees,
            starts_on=body["starts_on"],
            by=g.principal.person_id,
            now_ms=now,
        )
    service.carry_origins(session, source=source, target=target, outcome=outcome, carried=carried, now_ms=now)
    counts = outcome.counts() | _new(promises)
    _finish("site.copied", target, now, from_site=str(source.id), **counts)
    return _outcome(outcome, made=True, missing=copy.missing, promises=promises)


def _new(promises: Sequence[service.Promise]) -> dict[str, int]:
    return {
        f"new_{kind}s": sum(one.kind == kind and not one.is_there for one in promises)
        for kind in ("upkeep", "clause")
    }


def _drafted(body: dict[str, Any], site: Site) -> tuple[Template, drafting.Draft]:
    """Return the template that a body names, and what the site would get of it.

    :raises Invalid: no such template, or choices that it does not have
    :raises TemplateChanged: it has another version than the one that was looked at
    """
    found = _template_of(body)
    daytime = drafting.Daytime(**body["daytime"])
    demands = frozenset(body["demands"]) - set(service.promised_by(found))
    choices = drafting.Choices(daytime, demands, body["counts"])
    drafted = service.draft_for(found, choices)
    _check_teams(db.session(), site, body["teams"])
    return found, drafted


def _template_of(body: dict[str, Any]) -> Template:
    """Return the template that a body names.

    :raises Invalid: no such template
    :raises TemplateChanged: it has another version than the one that was looked at
    """
    found = template(body["template"])
    if found is None:
        raise Invalid(errors={"json": {"template": ["No such template"]}})
    if body["version"] != found.version:
        raise service.TemplateChanged(f"It has version {found.version} by now")
    return found


def _source(site_id: UUID) -> Site:
    """Return the site that is copied; its plans must be the person's to see."""
    g.principal.site(db.session(), site_id, may="see.plan")
    return _site(site_id)


def _site(site_id: UUID) -> Site:
    """Return a site of the company; the policy, or the view, has asked for the person's role there."""
    return sites.site_of(db.session(), organisation_id=g.principal.organisation_id, site_id=site_id)


def _check_teams(session: Session, site: Site, teams: dict[str, UUID | None]) -> None:
    known = {team.id for team in sites.teams_of(session, site=site)}
    errors = {
        craft: ["Not a team of this site"] for craft, team in teams.items() if team and team not in known
    }
    if errors:
        raise Invalid(errors={"json": {"teams": errors}})


def _finish(action: str, site: Site, now: int, **detail: Any) -> None:
    audit.write(
        db.session(),
        organisation=site.organisation_id,
        site=site.id,
        person=g.principal.person_id,
        action=action,
        subject=str(site.id),
        detail=detail,
        now_ms=now,
    )
    feed.commit(db.session(), now_ms=now)


def _renewed(found: Template, renewals: list[service.Renewal], *, done: bool) -> dict[str, Any]:
    return {"template": found.id, "version": found.version, "done": done, "changes": renewals}


def _demand(found: catalogue.Demand) -> dict[str, Any]:
    return {
        "id": found.id,
        "chapter": found.chapter.label(),
        "text": found.text.label(),
        "figure": found.figure.label(),
        "kinds": found.kinds,
    }


def _template(found: Template) -> dict[str, Any]:
    first = drafting.chosen_at_first(found)
    return {
        "id": found.id,
        "version": found.version,
        "name": found.name.label(),
        "about": found.about.label(),
        "per": [
            {"key": per.key, "ask": per.ask.label(), "count": per.count, "most": per.most}
            for per in found.per
        ],
        "crafts": list(dict.fromkeys(plan.craft for plan in found.plan)),
        "demands": [
            {"id": each, "first": each in first, "plans": sum(each in plan.demands for plan in found.plan)}
            for each in found.demands
        ]
        + [{"id": each, "first": True, "plans": 0} for each in service.promised_by(found)],
    }


def _outcome(
    outcome: Outcome,
    *,
    made: bool,
    missing: tuple[str, ...] = (),
    promises: Sequence[service.Promise] = (),
) -> dict[str, Any]:
    told: dict[str, Any] = {"made": made, "missing": missing, "upkeeps": [], "clauses": []}
    for one in promises:
        told[f"{one.kind}s"].append(
            {
                "key": one.key,
                "demand": one.demand,
                "name": one.name,
                "id": one.id,
                "says": one.says,
                "there": "name" if one.is_there else None,
                "differs": False,
            }
        )
    for kind, things in outcome.things.items():
        told[f"{kind}s"] = [_thing(each) for each in things]
    return told


def _thing(each: Made) -> dict[str, Any]:
    item, found = each.item, each.found
    told: dict[str, Any] = {
        "key": item.key,
        "name": item.name,
        "id": each.id,
        "there": found and found.how,
        "differs": found is not None and found.differs,
    }
    if isinstance(item, drafting.DraftPlace):
        told |= {"kind": item.kind, "number": each.number, "zone": item.zone}
    elif isinstance(item, drafting.DraftForm):
        told["fields"] = len(item.fields)
    elif isinstance(item, drafting.DraftRoute):
        told["stops"] = len(item.stops)
    elif isinstance(item, drafting.DraftPlan):
        told |= {name: getattr(item, name) for name in PLAN_MEMBERS}
    return told


PLAN_MEMBERS = ("demand", "also", "whose", "recurrence", "crew", "grace_min", "judged", "route")
