"""Places go after 90 days and photos after two years, really and for good; every chain still verifies."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.audit.models import AuditRow
from server.ledger import forgetting
from server.ledger.blobs import files as blob_files
from server.ledger.blobs import reconcile
from server.ledger.models import BlobGone, PrivatePart
from sync.encoding import sha256_hex
from sync.records import record_hash
from tests.api.field import SAME_ORIGIN, Garden, data, slug
from tests.api.privacy.scene import (
    DAY_H,
    assert_whole,
    data_dir,
    gone,
    immediate,
    named,
    parts,
    tick,
    walk,
    whole_files,
)


def test_places_go_after_ninety_days_and_nothing_else(garden: Garden) -> None:
    walk(garden)
    garden.clock.forward(hours=60 * DAY_H)
    later = walk(garden, actor="liu", color="red")
    garden.clock.forward(hours=29 * DAY_H)
    tick(garden)
    assert parts(garden) == ["geo"] * 4 + ["note"] * 2 + ["raw"] * 2

    garden.clock.forward(hours=DAY_H, minutes=1)
    tick(garden)
    tick(garden)

    assert parts(garden) == ["geo"] * 2 + ["note"] * 2 + ["raw"] * 2
    garden.session.rollback()
    kept = garden.session.scalars(select(PrivatePart.hash).where(PrivatePart.name == "geo"))
    assert set(kept) == {record_hash(one["body"]) for one in (later.scan, later.finding)}
    [row] = garden.all(select(AuditRow).where(AuditRow.action == "places.expired"))
    assert (row.person_id, row.detail) == (None, {"places": 2})
    assert_whole(garden)


def test_a_place_that_is_forgotten_does_not_come_back(garden: Garden) -> None:
    """Neither by sending the record again nor by way of somebody who carries it."""
    made = walk(garden)
    garden.clock.forward(hours=91 * DAY_H)
    tick(garden)
    other = garden.handset(actor="liu")

    for phone in (made.phone, other):
        assert phone.outcomes(made.scan, made.finding) == [("duplicate", None)] * 2

    assert parts(garden) == ["note", "raw"]


def test_a_stripped_record_gets_its_texts_but_no_old_place_from_its_own_phone(garden: Garden) -> None:
    made = walk(garden)
    late = made.phone.record(private={"geo": "{}", "note": "n"})
    carrier = garden.handset(actor="liu")
    bare = {name: value for name, value in late.items() if name != "private"}
    assert carrier.outcomes(bare) == [("applied", None)]
    garden.clock.forward(hours=91 * DAY_H)
    tick(garden)

    assert made.phone.outcomes(late) == [("duplicate", None)]

    assert parts(garden) == ["note", "note", "raw"]


def test_photos_go_after_two_years_and_no_phone_sends_them_again(garden: Garden) -> None:
    made = walk(garden)
    shas = {sha256_hex(made.frame), sha256_hex(made.photo)}
    again = made.phone.record(blobs=[named(made.photo, "photo")])
    garden.clock.forward(hours=365 * DAY_H)
    assert made.phone.outcomes(again) == [("applied", None)]
    garden.clock.forward(hours=366 * DAY_H)

    tick(garden)

    # the photo is named by a younger record as well
    assert gone(garden) == {sha256_hex(made.frame): "expired"}
    assert whole_files(garden) == {sha256_hex(made.photo)}
    assert_whole(garden)
    standing = made.phone.standing(sha256_hex(made.frame))
    assert standing.headers["Fieldsync-Stored"] == sha256_hex(made.frame)
    assert standing.headers["Upload-Offset"] == str(len(made.frame))
    assert made.phone.upload(made.frame).headers["Fieldsync-Stored"] == sha256_hex(made.frame)
    assert whole_files(garden) == {sha256_hex(made.photo)}
    held = data(made.phone.post("have", {"log": made.phone.log, "hashes": [record_hash(made.scan["body"])]}))
    assert held["missing"] == []
    seen = garden.client("li").get(f"/api/v1/sites/{garden.site}/photos/{sha256_hex(made.frame)}")
    assert (seen.status_code, slug(seen)) == (410, "photo-removed")

    garden.clock.forward(hours=366 * DAY_H)
    tick(garden)
    assert set(gone(garden)) == shas
    assert whole_files(garden) == set()
    assert_whole(garden)


def test_whoever_is_killed_between_row_and_file_goes_on_there(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = walk(garden)
    garden.clock.forward(hours=800 * DAY_H)
    real = blob_files.remove

    def killed(folder: Path, *, organisation: UUID, sha256: str) -> bool:
        real(folder, organisation=organisation, sha256=sha256)
        raise KeyboardInterrupt

    monkeypatch.setattr(blob_files, "remove", killed)
    with pytest.raises(KeyboardInterrupt):
        tick(garden)

    # one file is gone and its row does not say so yet; what it says is true all the same
    assert set(gone(garden)) == {sha256_hex(made.frame), sha256_hex(made.photo)}
    assert garden.all(select(BlobGone.removed_ms)) == [None, None]
    assert len(whole_files(garden)) == 1
    assert_whole(garden)

    monkeypatch.setattr(blob_files, "remove", real)
    tick(garden)
    assert whole_files(garden) == set()
    assert None not in garden.all(select(BlobGone.removed_ms))
    assert_whole(garden)


def test_whoever_is_killed_amid_the_ledger_goes_on_there(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = walk(garden).phone
    for color in ("red", "blue"):
        walk(garden, color=color, phone=phone)
    garden.clock.forward(hours=91 * DAY_H)
    monkeypatch.setattr(forgetting, "STEP", 2)
    real, calls = forgetting._empty, []

    def killed(*args: object, **more: object) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(forgetting, "_empty", killed)
    with pytest.raises(KeyboardInterrupt):
        tick(garden)
    assert parts(garden).count("geo") == 3
    assert_whole(garden)

    tick(garden)
    assert parts(garden).count("geo") == 0
    assert_whole(garden)


def test_an_upload_that_was_under_way_leaves_nothing_behind(garden: Garden) -> None:
    made = walk(garden)
    garden.clock.forward(hours=800 * DAY_H)
    tick(garden)
    sha256 = sha256_hex(made.frame)
    place = blob_files.path(data_dir(garden), organisation=garden.organisation, sha256=sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(made.frame)

    with immediate(garden) as session:
        reconcile(session, data_dir=data_dir(garden), now_ms=garden.clock.ms)
        session.commit()

    assert whole_files(garden) == set()


def holds(answer: TestResponse) -> dict[str, int]:
    found: dict[str, int] = json.loads(answer.get_data())["holds"]
    return found


def test_an_administrator_shortens_what_is_kept_and_nobody_lengthens_it(garden: Garden) -> None:
    walk(garden)
    garden.clock.forward(hours=31 * DAY_H)
    ada, path = garden.client("ada"), "/api/v1/retention"
    assert holds(ada.get(path)) == {"place_days": 90, "photo_days": 730}
    for days in (6, 91, "30"):
        refused = ada.patch(path, json={"place_days": days, "photo_days": None}, headers=SAME_ORIGIN)
        assert refused.status_code == 422
    assert garden.client("li").get(path).status_code == 403

    chosen = ada.patch(path, json={"place_days": 30, "photo_days": None}, headers=SAME_ORIGIN)

    assert holds(chosen) == {"place_days": 30, "photo_days": 730}
    tick(garden, photo_days=30)
    assert parts(garden).count("geo") == 0
    assert whole_files(garden) == set()  # the installation keeps photos for a month
    assert "retention.changed" in garden.all(select(AuditRow.action))
