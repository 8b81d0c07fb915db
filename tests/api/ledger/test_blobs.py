"""Photos: records first, photos after; by content, by hash, durable or not acknowledged."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from server.config import Settings
from server.ledger import blobs, service
from server.ledger.models import Blob
from sync.encoding import sha256_hex
from sync.proof import NONCE_HEADER
from sync.records import Blob as WireBlob
from tests.api.field import Garden, Handset, slug


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), color: str = "green") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


def named(phone: Handset, *photos: bytes, **over: Any) -> dict[str, Any]:
    """Return a record that names the photos."""
    return phone.record(
        blobs=[WireBlob(sha256_hex(each), len(each), "image/jpeg", "photo", **over) for each in photos]
    )


def folder(garden: Garden) -> Path:
    settings: Settings = garden.app.extensions["roundsman.settings"]
    return settings.data_dir / "photos"


def files(garden: Garden) -> list[Path]:
    return [path for path in folder(garden).rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_stored_by_its_hash(garden: Garden, kind: str) -> None:
    phone, photo = garden.handset(), picture(kind)
    phone.push(named(phone, photo))
    answer = phone.put(photo, content_type=f"image/{kind.lower()}")
    assert answer.status_code == 201
    assert answer.headers[NONCE_HEADER]
    blob = garden.one(select(Blob))
    assert (blob.sha256, blob.size, blob.mime) == (sha256_hex(photo), len(photo), f"image/{kind.lower()}")
    assert (blob.width, blob.height) == (64, 48)
    assert [path.read_bytes() for path in files(garden)] == [photo]
    assert phone.put(photo).status_code == 200


def test_head_tells_whether_it_is_there(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    path = f"/api/v1/blobs/{phone.log}/{sha256_hex(photo)}"

    def head() -> int:
        answer = phone.send("", b"", method="HEAD", path=path, content_type=None)
        assert answer.headers[NONCE_HEADER]
        return answer.status_code

    phone.push(named(phone, photo))
    assert head() == 404
    phone.put(photo)
    assert head() == 200


def test_a_photo_that_no_record_names_must_wait(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    answer = phone.put(photo)
    assert (answer.status_code, slug(answer)) == (409, "blob-unknown")
    assert files(garden) == []
    phone.push(named(phone, photo))
    assert phone.put(photo).status_code == 201


def test_no_phone_learns_what_others_hold(garden: Garden) -> None:
    phone, other, photo = garden.handset(), garden.handset(actor="liu"), picture()
    phone.push(named(phone, photo))
    phone.put(photo)
    assert slug(other.put(photo)) == "blob-unknown"
    for log in (other.log, phone.log):
        path = f"/api/v1/blobs/{log}/{sha256_hex(photo)}"
        assert other.send("", b"", method="HEAD", path=path, content_type=None).status_code == 404
    answer = other.send("", photo, method="PUT", path=path, content_type="image/jpeg")
    assert (answer.status_code, slug(answer)) == (409, "blob-unknown")


def test_other_bytes_than_the_address_names_leave_nothing(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    answer = phone.put(photo[:-1], sha256=sha256_hex(photo))
    assert (answer.status_code, slug(answer)) == (460, "wrong-hash")
    assert files(garden) == []
    assert garden.all(select(Blob.sha256)) == []


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script></html>",
        b"\xff\xd8\xff\xe0 almost a photo",
        b"GIF89a\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;",
        picture("BMP"),
        picture("PNG")[:60],
        b"",
    ],
)
def test_what_is_no_photo_by_its_content_is_refused(garden: Garden, content: bytes) -> None:
    phone = garden.handset()
    phone.push(named(phone, content))
    answer = phone.put(content)
    assert (answer.status_code, slug(answer)) == (415, "blob-type")
    assert files(garden) == []


def test_a_photo_under_another_type_is_refused(garden: Garden) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    for content_type in ("application/octet-stream", "image/svg+xml", None):
        answer = phone.put(photo, content_type=content_type)
        assert (answer.status_code, slug(answer)) == (415, "blob-type")


def test_forty_megapixels_are_the_end_before_anything_is_decoded(garden: Garden) -> None:
    phone = garden.handset()
    for size in ((8_000, 5_001), (20_000, 20_000)):
        bomb = io.BytesIO()
        Image.new("1", size).save(bomb, "PNG")
        phone.push(named(phone, bomb.getvalue()))
        answer = phone.put(bomb.getvalue(), content_type="image/png")
        assert (answer.status_code, slug(answer)) == (413, "blob-too-large")


def test_more_than_twelve_mebibytes_are_refused(garden: Garden) -> None:
    answer = garden.handset().put(b"x" * 12_582_913)
    assert (answer.status_code, slug(answer)) == (413, "too-large")


def test_a_full_disk_acknowledges_nothing(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        answer = phone.put(photo)
    assert (answer.status_code, slug(answer)) == (507, "disk-full")
    assert files(garden) == []
    assert garden.all(select(Blob.sha256)) == []
    assert phone.put(photo).status_code == 201


def test_a_crash_between_file_and_row_is_healed_by_the_next_upload(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))

    def crash(*args: Any, **kwargs: Any) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "note", crash)
        with pytest.raises(KeyboardInterrupt):
            phone.put(photo)
    assert len(files(garden)) == 1
    assert garden.all(select(Blob.sha256)) == []
    assert phone.put(photo).status_code == 201
    assert len(files(garden)) == 1


def test_the_file_is_durable_before_the_row_says_so(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, photo = garden.handset(), picture()
    phone.push(named(phone, photo))
    order: list[str] = []

    def noted(word: str, act: Any) -> Any:
        def both(*args: Any, **kwargs: Any) -> Any:
            order.append(word)
            return act(*args, **kwargs)

        return both

    monkeypatch.setattr(os, "fsync", noted("fsync", os.fsync))
    monkeypatch.setattr(Path, "replace", noted("rename", Path.replace))
    monkeypatch.setattr(blobs, "note", noted("row", blobs.note))
    phone.put(photo)
    assert order[-4:] == ["fsync", "rename", "fsync", "row"]


def test_claims_tell_the_state_of_every_photo(garden: Garden) -> None:
    phone = garden.handset()
    here, coming, gone, broken = (picture(color=c) for c in ("red", "blue", "white", "black"))
    record = phone.record(
        blobs=[
            WireBlob(sha256_hex(here), 1, "image/jpeg", "frame"),
            WireBlob(sha256_hex(coming), 1, "image/jpeg", "photo"),
            WireBlob(sha256_hex(gone), 1, "image/jpeg", "photo", lost=True),
            WireBlob(sha256_hex(broken), 1, "image/jpeg", "photo", field="pressure"),
        ]
    )
    corrupt = phone.record("photo.corrupt", {"sha256": sha256_hex(broken), "why": "hash"})
    assert phone.outcomes(record, corrupt) == [("applied", None)] * 2
    phone.put(here)
    found = service.claims(garden.session, garden.organisation, [phone_hash(record)])
    assert [claim.state for claim in found] == ["stored", "pending", "lost", "damaged"]
    assert [claim.reused for claim in found] == [False] * 4


def phone_hash(record: dict[str, Any]) -> str:
    return sha256_hex(record["body"].encode())
