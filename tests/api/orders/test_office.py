"""What the office does to work orders over HTTP: it works, refuses with a clear word, and loses nothing."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from server.audit.models import AuditRow
from server.feed import service as feed
from server.orders import service as orders
from tests.api.orders.conftest import MIN, OPEN, As, Desk


@pytest.fixture
def path(at: str) -> str:
    return f"{at}/orders"


def opened(as_: As, path: str, **body: Any) -> Any:
    answer = as_("Li").post(path, {"class": "lighting", **body})
    assert answer.status_code == 201, answer.json
    return answer.json


def acted(as_: As, path: str, order: dict[str, Any], who: str = "Li", status: int = 200, **body: Any) -> Any:
    answer = as_(who).post(f"{path}/{order['id']}/acts", {"version": order["version"], **body})
    assert answer.status_code == status, answer.json
    return answer.json


def test_an_order_is_opened_given_out_done_verified_and_followed_up(desk: Desk, as_: As, path: str) -> None:
    order = opened(as_, path, title={"zh": "灯不亮", "en": "Lamp out"}, place="3-9")
    assert (order["number"], order["state"], order["opened_by"]["name"]) == ("W-0001", "open", "Li")
    assert [one["clause"] for one in order["deadlines"]] == ["P1-13"]

    given = acted(as_, path, order, act="dispatch", to=desk.person("Wang"))
    assert (given["state"], given["assignee"]["name"]) == ("dispatched", "Wang")
    assert given["received"][0] | {"device": 0} == {"device": 0, "heard_ms": desk.start, "has": True}

    uuid = UUID(order["id"])
    desk.say("Wang", uuid, "arrive", 10, saw=given["version"])
    desk.say("Wang", uuid, "labour", 28, saw=given["version"], minutes=30, people=1)
    photo = desk.phones["Wang"].photo(b"\xff\xd8\xff\xe0 a new lamp")
    desk.say(
        "Wang",
        uuid,
        "complete",
        30,
        saw=given["version"],
        private={"note": "换了灯管"},
        blobs=(photo,),
        result="fixed",
    )
    desk.push("Wang", 31)

    done = as_("Li").get(f"{path}/{order['id']}").json
    assert done is not None
    assert [one["kind"] for one in done["entries"]] == ["dispatch", "arrive", "labour", "complete"]
    last = done["entries"][-1]
    assert (last["note"], last["by"]["name"], last["quality"]) == ("换了灯管", "Wang", "A")
    assert last["photos"] == [{"sha256": photo.sha256, "role": "photo", "of": None, "state": "pending"}]
    assert done["may"] == ["note", "cost", "change", "reopen", "verify", "follow"]
    assert {one["what"]: one["state"] for one in done["deadlines"]} == {
        "repair": "met",
        "follow": "running",
    }

    cost = acted(as_, path, done, act="cost", amount="80.50", what="外委")
    assert cost["costs"] == {
        "labour": "0.00",
        "parts": "0.00",
        "unpriced": 0,
        "other": "80.50",
        "total": "80.50",
        "currency": "CNY",
    }
    verified = acted(as_, path, cost, act="verify", ok=True)
    closed = acted(as_, path, verified, act="follow", satisfied=True)
    assert closed["state"] == "closed"
    audited = select(AuditRow.action, AuditRow.detail).where(AuditRow.action.startswith("order."))
    assert [detail.get("act") for _, detail in desk.estate.session.execute(audited)] == [
        None,
        "dispatch",
        "cost",
        "verify",
        "follow",
    ]


def test_what_somebody_else_changed_meanwhile_is_looked_at_again(desk: Desk, as_: As, path: str) -> None:
    order = opened(as_, path)
    acted(as_, path, order, act="change", urgency="urgent")

    refused = acted(as_, path, order, act="cancel", why="x", status=409)

    assert (refused["type"], refused["version"]) == ("/problems/order-changed", 2)
    said = acted(as_, path, order, act="note", text="a note is never too late")
    assert (said["state"], said["urgency"]) == ("open", "urgent")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"act": "verify", "ok": True}, 409, None),
        ({"act": "resume"}, 409, None),
        ({"act": "settle", "conflict": "x", "keep": "done", "why": "x"}, 409, None),
        ({"act": "cancel"}, 422, "why"),
        ({"act": "change"}, 422, "act"),
        ({"act": "note", "text": "x", "ok": True}, 422, "ok"),
        ({"act": "cost", "amount": "1e9", "what": "x"}, 422, "amount"),
        ({"act": "cost", "amount": "１２", "what": "x"}, 422, "amount"),
        ({"act": "cost", "amount": "-5", "what": "x"}, 422, "amount"),
        ({"act": "dispatch", "to": {"kind": "person", "id": str(uuid4())}}, 422, "to"),
        ({"act": "escalate"}, 422, "act"),
        ({"act": "join"}, 422, "act"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    desk: Desk, as_: As, path: str, body: dict[str, Any], status: int, field: str | None
) -> None:
    order = opened(as_, path)

    refused = acted(as_, path, order, status=status, **body)

    if field is not None:
        assert field in refused["errors"]["json"]
    assert desk.row(UUID(order["id"])).version == 1


def test_somebody_of_another_site_sees_nothing(desk: Desk, as_: As, path: str) -> None:
    order = opened(as_, path)

    for where in ("", "/board", "/candidates", "/policy", "/log", f"/{order['id']}"):
        assert as_("Chen").get(path + where).status_code == 404, where
    acted(as_, path, order, who="Chen", status=404, act="note", text="x")
    assert as_("Chen").post(path, {"class": "water"}).status_code == 404
    north = path.replace(str(desk.estate.site.id), str(desk.estate.north.id))
    assert as_("Chen").get(f"{north}/{order['id']}").status_code == 404
    shown = as_("Chen").get(north).json
    assert shown is not None
    assert shown["orders"] == []


def test_a_conflict_is_shown_and_settled_with_a_reason(desk: Desk, as_: As, path: str) -> None:
    order = opened(as_, path, assignee=desk.person("Wang"))
    uuid = UUID(order["id"])
    desk.say("Wang", uuid, "complete", 30, saw=1, result="fixed")
    acted(as_, path, order, act="cancel", why="误报")
    desk.push("Wang", 60)

    board = as_("Li").get(f"{path}/board").json
    assert board is not None
    [need] = board["needs"]
    assert need["needs"] == ["conflict"]
    shown = as_("Li").get(f"{path}/{order['id']}").json
    assert shown is not None
    [conflict] = shown["found"]
    assert (conflict["kind"], conflict["keep"]) == ("done_cancelled", ["done", "cancelled"])
    settle = {"act": "settle", "conflict": conflict["id"], "why": "照片看过"}
    acted(as_, path, shown, status=422, **settle, keep="second")
    settled = acted(as_, path, shown, **settle, keep="done")
    assert (settled["state"], settled["conflicts"]) == ("done", 0)
    assert settled["found"][0]["settled"]["keep"] == "done"
    assert as_("Li").get(f"{path}/board").json["needs"] == []  # type: ignore[index]


def test_the_list_is_filtered_counted_and_paged(desk: Desk, as_: As, path: str) -> None:
    for number in range(5):
        desk.to(number)
        desk.open(cls="water" if number % 2 else "glass", place=f"{number} 栋")
    first = as_("Li").get(f"{path}?limit=2").json
    assert first is not None
    assert ([one["number"] for one in first["orders"]], first["counts"]) == (
        ["W-0005", "W-0004"],
        {"open": 5},
    )
    second = as_("Li").get(f"{path}?limit=2&after={first['after']}").json
    assert second is not None
    assert [one["number"] for one in second["orders"]] == ["W-0003", "W-0002"]
    third = as_("Li").get(f"{path}?limit=2&after={second['after']}").json
    assert third is not None
    assert (len(third["orders"]), third["after"]) == (1, None)

    def numbers(query: str) -> list[str]:
        found = as_("Li").get(f"{path}?{query}").json
        assert found is not None
        return [one["number"] for one in found["orders"]]

    assert numbers("class=water") == ["W-0004", "W-0002"]
    assert numbers("text=3 栋") == ["W-0004"]
    assert numbers("text=w-0002") == ["W-0002"]
    assert numbers("text=%25") == [], "a percent sign is a letter like any other"
    assert numbers("state=done") == []
    assert numbers("state=under_way&class=glass") == ["W-0005", "W-0003", "W-0001"]
    assert as_("Li").get(f"{path}?after=x").status_code == 422
    assert as_("Li").get(f"{path}?state=gone").status_code == 422


def test_a_deadline_that_is_missed_is_told_and_corrected_when_a_record_says_otherwise(
    desk: Desk, as_: As, path: str
) -> None:
    order = desk.open(kind="request", cls="water", urgency="urgent", assignee=desk.person("Wang"))
    session = desk.estate.session

    def state() -> str:
        return str(next(one for one in desk.row(order.id).deadlines if one["what"] == "arrive")["state"])

    desk.say("Wang", order.id, "arrive", 8, saw=1)
    desk.to(11)
    orders.watch(session, now_ms=desk.clock.ms)
    feed.commit(session, now_ms=desk.clock.ms)
    assert [one["kind"] for one in as_("Li").get(f"{path}/{order.id}").json["entries"]] == ["escalate"]  # type: ignore[index]
    desk.to(20)
    orders.watch(session, now_ms=desk.clock.ms)
    feed.commit(session, now_ms=desk.clock.ms)
    assert state() == "unheard", "Wang's phone has not been heard since: it is not said to be missed"
    desk.act(order.id, "recall", 21)
    desk.to(22)
    orders.watch(session, now_ms=desk.clock.ms)
    feed.commit(session, now_ms=desk.clock.ms)
    assert state() == "missed", "nobody has it whose phone could say more"
    told = [one for one in as_("Li").get(f"{path}/{order.id}").json["entries"] if one["kind"] == "escalate"]  # type: ignore[index]
    assert [(one["p"]["step"], one["p"]["who"]) for one in told] == [
        ("near", ["desk"]),
        ("missed", ["supervisor"]),
    ]

    desk.push("Wang", 40)

    [arrive] = [one for one in desk.row(order.id).deadlines if one["what"] == "arrive"]
    assert (arrive["state"], arrive["corrected"]) == ("met", True)


def test_clauses_are_the_sites_own(desk: Desk, as_: As, path: str) -> None:
    order = opened(as_, path)
    policy = as_("Li").get(f"{path}/policy").json
    assert policy is not None
    clauses = policy["clauses"]
    lighting = next(one for one in clauses if one["key"] == "repair-lighting")
    lighting |= {"amount": 3, "unit": "hours"}

    changed = as_("Li").patch(f"{path}/policy", {"clauses": clauses})

    assert changed.status_code == 200
    now = as_("Li").get(f"{path}/{order['id']}").json
    assert now is not None
    assert now["deadlines"][0]["due_ms"] == desk.start + 180 * MIN
    twice = as_("Li").patch(f"{path}/policy", {"clauses": [lighting, lighting]})
    assert twice.status_code == 422
    bad = as_("Li").patch(f"{path}/policy", {"clauses": [lighting | {"unit": "moons"}]})
    assert bad.status_code == 422
    kept: Any = as_("Li").get(f"{path}/policy").json
    assert kept["clauses"] == clauses
    assert kept["hours"] == {"from_min": 480, "to_min": 1200, "working_days": False}


def test_the_hours_of_a_site_move_at_once_what_is_due_within_them(desk: Desk, as_: As, path: str) -> None:
    order = opened(as_, path, kind="other")  # at nine in the evening: until noon of the next day
    assert [one["due_ms"] for one in order["deadlines"]] == [desk.start + 15 * 60 * MIN]
    hours = {"from_min": 0, "to_min": 1440, "working_days": False}

    assert as_("Li").patch(f"{path}/policy", {"hours": hours}).status_code == 200

    [due] = (as_("Li").get(f"{path}/{order['id']}").json or {})["deadlines"]
    assert (due["clause"], due["due_ms"]) == ("P5-03", desk.start + 240 * MIN)
    wrong = as_("Li").patch(f"{path}/policy", {"hours": hours | {"from_min": 900, "to_min": 900}})
    assert wrong.status_code == 422


def test_the_maintenance_log_is_a_file_that_no_spreadsheet_runs(desk: Desk, as_: As, path: str) -> None:
    made = uuid4()
    desk.say("Wang", made, "open", 1, **OPEN | {"mine": True})
    desk.say("Wang", made, "complete", 30, private={"note": "=1+1"}, result="fixed")
    desk.push("Wang", 31)
    as_("Li").patch(f"{path}/policy", {"rates": {"labour_hour": "60", "currency": "CNY"}})

    log = as_("Li").get(f"{path}/log?from={desk.start}&to={desk.start + 60 * MIN}").json

    assert log is not None
    [row] = log["orders"]
    assert (row["number"], row["result"], row["done_by"]["name"], row["note_done"]) == (
        "W-0001",
        "fixed",
        "Wang",
        "=1+1",
    )
    file = as_("Li").get(f"{path}/log/csv?lang=zh")
    lines = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert (lines[0][0], lines[1][0], lines[1][11]) == ("工单号", "W-0001", "'=1+1")
    book = load_workbook(io.BytesIO(as_("Li").get(f"{path}/log/xlsx?lang=en").data))
    assert [cell.value for cell in next(book.worksheets[0].iter_rows(min_row=2))][:2] == [
        "W-0001",
        "Lighting",
    ]
    assert as_("Li").get(f"{path}/log?from={desk.start + 60 * MIN}").json["orders"] == []  # type: ignore[index]


def test_other_working_days_move_at_once_what_is_still_due(as_: As, at: str, desk: Desk) -> None:
    as_("Ada").patch(at, {"holidays": "CN"})
    order = desk.open(cls="other").id
    due = as_("Li").get(f"{at}/orders/{order}").json["deadlines"][0]["due_ms"]  # type: ignore[index]

    as_("Ada").post("/api/v1/holidays", {"year": 2026, "free": ["2026-11-25"], "working": []})

    moved = as_("Li").get(f"{at}/orders/{order}").json["deadlines"][0]["due_ms"]  # type: ignore[index]
    assert moved > due, "five working days, and one of them is a day off now"
