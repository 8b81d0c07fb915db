"""Stock-takes: counted blind, confirmed by somebody else."""

from __future__ import annotations

from typing import Any

from server.stock.models import StockTake
from tests.api.rounds.conftest import MIN, As
from tests.api.stock.conftest import Store
from tests.conftest import FakeClock


def part_in(take: Any, number: str) -> dict[str, Any]:
    """Return a part of a stock-take."""
    [found] = [part for part in take["parts"] if part["number"] == number]
    return dict(found)


def test_what_was_counted_is_what_there_is_once_somebody_else_says_so(
    as_: As, at: str, store: Store, clock: FakeClock
) -> None:
    li, now = as_("Li"), clock.ms
    take = li.post(f"{at}/stock-takes", {}).json
    assert take is not None
    assert li.post(f"{at}/stock-takes", {}).json["type"].endswith("take-runs")  # type: ignore[index]
    path = f"{at}/stock-takes/{take['id']}"
    assert li.post(f"{path}/settle", {"confirm": True}).json["type"].endswith("nothing-counted")  # type: ignore[index]
    store.count("Wang", "seal", "4", at_ms=now + 5 * MIN)
    store.count("Wang", "seal", "3", at_ms=now + 6 * MIN)
    store.take("Wang", "seal", "-1", at_ms=now + 7 * MIN)
    store.push("Wang", now_ms=now + 8 * MIN)
    assert store.stock("seal") == 0, "a count alone changes nothing"

    seen = li.get(path).json
    assert seen is not None
    seal, lamp = part_in(seen, "P-01"), part_in(seen, "P-02")
    assert (seal["counted"], seal["expected"], seal["difference"]) == ("3", "1", "2")
    assert (seal["by"], seal["times"], seal["source"]) == ("Wang", 2, "phone")
    assert (lamp["counted"], lamp["expected"], lamp["difference"]) == (None, None, None)
    assert seen["may_confirm"] is True
    settled = li.post(f"{path}/settle", {"confirm": True}).json
    assert (settled["outcome"], settled["settled_by"]) == ("confirmed", "Li")  # type: ignore[index]
    assert store.stock("seal") == 2_000, "three were counted, and one was taken after"
    assert li.post(f"{path}/settle", {"confirm": False}).json["type"].endswith("take-settled")  # type: ignore[index]
    moves = li.get(f"{at}/parts/{store.parts['seal'].id}/moves").json["moves"]  # type: ignore[index]
    assert [(m["why"], m["stock"], m["difference"]) for m in moves] == [
        ("used", "2", None),
        ("counted", "3", "2"),
        ("received", "1", None),
    ]
    assert (moves[1]["person"], moves[1]["by"]) == ("Wang", "Li")


def test_a_move_that_comes_late_from_before_a_count_changes_nothing(
    as_: As, at: str, store: Store, clock: FakeClock
) -> None:
    li, now = as_("Li"), clock.ms
    take = li.post(f"{at}/stock-takes", {}).json
    store.take("Liu", "seal", "-1", at_ms=now + MIN)  # Liu has no network all day
    store.count("Wang", "seal", "0", at_ms=now + 5 * MIN)
    store.push("Wang", now_ms=now + 6 * MIN)
    path = f"{at}/stock-takes/{take['id']}"  # type: ignore[index]
    assert part_in(li.get(path).json, "P-01")["difference"] == "-1"
    li.post(f"{path}/settle", {"confirm": True})
    assert store.stock("seal") == 0

    store.push("Liu", now_ms=now + 60 * MIN)

    assert store.stock("seal") == 0, "whoever counted saw the shelf without it"
    li = as_("Li")
    moves = li.get(f"{at}/parts/{store.parts['seal'].id}/moves").json["moves"]  # type: ignore[index]
    assert [(m["why"], m["stock"], m["difference"], m["late"]) for m in moves] == [
        ("counted", "0", "0", False),
        ("used", "0", None, True),
        ("received", "1", None, False),
    ], "the difference is explained by now"
    assert part_in(li.get(path).json, "P-01")["difference"] == "0"


def test_who_counted_does_not_confirm(as_: As, at: str, store: Store) -> None:
    li, ada = as_("Li"), as_("Ada")
    take = li.post(f"{at}/stock-takes", {}).json
    path = f"{at}/stock-takes/{take['id']}"  # type: ignore[index]
    seal = str(store.parts["seal"].id)
    counted = li.post(f"{path}/counts", {"part": seal, "counted": "7"})
    assert (counted.status_code, counted.json["may_confirm"]) == (201, False)  # type: ignore[index]

    assert li.post(f"{path}/settle", {"confirm": True}).json["type"].endswith("same-person")  # type: ignore[index]
    assert store.stock("seal") == 1_000
    assert ada.post(f"{path}/settle", {"confirm": True}).status_code == 200
    assert store.stock("seal") == 7_000
    assert li.post(f"{path}/counts", {"part": seal, "counted": "8"}).status_code == 409


def test_a_dropped_take_changes_nothing(as_: As, at: str, store: Store) -> None:
    li = as_("Li")
    take = li.post(f"{at}/stock-takes", {"category": "lamps"}).json
    path = f"{at}/stock-takes/{take['id']}"  # type: ignore[index]
    seal = str(store.parts["seal"].id)

    assert li.post(f"{path}/counts", {"part": seal, "counted": "1"}).status_code == 404, "no lamp"
    for bad in ("-1", "１", "1e400", 3):
        assert li.post(f"{path}/counts", {"part": seal, "counted": bad}).status_code == 422
    assert li.post(f"{path}/settle", {"confirm": "yes"}).status_code == 422
    assert li.post(f"{path}/settle", {"confirm": False}).json["outcome"] == "dropped"  # type: ignore[index]
    assert store.stock("seal") == 1_000
    assert li.post(f"{at}/stock-takes", {}).status_code == 201, "another may begin"


def test_somebody_of_another_site_sees_no_take(as_: As, at: str, store: Store) -> None:
    take = as_("Li").post(f"{at}/stock-takes", {}).json
    north = f"/api/v1/sites/{store.estate.north.id}/stock-takes"
    chen = as_("Chen")

    assert chen.get(f"{at}/stock-takes").status_code == 404
    assert chen.get(f"{north}/{take['id']}").status_code == 404  # type: ignore[index]
    assert chen.post(f"{north}/{take['id']}/settle", {"confirm": False}).status_code == 404  # type: ignore[index]
    assert store.estate.session.query(StockTake).one().outcome is None
