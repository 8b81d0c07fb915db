"""Cards, the tree, completeness, and what becomes of assets while phones are away."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.api.rounds.conftest import As, Console, Estate
from tests.api.rounds.test_sites import fed
from tests.edge.pictures import SVG, jpeg

CARD = {
    "number": "E1", "name": {"zh": "生活水泵", "en": "Booster pump"}, "category": "pump", "maker": "格兰富",
    "model": "CDL32-60", "serial": "G-1", "installed_on": "2014-06", "warranty_until": "2016-06-01",
    "criticality": "A", "special": False, "registration": "", "certificate": "electrician_low",
}  # fmt: skip


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def make(li: Console, at: str, number: str, **more: Any) -> str:
    made = told(li.post(f"{at}/assets", {"number": number, "name": {"zh": number, "en": ""}} | more), 201)
    return str(made["id"])


def test_a_card_is_kept_and_goes_down_to_the_phones(estate: Estate, as_: As, at: str) -> None:
    li = as_("Li")
    made = told(li.post(f"{at}/assets", CARD), 201)

    assert {name: made[name] for name in CARD} == CARD
    assert made["gaps"] == ["zone", "photo", "procedure", "standard"]
    assert told(li.get(f"{at}/assets/{made['id']}")) == made
    body = json.loads(fed(estate.session, "asset")[-1])["body"]
    assert body | {"id": "", "zone": None} == {
        "id": "", "zone": None, "retired": False, "parent": None, "photo": None, "state": "running",
        **CARD,
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"installed_on": "2014-13"}, {"installed_on": "soon"}, {"criticality": "D"},
        {"warranty_until": "2014"},
        {"certificate": "pilot"}, {"parent": str(uuid4())}, {"maker": "x" * 81}, {"state": "stopped"},
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_meant_is_refused(as_: As, at: str, wrong: dict[str, Any]) -> None:
    li = as_("Li")
    assert li.post(f"{at}/assets", CARD | wrong).status_code == 422
    assert told(li.get(f"{at}/assets"))["assets"] == []


def test_the_tree_has_no_loop_and_a_bottom(as_: As, at: str) -> None:
    li = as_("Li")
    chain = [make(li, at, "L1")]
    for level in range(2, 7):
        chain.append(make(li, at, f"L{level}", parent=chain[-1]))

    assert (
        li.post(f"{at}/assets", {"number": "L7", "name": CARD["name"], "parent": chain[-1]}).status_code
        == 422
    )
    for below in chain:
        assert li.patch(f"{at}/assets/{chain[0]}", {"parent": below}).status_code == 422
    top = make(li, at, "T")
    assert li.patch(f"{at}/assets/{chain[0]}", {"parent": top}).status_code == 422, "six levels are below it"
    assert told(li.get(f"{at}/assets/{chain[2]}"))["whole"][0]["number"] == "L1"
    assert [one["number"] for one in told(li.get(f"{at}/assets/register?top=true"))["rows"]] == ["T", "L1"]
    told(li.patch(f"{at}/assets/{top}", {"retired": True}))
    assert li.patch(f"{at}/assets/{chain[0]}", {"parent": top}).status_code == 422


def test_a_photo_is_drawn_afresh_and_goes_with_its_asset(estate: Estate, as_: As, at: str) -> None:
    li = as_("Li")
    one = f"{at}/assets/{make(li, at, 'E1')}"

    card = told(li.open("POST", f"{one}/photo", data=jpeg(), content_type="image/jpeg"))
    picture = li.get(card["photo"]["url"])
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert picture.headers["Content-Disposition"].startswith("attachment")
    assert as_("Chen").get(card["photo"]["url"]).status_code == 404
    assert li.open("POST", f"{one}/photo", data=SVG, content_type="image/png").status_code == 415
    assert told(li.get(one))["photo"] == card["photo"]

    assert li.delete(f"{one}/photo").status_code == 204
    assert li.get(card["photo"]["url"]).status_code == 404
    assert json.loads(fed(estate.session, "asset")[-1])["body"]["photo"] is None


def test_what_is_missing_is_counted_by_what_cards_of_a_category_need(as_: As, at: str) -> None:
    li = as_("Li")
    make(li, at, "E1", category="lamp")
    make(li, at, "E2", category="lift", maker="三菱", special=True)

    before = told(li.get(f"{at}/assets/completeness"))
    after = told(li.post(f"{at}/assets/needs", {"category": "lamp", "needs": ["category"]}))

    lamp, lift = before["categories"]
    assert (lamp["needed"], lamp["there"], lift["needed"], lift["there"]) == (10, 1, 12, 2)
    assert (after["whole"], after["needed"], after["there"]) == (1, 13, 3)
    assert [row["number"] for row in told(li.get(f"{at}/assets/register?gap=any"))["rows"]] == ["E2"]
    assert [row["number"] for row in told(li.get(f"{at}/assets/register?gap=duty"))["rows"]] == ["E2"]
    assert li.post(f"{at}/assets/needs", {"category": "lamp", "needs": ["colour"]}).status_code == 422
    told(li.post(f"{at}/assets/needs", {"category": "lamp", "needs": None}))
    assert told(li.get(f"{at}/assets/completeness")) == before


def test_the_register_is_filtered_searched_and_paged(as_: As, at: str) -> None:
    li = as_("Li")
    for n in range(1, 13):
        make(li, at, f"E{n}", category="pump" if n % 2 else "lift", maker="100%" if n == 3 else "x_y")

    def numbers(query: str) -> list[str]:
        return [row["number"] for row in told(li.get(f"{at}/assets/register?{query}"))["rows"]]

    assert numbers("limit=3&offset=8") == ["E9", "E10", "E11"]
    assert numbers("category=lift&limit=2") == ["E2", "E4"]
    assert numbers("text=100%25") == ["E3"], "a percent sign is one"
    assert numbers("text=e1 pump") == ["E1", "E11"]
    assert li.get(f"{at}/assets/register?colour=red").status_code == 422
    assert told(li.get(f"{at}/assets/register"))["tallies"]["assets"] == 12


def test_somebody_of_another_site_sees_and_changes_nothing(as_: As, at: str) -> None:
    one = make(as_("Li"), at, "E1")
    for path in (
        f"assets/{one}",
        "assets/register",
        "assets/completeness",
        f"assets/{one}/running",
        "duties",
    ):
        assert as_("Chen").get(f"{at}/{path}").status_code == 404
        assert as_("Vera").get(f"{at}/{path}").status_code == 403
    assert as_("Chen").patch(f"{at}/assets/{one}", {"maker": "x"}).status_code == 404
