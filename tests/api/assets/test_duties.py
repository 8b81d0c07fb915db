"""Tests and calibrations: due, done, taken back, reminded of."""

from __future__ import annotations

from typing import Any

from tests.api.assets.test_cards import make, told
from tests.api.assets.test_papers import add, pdf
from tests.api.rounds.conftest import As, Estate

GAUGE = {"name": {"zh": "压力表校准", "en": "Gauge"}, "kind": "calibration", "every_months": 6}


def board_due(li: Any, at: str) -> list[str]:
    return [row["due"]["next_on"] for row in told(li.get(f"{at}/board"))["attention"] if row["kind"] == "due"]


def test_what_is_due_is_told_until_it_was_done_and_passed(estate: Estate, as_: As, at: str) -> None:
    li = as_("Li")
    asset = make(li, at, "E1")
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    today = datetime.fromtimestamp(estate.clock.ms / 1000, ZoneInfo("Asia/Shanghai")).date()
    over, far = (today - timedelta(days=3)).isoformat(), (today + timedelta(days=200)).isoformat()
    duty = told(li.post(f"{at}/assets/{asset}/duties", GAUGE | {"first_on": over}), 201)
    told(li.post(f"{at}/assets/{asset}/duties", GAUGE | {"first_on": far}), 201)

    assert (duty["state"], duty["days_left"]) == ("over", -3)
    assert board_due(li, at) == [over]
    assert [one["id"] for one in told(li.get(f"{at}/duties?within=30"))["duties"]] == [duty["id"]]
    assert told(li.get(f"{at}/assets/register?due=over"))["total"] == 1

    done = f"{at}/duties/{duty['id']}/done"
    told(li.post(done, {"done_on": today.isoformat(), "passed": False}), 201)
    assert board_due(li, at) == [over], "it was not passed"
    paper = told(add(li, at, pdf(), query="zh=证&kind=certificate"), 201)["id"]
    passed = told(
        li.post(
            done,
            {
                "done_on": today.isoformat(),
                "passed": True,
                "number": "JL-1",
                "document": paper,
                "next_on": far,
            },
        ),
        201,
    )
    assert (passed["next_on"], passed["state"]) == (far, "ahead")
    assert board_due(li, at) == []
    assert li.delete(f"{at}/documents/{paper}").status_code == 409

    noted = next(one["id"] for one in passed["done"] if one["passed"])
    back = told(li.delete(f"{done}/{noted}"))
    assert (back["next_on"], len(back["done"])) == (over, 1)
    assert li.delete(f"{done}/{noted}").status_code == 404
    told(li.patch(f"{at}/assets/{asset}", {"retired": True}))
    assert board_due(li, at) == []


def test_what_cannot_be_meant_is_refused(estate: Estate, as_: As, at: str) -> None:
    li = as_("Li")
    asset = make(li, at, "E1")
    path = f"{at}/assets/{asset}/duties"
    for wrong in ({"every_months": 0}, {"kind": "magic"}, {"first_on": "2026-02-30"}, {"remind_days": 366}):
        assert li.post(path, GAUGE | {"first_on": "2027-01-01"} | wrong).status_code == 422
    duty = told(li.post(path, GAUGE | {"first_on": "2027-01-01"}), 201)["id"]
    wrongs: tuple[dict[str, Any], ...] = (
        {"done_on": "2999-01-01", "passed": True},
        {"done_on": "2026-01-01", "passed": True, "next_on": "2026-01-01"},
        {"done_on": "2026-01-01", "passed": True, "document": duty},
    )
    for refused in wrongs:
        assert li.post(f"{at}/duties/{duty}/done", refused).status_code == 422
    assert told(li.get(path))["duties"][0]["done"] == []
    assert (
        as_("Chen").post(f"{at}/duties/{duty}/done", {"done_on": "2026-01-01", "passed": True}).status_code
        == 404
    )
