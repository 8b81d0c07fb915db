"""Rules of upkeep at the API, the run that opens their work orders, and what phones say to these."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from server.feed import service as feed
from server.orders.models import WorkOrder
from server.upkeep import service
from server.upkeep.models import UpkeepCycle
from sync.order_payloads import OrderComplete
from tests.api.rounds.conftest import MIN, As, Estate
from tests.api.stock.conftest import Store
from tests.conftest import FakeClock

DAY = 24 * 60 * MIN
RULE: dict[str, Any] = {
    "name": {"zh": "水泵保养", "en": "Pump service"},
    "recurrence": {"kind": "count", "times": 1, "per": "month"},
    "starts_on": "2026-11-01",
    "class": "water",
}


def pump(as_: As, at: str, number: str = "A1") -> str:
    made = as_("Li").post(
        f"{at}/assets", {"number": number, "name": {"zh": "水泵", "en": "Pump"}, "category": "水泵"}
    )
    assert made.status_code == 201, made.get_data(as_text=True)
    return str(made.json["id"])  # type: ignore[index]


def make(as_: As, at: str, **members: Any) -> dict[str, Any]:
    made = as_("Li").post(f"{at}/upkeep", RULE | members)
    assert made.status_code == 201, made.get_data(as_text=True)
    return dict(made.json)  # type: ignore[arg-type]


def run(estate: Estate, clock: FakeClock) -> int:
    estate.session.rollback()
    opened = service.run(estate.session, now_ms=clock.ms)
    feed.commit(estate.session, now_ms=clock.ms)
    return opened


def orders(estate: Estate) -> list[WorkOrder]:
    estate.session.expire_all()
    return list(estate.session.scalars(select(WorkOrder).order_by(WorkOrder.number)))


def test_a_rule_opens_one_order_with_its_form_signature_and_parts(
    as_: As, at: str, estate: Estate, store: Store, clock: FakeClock
) -> None:
    asset, li = pump(as_, at), as_("Li")
    form = li.post(
        f"{at}/forms",
        {
            "name": {"zh": "泵保养", "en": "Pump"},
            "fields": [{"id": "ok", "kind": "check", "label": {"zh": "正常", "en": "OK"}, "required": True}],
        },
    ).json["id"]  # type: ignore[index]
    rule = make(
        as_,
        at,
        target={"kind": "asset", "id": asset},
        form=form,
        parts=[{"part": str(store.parts["seal"].id), "quantity": "1"}],
        assignee={"kind": "team", "id": str(estate.team.id)},
        asks_signature=True,
        demand="P1-27",
    )
    [thread] = rule["threads"]
    assert (thread["number"], thread["open"], thread["next"]["by"]) == ("A1", None, "calendar")

    assert run(estate, clock) == 1
    assert run(estate, clock) == 0, "one at a time, however often it runs"

    [order] = orders(estate)
    assert (str(order.form_id), order.asks_signature, order.kind, order.state) == (
        form,
        True,
        "upkeep",
        "dispatched",
    )
    assert order.note is not None
    assert "P-01 机械密封 × 1 个" in order.note
    assert order.assignee == {"kind": "team", "id": str(estate.team.id)}
    [thread] = as_("Li").get(f"{at}/upkeep/{rule['id']}").json["threads"]  # type: ignore[index]
    turn = thread["open"]
    assert (turn["order"]["number"], thread["next"], turn["late"]) == ("W-0001", None, False)
    assert as_("Li").get(f"{at}/assets/{asset}/upkeep").json["rules"][0]["id"] == rule["id"]  # type: ignore[index]


def test_what_was_done_offline_and_comes_late_is_reckoned_when_it_was_done(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    asset = pump(as_, at)
    rule = make(as_, at, target={"kind": "asset", "id": asset})
    run(estate, clock)
    [november] = orders(estate)
    phone = estate.phone("3 号手机")
    phone.sign_in(estate.people["Wang"], at_ms=clock.ms)
    phone.push(now_ms=clock.ms)
    phone.record("order.complete", OrderComplete(str(november.id), "fixed", None), at_ms=clock.ms + 2 * DAY)

    clock.ms += 45 * DAY  # in January nobody has heard from the phone
    assert run(estate, clock) == 0, "one is open"
    [thread] = as_("Li").get(f"{at}/upkeep").json["rules"][0]["threads"]  # type: ignore[index]
    assert (thread["open"]["joined"], thread["open"]["late"]) == (2, True)

    phone.push(now_ms=clock.ms)
    assert run(estate, clock) == 1, "December is not done by what was done in November"
    assert run(estate, clock) == 0
    turns = as_("Li").get(f"{at}/upkeep/{rule['id']}").json["turns"]  # type: ignore[index]
    assert [(turn["done"], turn["late"], turn["joined"]) for turn in turns] == [
        (False, True, 1),
        (True, False, 0),
    ]
    begins = [
        datetime.fromtimestamp(turn["window"]["from_ms"] / 1000 + 8 * 3600, UTC).month for turn in turns
    ]
    assert begins == [12, 11]


def test_an_order_that_is_cancelled_gives_up_its_own_turn(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    from server.orders import service as order_service

    make(as_, at, target={"kind": "asset", "id": pump(as_, at)})
    run(estate, clock)
    [order] = orders(estate)
    order_service.act(
        estate.session,
        site_id=estate.site.id,
        order_id=order.id,
        kind="cancel",
        p={"why": "停用"},
        by=estate.people["Li"].id,
        now_ms=clock.ms,
    )
    feed.commit(estate.session, now_ms=clock.ms)

    assert run(estate, clock) == 0, "November is given up"
    clock.ms += 10 * DAY
    assert run(estate, clock) == 1, "December comes"


def test_every_asset_of_a_category_has_a_thread_of_its_own(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    first = pump(as_, at, "A1")
    pump(as_, at, "A2")
    rule = make(as_, at, target={"kind": "category", "category": "水泵"})
    assert [thread["number"] for thread in rule["threads"]] == ["A1", "A2"]
    as_("Li").patch(f"{at}/assets/{first}", {"retired": True})

    assert run(estate, clock) == 1, "what was taken down is kept up no more"
    [order] = orders(estate)
    assert order.title == {"zh": "水泵保养 · A2 水泵", "en": "Pump service · A2 Pump"}


def test_a_turn_is_left_out_or_done_early_for_a_written_reason(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    asset, li = pump(as_, at), as_("Li")
    rule = make(as_, at, target={"kind": "asset", "id": asset})
    path = f"{at}/upkeep/{rule['id']}"

    assert li.post(f"{path}/skip", {"thing": asset, "why": ""}).status_code == 422
    assert li.post(f"{path}/skip", {"thing": str(estate.team.id), "why": "x"}).status_code == 404
    left_out = li.post(f"{path}/skip", {"thing": asset, "why": "停机检修"}).json
    assert left_out is not None
    assert (left_out["turns"][0]["skipped"], left_out["turns"][0]["why"]) == (True, "停机检修")
    assert run(estate, clock) == 0
    early = li.post(f"{path}/advance", {"thing": asset, "why": "异响"}).json
    assert early is not None
    assert (early["threads"][0]["open"]["by"], early["turns"][0]["order"]["number"]) == ("person", "W-0001")
    for verb in ("skip", "advance"):
        assert li.post(f"{path}/{verb}", {"thing": asset, "why": "x"}).json["type"].endswith("upkeep-open")  # type: ignore[index]
    li.patch(path, {"paused": True})
    assert estate.session.scalar(select(func.count()).select_from(UpkeepCycle)) == 2


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"recurrence": None}, "recurrence"),
        ({"recurrence": {"kind": "count", "times": 2, "per": "month"}}, "recurrence"),
        (
            {
                "recurrence": {
                    "kind": "calendar",
                    "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                    "windows": [{"from": "08:00", "to": "09:00"}],
                }
            },
            "recurrence",
        ),
        ({"ends_on": "2026-10-01"}, "ends_on"),
        ({"target": {"kind": "asset", "id": "6f1e5a3e-0000-4c1a-9d8e-000000000001"}}, "target"),
        ({"target": {"kind": "category"}}, "target"),
        ({"target": {"kind": "site"}, "meter": {"key": "hours", "every": "250"}}, "meter"),
        ({"meter": {"key": "hours", "every": "0"}}, "meter"),
        ({"meter": {"key": "hours", "every": "１２"}}, "meter"),
        ({"meter": {"key": "hours", "every": "1e400"}}, "meter"),
        ({"meter": {"key": "hours", "every": "-5"}}, "meter"),
        ({"lead_days": 1000}, "lead_days"),
        ({"assignee": {"kind": "post", "id": "6f1e5a3e-0000-4c1a-9d8e-000000000001"}}, "assignee"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(
    as_: As, at: str, estate: Estate, change: dict[str, Any], member: str
) -> None:
    answer = as_("Li").post(f"{at}/upkeep", RULE | {"target": {"kind": "site"}} | change)

    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert member in answer.json["errors"]["json"]  # type: ignore[index]
    assert as_("Li").get(f"{at}/upkeep").json == {"rules": []}


def test_the_year_shows_what_is_planned_month_by_month(as_: As, at: str, clock: FakeClock) -> None:
    make(as_, at, target={"kind": "site"}, recurrence={"kind": "count", "times": 1, "per": "half_year"})

    [row] = as_("Li").get(f"{at}/upkeep/year?year=2027").json["rows"]  # type: ignore[index]

    assert [n for n, cell in enumerate(row["months"], start=1) if cell] == [1, 7]
    assert row["months"][0] == [{"day": 1, "what": "planned", "forecast": False}]
    assert as_("Li").get(f"{at}/upkeep/year?year=99").status_code == 422


def test_the_plan_of_a_year_is_taken_as_paper_and_workbook(as_: As, at: str, clock: FakeClock) -> None:
    make(
        as_,
        at,
        name={"zh": "=防雷检测", "en": "Lightning"},
        target={"kind": "site"},
        recurrence={"kind": "count", "times": 1, "per": "half_year"},
        demand="P1-16",
    )
    li = as_("Li")

    paper = pdfium.PdfDocument(li.get(f"{at}/upkeep/year/pdf?year=2027&lang=zh").data)
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "2027 年度保养计划" in text
    assert "防雷检测" in text
    assert "计1" in text
    assert "盖章" in text
    book = load_workbook(BytesIO(li.get(f"{at}/upkeep/year/xlsx?year=2027&lang=en").data))
    rows = list(book.worksheets[1].values)
    assert rows[0][:5] == ("No.", "Upkeep", "What", "How often", "Clause")
    assert rows[1][3:12] == ("1 each half year", "P1-16", "P1", None, None, None, None, None, "P1")
    assert str(rows[1][1]) == "Lightning"
    chinese = load_workbook(BytesIO(li.get(f"{at}/upkeep/year/xlsx?year=2027").data))
    assert chinese.worksheets[1]["B2"].value == "'=防雷检测", "nothing a spreadsheet would run"


def test_demands_have_rules_ready(as_: As, at: str, estate: Estate, clock: FakeClock) -> None:
    templates = as_("Li").get(f"{at}/upkeep/templates").json["templates"]  # type: ignore[index]
    assert {one["demand"] for one in templates} == {"P1-16", "P1-26", "P1-30", "P1-46"}
    for one in templates:
        service.from_template(
            estate.session,
            site=estate.site,
            key=one["key"],
            starts_on=datetime(2027, 1, 1, tzinfo=UTC).date(),
            now_ms=clock.ms,
        )
    with pytest.raises(KeyError):
        service.from_template(
            estate.session, site=estate.site, key="none", starts_on=datetime.now(UTC).date(), now_ms=clock.ms
        )


def test_somebody_of_another_site_sees_no_rule(as_: As, at: str, estate: Estate, clock: FakeClock) -> None:
    rule = make(as_, at, target={"kind": "site"})
    north = f"/api/v1/sites/{estate.north.id}/upkeep"
    chen = as_("Chen")

    assert chen.get(f"{at}/upkeep").status_code == 404
    assert chen.get(north).json == {"rules": []}
    assert chen.get(f"{north}/{rule['id']}").status_code == 404
    assert chen.patch(f"{north}/{rule['id']}", {"paused": True}).status_code == 404
    assert as_("Vera").get(f"{at}/upkeep").status_code == 403
