"""Photos: records first, photos after; by content, by hash, durable or not acknowledged."""

from __future__ import annotations

import errno
import io
import os
import resource
import struct
import zlib
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from server.ledger import service
from server.ledger.blobs import uploads
from server.ledger.models import Blob, Device
from sync.encoding import sha256_hex
from sync.proof import NONCE_HEADER
from sync.records import Blob as WireBlob
from tests.api.field import Garden, b64encode, data, slug
from tests.api.ledger.photos import files, named, on_sqlite, picture, stored


@on_sqlite
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_small_photo_is_one_request_and_is_stored_by_its_hash(garden: Garden, kind: str) -> None:
    phone, photo = garden.handset(), picture(kind)
    phone.push(named(phone, photo))
    answer = phone.upload(photo)
    assert answer.status_code == 201
    assert answer.headers[NONCE_HEADER]
    assert answer.headers["Upload-Offset"] == str(len(photo))
    assert answer.headers["Location"] == f"/api/v1/blobs/{phone.log}/{sha256_hex(photo)}"
    blob = garden.one(select(Blob))
    assert (blob.sha256, blob.size, blob.mime) == (sha256_hex(photo), len(photo), f"image/{kind.lower()}")
    assert (blob.width, blob.height) == (64, 48)
    assert [path.read_bytes() for path in files(garden)] == [photo]


def test_a_photo_that_is_there_is_not_asked_for_again(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    phone.upload(photo)
    for answer in (phone.upload(photo), phone.create(sha256_hex(photo), len(photo))):
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(photo)))
    assert len(files(garden)) == 1


