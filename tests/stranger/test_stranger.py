"""Somebody who has only docs/protocol writes a phone, and it works with the real server, on either engine.

The test is the site's side of it: it prints the tag, confirms the phone, and looks at what came of the round.
"""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.feed import service as feed
from server.forms import service as forms
from server.rounds import service as rounds
from server.rounds.models import Visit
from server.rounds.service import StopSpec
from server.sites import service as sites
from server.sites.models import Site
from tests.api.field import PIN, SAME_ORIGIN, Garden
from tests.api.ledger.photos import big_picture
from tests.conftest import FakeClock
from tests.recurring import daily
from tests.stranger.basics import Log, NoAnswerError, RefusedError, sha256
from tests.stranger.client import Headers, Phone

PRESSURE: dict[str, Any] = {
    "id": "pressure",
    "kind": "number",
    "label": {"zh": "压力", "en": "Pressure"},
    "required": True,
    "unit": "MPa",
    "decimals": 2,
}
REMARK: dict[str, Any] = {"id": "remark", "kind": "text", "label": {"zh": "备注", "en": "Remark"}}


@dataclass
class Field:
    """A pump room with a tag on its wall, tonight's round, and the stranger's phone."""

    garden: Garden
    token: str
    phone: Phone

    def join(self) -> None:
        """Do what a supervisor and a guard do until the phone is ready."""
        console, at = self.garden.client("li"), f"/api/v1/sites/{self.garden.site}/enrolments"
        made = console.post(at, json={"name": ""}, headers=SAME_ORIGIN).get_json()
        shown = self.phone.enrol(made["code"])
        assert self.phone.state() == "waiting"
        seen = console.get(f"{at}/{made['id']}").get_json()
        assert seen["check_word"] == shown
        console.post(f"{at}/{made['id']}/confirm", json={}, headers=SAME_ORIGIN)
        assert self.phone.state() == "active"
        self.phone.open()

    def patrol(self, frame: bytes) -> tuple[str, str]:
        """Read the code and answer, as the phone can from what came down; return both hashes."""
        phone = self.phone
        [place], [tag], [form] = phone.shown("checkpoint"), phone.shown("tag"), phone.shown("form")
        [route], windows = phone.shown("route"), phone.shown("occurrence")
        assert tag["hash"] == sha256(self.token.encode())
        assert tag["target"]["id"] == place["id"]
        stop, now = route["stops"][0], phone.now_ms()
        where = {
            "occurrence": next(w["id"] for w in windows if w["from_ms"] <= now < w["to_ms"]),
            "stop": stop["id"],
            "target": {**tag["target"], "version": phone.rows["checkpoint", place["id"]]["version"]},
        }
        proved = {"hash": tag["hash"], "proof": phone.tag_proof(self.token), "version": tag["version"]}
        how = {"result": "known", "method": "camera", "walk_on": False, "out_of_order": False}
        photo = {"sha256": sha256(frame), "size": len(frame), "mime": "image/jpeg", "role": "frame"}
        geo = json.dumps({"lat": 312345678, "lon": 1214567890, "accuracy": 12})
        scan = phone.save("scan", {**where, "tag": proved, **how}, private={"geo": geo}, blobs=[photo])
        filled = {
            **where,
            "scan": scan,
            "form": {"id": form["id"], "edition": form["edition"]},
            "values": {"pressure": "0.45", "remark": {"private": True}},
        }
        parts = {"text.remark": "阀门已擦净", "note": "all well"}
        return scan, phone.save("answers", filled, private=parts, deps=[scan])


@pytest.fixture
def field(garden: Garden, clock: FakeClock) -> Field:
    session, now = garden.session, clock.ms
    site = session.get_one(Site, garden.site)
    room = sites.make_place(
        session, "checkpoint", site=site, number="01", name={"zh": "泵房", "en": "Pumps"}, now_ms=now
    )
    form = forms.make_form(
        session,
        organisation_id=garden.organisation,
        site_id=site.id,
        name={"zh": "泵房", "en": "Pumps"},
        fields=[PRESSURE, REMARK],
        now_ms=now,
    )
    session.flush()
    stops = [StopSpec("checkpoint", room.id, UUID(form["id"]))]
    name = {"zh": "夜巡", "en": "Night"}
    route = rounds.make_route(session, site=site, name=name, order="free", stops=stops, now_ms=now)
    rounds.make_plan(
        session,
        site=site,
        route=route.id,
        name=name,
        demand=None,
        recurrence=daily(("20:00", "24:00")),
        grace_min=60,
        starts_on=date(2026, 11, 23),
        now_ms=now,
    )
    token = sites.current_tags(session, site=site)[room.id].token
    feed.commit(session, now_ms=now)
    client = garden.app.test_client()

    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Headers, bytes]:
        answer = client.open(path, method=method, headers=headers, data=body)
        return answer.status_code, {n.lower(): v for n, v in answer.headers}, answer.get_data()

    return Field(garden, token, Phone(send, clock, began_ms=now - 5_000))


