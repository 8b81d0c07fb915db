"""The patrol log, the evidence behind a visit, photos, quarantine, findings."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from server.audit.models import AuditRow
from server.ledger import service as ledger
from server.rounds.service.photos import thumbnail
from sync.encoding import sha256_hex
from tests.api.rounds.conftest import MIN, As, Console, Estate
from tests.api.rounds.night import Night, Room
from tests.conftest import FakeClock


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    return Night(estate, clock)


@pytest.fixture
def room(estate: Estate, clock: FakeClock) -> Room:
    return Room(estate, clock)


def picture(colour: str, *, exif: bool = True) -> bytes:
    """Return a JPEG of 800 × 600 that says where it was taken."""
    image = Image.new("RGB", (800, 600), colour)
    tags = Image.Exif()
    if exif:
        tags[0x010E] = "SECRET PLACE"
        tags[0x0112] = 6  # lies on its side
    file = io.BytesIO()
    image.save(file, "JPEG", exif=tags)
    return file.getvalue()


def page_of(console: Console, at: str, query: str = "") -> dict[str, Any]:
    answer = console.get(f"{at}/visits{query}")
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json


def test_the_log_shows_the_latest_first_and_every_row_once(as_: As, at: str, night: Night) -> None:
    for k in range(7):
        night.scan(k % 3 + 1, 10 + k)
    night.push(30)
    li = as_("Li")

    seen, query = [], "?limit=3"
    while True:
        page = page_of(li, at, query)
        seen += page["visits"]
        if page["next"] is None:
            break
        query = f"?limit=3&before={page['next']}"

    assert len(seen) == len({row["id"] for row in seen}) == 7
    assert [r["estimate_ms"] for r in seen] == sorted((r["estimate_ms"] for r in seen), reverse=True)
    row = seen[-1]
    assert row["place"] == {
        "kind": "checkpoint", "id": str(night.estate.places[0].id), "number": "01",
        "name": {"zh": "东门岗", "en": "Gate 1"},
    }  # fmt: skip
    assert (row["plan"]["en"], row["stop_number"], row["person"]["name"]) == ("Night grounds", 1, "Wang")
    assert (row["late"], row["quality"], row["marks"], row["photos"]) == (False, "A", [], 0)
    assert row["lower_ms"] <= row["estimate_ms"] <= row["upper_ms"]


def test_the_log_is_filtered(as_: As, at: str, room: Room) -> None:
    scan = room.scan(1, 10, walk_on=False)
    room.answer(11, {"pressure": "0.72", "leaks": "ok"}, scan=scan)
    room.scan(2, 20, occurrence=None, proof="0" * 64)
    room.push(30)
    li, places = as_("Li"), room.estate.places

    def found(query: str) -> list[str]:
        return [row["place"]["number"] for row in page_of(li, at, query)["visits"]]

    assert found("") == ["02", "01"]
    assert found("?faulty=true") == found(f"?plan={room.plan.id}") == ["01"]
    assert found("?marked=true") == found(f"?checkpoint={places[1].id}") == ["02"]
    assert found(f"?from={room.start + 15 * MIN}") == ["02"]
    assert found(f"?to={room.start + 20 * MIN}") == ["01"]
    assert found(f"?person={room.estate.people['Liu'].id}") == []
    reading = page_of(li, at, "?faulty=true")["visits"][0]["readings"]
    assert [(r["value"], r["unit"], r["level"]) for r in reading] == [("0.72", "MPa", "alarm")]


@pytest.mark.parametrize(
    "query",
    ["?limit=0", "?limit=201", "?before=x", "?before=1.x", "?before=--1." + "0" * 64, "?plan=x", "?faulty=1",
     "?from=abc", "?colour=red", "?before=²." + "0" * 64],
)  # fmt: skip
def test_a_page_that_cannot_be_meant_is_refused(as_: As, at: str, query: str) -> None:
    assert as_("Li").get(f"{at}/visits{query}").status_code == 422


def test_the_log_of_another_site_is_not_there(as_: As, at: str, night: Night, estate: Estate) -> None:
    visit = night.scan(1, 10)
    night.push(11)
    north = f"/api/v1/sites/{estate.north.id}"

    assert as_("Chen").get(at + "/visits").status_code == 404
    assert as_("Chen").get(f"{at}/visits/{visit}").status_code == 404
    assert page_of(as_("Chen"), north)["visits"] == []
    assert as_("Chen").get(f"{north}/visits/{visit}").status_code == 404
    assert as_("Otto").get(f"{at}/visits/{visit}").status_code == 404
    assert as_("Li").get(f"{at}/visits/{'0' * 64}").status_code == 404
    assert as_("Chen").get(at + "/findings").status_code == 404
    assert as_("Chen").get(at + "/quarantine").status_code == 404


# -- evidence -------------------------------------------------------------------------


def test_the_evidence_behind_a_visit(as_: As, at: str, room: Room) -> None:
    frame, fault = picture("grey"), picture("red")
    scan = room.scan(
        1, 10, walk_on=False, frame=frame, private={"geo": '{"lat":251234567,"lon":1021234567,"accuracy":12}'}
    )
    photo = room.phone.photo(fault, field="leaks")
    room.answer(
        11,
        {"pressure": "0.72", "leaks": "fault", "remark": {"private": True}},
        scan=scan,
        private={"note": "地上有水", "text.remark": "漏得厉害"},
        photos=[photo],
    )
    room.push(12)
    room.phone.upload(now_ms=room.clock.ms)

    found = as_("Li").get(f"{at}/visits/{scan}").json

    assert found is not None
    assert found["frame"]["sha256"] == sha256_hex(frame)
    assert found["frame"]["state"] == "stored"
    [shown] = found["photos"]
    assert (shown["field"], shown["state"], shown["reused"]) == ("leaks", "stored", False)
    answers = {a["field"]: a for a in found["answers"]}
    assert answers["pressure"]["shown"] == {"zh": "0.72 MPa", "en": "0.72 MPa"}
    assert (answers["pressure"]["level"], answers["pressure"]["fault"]) == ("alarm", True)
    assert answers["pressure"]["limits"]["alarm_high"] == "0.65"
    assert answers["leaks"]["shown"] == {"zh": "异常", "en": "Fault"}
    assert answers["remark"]["text"] == "漏得厉害"
    assert found["form"]["edition"] == 1
    assert found["note"] == "地上有水"
    assert found["location"] == "given"
    assert found["geo"] == {
        "lat": 251234567,
        "lon": 1021234567,
        "accuracy": 12,
        "age_ms": None,
        "away_m": None,
        "east_m": None,
        "north_m": None,
        "far": False,
    }
    assert {f["field"] for f in found["findings"]} == {"pressure", "leaks"}
    time = found["time"]
    assert (time["wall_ms"], time["tz"], time["quality"]) == (room.start + 10 * MIN, "Asia/Shanghai", "A")
    assert time["before"]["server_ms"] == found["lower_ms"]
    assert time["after"]["received_ms"] == room.clock.ms
    chain = found["chain"]
    assert [(r["seq"], r["type"], r["this"], r["signature"]) for r in chain["records"]] == [
        (2, "shift.start", False, "verified"),
        (3, "scan", True, "verified"),
        (4, "answers", False, "verified"),
    ]  # fmt: skip
    assert chain["records"][1]["title"] == {"zh": "东门岗", "en": "Gate 1"}
    assert (chain["gap_before"], chain["gap_after"]) == (False, False)
    assert (chain["receipt"]["from"], chain["receipt"]["to"]) == (3, 4)
    assert len(chain["receipt"]["check_word"]) == 14
    assert found["tag"] == {"print_no": 1, "proof": "proven"}
    assert sha256_hex(found["record"]["body"].encode()) == scan == found["record"]["hash"]
    assert json.loads(found["record"]["body"])["seq"] == 3
    assert found["occurrence_view"]["state"] == "done"


def test_how_far_and_in_which_direction_the_phone_says_it_was(as_: As, at: str, night: Night) -> None:
    at_place = {"lat": 251_234_567, "lon": 1_021_234_567}
    visit = night.scan(1, 10, private={"geo": '{"lat":251249567,"lon":1021231567,"accuracy":20}'})
    night.push(11)
    li = as_("Li")
    where = f"{at}/checkpoints/{night.estate.places[0].id}"
    assert li.patch(where, {"position": at_place}).status_code == 200

    found = li.get(f"{at}/visits/{visit}").json

    assert found is not None
    assert {name: found["geo"][name] for name in ("away_m", "east_m", "north_m", "far")} == {
        "away_m": 170, "east_m": -30, "north_m": 167, "far": True,
    }  # fmt: skip


def test_looking_at_where_somebody_was_is_noted(as_: As, at: str, night: Night) -> None:
    visit = night.scan(1, 10, private={"geo": '{"lat":1,"lon":2,"accuracy":null}'})
    night.push(11)

    for _ in range(2):
        as_("Li").get(f"{at}/visits/{visit}")

    row = night.estate.session.scalars(select(AuditRow).where(AuditRow.action == "visit.read")).one()
    assert (row.person_id, row.subject) == (night.estate.people["Li"].id, f"visit:{visit}")
    assert row.detail == {"place": True, "photos": 0}


def test_a_scan_of_nothing_known_has_its_evidence_too(as_: As, at: str, night: Night) -> None:
    stray = night.phone.stray(at_ms=night.start + MIN, text="HTTPS://X/T/0000000000000000")
    night.push(2)

    found = as_("Li").get(f"{at}/visits/{stray}").json

    assert found is not None
    assert (found["result"], found["place"], found["raw"]) == (
        "unknown",
        None,
        "HTTPS://X/T/0000000000000000",
    )
    assert found["tag"] == {"print_no": None, "proof": "none"}


# -- photos ---------------------------------------------------------------------------


def test_a_photo_that_has_not_come_is_pending_and_then_shown(as_: As, at: str, night: Night) -> None:
    frame = picture("grey")
    visit = night.scan(1, 10, frame=frame)
    night.push(11)
    path = f"{at}/photos/{sha256_hex(frame)}"

    def state() -> str:
        found = as_("Li").get(f"{at}/visits/{visit}").json
        assert found is not None
        return str(found["frame"]["state"])

    assert state() == "pending"
    assert as_("Li").get(path).status_code == 404

    night.phone.upload(now_ms=night.clock.ms)

    assert state() == "stored"
    shown = as_("Li").get(path)
    assert (shown.status_code, shown.data, shown.mimetype) == (200, frame, "image/jpeg")
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "no-store"


def test_a_thumbnail_says_nothing_of_the_place(as_: As, at: str, night: Night) -> None:
    frame = picture("grey")
    night.scan(1, 10, frame=frame)
    night.push(11)
    night.phone.upload(now_ms=night.clock.ms)
    path = f"{at}/photos/{sha256_hex(frame)}"

    small = as_("Li").get(path + "?width=160")

    assert b"SECRET PLACE" in frame
    assert b"SECRET PLACE" not in small.data
    with Image.open(io.BytesIO(small.data)) as image:
        assert not image.getexif()
        assert image.size == (160, 213), "it stands upright"
    assert as_("Li").get(path + "?width=161").status_code == 422


def test_a_small_photo_is_not_blown_up() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (40, 30), (255, 0, 0, 10)).save(file, "PNG")

    with Image.open(io.BytesIO(thumbnail(file.getvalue(), 480))) as image:
        assert (image.size, image.format) == ((40, 30), "JPEG")


@pytest.mark.parametrize("harm", ["flip", "remove"])
def test_a_photo_that_was_damaged_on_the_server_is_not_shown_as_evidence(
    as_: As, at: str, night: Night, harm: str
) -> None:
    frame = picture("grey")
    visit = night.scan(1, 10, frame=frame)
    night.push(11)
    night.phone.upload(now_ms=night.clock.ms)
    sha256 = sha256_hex(frame)
    path = ledger.path(night.estate.data_dir, organisation=night.estate.site.organisation_id, sha256=sha256)

    if harm == "flip":
        data = bytearray(path.read_bytes())
        data[-20] ^= 1
        path.write_bytes(bytes(data))
    else:
        path.unlink()

    found = as_("Li").get(f"{at}/visits/{visit}").json
    assert found is not None
    assert (found["frame"]["state"], found["frame"]["url"]) == ("damaged", None)
    refused = as_("Li").get(f"{at}/photos/{sha256}")
    assert refused.status_code == 410
    assert refused.json is not None
    assert refused.json["type"] == "/problems/photo-damaged"


def test_a_photo_is_for_its_site_only_and_a_look_is_noted_once(
    as_: As, at: str, night: Night, estate: Estate
) -> None:
    frame = picture("grey")
    night.scan(1, 10, frame=frame)
    night.push(11)
    night.phone.upload(now_ms=night.clock.ms)
    sha256 = sha256_hex(frame)

    assert as_("Chen").get(f"{at}/photos/{sha256}").status_code == 404
    assert as_("Chen").get(f"/api/v1/sites/{estate.north.id}/photos/{sha256}").status_code == 404
    assert as_("Li").get(f"{at}/photos/{'0' * 64}").status_code == 404
    assert as_("Li").get(f"{at}/photos/..%2f..%2fsecrets").status_code == 404
    noted = select(AuditRow).where(AuditRow.action == "photo.read")
    assert estate.session.scalars(noted).all() == []

    for _ in range(2):
        assert as_("Li").get(f"{at}/photos/{sha256}").status_code == 200
    row = estate.session.scalars(noted).one()
    assert row.subject.startswith("record:")
    assert row.detail == {"photo": sha256}


def test_photos_are_counted_and_a_missing_one_is_said(as_: As, at: str, room: Room) -> None:
    scan = room.scan(1, 10, walk_on=False, frame=picture("grey"))
    photos = [room.phone.photo(picture(c), field="leaks") for c in ("red", "blue")]
    room.answer(11, {"pressure": "0.50", "leaks": "ok"}, scan=scan, photos=photos)
    room.push(12)

    [row] = page_of(as_("Li"), at)["visits"]
    assert (row["photos"], row["photos_pending"]) == (2, 2)

    room.phone.upload(now_ms=room.clock.ms)
    [row] = page_of(as_("Li"), at)["visits"]
    assert (row["photos"], row["photos_pending"]) == (2, 0)


# -- quarantine and findings ----------------------------------------------------------


def test_a_record_in_quarantine_waits_for_a_supervisor(
    as_: As, at: str, night: Night, estate: Estate
) -> None:
    night.phone.person = estate.people["Chen"]
    bad = night.scan(1, 10)
    night.clock.ms = night.start + 11 * MIN
    night.phone.push(now_ms=night.clock.ms)

    found = as_("Li").get(at + "/quarantine").json

    assert found is not None
    [record] = found["records"]
    assert (record["hash"], record["code"], record["type"]) == (bad, "actor_denied", "scan")
    assert json.loads(record["body"])["seq"] == record["seq"]
    assert as_("Vera").get(at + "/quarantine").status_code == 403
    board = as_("Li").get(at + "/board").json
    assert board is not None
    assert [(r["kind"], r["total"]) for r in board["attention"]] == [("quarantined", 1)]
    assert page_of(as_("Li"), at)["visits"] == [], "what is in quarantine is not in the log"


def test_findings_are_listed_by_time(as_: As, at: str, room: Room) -> None:
    room.phone.report(room.place, at_ms=room.start + MIN, occurrence=room.id)
    scan = room.scan(1, 10, walk_on=False)
    room.answer(11, {"pressure": "0.72", "leaks": "ok"}, scan=scan)
    room.push(12)

    found = as_("Li").get(f"{at}/findings?from={room.start}").json
    assert found is not None
    assert [(f["kind"], f["level"], f["place"]["number"]) for f in found["findings"]] == [
        ("answer", "alarm", "01"), ("damage", None, "01"),
    ]  # fmt: skip
    early = as_("Li").get(f"{at}/findings?to={room.start + 5 * MIN}").json
    assert early is not None
    assert len(early["findings"]) == 1
