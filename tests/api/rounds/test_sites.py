"""Sites, zones, checkpoints, assets and teams."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit.models import AuditRow
from server.feed.models import FeedRow
from tests.api.rounds.conftest import As, Estate


def fed(session: Session, kind: str) -> list[bytes]:
    """Return the rows of a kind as phones get them, in their order."""
    return list(session.scalars(select(FeedRow.row).where(FeedRow.kind == kind).order_by(FeedRow.pos)))


def test_an_administrator_makes_a_site_and_others_do_not(as_: As) -> None:
    body = {"name": {"zh": "南园", "en": "South Park"}, "time_zone": "Asia/Shanghai"}

    made = as_("Ada").post("/api/v1/sites", body)

    assert made.status_code == 201
    assert made.json is not None
    assert made.json | {"id": 0} == {
        "id": 0, "name": body["name"], "time_zone": "Asia/Shanghai", "day_start_min": 360,
        "quiet_lock_min": 15, "daytime": None, "holidays": "none", "demo": False,
    }  # fmt: skip
    assert as_("Li").post("/api/v1/sites", body).status_code == 403
    assert as_("Ada").get(f"/api/v1/sites/{made.json['id']}").json == made.json


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "Asia/Shanghai", "day_start_min": 1440},
        {"time_zone": "Asia/Shanghai", "colour": "red"},
        {"time_zone": "Asia/Shanghai", "daytime": {"from_min": 420, "to_min": 420}},
        {"time_zone": "Asia/Shanghai", "daytime": {"from_min": 420}},
        {"time_zone": "Asia/Shanghai", "name": {"zh": "", "en": "x"}},
        {"time_zone": "Asia/Shanghai", "name": {"zh": "a\u0007b", "en": ""}},
        {"time_zone": "Asia/Shanghai", "demo": True},
    ],
)
def test_a_site_that_cannot_be_meant_is_refused(as_: As, wrong: dict[str, Any]) -> None:
    refused = as_("Ada").post("/api/v1/sites", {"name": {"zh": "南园", "en": ""}} | wrong)

    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert refused.json is not None
    assert refused.json["errors"]


def test_a_site_says_when_its_day_is_and_may_take_it_back(as_: As, at: str) -> None:
    day = {"from_min": 420, "to_min": 1140}

    assert as_("Li").patch(at, {"daytime": day}).json["daytime"] == day  # type: ignore[index]
    assert as_("Li").get(at).json["daytime"] == day  # type: ignore[index]
    assert as_("Li").patch(at, {"daytime": None}).json["daytime"] is None  # type: ignore[index]


def test_everybody_sees_their_own_sites_only(as_: As, estate: Estate) -> None:
    def seen(name: str) -> list[str]:
        answer = as_(name).get("/api/v1/sites").json
        assert answer is not None
        return [site["name"]["en"] for site in answer["sites"]]

    assert seen("Li") == seen("Vera") == ["Garden Court"]
    assert seen("Chen") == ["North Wing"]
    assert sorted(seen("Ada")) == ["Garden Court", "North Wing"]
    assert seen("Otto") == []


@pytest.mark.parametrize("name", ["Chen", "Otto"])
@pytest.mark.parametrize(
    "path", ["", "/zones", "/checkpoints", "/assets", "/teams", "/tags", "/tags/sheet.pdf"]
)
def test_the_site_is_not_there_for_a_stranger(as_: As, at: str, name: str, path: str) -> None:
    assert as_(name).get(at + path).status_code == 404


@pytest.mark.parametrize("path", ["/zones", "/checkpoints", "/assets", "/teams", "/tags/reprint"])
def test_a_viewer_looks_and_does_not_touch(as_: As, at: str, path: str) -> None:
    assert as_("Vera").get(at + "/checkpoints").status_code == 200
    assert as_("Vera").post(at + path, {}).status_code == 403
    assert as_("Chen").post(at + path, {}).status_code == 404


def test_a_site_keeps_its_time_zone(as_: As, at: str) -> None:
    assert as_("Li").patch(at, {"time_zone": "Europe/Berlin"}).status_code == 422
    changed = as_("Li").patch(at, {"time_zone": "Asia/Shanghai", "quiet_lock_min": 30})
    assert changed.json is not None
    assert changed.json["quiet_lock_min"] == 30


def test_a_checkpoint_comes_with_its_tag_and_goes_down_to_the_phones(
    as_: As, at: str, session: Session, estate: Estate
) -> None:
    li = as_("Li")
    zone = li.post(at + "/zones", {"name": {"zh": "B1 层", "en": "B1"}}).json
    assert zone is not None

    made = li.post(
        at + "/checkpoints",
        {"number": "04", "name": {"zh": "水泵房", "en": "Pump room"}, "zone": zone["id"]},
    )

    assert made.status_code == 201
    assert made.json is not None
    assert made.json["tag"]["print_no"] == 1
    assert len(made.json["tag"]["short_code"]) == 9
    assert (made.json["used_by"], made.json["retired"]) == (0, False)
    row = fed(session, "checkpoint")[-1].decode()
    assert '"name":{"zh":"B1 层","en":"B1"}' in row or '"zone":{"zh":"B1 层","en":"B1"}' in row
    tag = estate.session.execute(select(FeedRow.row).where(FeedRow.kind == "tag")).scalars().all()[-1]
    assert b"token" not in tag


def test_a_number_is_given_once(as_: As, at: str) -> None:
    li = as_("Li")
    body = {"number": "01", "name": {"zh": "又一个", "en": ""}}

    refused = li.post(at + "/checkpoints", body)

    assert refused.status_code == 409
    assert refused.json is not None
    assert refused.json["type"] == "/problems/number-taken"
    assert li.post(at + "/assets", body).status_code == 201, "assets have numbers of their own"


def test_renaming_a_zone_tells_the_phones_of_its_checkpoints(as_: As, at: str, session: Session) -> None:
    li = as_("Li")
    zone = li.post(at + "/zones", {"name": {"zh": "地下", "en": ""}}).json
    assert zone is not None
    li.post(at + "/checkpoints", {"number": "04", "name": {"zh": "泵", "en": ""}, "zone": zone["id"]})
    before = len(fed(session, "checkpoint"))

    li.patch(f"{at}/zones/{zone['id']}", {"name": {"zh": "地下一层", "en": "B1"}})

    rows = fed(session, "checkpoint")
    assert len(rows) == before + 1
    assert "地下一层" in rows[-1].decode()


def test_a_zone_lies_neither_in_itself_nor_in_another_site(as_: As, at: str, estate: Estate) -> None:
    li = as_("Li")
    outer = li.post(at + "/zones", {"name": {"zh": "外", "en": ""}}).json
    assert outer is not None
    inner = li.post(at + "/zones", {"name": {"zh": "内", "en": ""}, "parent": outer["id"]}).json
    assert inner is not None
    north = as_("Chen").post(f"/api/v1/sites/{estate.north.id}/zones", {"name": {"zh": "北", "en": ""}}).json
    assert north is not None

    assert li.patch(f"{at}/zones/{outer['id']}", {"parent": inner["id"]}).status_code == 422
    assert li.patch(f"{at}/zones/{outer['id']}", {"parent": north["id"]}).status_code == 422
    assert li.patch(f"{at}/zones/{north['id']}", {"parent": None}).status_code == 404


def test_a_retired_checkpoint_takes_its_tag_along_unless_a_route_stops_there(
    as_: As, at: str, estate: Estate, session: Session
) -> None:
    li, place = as_("Li"), estate.places[0]
    route = estate.route()
    path = f"{at}/checkpoints/{place.id}"

    refused = li.patch(path, {"retired": True})
    assert refused.status_code == 409
    assert refused.json is not None
    assert (refused.json["type"], refused.json["routes"]) == ("/problems/place-in-use", 1)

    stops = [{"target": {"kind": "checkpoint", "id": str(p.id)}} for p in estate.places[1:]]
    li.patch(f"{at}/routes/{route.id}", {"stops": stops})
    retired = li.patch(path, {"retired": True}).json
    assert retired is not None
    assert (retired["retired"], retired["tag"]["retired"]) == (True, True)

    back = li.patch(path, {"retired": False}).json
    assert back is not None
    assert (back["retired"], back["tag"]["retired"], back["tag"]["print_no"]) == (False, False, 2)


def test_used_by_counts_the_routes_that_stop_there(as_: As, at: str, estate: Estate) -> None:
    estate.route()
    estate.route(*estate.places[:2])

    found = as_("Vera").get(at + "/checkpoints").json

    assert found is not None
    assert [c["used_by"] for c in found["checkpoints"]] == [2, 2, 1]


def test_a_team_is_made_and_renamed(as_: As, at: str, session: Session) -> None:
    team = as_("Li").post(at + "/teams", {"name": {"zh": "早班", "en": "Early"}}).json
    assert team is not None

    renamed = as_("Li").patch(f"{at}/teams/{team['id']}", {"name": {"zh": "早一班", "en": "Early 1"}})

    assert renamed.json == {"id": team["id"], "name": {"zh": "早一班", "en": "Early 1"}}
    assert "早一班" in fed(session, "team")[-1].decode()
    assert as_("Li").patch(f"{at}/teams/{uuid4()}", {"name": {"zh": "x", "en": ""}}).status_code == 404


def test_every_change_stands_in_the_audit_log(as_: As, at: str, session: Session, estate: Estate) -> None:
    as_("Li").post(at + "/teams", {"name": {"zh": "早班", "en": ""}})

    row = session.scalars(select(AuditRow).where(AuditRow.action == "team.made")).one()

    assert (row.person_id, row.site_id) == (estate.people["Li"].id, estate.site.id)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b'{"name": {"zh": "a", "en": ""}, "name": {"zh": "b", "en": ""}}', 400),
        (b'{"name": {"zh": "\\ud800", "en": ""}}', 400),
        (b'{"name": NaN}', 400),
        (b"\xff", 400),
        (b"", 422),
        (b"[]", 422),
        (b'"x"', 422),
    ],
)
def test_a_body_that_is_no_strict_json_changes_nothing(as_: As, at: str, data: bytes, status: int) -> None:
    li = as_("Li")

    refused = li.open("POST", at + "/teams", data=data, content_type="application/json")

    assert refused.status_code == status
    assert refused.mimetype == "application/problem+json"


def test_a_form_post_is_no_json(as_: As, at: str) -> None:
    li = as_("Li")

    refused = li.open("POST", at + "/teams", data={"name": "x"})

    assert refused.status_code == 400
    assert refused.json is not None
    assert refused.json["type"] == "/problems/bad-json"
