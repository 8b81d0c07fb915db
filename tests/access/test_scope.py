"""A team leader sees the team, a contractor the company, and who sees no people sees no names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.people import service
from tests.access.world import World


def seen(world: World, who: str, path: str) -> Any:
    """Return what somebody is told at home."""
    answer = world.browser(who).get(f"/api/v1/sites/{world.ids['home']['sites']}/{path}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def may_open(world: World, who: str) -> list[int]:
    """Return how the guard's visit and its photo are answered."""
    ids = world.ids["home"]
    browser = world.browser(who)
    return [
        browser.get(f"/api/v1/sites/{ids['sites']}/{path}").status_code
        for path in (f"visits/{ids['visits']}", f"photos/{ids['photos']}")
    ]


@pytest.fixture
def moved(world: World, undo: Callable[[], None], request: pytest.FixtureRequest) -> Iterator[None]:
    """Change the guard's standing at home as the test says, and put the world back afterwards."""
    ids = world.ids["home"]
    changes = {name: ids.get(value, value) if value else None for name, value in request.param.items()}
    if changes.get("company"):
        changes["company"] = UUID(changes["company"])
    with Session(world.engine()) as session:
        guard, membership = service.person_of(session, site=UUID(ids["sites"]), person=UUID(ids["people"]))
        service.change_person(
            session, person=guard, membership=membership, changes=changes, now_ms=world.clock.ms
        )
        feed.commit(session, now_ms=world.clock.ms)
    yield
    undo()


def test_a_leader_sees_what_the_team_did(world: World) -> None:
    assert len(seen(world, "team_leader", "visits")["visits"]) == 1
    assert len(seen(world, "team_leader", "findings")["findings"]) == 1
    assert may_open(world, "team_leader") == [200, 200]
    assert {row["name"] for row in seen(world, "team_leader", "people")["people"]} == {
        "guard home",
        "team_leader",
    }


@pytest.mark.parametrize("moved", [{"team": None}], indirect=True)
def test_a_leader_sees_nothing_of_who_is_not_of_the_team(world: World, moved: None) -> None:
    assert seen(world, "team_leader", "visits")["visits"] == []
    assert seen(world, "team_leader", "findings")["findings"] == []
    assert may_open(world, "team_leader") == [404, 404]
    assert [row["name"] for row in seen(world, "team_leader", "people")["people"]] == ["team_leader"]
    assert may_open(world, "supervisor") == [200, 200]


def test_a_contractor_sees_nothing_of_who_is_not_of_the_company(world: World) -> None:
    assert seen(world, "contractor", "visits")["visits"] == []
    assert seen(world, "contractor", "findings")["findings"] == []
    assert may_open(world, "contractor") == [404, 404]
    assert [row["name"] for row in seen(world, "contractor", "people")["people"]] == ["contractor"]


@pytest.mark.parametrize("moved", [{"role": "contractor", "company": "companies"}], indirect=True)
def test_a_contractor_sees_what_the_company_did_and_no_round(world: World, moved: None) -> None:
    assert len(seen(world, "contractor", "visits")["visits"]) == 1
    assert may_open(world, "contractor") == [200, 200]
    found = seen(world, "contractor", f"visits/{world.ids['home']['visits']}")
    assert found["geo"] is None
    assert found["occurrence_view"] is None
    assert [r["title"] for r in found["chain"]["records"] if not r["this"]] == [None, None]
    assert "guard home" in {row["name"] for row in seen(world, "contractor", "people")["people"]}


def test_only_who_may_see_a_place_is_told_where_a_phone_was(world: World) -> None:
    path = f"visits/{world.ids['home']['visits']}"
    assert seen(world, "supervisor", path)["geo"] is not None
    assert seen(world, "team_leader", path)["geo"] is None


@pytest.mark.parametrize("who", ["viewer", "desk"])
def test_who_sees_no_people_reads_no_name_on_the_board(world: World, who: str) -> None:
    board = seen(world, who, "board")
    assert board["lanes"]
    assert board["whereabouts"] == []
    assert "guard home" not in json.dumps(board)
    assert all(row["visit"] is None for row in board["attention"])
    kinds = {row["kind"] for row in board["attention"]}
    assert ("alarm" in kinds) == (who == "desk"), "an urgent report is the desk's business"
    assert kinds.isdisjoint({"marked", "quarantined"})
    round_ = seen(world, who, f"occurrences/{world.ids['home']['occurrences']}")
    assert round_["people"] == []
    assert all(stop["visits"] == [] for stop in round_["stops"])


def test_a_supervisor_reads_all_of_it(world: World) -> None:
    board = seen(world, "supervisor", "board")
    named = [name for lane in board["lanes"] for window in lane["windows"] for name in window["people"]]
    assert named == ["guard home"]
    assert "alarm" in {row["kind"] for row in board["attention"]}
    assert len(seen(world, "supervisor", "visits")["visits"]) == 1
