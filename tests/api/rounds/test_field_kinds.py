"""A form with every kind of field: filled, judged, shown; by the edition and the meter that it names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.feed import service as feed
from server.forms import service as forms
from server.ledger.models import BlobClaim
from server.rounds.models import Finding, Reading, Visit
from sync.forms import KINDS
from tests.api.ledger.photos import picture
from tests.api.rounds.conftest import As, Estate
from tests.api.rounds.night import Room
from tests.conftest import FakeClock
from tests.unit.server.test_sounds import webm

PART = "6f1e5a3e-8888-4c1a-9d8e-0a0b0c0d0e08"


def _field(field_id: str, kind: str, **options: Any) -> dict[str, Any]:
    return {"id": field_id, "kind": kind, "label": {"zh": field_id, "en": ""}, **options}


def _options(*ids: str) -> list[dict[str, Any]]:
    return [{"id": i, "label": {"zh": i, "en": i}, "fault": i == "loose"} for i in ids]


EVERY = [
    _field("door", "check", required=True, photo_on_fault=True),
    _field("mode", "choice", options=_options("auto", "hand")),
    _field("total", "number", required=True),
    _field("out", "number", required=True),
    _field("share", "computed", formula="(total - out) / total * 100", unit="%", decimals=1,
           limits={"warn_low": "95"}),
    _field("pressure", "meter", meter="pressure", unit="MPa", decimals=2),
    _field("used", "part"),
    _field("gauge", "photo", min=1, mark_up=True),
    _field("wrong", "several", options=_options("noise", "loose")),
    _field("gave", "signature", required=True, name=True),
    _field("took", "signature", required=True),
    _field("remark", "text", voice=True),
    _field("tested", "time", of="date"),
    _field("said", "voice", required={"field": "door", "is": "fault"}),
    _field("why", "text", **{"if": {"field": "share", "level": ["warning"]}}, required=True),
]  # fmt: skip

GOOD: dict[str, Any] = {
    "door": "ok", "mode": "auto", "total": "40", "out": "1", "share": "97.5",
    "used": {"part": PART, "quantity": "2"}, "gauge": {"photos": 1}, "wrong": "noise",
    "gave": {"signed": True}, "took": {"typed": True}, "remark": {"seconds": 4},
    "tested": "2026-11-30", "said": {"seconds": 7},
}  # fmt: skip


@pytest.fixture
def room(estate: Estate, clock: FakeClock) -> Room:
    room = Room(estate, clock)
    change(room, EVERY)
    return room


def change(room: Room, fields: list[dict[str, Any]]) -> None:
    """Publish the next edition."""
    forms.change_form(
        room.estate.session,
        site_id=room.estate.site.id,
        form_id=room.form,
        changes={"fields": fields},
        now_ms=room.clock.ms,
    )
    feed.commit(room.estate.session, now_ms=room.clock.ms)


def blobs(room: Room, *, without: str = "") -> list[Any]:
    """Return what the good answers need: photo drawn on, its original, two voice notes, a signature."""
    phone = room.phone
    drawn = phone.photo(picture(color="red"), field="gauge")
    original = phone.photo(picture(), field="gauge")
    made = [
        drawn,
        type(original)(original.sha256, original.size, "image/jpeg", "photo", "gauge", drawn.sha256),
        phone.photo(webm(), role="voice", field="said"),
        phone.photo(webm(b"A_VORBIS"), role="voice", field="remark"),
        phone.photo(picture("PNG"), role="signature", field="gave"),
    ]
    return [one for one in made if one.field != without or without == ""]


def fill(room: Room, values: dict[str, Any], *, edition: int = 2, photos: list[Any] | None = None) -> Visit:
    """Fill the form once and return its visit."""
    scan = room.scan(1, 10, walk_on=False)
    given = blobs(room) if photos is None else photos
    room.answer(11, values, scan=scan, edition=edition, photos=given, private={"text.gave": "王芳"})
    assert room.push(12) == [[]] or room.visits()
    room.phone.upload(now_ms=room.clock.ms)
    return room.visits()[-1]


def marks(visit: Visit) -> bool:
    return "incomplete" in visit.marks


def test_the_form_of_this_test_has_every_kind() -> None:
    assert {field["kind"] for field in EVERY} == set(KINDS)


def test_every_kind_is_filled_and_shown_in_the_evidence(room: Room, as_: As, at: str) -> None:
    visit = fill(room, GOOD)
    assert not marks(visit)
    assert not visit.faulty

    shown = as_("Li").get(f"{at}/visits/{visit.id}").json
    assert shown is not None
    said = {one["field"]: one["shown"] and one["shown"]["zh"] for one in shown["answers"]}
    assert said == {
        "door": "正常", "mode": "auto", "total": "40", "out": "1", "share": "97.5 %", "pressure": None,
        "used": "× 2", "gauge": "1 张", "wrong": "noise", "gave": "已签名",
        "took": "输入姓名，没有手写", "remark": "语音 4 秒", "tested": "2026-11-30", "said": "语音 7 秒",
    }, "what was not asked is not listed"  # fmt: skip
    assert next(one for one in shown["answers"] if one["field"] == "gave")["text"] == "王芳"
    roles = sorted((photo["role"], photo["of"] is None, photo["state"]) for photo in shown["photos"])
    assert roles == [
        ("photo", False, "stored"), ("photo", True, "stored"), ("signature", True, "stored"),
        ("voice", True, "stored"), ("voice", True, "stored"),
    ]  # fmt: skip
    voice = next(photo for photo in shown["photos"] if photo["role"] == "voice")
    heard = as_("Li").get(voice["url"])
    assert (heard.status_code, heard.mimetype) == (200, "audio/webm")
    assert as_("Li").get(f"{voice['url']}?width=480").status_code == 415
    assert as_("Chen").get(f"{at}/visits/{visit.id}").status_code == 404, "of another site"
    assert as_("Chen").get(voice["url"]).status_code == 404


@pytest.mark.parametrize("field", ["gauge", "said", "gave", "remark"])
def test_an_answer_without_its_blob_is_incomplete_and_kept(room: Room, field: str) -> None:
    visit = fill(room, GOOD, photos=blobs(room, without=field))
    assert marks(visit)
    assert visit.answers == GOOD


def test_an_original_alone_is_no_photo(room: Room) -> None:
    visit = fill(room, GOOD, photos=[one for one in blobs(room) if one.field != "gauge" or one.of])
    assert marks(visit)
    claims = room.estate.session.scalars(select(BlobClaim).where(BlobClaim.field == "gauge")).all()
    assert [claim.of_sha256 is not None for claim in claims] == [True]


def test_a_meter_that_the_place_does_not_have_is_not_missed(room: Room) -> None:
    change(room, [one | ({"required": True} if one["kind"] == "meter" else {}) for one in EVERY])
    assert not marks(fill(room, GOOD, edition=3))


def test_a_result_that_was_not_sent_is_reckoned_and_found(room: Room) -> None:
    values = {name: value for name, value in GOOD.items() if name != "share"} | {"out": "4"}
    visit = fill(room, values | {"why": {"private": True}})
    session = room.estate.session
    assert not marks(visit)
    found = session.scalars(select(Finding)).one()
    assert (found.field, found.level, found.value, found.unit) == ("share", "warning", "90.0", "%")
    readings = {row.field: (row.value, row.level) for row in session.scalars(select(Reading))}
    assert readings == {"total": ("40", "normal"), "out": ("4", "normal"), "share": ("90.0", "warning")}


def test_a_result_that_is_not_the_result_is_kept_and_marked(room: Room) -> None:
    visit = fill(room, GOOD | {"share": "99.9"})
    assert marks(visit)
    assert visit.answers is not None
    assert visit.answers["share"] == "99.9"
    readings = room.estate.session.scalars(select(Reading.field)).all()
    assert sorted(readings) == ["out", "total"]


def test_a_condition_makes_a_field_missing_only_when_it_holds(room: Room) -> None:
    assert marks(fill(room, GOOD | {"out": "4", "share": "90.0"})), "why it is below 95 was asked"


def test_a_phone_with_the_old_edition_is_judged_by_it(room: Room) -> None:
    change(room, [*EVERY, _field("new", "check", required=True)])
    old = fill(room, GOOD, edition=2)
    assert not marks(old)
    new = room.scan(1, 20, walk_on=False)
    room.answer(21, GOOD, scan=new, edition=3, photos=blobs(room))
    room.push(22)
    assert "incomplete" in {v.id: v for v in room.visits()}[new].marks


@pytest.mark.parametrize(
    "value", ["0,45", "１２３", "1e400", "", "0.45 MPa", "Infinity"], ids=lambda value: value or "nothing"
)
def test_a_reading_that_is_none_is_kept_and_marked(room: Room, value: str) -> None:
    answer = {"meter": str(UUID(int=7)), "edition": 1, "value": value}
    visit = fill(room, GOOD | {"pressure": answer})
    assert marks(visit)
    assert visit.answers is not None
    assert visit.answers["pressure"] == answer
    assert "pressure" not in room.estate.session.scalars(select(Reading.field)).all()
