"""The score of clauses that no round serves: deadlines, tests, cards, records, lifts, lamps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.assets.takeover import ITEMS
from server.feed import service as feed
from server.orders import service as orders
from server.sites.models import Asset
from tests.api.rounds.conftest import MIN, As, Estate, H
from tests.api.rounds.night import Room
from tests.conftest import FakeClock

DAY = 24 * H


@pytest.fixture
def at(estate: Estate) -> str:
    return f"/api/v1/sites/{estate.site.id}/report/served"


def rows(as_: As, at: str, who: str = "Li", period: str = "") -> dict[str, Any]:
    body: Any = as_(who).get(at + (f"?period={period}" if period else "")).json
    return {f"{row['demand']['id']} {row['measure']}": row for row in body["rows"]}


def order(estate: Estate, cls: str = "lighting", target: dict[str, Any] | None = None, **over: Any) -> Any:
    made = orders.open_order(
        estate.session,
        organisation_id=estate.site.organisation_id,
        site_id=estate.site.id,
        kind="repair",
        cls=cls,
        urgency="normal",
        title={"zh": "换灯", "en": "Lamp"},
        target=target,
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


LAMPS = [
    {"id": key, "kind": "number", "label": {"zh": zh, "en": en}, "unit": "", "decimals": 0, "required": False}
    for key, zh, en in (("lamps_total", "灯具总数", "Lamps"), ("lamps_out", "不亮的灯", "Lamps out"))
]


def test_lamps_are_one_share_under_both_clauses_and_the_stricter_one_is_the_score(
    estate: Estate, as_: As, at: str, clock: FakeClock
) -> None:
    room = Room(estate, clock, fields=LAMPS)
    assert "P1-33 lamps" not in rows(as_, at), "nobody has counted"
    for minutes, out in ((10, "9"), (20, "7")):
        scan = room.scan(1, minutes, walk_on=False)
        room.answer(minutes + 1, {"lamps_total": "100", "lamps_out": out}, scan=scan)
    room.push(30)

    found = rows(as_, at)

    looser, stricter = found["P1-14 lamps"], found["P1-33 lamps"]
    for row in (looser, stricter):
        assert (row["due"], row["kept"], row["missed"], row["low"]) == (100, 93, 7, "0.930"), "the last count"
        assert [(part["kind"], part["id"], part["out"]) for part in row["behind"]] == [("visit", scan, "7")]
    assert (looser["least"], looser["verdict"], looser["scored"]) == ("0.90", "met", False)
    assert (stricter["least"], stricter["verdict"], stricter["scored"]) == ("0.95", "short", True)
    site = f"/api/v1/sites/{estate.site.id}"
    assert as_("Li").get(f"{site}/visits/{scan}").status_code == 200, "the record is one click away"


def test_an_asset_has_its_records_or_says_which_are_lacking(
    estate: Estate, as_: As, at: str, clock: FakeClock
) -> None:
    site = f"/api/v1/sites/{estate.site.id}"
    pump, idle = [
        UUID(
            as_("Li")
            .post(f"{site}/assets", {"number": n, "name": {"zh": n, "en": ""}, "category": "pump"})
            .json["id"]  # type: ignore[index]
        )
        for n in ("P-1", "P-2")
    ]
    before = {part["name"]["zh"]: part for part in rows(as_, at)["P1-18 logs"]["behind"]}
    assert before["P-1 P-1"]["lacks"] == ["inspection"]
    assert before["P-1 P-1"]["has"] == []

    order(estate, target={"kind": "asset", "id": str(pump)}, due_ms=clock.ms + H)
    clock.ms += 2 * H
    parts = {part["id"]: part for part in rows(as_, at)["P1-18 logs"]["behind"]}
    assert parts[str(pump)]["lacks"] == ["inspection", "repair"], "what was to be mended by now has no record"
    assert parts[str(idle)]["lacks"] == ["inspection"]

    place = estate.session.get_one(Asset, pump)
    room = Room(estate, clock, place=place)
    scan = room.phone.scan(
        place, estate.tag(place), at_ms=room.start + 70 * MIN, occurrence=room.id, walk_on=False
    )
    room.answer(71, {"pressure": "0.50", "leaks": "ok"}, scan=scan)
    room.push(90)
    row = rows(as_, at)["P1-18 logs"]
    parts = {part["id"]: part for part in row["behind"]}
    assert (parts[str(pump)]["has"], parts[str(pump)]["lacks"]) == (["running", "inspection"], ["repair"])
    assert (row["due"], row["kept"], row["verdict"]) == (2, 0, "short")


def test_a_take_over_is_scored_by_what_was_looked_at_and_its_end_closes_the_rest(
    estate: Estate, as_: As, at: str, clock: FakeClock
) -> None:
    assert "P1-53 takeover" not in rows(as_, at), "a site that nobody takes over owes nothing"
    li, path = as_("Li"), f"/api/v1/sites/{estate.site.id}/take-over"
    li.post(path, {"from_whom": "某开发商"})
    clock.ms += 60_000
    li.post(f"{path}/checks", {"items": ["roof"], "assets": [], "found": "defect", "note": "渗水"})
    clock.ms += 60_000

    row = rows(as_, at)["P1-53 takeover"]
    assert (row["due"], row["kept"], row["unproven"], row["verdict"]) == (
        len(ITEMS),
        1,
        len(ITEMS) - 1,
        "open",
    )
    assert (row["low"], row["high"]) == ("0.056", "1.000")
    [roof] = [part for part in row["behind"] if part["id"] == "roof"]
    assert (roof["kind"], roof["has"], roof["due_ms"]) == ("takeover", ["defect"], clock.ms - 60_000)

    li.post(f"{path}/end", {})
    clock.ms += 60_000
    row = rows(as_, at)["P1-53 takeover"]
    assert (row["missed"], row["verdict"], row["high"]) == (len(ITEMS) - 1, "short", "0.056")
