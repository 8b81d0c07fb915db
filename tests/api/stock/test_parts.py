"""Parts and their moves, from the desk and from phones."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from server.audit.models import AuditRow
from server.feed import service as feed
from server.feed.models import FeedRow
from server.keeping.rebuild import differences
from server.stock import service
from server.stock.models import Part, StockEntry, StockMove
from sync.stock import StockMove as MovePayload
from tests.api.rounds.conftest import MIN, As
from tests.api.stock.conftest import Store
from tests.conftest import FakeClock

PART: dict[str, Any] = {"number": "P-77", "name": {"zh": "水泵轴承", "en": "Bearing"}, "unit": "个"}


def test_a_part_is_made_changed_moved_and_retired(as_: As, at: str, store: Store) -> None:
    li = as_("Li")
    made = li.post(
        f"{at}/parts",
        PART | {"minimum": "2", "reorder": "5", "price": "12.5", "places": ["A-3"], "code": "6901234"},
    )
    assert made.status_code == 201, made.get_data(as_text=True)
    part = made.json
    assert part is not None
    assert (part["stock"], part["order"], part["price"]) == ("0", "5", "12.50")
    path = f"{at}/parts/{part['id']}"

    assert li.post(f"{path}/moves", {"why": "received", "quantity": "10.5"}).json["stock"] == "10.5"  # type: ignore[index]
    store.estate.clock.forward(s=1)
    used = li.post(f"{path}/moves", {"why": "used", "quantity": "0.25", "note": "密封"})
    assert (used.json["stock"], used.json["order"]) == ("10.25", "0")  # type: ignore[index]
    store.estate.clock.forward(s=1)
    lost = li.post(f"{path}/moves", {"why": "written_off", "quantity": "11"})
    assert (lost.json["stock"], lost.json["order"]) == ("-0.75", "5")  # type: ignore[index]

    moves = li.get(f"{path}/moves").json["moves"]  # type: ignore[index]
    assert [(m["why"], m["quantity"], m["stock"]) for m in moves] == [
        ("written_off", "-11", "-0.75"),
        ("used", "-0.25", "10.25"),
        ("received", "10.5", "10.5"),
    ]
    assert (moves[1]["person"], moves[1]["note"], moves[1]["source"]) == ("Li", "密封", "office")
    assert li.patch(path, {"unit": "m"}).json["type"].endswith("unit-kept")  # type: ignore[index]
    changed = li.patch(path, {"retired": True, "minimum": None, "price": "9"})
    assert (changed.json["retired"], changed.json["price"], changed.json["order"]) == (True, "9.00", "0")  # type: ignore[index]
    actions = select(AuditRow.action).where(AuditRow.subject == part["id"]).order_by(AuditRow.pos)
    assert store.estate.session.scalars(actions).all() == [
        "part.made",
        *["part.moved"] * 3,
        "part.changed",
    ]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("price", "-1"),
        ("price", "1.234"),
        ("price", 12),
        ("minimum", "１２"),
        ("minimum", "1e400"),
        ("minimum", "-2"),
        ("reorder", "1,5"),
        ("unit", ""),
        ("places", ["x"] * 11),
        ("stock", "5"),
    ],
)
def test_a_part_that_cannot_be_meant_is_refused(
    as_: As, at: str, store: Store, member: str, value: Any
) -> None:
    answer = as_("Li").post(f"{at}/parts", PART | {member: value})

    assert answer.status_code == 422
    assert member in answer.json["errors"]["json"]  # type: ignore[index]
    assert len(service.parts_of(store.estate.session, site_id=store.estate.site.id)) == 3


@pytest.mark.parametrize("quantity", ["0", "-1", "１２", "1e400", "1,5", "0.0001", "1000000000", 3, None])
def test_a_move_of_nothing_or_of_no_number_is_refused(as_: As, at: str, store: Store, quantity: Any) -> None:
    path = f"{at}/parts/{store.parts['seal'].id}/moves"

    assert as_("Li").post(path, {"why": "received", "quantity": quantity}).status_code == 422
    assert store.stock("seal") == 1_000


def test_two_phones_that_both_take_the_last_one_both_took_one(as_: As, at: str, store: Store) -> None:
    now = store.estate.clock.ms
    order = uuid4()
    store.take("Wang", "seal", "-1", at_ms=now + MIN, order=order)
    store.take("Liu", "seal", "-1", at_ms=now + 2 * MIN)

    assert store.push("Liu", now_ms=now + 10 * MIN) == [[]]
    assert store.push("Wang", now_ms=now + 20 * MIN) == [[]]

    assert store.stock("seal") == -1_000
    shown = as_("Vera").get(f"{at}/parts")
    assert shown.status_code == 403
    moves = as_("Li").get(f"{at}/parts/{store.parts['seal'].id}/moves").json["moves"]  # type: ignore[index]
    assert [(m["person"], m["stock"], m["source"]) for m in moves[:2]] == [
        ("Liu", "-1", "phone"),
        ("Wang", "0", "phone"),
    ], "in the order in which it happened, not in which it came"
    [row] = store.estate.session.scalars(
        select(FeedRow.row).where(FeedRow.kind == "part", FeedRow.entity == store.parts["seal"].id)
        .order_by(FeedRow.version.desc()).limit(1)
    )  # fmt: skip
    body = json.loads(row)["body"]
    assert (body["stock"], body["minimum"], body["unit"]) == ("-1", "2", "个")
    taken = service.cost_of_orders(store.estate.session, site_id=store.estate.site.id, orders=[order])
    assert taken[order].unpriced + taken[order].mille != 0


def test_what_a_phone_took_of_a_retired_part_counts(as_: As, at: str, store: Store) -> None:
    now = store.estate.clock.ms
    store.take("Wang", "seal", "-1", at_ms=now + MIN)
    as_("Li").patch(f"{at}/parts/{store.parts['seal'].id}", {"retired": True})

    assert store.push("Wang", now_ms=now + 10 * MIN) == [[]]
    assert store.stock("seal") == 0


def test_a_part_of_no_site_or_of_another_is_marked_and_moves_nothing(store: Store) -> None:
    now = store.estate.clock.ms
    session = store.estate.session
    other = service.make_part(
        session, site=store.estate.north, number="P-01", name={"zh": "密封", "en": ""}, unit="个", now_ms=now
    )
    feed.commit(session, now_ms=now)
    phone = store.phones["Wang"]
    for part in (UUID(int=9), other.id):
        phone.record("stock.move", MovePayload(str(part), "-1", None, "used", None), at_ms=now + MIN)

    assert store.push("Wang", now_ms=now + 10 * MIN) == [["not_here"], ["not_here"]]
    session.expire_all()
    assert session.get_one(Part, other.id).stock_milli == 0
    assert len(session.scalars(select(StockMove)).all()) == 2


def test_moves_are_made_again_from_the_ledger_as_they_were(store: Store) -> None:
    now = store.estate.clock.ms
    store.take("Wang", "seal", "-3", at_ms=now + MIN)
    store.take("Wang", "cable", "12.5", at_ms=now + 2 * MIN)
    store.count("Wang", "lamp", "4", at_ms=now + 3 * MIN)
    store.push("Wang", now_ms=now + 10 * MIN)
    session = store.estate.session

    assert differences(session, store.estate.site.organisation_id) == []
    assert session.get_one(Part, store.parts["seal"].id).stock_milli == -2_000
    session.rollback()
    assert store.stock("seal") == -2_000


def test_what_the_office_wrote_cannot_be_altered(store: Store) -> None:
    session = store.estate.session
    for entry in session.scalars(select(StockEntry)).all():
        entry.milli = 5
    with pytest.raises(DatabaseError, match="insert-only"):
        session.flush()
    session.rollback()


def test_a_history_of_many_moves_comes_in_pages_that_meet(as_: As, at: str, store: Store) -> None:
    part, session, now = store.parts["lamp"], store.estate.session, store.estate.clock.ms
    for n in range(120):
        service.enter(
            session, part=part, why="received", milli=1_000 + n, by=None, at_ms=now + n // 7, now_ms=now
        )
    feed.commit(session, now_ms=now)
    seen: list[dict[str, Any]] = []
    following: str | None = ""
    while following is not None:
        query = f"?before={following}" if following else ""
        page = as_("Li").get(f"{at}/parts/{part.id}/moves{query}").json
        assert page is not None
        seen += page["moves"]
        following = page["next"]

    assert len({move["key"] for move in seen}) == len(seen) == 120
    total = 0
    for move in reversed(seen):
        total += round(float(move["quantity"]) * 1000)
        assert round(float(move["stock"]) * 1000) == total
    assert as_("Li").get(f"{at}/parts/{part.id}/moves?before=nothing").status_code == 422


def test_parts_go_to_another_site_that_keeps_them_or_stay(as_: As, at: str, store: Store) -> None:
    ada, part = as_("Ada"), store.parts["seal"]
    path = f"{at}/parts/{part.id}/moves"
    body = {"why": "moved", "quantity": "1", "to": str(store.estate.north.id)}

    assert ada.post(path, body).json["type"].endswith("no-part-there")  # type: ignore[index]
    assert store.stock("seal") == 1_000
    there = ada.post(
        f"/api/v1/sites/{store.estate.north.id}/parts",
        {"number": part.number, "name": part.name, "unit": part.unit},
    ).json
    assert as_("Li").post(path, body).status_code == 404, "Li is nobody at North Wing"
    assert ada.post(path, body).json["stock"] == "0"  # type: ignore[index]
    north = f"/api/v1/sites/{store.estate.north.id}/parts/{there['id']}"  # type: ignore[index]
    assert ada.get(north).json["stock"] == "1"  # type: ignore[index]
    assert ada.post(path, {"why": "moved", "quantity": "1"}).status_code == 422
    assert (
        ada.post(path, {"why": "used", "quantity": "1", "to": str(store.estate.north.id)}).status_code == 422
    )


def test_what_is_to_be_ordered_stands_on_a_list(as_: As, at: str, store: Store) -> None:
    li = as_("Li")
    li.patch(f"{at}/parts/{store.parts['lamp'].id}", {"name": {"zh": "=灯管", "en": ""}})

    listed = li.get(f"{at}/parts/reorder").json["parts"]  # type: ignore[index]
    assert [(part["number"], part["order"]) for part in listed] == [
        ("P-01", "5"),
        ("P-02", "5"),
        ("P-03", "5"),
    ]
    text = li.get(f"{at}/parts/reorder/csv?lang=zh").get_data(as_text=True)
    assert "P-01,机械密封,,,个,1,2,5,12.50,62.50\r\n" in text
    assert "'=灯管" in text, "nothing a spreadsheet would run"
    paper = pdfium.PdfDocument(li.get(f"{at}/parts/reorder/pdf?lang=zh").data)
    said = "".join(page.get_textpage().get_text_range() for page in paper)
    for words in ("补货清单", "机械密封", "62.50", "合计 187.50 元", "批准"):
        assert words in said
    rows = list(load_workbook(BytesIO(li.get(f"{at}/parts/reorder/xlsx?lang=en").data)).worksheets[1].values)
    assert rows[0][5:8] == ("In stock", "Minimum", "To order")
    assert rows[1][5:] == (1, 2, 5, 12.5, 62.5)


def test_what_was_used_costs_what_it_cost_then(as_: As, at: str, store: Store, clock: FakeClock) -> None:
    li, now = as_("Li"), clock.ms
    path = f"{at}/parts/{store.parts['seal'].id}"
    asset = li.post(f"{at}/assets", {"number": "A1", "name": {"zh": "水泵", "en": ""}}).json["id"]  # type: ignore[index]
    clock.ms = now + MIN
    li.post(f"{path}/moves", {"why": "used", "quantity": "2", "asset": asset})
    clock.ms = now + 2 * MIN
    li.patch(path, {"price": "100"})
    clock.ms = now + 3 * MIN
    li.post(f"{path}/moves", {"why": "used", "quantity": "0.5"})
    li.post(f"{path}/moves", {"why": "returned", "quantity": "0.1"})
    store.take("Wang", "seal", "-1", at_ms=now + MIN)
    store.push("Wang", now_ms=now + 4 * MIN)

    month = li.get(f"{at}/stock/costs?since=2026-01&until=2026-12").json
    assert month is not None
    # 2 × 12.50 + 0.5 × 100 − 0.1 × 100 + 1 × 12.50 (taken before the price rose, heard of after)
    assert (month["total"], month["unpriced"]) == ("77.50", 0)
    assert [(line["key"], line["cost"]) for line in month["by_asset"]] == [(None, "52.50"), (asset, "25.00")]
    built_in = li.get(f"{at}/assets/{asset}/parts").json
    assert built_in is not None
    assert (built_in["cost"], [p["quantity"] for p in built_in["parts"]]) == ("25.00", ["-2"])
    for bad in ("since=2026-12&until=2026-01", "since=2020-01&until=2026-01", "since=2026-13&until=2026-13"):
        assert li.get(f"{at}/stock/costs?{bad}").status_code == 422


def test_somebody_of_another_site_sees_and_moves_nothing(as_: As, at: str, store: Store) -> None:
    chen, part = as_("Chen"), store.parts["seal"].id
    north = f"/api/v1/sites/{store.estate.north.id}"

    assert chen.get(f"{at}/parts").status_code == 404
    assert chen.get(f"{north}/parts/{part}").status_code == 404
    assert chen.get(f"{north}/parts/{part}/moves").status_code == 404
    assert chen.post(f"{north}/parts/{part}/moves", {"why": "used", "quantity": "1"}).status_code == 404
    assert chen.get(f"{north}/parts").json == {"parts": []}
    assert store.stock("seal") == 1_000
