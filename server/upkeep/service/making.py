"""Rules of upkeep: made, changed, taken from the templates of service plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.forms import service as forms
from server.problems import Invalid, NotFound
from server.rounds import recurrence as recurrences
from server.rounds import windows
from server.rounds.recurrence import Count, Unreadable
from server.rounds.service.assignment import is_known
from server.sites.models import Asset, Checkpoint, Place, Site
from server.sites.service import announced
from server.stock import service as stock
from server.upkeep.models import UpkeepRule
from server.upkeep.templates import TEMPLATES


def rules_of(session: Session, *, site_id: UUID) -> Sequence[UpkeepRule]:
    """Return the site's rules by name."""
    query = select(UpkeepRule).where(UpkeepRule.site_id == site_id)
    return session.scalars(query.order_by(UpkeepRule.name_zh, UpkeepRule.id)).all()


def rule_of(session: Session, *, site_id: UUID, rule_id: UUID) -> UpkeepRule:
    """Return a rule of the site.

    :raises NotFound: there is none
    """
    rule = session.get(UpkeepRule, rule_id)
    if rule is None or rule.site_id != site_id:
        raise NotFound
    return rule


def make_rule(session: Session, *, site: Site, now_ms: int, **members: Any) -> UpkeepRule:
    """Make a rule of upkeep; its first work order comes with the next run.

    :raises Invalid: a member cannot be meant, or names what is not of this site
    """
    rule = UpkeepRule(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        made_ms=now_ms,
        paused=members.pop("paused", False),
    )
    _set(session, site, rule, members)
    session.add(rule)
    session.flush()
    return rule


def change_rule(session: Session, *, site: Site, rule: UpkeepRule, changes: dict[str, Any]) -> UpkeepRule:
    """Change a rule. Open work orders stay as they are; what is due next follows the new rule.

    :raises Invalid: a member cannot be meant, or names what is not of this site
    """
    if "paused" in changes:
        rule.paused = changes["paused"]
    whole = members_of(rule) | {name: value for name, value in changes.items() if name != "paused"}
    with session.no_autoflush:
        _set(session, site, rule, whole)
    session.flush()
    return rule


def from_template(
    session: Session,
    *,
    site: Site,
    key: str,
    starts_on: date,
    assignee: dict[str, Any] | None = None,
    now_ms: int,
    **more: Any,
) -> UpkeepRule:
    """Make the rule that a demand of a service plan asks for (`server.upkeep.templates`).

    :param more: members that are to be other than the template's, such as `target`
    :raises KeyError: there is no such template
    """
    template = next((one for one in TEMPLATES if one.key == key), None)
    if template is None:
        raise KeyError(key)
    members: dict[str, Any] = {
        "name": template.name,
        "target": {"kind": template.target_kind, "id": None, "category": template.category},
        "recurrence": template.recurrence,
        "demand": template.demand,
        "class": template.cls,
        "lead_days": template.lead_days,
        "asks_signature": template.asks_signature,
        "starts_on": starts_on,
        "assignee": assignee,
    }
    return make_rule(session, site=site, now_ms=now_ms, **(DEFAULTS | members | more))


DEFAULTS: dict[str, Any] = {
    "form": None,
    "parts": [],
    "assignee": None,
    "class": "other",
    "asks_signature": False,
    "demand": None,
    "recurrence": None,
    "meter": None,
    "ends_on": None,
    "lead_days": 0,
}


def members_of(rule: UpkeepRule) -> dict[str, Any]:
    """Return a rule as it is sent."""
    meter = None
    if rule.meter_key is not None:
        meter = {
            "key": rule.meter_key,
            "every": rule.meter_every,
            "origin": rule.meter_origin,
            "open_days": rule.meter_open_days,
        }
    return {
        "name": rule.name,
        "target": {"kind": rule.target_kind, "id": rule.target_id, "category": rule.category},
        "form": rule.form_id,
        "parts": [{"part": UUID(one["part"]), "quantity": one["quantity"]} for one in rule.parts],
        "assignee": rule.assignee and {"kind": rule.assignee["kind"], "id": UUID(rule.assignee["id"])},
        "class": rule.cls,
        "asks_signature": rule.asks_signature,
        "demand": rule.demand,
        "recurrence": rule.recurrence,
        "meter": meter,
        "starts_on": rule.starts_on,
        "ends_on": rule.ends_on,
        "lead_days": rule.lead_days,
    }


