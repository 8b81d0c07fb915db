"""What tus's headers may say, and what is answered to those that cannot be meant."""

from __future__ import annotations

import pytest

from sync.encoding import sha256_hex
from sync.proof import NONCE_HEADER
from tests.api.field import PIECE_TYPE, Garden, Handset, b64encode, slug
from tests.api.ledger.photos import at, files, on_sqlite, phone, photo, stored

__all__ = ["phone", "photo"]


def test_what_the_server_speaks_is_told_to_anybody(garden: Garden, phone: Handset) -> None:
    for path in (f"/api/v1/blobs/{phone.log}", f"/api/v1/blobs/{phone.log}/{'0' * 64}"):
        answer = garden.app.test_client().options(path)
        assert answer.status_code == 204
        told = {name: value for name, value in answer.headers.items() if name.startswith("Tus-")}
        assert told == {
            "Tus-Version": "1.0.0",
            "Tus-Extension": "creation,creation-with-upload,checksum,expiration",
            "Tus-Max-Size": "12582912",
            "Tus-Checksum-Algorithm": "sha256,sha1",
        }


@on_sqlite
def test_every_answer_says_which_tus_it_speaks(phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    for answer in (
        phone.standing(name),
        phone.create(name, len(photo)),
        phone.patch(name, 7, b"x"),
        phone.patch(name, 0, b"x"),
        phone.standing(name),
    ):
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert answer.headers[NONCE_HEADER]
        assert "no-store" in answer.headers["Cache-Control"]


@on_sqlite
@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1", ""])
def test_another_tus_is_not_spoken(phone: Handset, photo: bytes, version: str | None) -> None:
    name = sha256_hex(photo)
    for answer in (
        phone.create(name, len(photo), Tus_Resumable=version),
        phone.patch(name, 0, b"x", Tus_Resumable=version),
    ):
        assert (answer.status_code, slug(answer)) == (412, "tus-version")
        assert answer.headers["Tus-Version"] == "1.0.0"
    assert phone.standing(name, Tus_Resumable=version).status_code == 412


BAD_NUMBERS = [
    "",
    "-1",
    "1e9",
    "0x10",
    "1.0",
    " 7",
    "7 7",
    "7,7",
    "+7",
    "７００",
    "١٢",
    "9" * 16,
    "NaN",
    "\x00",
]


@on_sqlite
@pytest.mark.parametrize("text", BAD_NUMBERS)
def test_a_count_of_bytes_is_plain_digits(garden: Garden, phone: Handset, photo: bytes, text: str) -> None:
    name = sha256_hex(photo)
    sent = text.encode("utf-8").decode("latin-1")  # as the bytes of a header arrive
    answer = phone.create(name, sent, photo[:9])
    assert (answer.status_code, slug(answer)) == (400, "bad-upload")
    assert files(garden) == []
    phone.create(name, len(photo))
    answer = phone.patch(name, sent, b"x")
    assert (answer.status_code, slug(answer)) == (400, "bad-upload")
    assert at(phone.standing(name)) == 0


BAD_METADATA = [
    None,
    "",
    "sha256",
    "sha256 !!!",
    f"sha256 {b64encode('0' * 63)}",
    f"sha256 {b64encode('g' * 64)}",
    f"sha256 {b64encode('../../../etc/passwd')}",
    f"sha256 {b64encode('0' * 64)},sha256 {b64encode('1' * 64)}",
    f"SHA256 {b64encode('0' * 64)}",
    f"sha256 {b64encode('0' * 64)},{'x' * 61} eA==",
    f"sha256 {b64encode('0' * 64)},type /////w==",
    "sha256 " + "A" * 3_000,
]


@on_sqlite
@pytest.mark.parametrize("metadata", BAD_METADATA)
def test_metadata_that_names_no_photo_is_refused(
    garden: Garden, phone: Handset, photo: bytes, metadata: str | None
) -> None:
    answer = phone.create(sha256_hex(photo), len(photo), photo, Upload_Metadata=metadata)
    assert (answer.status_code, slug(answer)) == (400, "bad-upload")
    assert files(garden) == []


@on_sqlite
def test_what_a_strange_client_adds_to_the_metadata_is_passed_over(phone: Handset, photo: bytes) -> None:
    metadata = f"filename {b64encode('a.jpg')}, sha256 {b64encode(sha256_hex(photo))}, is_private"
    assert phone.create(sha256_hex(photo), len(photo), photo, Upload_Metadata=metadata).status_code == 201


@on_sqlite
@pytest.mark.parametrize("header", ["md5 AAAA", "sha256 ***", "sha256", "", "sha256 ÿ"])
def test_a_checksum_that_cannot_be_read_is_refused(phone: Handset, photo: bytes, header: str) -> None:
    answer = phone.create(sha256_hex(photo), len(photo), photo, Upload_Checksum=header)
    assert (answer.status_code, slug(answer)) == (400, "bad-upload")


@on_sqlite
def test_a_piece_must_be_declared_as_one(phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    for answer in (
        phone.create(name, len(photo), photo, Content_Type="image/jpeg"),
        phone.patch(name, 0, photo, Content_Type="application/octet-stream"),
    ):
        assert (answer.status_code, slug(answer)) == (415, "media-type")


@on_sqlite
def test_where_no_patch_passes_a_post_stands_for_it(garden: Garden, phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo))
    path = f"/api/v1/blobs/{phone.log}/{name}"
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    plain = phone.send("", photo, path=path, content_type=PIECE_TYPE, headers=headers)
    assert (plain.status_code, slug(plain)) == (400, "bad-upload")
    headers["X-HTTP-Method-Override"] = "PATCH"
    assert phone.send("", photo, path=path, content_type=PIECE_TYPE, headers=headers).status_code == 204
    assert stored(garden) == [name]


@on_sqlite
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_there_is_one_way_to_send_a_photo_and_none_to_read_or_remove_it(
    phone: Handset, photo: bytes, method: str
) -> None:
    path = f"/api/v1/blobs/{phone.log}/{sha256_hex(photo)}"
    answer = phone.send("", photo, method=method, path=path, content_type="image/jpeg")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"HEAD", "OPTIONS", "PATCH", "POST"}


@on_sqlite
def test_a_photo_whose_upload_was_not_begun_has_no_place_for_a_piece(phone: Handset, photo: bytes) -> None:
    for name in (sha256_hex(photo), "0" * 64, "x", "%2e%2e%2f"):
        assert phone.patch(name, 0, photo).status_code == 404
        assert phone.standing(name).status_code == 404