def test_a_photo_that_no_record_names_must_wait(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    answer = phone.upload(photo)
    assert (answer.status_code, slug(answer)) == (409, "blob-unknown")
    assert files(garden) == []
    phone.push(named(phone, photo))
    assert phone.upload(photo).status_code == 201


def test_the_length_is_the_one_that_the_record_names(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    for length in (len(photo) - 1, len(photo) + 1, 0):
        answer = phone.create(sha256_hex(photo), length)
        assert (answer.status_code, slug(answer)) == (400, "bad-upload")
    assert files(garden) == []


def test_no_phone_learns_what_another_company_has(garden: Garden, elsewhere: Garden) -> None:
    phone, other, photo = garden.handset(), elsewhere.handset(), picture()
    phone.push(named(phone, photo))
    phone.upload(photo)
    for log in (phone.log, other.log):
        assert other.standing(sha256_hex(photo), log=log).status_code == 404
        answer = other.create(sha256_hex(photo), len(photo), photo, log=log)
        assert (answer.status_code, slug(answer)) == (409, "blob-unknown")
        answer = other.patch(sha256_hex(photo), len(photo), b"", log=log)
        assert (answer.status_code, slug(answer)) == (404, "not-found")


def test_the_same_photo_in_two_companies_is_two_files(garden: Garden, elsewhere: Garden) -> None:
    photo = picture()
    for phone in (garden.handset(), elsewhere.handset()):
        phone.push(named(phone, photo))
        assert phone.standing(sha256_hex(photo)).status_code == 404
        assert phone.upload(photo).status_code == 201
    assert len(files(garden)) == 2


def test_a_colleague_carries_the_photo_of_another_phone(garden: Garden) -> None:
    phone, colleague, photo = garden.handset(), garden.handset(actor="liu"), picture()
    phone.push(named(phone, photo))
    answer = colleague.create(sha256_hex(photo), len(photo), photo, log=phone.log)
    assert answer.status_code == 201
    assert stored(garden) == [sha256_hex(photo)]
    assert slug(colleague.upload(photo)) == "blob-unknown"  # no record of its own log names it


def test_a_withdrawn_phone_still_hands_over_its_photos(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    garden.session.get_one(Device, UUID(phone.device)).state = "revoked"
    garden.session.commit()
    assert phone.upload(photo).status_code == 201


def test_a_photo_in_two_records_is_stored_once_and_marked(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    outcomes = data(phone.push(named(phone, photo), named(phone, photo)))["outcomes"]
    phone.upload(photo)
    assert ["duplicate_photo" in outcome.get("marks", []) for outcome in outcomes] == [False, True]
    assert stored(garden) == [sha256_hex(photo)]
    found = service.claims(garden.session, garden.organisation, [outcome["hash"] for outcome in outcomes])
    assert [(claim.state, claim.reused) for claim in found] == [("stored", True)] * 2


def test_other_bytes_than_the_address_names_leave_nothing(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    flipped = bytes([photo[0] ^ 1]) + photo[1:]
    answer = phone.upload(flipped, sha256=sha256_hex(photo))
    assert (answer.status_code, slug(answer)) == (460, "wrong-hash")
    assert files(garden) == []
    assert stored(garden) == []
    assert phone.standing(sha256_hex(photo)).status_code == 404


def cut_jpeg() -> bytes:
    """Return the first half of a picture whose header holds a whole thumbnail."""
    whole, thumbnail = picture(size=(640, 480)), picture(size=(16, 12))
    segment = b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    return whole[:2] + segment + whole[2 : len(whole) // 2]


@on_sqlite
@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script></html>" + picture(),
        b"\xff\xd8\xff\xe0 almost a photo",
        b"\xff\xd8\xff\xff",
        b"GIF89a\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;" + picture(),
        b"%PDF-1.7\n" + picture(),
        b"PK\x03\x04" + picture(),
        picture("BMP"),
        picture("PNG")[:60],
        picture("PNG")[:-12],
        picture("WEBP")[:-4],
        picture()[:-2],
        cut_jpeg(),
        b"",
    ],
)
def test_what_is_no_whole_photo_by_its_content_is_refused(garden: Garden, content: bytes) -> None:
    phone = garden.handset()
    phone.push(named(phone, content))
    answer = phone.upload(content)
    assert (answer.status_code, slug(answer)) == (415, "blob-type")
    assert files(garden) == []
    assert phone.standing(sha256_hex(content)).status_code == 404


def test_a_photo_that_is_also_something_else_is_kept_as_a_photo(garden: Garden) -> None:
    phone, photo = garden.handset(), picture() + b"PK\x03\x04<script>alert(1)</script>"
    phone.push(named(phone, photo))
    assert phone.upload(photo).status_code == 201
    assert garden.one(select(Blob.mime)) == "image/jpeg"


def test_a_photo_declared_as_another_type_is_refused(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    metadata = f"sha256 {b64encode(sha256_hex(photo))},type {b64encode('image/svg+xml')}"
    answer = phone.create(sha256_hex(photo), len(photo), photo, Upload_Metadata=metadata)
    assert (answer.status_code, slug(answer)) == (415, "blob-type")


def png(width: int, height: int, data: bytes) -> bytes:
    """Return a PNG whose parts are whole, whatever its data are."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in [(b"IHDR", head), (b"IDAT", data), (b"IEND", b"")]
    )


def bombs() -> dict[str, bytes]:
    """Return pictures that are small to send and huge to decode."""
    zeros = zlib.compress(b"\0" * 100_000)
    webp = io.BytesIO()
    Image.new("RGB", (16, 16)).save(webp, "WEBP", lossless=True)
    wide = bytearray(webp.getvalue())
    at = wide.index(b"VP8L") + 9
    bits = int.from_bytes(wide[at : at + 4], "little") & ~((1 << 28) - 1) | 16_382 | 16_382 << 14
    wide[at : at + 4] = bits.to_bytes(4, "little")
    jpeg = bytearray(picture())
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return {
        "just over": png(8_000, 5_001, zeros),
        "png": png(100_000, 100_000, zeros),
        "webp": bytes(wide),
        "jpeg": bytes(jpeg),
    }


@on_sqlite
def test_a_photo_whose_data_are_broken_is_evidence_all_the_same(garden: Garden) -> None:
    phone, photo = garden.handset(), png(64, 48, b"nothing that could be unpacked")
    phone.push(named(phone, photo))
    assert phone.upload(photo).status_code == 201
    desk, address = garden.client("li"), f"/api/v1/sites/{garden.site}/photos/{sha256_hex(photo)}"
    assert desk.get(address).get_data() == photo
    thumbnail = desk.get(f"{address}?width=320")
    assert (thumbnail.status_code, slug(thumbnail)) == (415, "photo-unreadable")


@on_sqlite
@pytest.mark.parametrize("bomb", bombs().values(), ids=bombs())
def test_forty_megapixels_are_the_end_before_anything_is_decoded(garden: Garden, bomb: bytes) -> None:
    phone = garden.handset()
    phone.push(named(phone, bomb))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = phone.upload(bomb)
    assert (answer.status_code, slug(answer)) == (413, "blob-too-large")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    assert files(garden) == []


def test_more_than_twelve_mebibytes_are_refused(garden: Garden) -> None:
    answer = garden.handset().upload(b"x" * 12_582_913)
    assert (answer.status_code, slug(answer)) == (413, "too-large")


@on_sqlite
@pytest.mark.parametrize(
    ("call", "why"),
    [
        *((call, errno.ENOSPC) for call in ("open", "mkdir", "pwrite", "fsync", "replace")),
        ("pwrite", errno.EDQUOT),
    ],
)
def test_a_full_disk_acknowledges_nothing_wherever_it_is_full(
    garden: Garden, monkeypatch: pytest.MonkeyPatch, call: str, why: int
) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    phone.nonce()

    def full(*_args: Any, **_named: Any) -> None:
        raise OSError(why, os.strerror(why))

    with monkeypatch.context() as patch:
        patch.setattr(Path if call in ("mkdir", "replace") else os, call, full)
        answer = phone.upload(photo)
    assert (answer.status_code, slug(answer)) == (507, "disk-full")
    assert [path for path in files(garden) if "parts" not in path.parts] == []
    assert stored(garden) == []
    assert phone.upload(photo).status_code == 201
    assert [path.read_bytes() for path in files(garden)] == [photo]


def test_a_crash_between_file_and_row_is_healed_by_the_next_request(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))

    def crash(*args: Any, **kwargs: Any) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(uploads, "note", crash)
        with pytest.raises(KeyboardInterrupt):
            phone.upload(photo)
    assert len(files(garden)) == 1
    assert stored(garden) == []
    assert phone.standing(sha256_hex(photo)).status_code == 404
    answer = phone.create(sha256_hex(photo), len(photo))  # without its bytes: the file is looked at
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(photo)))
    assert stored(garden) == [sha256_hex(photo)]


def test_a_row_whose_file_is_gone_or_cut_does_not_keep_the_photo_away(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    phone.upload(photo)
    for left in (None, photo[:-1]):
        [file] = files(garden)
        file.unlink()
        if left is not None:
            file.write_bytes(left)
        assert phone.standing(sha256_hex(photo)).status_code == 404
        assert phone.upload(photo).status_code == 201
        assert [path.read_bytes() for path in files(garden)] == [photo]


def test_the_file_is_durable_before_the_row_says_so(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    order: list[str] = []

    def noted(word: str, act: Any) -> Any:
        def both(*args: Any, **kwargs: Any) -> Any:
            # other things are made durable in the same process
            file = Path(f"/proc/self/fd/{args[0]}").resolve() if isinstance(args[0], int) else args[0]
            if word == "row" or "photos" in Path(file).parts:
                order.append(word)
            return act(*args, **kwargs)

        return both

    monkeypatch.setattr(os, "pwrite", noted("write", os.pwrite))
    monkeypatch.setattr(os, "fsync", noted("fsync", os.fsync))
    monkeypatch.setattr(Path, "replace", noted("rename", Path.replace))
    monkeypatch.setattr(uploads, "note", noted("row", uploads.note))
    phone.upload(photo)
    assert order[-3:] == ["rename", "fsync", "row"]
    assert order[order.index("write") + 1] == "fsync"


def test_claims_tell_the_state_of_every_photo(garden: Garden) -> None:
    phone = garden.handset()
    here, coming, gone, broken = (picture(color=c) for c in ("red", "blue", "white", "black"))
    record = phone.record(
        blobs=[
            WireBlob(sha256_hex(here), len(here), "image/jpeg", "frame"),
            WireBlob(sha256_hex(coming), 1, "image/jpeg", "photo"),
            WireBlob(sha256_hex(gone), 1, "image/jpeg", "photo", lost=True),
            WireBlob(sha256_hex(broken), 1, "image/jpeg", "photo", field="pressure"),
        ]
    )
    corrupt = phone.record("photo.corrupt", {"sha256": sha256_hex(broken), "why": "hash"})
    assert phone.outcomes(record, corrupt) == [("applied", None)] * 2
    phone.upload(here)
    found = service.claims(garden.session, garden.organisation, [sha256_hex(record["body"].encode())])
    assert [claim.state for claim in found] == ["stored", "pending", "lost", "damaged"]
    assert [claim.reused for claim in found] == [False] * 4
