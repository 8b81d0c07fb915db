"""The score of clauses that no round serves: deadlines of work, tests, cards, lifts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from server.feed import service as feed
from server.orders import service as orders
from tests.api.rounds.conftest import As, Estate, H
from tests.conftest import FakeClock

DAY = 24 * H


@pytest.fixture
def at(estate: Estate) -> str:
    return f"/api/v1/sites/{estate.site.id}/report/served"


def rows(as_: As, at: str, who: str = "Li", period: str = "") -> dict[str, Any]:
    body: Any = as_(who).get(at + (f"?period={period}" if period else "")).json
    return {f"{row['demand']['id']} {row['measure']}": row for row in body["rows"]}


def order(estate: Estate, cls: str = "lighting", **over: Any) -> Any:
    made = orders.open_order(
        estate.session,
        organisation_id=estate.site.organisation_id,
        site_id=estate.site.id,
        kind="repair",
        cls=cls,
        urgency="normal",
        title={"zh": "换灯", "en": "Lamp"},
        target=None,
        source={"kind": "office", "id": str(uuid4())},
        now_ms=estate.clock.ms,
        **over,
    )
    feed.commit(estate.session, now_ms=estate.clock.ms)
    return made


def test_a_deadline_counts_when_it_is_over_and_leads_to_its_order(
    estate: Estate, as_: As, at: str, clock: FakeClock
) -> None:
    made = order(estate)
    assert "P1-13 deadlines" not in rows(as_, at), "nothing is due yet"
    clock.ms += 3 * DAY
    orders.watch(estate.session, now_ms=clock.ms)
    feed.commit(estate.session, now_ms=clock.ms)

    row = rows(as_, at)["P1-13 deadlines"]

    assert (row["due"], row["kept"], row["low"], row["verdict"]) == (1, 0, "0.000", "short")
    assert [(part["kind"], part["id"]) for part in row["behind"]] == [("order", str(made.id))]
    assert row["missed"] + row["unheard"] == 1


def test_a_cancelled_order_is_due_no_more(estate: Estate, as_: As, at: str, clock: FakeClock) -> None:
    made = order(estate)
    orders.act(
        estate.session,
        site_id=estate.site.id,
        order_id=made.id,
        kind="cancel",
        p={"why": "mistake"},
        by=estate.people["Li"].id,
        now_ms=clock.ms,
    )
    feed.commit(estate.session, now_ms=clock.ms)
    clock.ms += 3 * DAY
    assert "P1-13 deadlines" not in rows(as_, at)


def test_the_register_is_scored_by_what_its_cards_lack(estate: Estate, as_: As, at: str) -> None:
    made = as_("Li").post(
        f"/api/v1/sites/{estate.site.id}/assets",
        {"number": "P-1", "name": {"zh": "水泵", "en": "Pump"}, "category": "pump"},
    )
    assert made.status_code == 201, made.json
    found = rows(as_, at)
    card, papers = found["P3-01 cards"], found["P1-19 papers"]
    assert (card["due"], card["kept"], card["verdict"]) == (1, 0, "short")
    assert "maker" in card["behind"][0]["lacks"]
    assert papers["behind"][0]["lacks"] == ["procedure", "standard"]


def test_a_viewer_sees_the_figures_and_not_what_stands_behind(estate: Estate, as_: As, at: str) -> None:
    as_("Li").post(
        f"/api/v1/sites/{estate.site.id}/assets",
        {"number": "P-1", "name": {"zh": "水泵", "en": "Pump"}, "category": "pump"},
    )
    card = rows(as_, at, who="Vera")["P3-01 cards"]
    assert (card["due"], card["behind"]) == (1, [])
    assert as_("Chen").get(at).status_code == 404, "somebody of another site sees nothing"


def test_a_period_that_is_no_period_is_refused(as_: As, at: str) -> None:
    assert as_("Li").get(f"{at}?period=2026-13").status_code == 422


def test_a_test_that_is_over_is_missed_until_it_is_done(
    estate: Estate, as_: As, at: str, clock: FakeClock
) -> None:
    li = as_("Li")
    site = f"/api/v1/sites/{estate.site.id}"
    asset: Any = li.post(
        f"{site}/assets", {"number": "L-1", "name": {"zh": "电梯", "en": "Lift"}, "category": "lift"}
    ).json
    first = datetime.fromtimestamp(clock.ms / 1000, UTC).date() - timedelta(days=3)
    made = li.post(
        f"{site}/assets/{asset['id']}/duties",
        {
            "name": {"zh": "年检", "en": "Yearly test"},
            "kind": "test",
            "every_months": 12,
            "anchor": "done",
            "first_on": first.isoformat(),
            "remind_days": 30,
        },
    )
    assert made.status_code == 201, made.json
    row = rows(as_, at)["P1-21 duties"]
    assert (row["due"], row["missed"], row["verdict"]) == (1, 1, "short")
    lifts = rows(as_, at).get("P1-31 lifts")
    assert lifts is None or lifts["low"] is not None
