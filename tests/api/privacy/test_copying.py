"""A copy of one person's data: everything of theirs, nothing of others, and noted."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from typing import Any

from sqlalchemy import select

from server.audit.models import AuditRow
from server.people.models import Person
from server.privacy.copying import copy_of
from sync.encoding import sha256_hex
from tests.api.field import Garden, slug
from tests.api.ledger.photos import big_picture
from tests.api.privacy.scene import HERE, data_dir, named, walk


def lines(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(name).decode().splitlines()]


def test_the_copy_holds_all_of_the_person_and_nothing_of_others(garden: Garden) -> None:
    mine = walk(garden)
    mine.phone.outcomes(mine.phone.record("consent", {"version": 1, "language": "zh", "location": True}))
    mine.phone.outcomes(
        mine.phone.record("shift.start", {"method": "pin", "online": True, "failed_tries": 0})
    )
    walk(garden, actor="liu", color="red")
    path = f"/api/v1/sites/{garden.site}/people/{garden.people['wang']}/data"
    ada = garden.client("ada")

    told = ada.get(path).json
    answer = ada.get(f"{path}/copy")

    assert told is not None
    assert told["consent"]["location"] is True
    assert (told["records"], told["places"], told["texts"], told["photos"]) == (4, 2, 2, 2)
    assert told["photo_bytes"] == len(mine.frame) + len(mine.photo)
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.testzip() is None
        photos = {f"photos/{sha256_hex(photo)}.jpg" for photo in (mine.frame, mine.photo)}
        assert set(archive.namelist()) == {
            "README.txt", "person.json", "records.jsonl", "audit.jsonl", *photos,
        }  # fmt: skip
        assert "与您有关" in archive.read("README.txt").decode()
        assert archive.read(f"photos/{sha256_hex(mine.photo)}.jpg") == mine.photo
        person = json.loads(archive.read("person.json"))
        assert (person["name"], person["number"]) == ("wang", "4")
        assert [said["location"] for said in person["consents"]] == [True]
        assert len(person["shifts"]) == 1
        records = lines(archive, "records.jsonl")
        assert [json.loads(one["body"])["type"] for one in records] == [
            "scan", "finding", "consent", "shift.start",
        ]  # fmt: skip
        assert records[0]["private"] == {"geo": HERE, "raw": "WIFI:S:x;;"}
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert str(garden.people["liu"]).encode() not in everything
        assert b"said by liu" not in everything
        assert [row["action"] for row in lines(archive, "audit.jsonl")] == ["person.copied"]
    [row] = garden.all(select(AuditRow).where(AuditRow.action == "person.copied"))
    assert row.person_id == garden.people["ada"]


def test_who_may_have_it(garden: Garden) -> None:
    path = f"/api/v1/sites/{garden.site}/people/{garden.people['wang']}/data"
    for end in ("", "/copy"):
        assert garden.client("vera").get(path + end).status_code == 403
        assert garden.client("li").get(path + end).status_code == 403
        assert garden.client("chen").get(path + end).status_code == 404
        assert garden.client().get(path + end).status_code == 401
        zhao = path.replace(str(garden.people["wang"]), str(garden.people["zhao"]))
        assert garden.client("ada").get(zhao + end).status_code == 404
    stale = garden.client("ada")
    garden.clock.forward(minutes=11)
    assert slug(stale.get(f"{path}/copy")) == "fresh-login"


def test_a_copy_with_many_photos_takes_little_memory(garden: Garden) -> None:
    phone = garden.handset()
    photos = [big_picture(2_000_000 + n) for n in range(8)]
    record = phone.record(blobs=[named(photo, "photo") for photo in photos])
    assert phone.outcomes(record) == [("applied", None)]
    for photo in photos:
        assert phone.upload(photo).status_code == 201
    garden.session.rollback()
    person = garden.session.get_one(Person, garden.people["wang"])
    size = sum(map(len, photos))
    del photos

    tracemalloc.start()
    try:
        sent = sum(len(piece) for piece in copy_of(garden.session, person=person, data_dir=data_dir(garden)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert sent > size
    assert peak < 4_000_000
