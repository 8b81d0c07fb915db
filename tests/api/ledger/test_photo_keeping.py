"""What stays on the disk and what goes: stale uploads, files without a row, rows without a file."""

from __future__ import annotations

import pytest

from server.db import db
from server.jobs import JOBS
from server.ledger import blobs
from server.ledger.blobs import files as disk
from server.tick.service import tick
from sync.encoding import sha256_hex
from tests.api.field import Garden, Handset
from tests.api.ledger.photos import big_picture, data_dir, files, named, noise, on_sqlite, picture, stored

pytestmark = on_sqlite
DAY_H = 24


@pytest.fixture
def phone(garden: Garden) -> Handset:
    return garden.handset()


def work(garden: Garden) -> None:
    """Let the periodic work be done once."""
    with garden.app.app_context():
        failed = tick(db.session(), jobs=JOBS, holder="me", now_ms=garden.clock.ms)
        db.session.remove()
    assert failed == []


def a_file_without_a_row(garden: Garden, photo: bytes) -> None:
    """Leave what a crash between rename and commit leaves."""
    blobs.write(
        data_dir=data_dir(garden),
        organisation=garden.organisation,
        sha256=sha256_hex(photo),
        data=photo,
        now_ms=garden.clock.ms,
    )


def test_an_upload_that_nobody_goes_on_with_is_forgotten_after_two_days(
    garden: Garden, phone: Handset
) -> None:
    left, going = big_picture(1_000), big_picture(2_000)
    phone.push(named(phone, left, going))
    for photo in (left, going):
        answer = phone.create(sha256_hex(photo), len(photo), photo[:500])
        assert answer.headers["Upload-Expires"] == "Wed, 25 Nov 2026 13:00:00 GMT"
    garden.clock.forward(hours=47)
    assert phone.patch(sha256_hex(going), 500, going[500:600]).status_code == 204
    work(garden)
    assert len(files(garden)) == 2

    garden.clock.forward(hours=2)
    work(garden)

    assert phone.standing(sha256_hex(left)).status_code == 404
    assert phone.standing(sha256_hex(going)).headers["Upload-Offset"] == "600"
    assert phone.create(sha256_hex(left), len(left), left).status_code == 201


def test_an_upload_that_is_being_written_to_does_not_expire(garden: Garden, phone: Handset) -> None:
    photo = big_picture(1_000)
    phone.push(named(phone, photo))
    phone.create(sha256_hex(photo), len(photo), photo[:500])
    garden.clock.forward(hours=100)
    with disk.opened(files(garden)[0]):
        work(garden)
    assert len(files(garden)) == 1


def test_a_file_that_lost_its_row_in_a_crash_gets_it_within_a_day(garden: Garden, phone: Handset) -> None:
    photo = picture()
    phone.push(named(phone, photo))
    work(garden)
    a_file_without_a_row(garden, photo)
    work(garden)
    assert stored(garden) == []

    garden.clock.forward(hours=DAY_H + 1)
    work(garden)

    assert stored(garden) == [sha256_hex(photo)]


def test_a_file_that_no_record_names_waits_ninety_days_for_one(garden: Garden, phone: Handset) -> None:
    photo, other = picture(), picture(color="red")
    a_file_without_a_row(garden, photo)
    a_file_without_a_row(garden, other)
    garden.clock.forward(hours=89 * DAY_H)
    work(garden)
    assert len(files(garden)) == 2
    phone.push(named(phone, photo))

    garden.clock.forward(hours=2 * DAY_H)
    work(garden)

    assert stored(garden) == [sha256_hex(photo)]
    assert [path.name for path in files(garden)] == [sha256_hex(photo)]


def test_a_file_with_other_bytes_than_its_name_is_never_adopted(garden: Garden, phone: Handset) -> None:
    photo = picture()
    phone.push(named(phone, photo))
    a_file_without_a_row(garden, photo)
    files(garden)[0].write_bytes(noise(len(photo)))
    work(garden)
    assert stored(garden) == []
    assert phone.create(sha256_hex(photo), len(photo)).headers["Upload-Offset"] == "0"
    assert phone.patch(sha256_hex(photo), 0, photo).status_code == 204
    assert files(garden)[0].read_bytes() == photo


def test_stored_photos_never_expire(garden: Garden, phone: Handset) -> None:
    photo = picture()
    phone.push(named(phone, photo))
    phone.upload(photo)
    garden.clock.forward(hours=400 * DAY_H)
    work(garden)
    assert [path.read_bytes() for path in files(garden)] == [photo]


def test_a_scrub_finds_what_was_damaged_and_what_is_gone(garden: Garden, phone: Handset) -> None:
    whole, flipped, gone = (picture(color=c) for c in ("red", "blue", "white"))
    phone.push(named(phone, whole, flipped, gone))
    for photo in (whole, flipped, gone):
        phone.upload(photo)
    folder = data_dir(garden)

    file = disk.path(folder, organisation=garden.organisation, sha256=sha256_hex(flipped))
    file.write_bytes(bytes([flipped[0] ^ 1]) + flipped[1:])
    disk.path(folder, organisation=garden.organisation, sha256=sha256_hex(gone)).unlink()

    found = {
        flaw.sha256: flaw.why
        for flaw in blobs.scrub(garden.session, data_dir=folder, organisation=garden.organisation)
    }

    assert found == {sha256_hex(flipped): "damaged", sha256_hex(gone): "missing"}
    blobs.set_aside(data_dir=folder, organisation=garden.organisation, sha256=sha256_hex(flipped))
    for photo in (flipped, gone):
        assert phone.upload(photo).status_code == 201
    assert list(blobs.scrub(garden.session, data_dir=folder, organisation=garden.organisation)) == []
