"""A rescue file comes in by the same door as a push, and only once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.audit.models import AuditRow
from server.ledger import blobs
from server.ledger.models import Blob as StoredBlob
from server.ledger.models import Record, Verdict
from sync.encoding import sha256_hex
from sync.records import Blob
from tests.api.field import SAME_ORIGIN, Garden, Handset, slug, verdicts
from tests.api.keeping.files import picture, rescue_file
from tests.conftest import FakeClock


def hand_in(garden: Garden, data: bytes, *, who: str = "li", **over: Any) -> TestResponse:
    return garden.client(who).post(
        f"/api/v1/sites/{garden.site}/rescue",
        data=data,
        **{"content_type": "application/x-ndjson", "headers": SAME_ORIGIN, **over},
    )


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def with_photo(phone: Handset, photo: bytes) -> dict[str, Any]:
    return phone.record(blobs=[Blob(sha256_hex(photo), len(photo), "image/jpeg", "photo")])


def test_a_rescue_file_gives_one_of_each_however_often_it_comes(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    photo = picture(1, side=700)
    records = [with_photo(phone, photo), *(phone.record() for _ in range(240))]
    file = rescue_file(phone, records, [photo])
    clock.forward(hours=30)

    first = told(hand_in(garden, file))
    assert first["records"] == {"applied": 241}
    assert (first["photos"], first["whole"], first["device"]) == ({"stored": 1}, True, "4 号手机")
    second = told(hand_in(garden, file))
    assert (second["records"], second["photos"]) == ({"duplicate": 241}, {"duplicate": 1})
    assert phone.outcomes(*records[:100]) == [("duplicate", None)] * 100

    assert len(garden.all(select(Record.hash).where(Record.log == phone.log))) == 242
    assert set(verdicts(garden, phone.log).values()) == {("applied", None)}
    stored = blobs.path(
        garden.app.extensions["roundsman.settings"].data_dir,
        organisation=garden.organisation,
        sha256=sha256_hex(photo),
    )
    assert stored.read_bytes() == photo
    assert len(garden.all(select(StoredBlob.sha256))) == 1
    verdict = garden.one(select(Verdict).where(Verdict.log == phone.log, Verdict.seq == 2))
    assert (verdict.upper_ms, verdict.quality) == (clock.ms, "D")


def test_a_rescue_file_beside_the_phone_itself_gives_one_of_each(garden: Garden) -> None:
    phone = garden.handset()
    records = [phone.record() for _ in range(10)]
    phone.push(*records[:5])
    assert told(hand_in(garden, rescue_file(phone, records)))["records"] == {"duplicate": 5, "applied": 5}
    assert phone.outcomes(*records[3:], phone.record())[-1] == ("applied", None)
    assert len(garden.all(select(Record.hash).where(Record.log == phone.log))) == 12


def test_a_cut_file_gives_what_it_holds_and_says_so(garden: Garden) -> None:
    phone = garden.handset()
    records = [phone.record() for _ in range(6)]
    file = rescue_file(phone, records)
    cut = told(hand_in(garden, file[: len(file) // 2]))
    assert not cut["whole"]
    taken = cut["records"]["applied"]
    assert 1 <= taken < 6
    assert [bad["line"] for bad in cut["bad"]] == [taken + 2]
    assert told(hand_in(garden, file))["records"] == {"duplicate": taken, "applied": 6 - taken}


def test_a_damaged_record_is_named_and_the_rest_comes_in(garden: Garden) -> None:
    phone = garden.handset()
    records = [phone.record() for _ in range(3)]
    broken = {**records[1], "body": records[1]["body"].replace("damage", "dbmage")}
    answer = told(hand_in(garden, rescue_file(phone, [records[0], broken, records[2]])))
    assert answer["records"] == {"applied": 1, "quarantined": 1, "held": 1}
    assert told(hand_in(garden, rescue_file(phone, records)))["records"] == {"duplicate": 2, "applied": 1}
    assert verdicts(garden, phone.log)[4] == ("applied", None)


def test_records_of_a_phone_that_nobody_knows_are_kept_aside(garden: Garden) -> None:
    stranger = Handset(
        garden.app.test_client(), garden.clock, str(garden.site), actor=str(garden.people["wang"])
    )
    stranger.device = "6f1e5a3e-1111-4c1a-9d8e-0a0b0c0d0e01"
    records = [stranger.open(), stranger.record()]
    answer = told(hand_in(garden, rescue_file(stranger, records)))
    assert (answer["records"], answer["codes"]) == ({"quarantined": 2}, {"unknown_log": 2})
    assert len(garden.all(select(Record.hash))) == 2


def test_a_photo_that_no_record_names_is_not_taken(garden: Garden) -> None:
    phone = garden.handset()
    assert told(hand_in(garden, rescue_file(phone, [], [picture(2)])))["photos"] == {"unnamed": 1}
    assert garden.all(select(StoredBlob.sha256)) == []


def test_bytes_that_are_no_photo_are_named(garden: Garden) -> None:
    phone = garden.handset()
    fake = b"no photo"
    answer = told(hand_in(garden, rescue_file(phone, [with_photo(phone, fake)], [fake])))
    assert (answer["photos"], answer["records"]) == ({"refused": 1}, {"applied": 1})
    assert sha256_hex(fake) in answer["bad"][0]["detail"]


def test_the_audit_log_says_who_brought_it(garden: Garden) -> None:
    phone = garden.handset()
    hand_in(garden, rescue_file(phone, [phone.record()]))
    row = garden.one(select(AuditRow).where(AuditRow.action == "rescue.import"))
    assert (row.person_id, row.subject) == (garden.people["li"], f"device:{phone.device}")
    assert row.detail == {"records": {"applied": 1}, "photos": {}, "bad_lines": 0, "whole": True}


@pytest.mark.parametrize("who", ["vera", "chen"])
def test_only_a_supervisor_of_the_site_may_bring_one(garden: Garden, who: str) -> None:
    phone = garden.handset()
    answer = hand_in(garden, rescue_file(phone, [phone.record()]), who=who)
    assert answer.status_code == {"vera": 403, "chen": 404}[who]
    assert len(garden.all(select(Record.hash))) == 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "no-rescue-file"),
        (b"\x89PNG\r\n", "no-rescue-file"),
        (b'{"rescue":1}\n', "no-rescue-file"),
        (b'{"rescue":9,"x":1}\n', "newer-rescue-file"),
    ],
)
def test_what_is_no_rescue_file_is_refused(garden: Garden, data: bytes, expected: str) -> None:
    answer = hand_in(garden, data)
    assert (answer.status_code, slug(answer)) == (422, expected)


def test_another_media_type_is_refused(garden: Garden) -> None:
    assert slug(hand_in(garden, b"{}", content_type="application/json")) == "media-type"
