"""What a template brings beside its rounds: rules of upkeep, and deadlines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.audit.models import AuditRow
from server.demands.service import promised_by
from server.demands.templates import template
from server.feed import service as feed
from server.orders import service as orders
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
