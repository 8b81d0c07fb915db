"""Tables of assets: judged first, then taken over part by part; nothing twice, nothing half."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from server.assets.service import imports
from server.sites.models import Asset, Tag
from tests.api.assets.test_cards import make, told
from tests.api.field import slug
from tests.api.rounds.conftest import As, Console, Estate
from tests.api.rounds.test_sites import fed

HEAD = "编号,名称,类别,位置,所属设备编号,投用,重要性,特种设备,胡说\n"


def judge(console: Console, at: str, text: str | bytes, kind: str = "text/csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return console.open("POST", f"{at}/assets/imports?name={quote('台账.csv')}", data=data, content_type=kind)


def take_all(console: Console, at: str, made: Any) -> Any:
    now = made
    while now["taken"] < now["parts"]:
        now = told(console.post(f"{at}/assets/imports/{made['id']}/take", {"part": now["taken"]}))
    return now


def test_every_bad_row_is_named_and_the_good_ones_are_taken_in_one_act(
    estate: Estate, as_: As, at: str
) -> None:
    li = as_("Li")
    told(li.post(f"{at}/zones", {"name": {"zh": "水泵房", "en": "Pump room"}}), 201)
    make(li, at, "E1", maker="老厂")
    gone = make(li, at, "X1")
    told(li.patch(f"{at}/assets/{gone}", {"retired": True}))
    text = HEAD + "\n".join(
        (
            "E1,水泵,泵,水泵房,,2014,A,否,x",
            "E2,部件,泵,Pump room,E1,2014年6月,b,,",
            "E3,=cmd(),泵,,,,,,",
            "E4,坏日,泵,,,2014-13,,,",
            "E5,,泵,,,,,,",
            ",没编号,泵,,,,,,",
            "E2,又一次,泵,,,,,,",
            "E6,没位置,泵,月球,,,,,",
            "E7,没上级,泵,,Q9,,,,",
            "E8,圈,泵,,E9,,,,",
            "E9,圈,泵,,E8,,,,",
            "X1,报废,泵,,,,,,",
            "E10,词,泵,,,,D,,",
            "",
        )
    )

    made = told(judge(li, at, text), 201)

    assert (made["total"], made["new"], made["changed"], made["bad"]) == (13, 1, 1, 11)
    assert made["passed_over"] == ["胡说"]
    assert [(fault["row"], fault["why"]) for fault in made["faults"]] == [
        (4, "formula"), (5, "day"), (6, "missing"), (7, "missing"), (8, "twice"), (9, "zone"), (10, "parent"),
        (11, "loop"), (12, "loop"), (13, "retired"), (14, "choice"),
    ]  # fmt: skip
    assert told(li.get(f"{at}/assets/register"))["total"] == 1, "nothing changed yet"
    named = li.get(f"{at}/assets/imports/{made['id']}/faults.csv").get_data(as_text=True)
    assert "'=cmd()" in named
    assert "看不出是哪天" in named

    assert take_all(li, at, made)["state"] == "done"
    rows = told(li.get(f"{at}/assets/register"))["rows"]
    assert [(row["number"], row["maker"]) for row in rows] == [("E1", "老厂"), ("E2", "")], (
        "what has no column stays"
    )
    assert told(li.get(f"{at}/assets/{rows[1]['id']}"))["whole"][0]["number"] == "E1"
    assert told(li.get(f"{at}/assets/{rows[1]['id']}"))["tag"]["print_no"] == 1

    again = told(judge(li, at, text), 201)
    assert (again["same"], again["new"], again["changed"], again["state"]) == (2, 0, 0, "done")


def test_a_part_that_is_sent_twice_is_taken_once_and_the_rest_later(
    estate: Estate, as_: As, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "PART_ROWS", 2)
    li = as_("Li")
    made = told(judge(li, at, "编号,名称\n" + "".join(f"E{n},泵\n" for n in range(5))), 201)
    assert made["parts"] == 3

    for _ in range(2):
        assert told(li.post(f"{at}/assets/imports/{made['id']}/take", {"part": 0}))["taken"] == 1
    assert told(li.get(f"{at}/assets/imports"))["imports"][0]["state"] == "taking"
    assert take_all(li, at, told(li.get(f"{at}/assets/imports/{made['id']}")))["state"] == "done"

    session = estate.session
    assert session.scalar(select(func.count()).select_from(Asset)) == 5
    assert session.scalar(select(func.count()).select_from(Tag).where(Tag.target_kind == "asset")) == 5
    assert len(fed(session, "asset")) == 5
    assert li.delete(f"{at}/assets/imports/{made['id']}").status_code == 409


def test_the_register_goes_out_and_comes_in_again_unchanged(as_: As, at: str) -> None:
    li = as_("Li")
    make(
        li, at, "E1", maker="=EVIL()", installed_on="2014-06", criticality="A", special=True, category="lift"
    )
    make(li, at, "007", maker="-5", serial="+1", warranty_until="2027-01-31")

    for kind in ("csv", "xlsx"):
        for language in ("zh", "en"):
            file = li.get(f"{at}/assets/register.{kind}?language={language}")
            assert file.status_code == 200
            back = told(judge(li, at, file.data, "application/octet-stream"), 201)
            assert (back["same"], back["bad"], back["total"]) == (2, 0, 2), (kind, language, back["faults"])
    assert li.get(f"{at}/assets/register.csv").data[:3] == b"\xef\xbb\xbf"
    assert b"'=EVIL()" in li.get(f"{at}/assets/register.csv").data


@pytest.mark.parametrize("data", [b"", b"name\nx\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_what_is_no_table_of_assets_is_refused(as_: As, at: str, data: bytes) -> None:
    li = as_("Li")
    answer = judge(li, at, data)
    assert (answer.status_code, slug(answer)) == (415, "not-a-table")
    assert told(li.get(f"{at}/assets/imports")) == {"imports": []}
    assert judge(as_("Chen"), at, "编号,名称\n").status_code == 404
    assert judge(as_("Vera"), at, "编号,名称\n").status_code == 403