def test_a_phone_written_from_the_pages_alone_walks_a_round_and_brings_it_home(
    field: Field, clock: FakeClock
) -> None:
    phone, garden = field.phone, field.garden
    field.join()
    assert phone.sign_in(str(garden.people["wang"]), PIN)
    outcomes, receipt = phone.push()
    assert [o["outcome"] for o in outcomes] == ["applied", "applied"]
    assert (receipt["from"], receipt["to"], receipt["head_hash"]) == (1, 2, phone.log.head)
    told = phone.hello()
    assert told["log"] == {"max_seq": 2, "head_hash": phone.log.head, "missing": [], "archived_through": 0}
    assert phone.anchor is not None

    phone.pull()
    assert phone.scopes == [phone.site]
    assert {p["id"] for p in phone.shown("person")} >= {str(garden.people["wang"])}

    frame = big_picture(400_000)
    clock.forward(minutes=3)
    field.patrol(frame)
    clock.forward(minutes=10)  # the proof nonce is stale by now
    outcomes, receipt = phone.push()
    assert outcomes == [{**o, "outcome": "applied"} for o in outcomes]
    assert [o.get("marks", []) for o in outcomes] == [[], []]
    [visit] = garden.all(select(Visit))
    assert (str(visit.person_id), visit.log) == (phone.actor, phone.log.name)

    assert phone.have() == []
    phone.kept.append("ab" * 32)
    assert phone.have() == ["ab" * 32]


def test_a_photo_goes_on_where_it_was_cut_off(field: Field) -> None:
    phone, frame = field.phone, big_picture(400_000)
    field.join()
    phone.sign_in(str(field.garden.people["wang"]), PIN)
    phone.push()
    phone.pull()
    field.patrol(frame)
    status, _, body = phone.begin(frame, frame[:262_144])
    assert (status, json.loads(body)["type"]) == (409, "/problems/blob-unknown")
    phone.push()

    status, told, _ = phone.begin(frame, frame[:262_144])
    assert (status, told["upload-offset"]) == (201, "262144")
    assert "fieldsync-stored" not in told
    assert told["location"].endswith(f"/api/v1/blobs/{phone.log.name}/{sha256(frame)}")
    assert phone.resume(frame)
    assert phone.resume(frame), "asked again, the server still has it"


def test_a_new_key_goes_on_for_the_old_one(field: Field) -> None:
    phone = field.phone
    field.join()
    phone.sign_in(str(field.garden.people["wang"]), PIN)
    phone.push()
    phone.rotate()
    with pytest.raises(RefusedError) as unknown:
        phone.hello()
    assert (unknown.value.status, unknown.value.slug) == (401, "unknown-log")
    outcomes, receipt = phone.push()
    assert [o["outcome"] for o in outcomes] == ["applied"]
    assert (receipt["log"], receipt["from"], receipt["to"]) == (phone.log.name, 1, 1)
    assert phone.hello()["log"]["max_seq"] == 1
    assert phone.have() == []


def test_a_change_comes_down_and_another_history_is_told(field: Field, clock: FakeClock) -> None:
    phone, garden = field.phone, field.garden
    field.join()
    phone.push()
    phone.pull()
    site = garden.session.get_one(Site, garden.site)
    sites.make_place(
        garden.session,
        "checkpoint",
        site=site,
        number="02",
        name={"zh": "东门", "en": "East gate"},
        now_ms=clock.ms,
    )
    feed.commit(garden.session, now_ms=clock.ms)
    phone.pull()
    assert {p["number"] for p in phone.shown("checkpoint")} == {"01", "02"}

    phone.cursor = (phone.cursor or "")[:-4] + "AAAA"
    with pytest.raises(RefusedError) as reset:
        phone.pull()
    assert (reset.value.status, reset.value.slug, reset.value.members["reason"]) == (409, "reset", "cursor")
    phone.cursor, phone.scopes, phone.rows = None, [], {}
    phone.pull()
    assert {p["number"] for p in phone.shown("checkpoint")} == {"01", "02"}


def test_what_cannot_be_read_is_kept_as_it_is(field: Field) -> None:
    phone = field.phone
    field.join()
    phone.push()
    told = phone.raw(b"{")
    assert (told["hash"], told["outcome"], told["code"]) == (sha256(b"{"), "quarantined", "schema")


def test_a_key_that_the_server_does_not_have_is_found_out(field: Field) -> None:
    field.join()
    field.phone.push()
    field.phone.server_key = {**field.phone.server_key, "public_key": Log().public_key}
    with pytest.raises(NoAnswerError, match="anchor"):
        field.phone.hello()
    field.phone.save("shift.end", {"reason": "person"})
    with pytest.raises(NoAnswerError, match="receipt"):
        field.phone.push()
    assert len(field.phone.outbox) == 1, "nothing is believed, so nothing is gone"


def test_the_stranger_knows_nothing_of_ours() -> None:
    """Else this would prove nothing: the pages, the standard library, and a library for ECDSA."""
    allowed = sys.stdlib_module_names | {"cryptography"}
    for file in ("basics.py", "client.py"):
        tree = ast.parse((Path(__file__).parent / file).read_text("utf-8"))
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.partition(".")[0] in allowed or name == "tests.stranger.basics", f"{file}: {name}"