def calendar_terms(
    session: Session,
    site: Site,
    *,
    recurrence: dict[str, Any] | None,
    starts_on: date,
    ends_on: date | None,
) -> windows.Terms | None:
    """Return what windows follow from; None for a rule that goes by the counter alone."""
    if recurrence is None:
        return None
    return windows.Terms(
        recurrence=recurrences.read(recurrence),
        zone=ZoneInfo(site.time_zone),
        starts_on=starts_on,
        ends_on=ends_on,
        day_start_min=site.day_start_min,
        holidays=announced.calendar_of(session, site),
    )


def _set(session: Session, site: Site, rule: UpkeepRule, members: dict[str, Any]) -> None:
    errors: dict[str, Any] = {}
    _check_when(session, site, members, errors)
    _check_what(session, site, members, errors)
    if errors:
        raise Invalid(errors={"json": errors})
    target, meter, assignee = members["target"], members["meter"], members["assignee"]
    rule.name = members["name"]
    rule.target_kind, rule.target_id = target["kind"], target.get("id")
    rule.category = target.get("category") or ""
    rule.form_id = members["form"]
    rule.parts = [{"part": str(one["part"]), "quantity": one["quantity"]} for one in members["parts"]]
    rule.assignee = assignee and {"kind": assignee["kind"], "id": str(assignee["id"])}
    rule.cls, rule.asks_signature = members["class"], members["asks_signature"]
    rule.demand, rule.recurrence = members["demand"], members["recurrence"]
    rule.meter_key = meter["key"] if meter else None
    rule.meter_every = meter["every"] if meter else None
    rule.meter_origin = meter["origin"] if meter else "completion"
    rule.meter_open_days = meter["open_days"] if meter else 7
    rule.starts_on, rule.ends_on = members["starts_on"], members["ends_on"]
    rule.lead_days = members["lead_days"]


def _check_when(session: Session, site: Site, members: dict[str, Any], errors: dict[str, Any]) -> None:
    if members["recurrence"] is None and members["meter"] is None:
        errors["recurrence"] = ["By the calendar, by a counter, or both"]
        return
    if members["ends_on"] is not None and members["ends_on"] < members["starts_on"]:
        errors["ends_on"] = ["It ends before it starts"]
        return
    try:
        terms = calendar_terms(
            session,
            site,
            recurrence=members["recurrence"],
            starts_on=members["starts_on"],
            ends_on=members["ends_on"],
        )
    except Unreadable as error:
        errors["recurrence"] = error.errors
        return
    if terms is None:
        return
    if isinstance(terms.recurrence, Count) and terms.recurrence.times > 1:
        errors["recurrence"] = {"times": ["Once in each period; shorter periods for more"]}
    elif wrong := windows.faults(terms):
        if ends := wrong.pop("ends_on", None):
            errors["ends_on"] = ends
        if wrong:
            errors["recurrence"] = wrong


def _check_what(session: Session, site: Site, members: dict[str, Any], errors: dict[str, Any]) -> None:
    target = members["target"]
    kind, thing = target["kind"], target.get("id")
    if kind in ("asset", "checkpoint"):
        model: type[Place] = Asset if kind == "asset" else Checkpoint
        place = session.get(model, thing) if thing is not None else None
        if place is None or place.site_id != site.id:
            errors["target"] = {"id": [f"Not a {kind} of this site"]}
    elif thing is not None:
        errors["target"] = {"id": ["Only an asset or a checkpoint has one"]}
    if kind == "category" and not (target.get("category") or "").strip():
        errors["target"] = {"category": ["Which category"]}
    if members["meter"] is not None and kind not in ("asset", "category"):
        errors["meter"] = {"key": ["Only assets have counters"]}
    if members["form"] is not None:
        try:
            forms.form_of(session, site_id=site.id, form_id=members["form"])
        except NotFound:
            errors["form"] = ["Not a form of this site"]
    assignee = members["assignee"]
    if assignee is not None and not is_known(session, site, assignee):
        errors["assignee"] = {"id": ["Nobody of this site"]}
    known = {part.id for part in stock.parts_of(session, site_id=site.id)} if members["parts"] else set()
    wrong = {
        n: {"part": ["Not a part of this site"]}
        for n, one in enumerate(members["parts"])
        if one["part"] not in known
    }
    if wrong:
        errors["parts"] = wrong
