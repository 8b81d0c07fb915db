"""A property is taken over: every shared part, paper and asset is looked at, by whom and when."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from server.assets.takeover import ITEMS, PAPERS, PARTS
from tests.api.assets.test_cards import make, told
from tests.api.rounds.conftest import As, Estate
from tests.conftest import FakeClock


def sums(page: Any) -> tuple[int, ...]:
    found = page["take_over"]["sums"]
    return tuple(found[name] for name in ("checked", "total", "there", "defect", "missing"))


def test_what_was_looked_at_is_told_with_who_when_and_of_how_much(
    estate: Estate, as_: As, at: str, clock: FakeClock
) -> None:
    li, path = as_("Li"), f"{at}/take-over"
    assert told(li.get(path)) == {"take_over": None, "items": [], "total": 0, "offset": 0}
    pump, lift = make(li, at, "P-2", category="水泵"), make(li, at, "L-1", category="电梯")
    other = make(li, at, "P-10", category="水泵")
    begun = told(li.post(path, {"from_whom": "某开发商"}), 201)
    whole = len(ITEMS) + 3
    assert (begun["sums"]["total"], begun["sums"]["checked"], begun["begun_by"]) == (whole, 0, "Li")
    assert [(one["group"], one["category"], one["total"]) for one in begun["groups"]] == [
        ("parts", "", len(PARTS)), ("papers", "", len(PAPERS)), ("assets", "水泵", 2), ("assets", "电梯", 1),
    ]  # fmt: skip
    assert li.post(path, {"from_whom": "x"}).json["type"].endswith("take-over-runs")  # type: ignore[index]

    clock.ms += 60_000
    checks = f"{path}/checks"
    told(li.post(checks, {"items": ["roof", "as_built"], "assets": [pump], "found": "there"}), 201)
    told(li.post(checks, {"items": ["roof"], "found": "defect", "note": "渗水"}), 201)
    told(li.post(checks, {"assets": [lift], "found": "missing"}), 201)

    page = told(li.get(path))
    assert sums(page) == (4, whole, 2, 1, 1)
    assert page["total"] == whole
    roof = next(one for one in page["items"] if one["item"] == "roof")
    assert (roof["found"], roof["note"], roof["checked_by"], roof["checked_ms"]) == (
        "defect", "渗水", "Li", clock.ms + 1,
    ), "the last word holds, even of the same moment"  # fmt: skip
    pumps = told(li.get(f"{path}?category=水泵"))["items"]
    assert [one["asset"]["number"] for one in pumps] == ["P-2", "P-10"]
    assert len(told(li.get(f"{path}?left=true"))["items"]) == whole - 2
    assert [one["item"] for one in told(li.get(f"{path}?group=papers"))["items"]] == list(PAPERS)

    fresh = make(li, at, "N-1")
    assert sums(told(li.get(path)))[1] == whole + 1, "what the register gets is to be looked at too"
    told(li.patch(f"{at}/assets/{fresh}", {"retired": True}))
    clock.ms += 60_000
    ended = told(li.post(f"{path}/end", {}))
    assert (ended["ended_by"], ended["sums"]["total"], ended["sums"]["checked"]) == ("Li", whole, 4)
    clock.ms += 60_000
    make(li, at, "N-2")
    told(li.patch(f"{at}/assets/{other}", {"retired": True}))
    assert sums(told(li.get(path))) == (4, whole, 2, 1, 1), "it stays as it stood when it ended"
    for late in (checks, f"{path}/end"):
        body = {"items": ["roof"], "found": "there"} if late == checks else {}
        assert li.post(late, body).json["type"].endswith("no-take-over")  # type: ignore[index]
    told(li.post(path, {"from_whom": "another"}), 201)
    assert sums(told(li.get(path)))[0] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": [], "assets": []}, {"items": ["cellar"]}, {"assets": [str(uuid4())]}, {"found": "fine"},
        {"found": "defect", "note": "  "}, {"items": ["roof"] * 501},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_ticks_nothing(as_: As, at: str, wrong: dict[str, Any]) -> None:
    li, path = as_("Li"), f"{at}/take-over"
    told(li.post(path, {"from_whom": "x"}), 201)
    assert li.post(f"{path}/checks", {"items": ["roof"], "found": "there"} | wrong).status_code == 422
    assert sums(told(li.get(path)))[0] == 0


def test_a_retired_asset_is_not_ticked_and_nobody_of_another_site_sees_it(as_: As, at: str) -> None:
    li, path = as_("Li"), f"{at}/take-over"
    gone = make(li, at, "E1")
    told(li.post(path, {"from_whom": "x"}), 201)
    told(li.patch(f"{at}/assets/{gone}", {"retired": True}))
    assert li.post(f"{path}/checks", {"assets": [gone], "found": "there"}).status_code == 422
    chen = as_("Chen")
    assert chen.get(path).status_code == 404
    assert chen.post(f"{path}/checks", {"items": ["roof"], "found": "there"}).status_code == 404
    assert as_("Vera").post(f"{path}/checks", {"items": ["roof"], "found": "there"}).status_code == 403
