"""An order that a company does: its people's phones can tell that it is theirs."""

from __future__ import annotations

import json

from sqlalchemy import select

from server.feed.models import FeedRow
from server.people import service as people
from tests.api.orders.conftest import Desk


def test_an_order_for_a_company_says_its_name_and_one_for_a_person_does_not(desk: Desk) -> None:
    session, site = desk.estate.session, desk.estate.site
    firm = people.make_company(
        session, organisation=site.organisation_id, name="捷达电梯", now_ms=desk.clock.ms
    )
    theirs = desk.open(assignee={"kind": "company", "id": str(firm.id)})
    wang = desk.open(assignee=desk.person("Wang"))

    rows = session.execute(select(FeedRow.entity, FeedRow.row).where(FeedRow.kind == "order")).all()
    given = {row.entity: json.loads(row.row)["body"]["assignee"] for row in rows}
    assert given[theirs.id] == {"kind": "company", "id": str(firm.id), "name": "捷达电梯"}
    assert "name" not in given[wang.id]
