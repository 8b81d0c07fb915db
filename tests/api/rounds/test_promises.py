"""What a template brings beside its rounds: rules of upkeep, and deadlines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.audit.models import AuditRow
from server.demands.models import Drafted
from server.demands.service import promised_by
from server.demands.templates import template
from server.feed import service as feed
from server.orders import service as orders
from server.sites.models import Site
from server.upkeep import service as upkeep
from tests.api.rounds.conftest import As, Estate
from tests.api.rounds.test_service_plans import told, use


def test_a_template_brings_upkeep_and_deadlines_once(as_: As, at: str, estate: Estate) -> None:
    li = as_("Li")
    body = use(demands=["P1-16", "P1-30", "P1-02"], teams={"engineering": str(estate.team.id)})
    seen = told(li, f"{at}/service-plan/look", body)
    assert [(one["key"], one["there"]) for one in seen["upkeeps"]] == [("lightning", None), ("store", None)]
    assert [(one["key"], one["there"]) for one in seen["clauses"]] == [("P1-02", None)]
    assert seen["plans"] == []
    assert (upkeep.rules_of(estate.session, site_id=estate.site.id), own(estate)) == ([], None)

    told(li, f"{at}/service-plan", body)

    rules = {rule.demand: rule for rule in upkeep.rules_of(estate.session, site_id=estate.site.id)}
    assert rules.keys() == {"P1-16", "P1-30"}
    lightning = rules["P1-16"]
    assert lightning.recurrence == {"kind": "count", "times": 1, "per": "year"}
    assert lightning.assignee == {"kind": "team", "id": str(estate.team.id)}
    assert {one["id"] for one in own(estate) or ()} >= {"P1-02", "P1-13", "P5-03"}, "no default falls away"

    again = told(li, f"{at}/service-plan", body)

    assert {one["there"] for one in again["upkeeps"] + again["clauses"]} == {"name"}
    assert len(upkeep.rules_of(estate.session, site_id=estate.site.id)) == 2
    rows = estate.session.scalars(select(AuditRow).where(AuditRow.action == "site.planned")).all()
    assert [(row.detail["new_upkeeps"], row.detail["new_clauses"]) for row in rows] == [(2, 1), (0, 0)]


def test_what_a_site_says_of_its_deadlines_stays_and_only_what_lacks_is_added(
    as_: As, at: str, estate: Estate
) -> None:
    mine = {"key": "arrive", "id": "P1-03", "what": "arrive", "amount": 20, "unit": "minutes"}
    orders.change_policy(
        estate.session,
        site=estate.site,
        changes={"clauses": [mine]},
        by=estate.people["Li"].id,
        now_ms=estate.clock.ms,
    )
    feed.commit(estate.session, now_ms=estate.clock.ms)

    made = told(as_("Li"), f"{at}/service-plan", use(demands=["P1-03", "P1-04"]))

    assert [(one["key"], one["there"]) for one in made["clauses"]] == [("P1-03", "name"), ("P1-04", None)]
    assert [(one["key"], one["amount"]) for one in own(estate) or ()] == [("arrive", 20), ("follow", 48)]


def own(estate: Estate) -> list[dict[str, Any]] | None:
    estate.session.expire_all()
    return orders.own_clauses(estate.session, site_id=estate.site.id)


def test_work_that_a_plan_carries_gets_no_rule_as_well() -> None:
    residential, elderly = template("residential"), template("elderly")
    assert residential is not None
    assert elderly is not None
    assert {"P1-16", "P1-30", "P1-02"} <= set(promised_by(residential))
    assert not set(promised_by(residential)) & set(residential.demands)
    assert promised_by(elderly) == ()


NEWER = {"template": "residential", "version": 1}


def said(answer: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["kind"], one["member"], one["becomes"]) for one in answer["changes"]}


def test_upkeep_and_deadlines_follow_a_newer_template_but_for_what_was_changed_by_hand(
    as_: As, at: str, estate: Estate
) -> None:
    li, session = as_("Li"), estate.session
    made = told(li, f"{at}/service-plan", use(demands=["P1-16", "P1-02", "P1-03"]))
    assert made["upkeeps"][0]["says"] == {"kind": "count", "times": 1, "per": "year"}
    assert [one["amount"] for one in made["clauses"][0]["says"]] == [15]
    assert told(li, f"{at}/service-plan/newer/look", NEWER)["changes"] == []

    for kind, key, older in (
        ("upkeep", "lightning", {"lead_days": 7, "class": "water"}),
        ("clause", "arrive-urgent", {"amount": 10}),
    ):
        row = session.get_one(Drafted, (estate.site.id, "residential", kind, key))
        row.source = row.source | older
    [rule] = upkeep.rules_of(session, site_id=estate.site.id)
    upkeep.change_rule(session, site=estate.site, rule=rule, changes={"lead_days": 7, "class": "fire"})
    clauses = [one | {"amount": 10} if one["key"] == "arrive-urgent" else one for one in own(estate) or ()]
    orders.change_policy(
        session, site=estate.site, changes={"clauses": clauses}, by=estate.people["Li"].id,
        now_ms=estate.clock.ms,
    )  # fmt: skip
    feed.commit(session, now_ms=estate.clock.ms)
    origins: Any = li.get(f"{at}/service-plan").json
    differing = {(one["kind"], *one["differs"]) for one in origins["origins"] if one["differs"]}
    assert differing == {("upkeep", "class", "lead_days"), ("clause", "amount")}

    seen = told(li, f"{at}/service-plan/newer/look", NEWER)
    assert said(seen) == {
        ("upkeep", "lead_days", "follows"), ("upkeep", "class", "by_hand"), ("clause", "amount", "follows"),
    }  # fmt: skip
    told(li, f"{at}/service-plan/newer", NEWER)

    session.expire_all()
    [rule] = upkeep.rules_of(session, site_id=estate.site.id)
    assert (rule.lead_days, rule.cls) == (30, "fire")
    assert [one["amount"] for one in own(estate) or () if one["key"] == "arrive-urgent"] == [15]
    assert told(li, f"{at}/service-plan/newer/look", NEWER)["changes"] == [], "told once"


def test_upkeep_and_deadlines_are_copied_from_site_to_site_once(as_: As, at: str, estate: Estate) -> None:
    ada, session = as_("Ada"), estate.session
    told(ada, f"{at}/service-plan", use(demands=["P1-16", "P1-02"]))
    north = session.scalars(select(Site).where(Site.id != estate.site.id)).first()
    assert north is not None
    there = f"/api/v1/sites/{north.id}/service-plan/copy"
    body = {"from": str(estate.site.id), "plans": [], "starts_on": "2026-12-01"}
    assert told(ada, f"{there}/look", body | {"promises": False})["upkeeps"] == []
    seen = told(ada, f"{there}/look", body)
    assert [(one["demand"], one["there"]) for one in seen["upkeeps"]] == [("P1-16", None)]

    told(ada, there, body)

    [rule] = upkeep.rules_of(session, site_id=north.id)
    assert (rule.demand, rule.recurrence, str(rule.starts_on)) == (
        "P1-16", {"kind": "count", "times": 1, "per": "year"}, "2026-12-01",
    )  # fmt: skip
    assert {one["id"] for one in orders.own_clauses(session, site_id=north.id) or ()} >= {"P1-02", "P1-13"}
    rows = session.scalars(select(Drafted).where(Drafted.site_id == north.id)).all()
    assert {(row.kind, row.key, row.thing_id) for row in rows} == {
        ("upkeep", "lightning", rule.id), ("clause", "arrive-urgent", north.id),
    }  # fmt: skip
    again = told(ada, there, body)
    assert {one["there"] for one in again["upkeeps"] + again["clauses"]} == {"name"}
    assert len(upkeep.rules_of(session, site_id=north.id)) == 1
