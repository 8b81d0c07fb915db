"""Photos in pieces: tus 1.0.0, wherever it is cut, doubled, bent or broken off."""

from __future__ import annotations

import base64
import errno
import hashlib
import io
import os
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from server.ledger.blobs import files as disk
from server.ledger.blobs import tus
from sync.encoding import sha256_hex
from sync.proof import authorization
from tests.api.field import PIECE_TYPE, Garden, Handset, b64encode, slug
from tests.api.ledger.photos import (
    at,
    big_picture,
    data_dir,
    files,
    named,
    noise,
    on_sqlite,
    phone,
    photo,
    picture,
    stored,
)

__all__ = ["phone", "photo"]

PIECE = 262_144


def checksum(piece: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()}"


def test_a_photo_goes_in_pieces_and_only_the_last_makes_it_one(
    garden: Garden, phone: Handset, photo: bytes
) -> None:
    name = sha256_hex(photo)
    begun = phone.create(name, len(photo))
    assert (begun.status_code, at(begun)) == (201, 0)
    for start in range(0, len(photo), PIECE):
        assert stored(garden) == []
        standing = phone.standing(name)
        assert (at(standing), standing.headers["Upload-Length"]) == (start, str(len(photo)))
        piece = photo[start : start + PIECE]
        answer = phone.patch(name, start, piece, Upload_Checksum=checksum(piece))
        assert (answer.status_code, at(answer)) == (204, start + len(piece))
    assert stored(garden) == [name]
    assert [path.read_bytes() for path in files(garden)] == [photo]
    assert at(phone.standing(name)) == len(photo)
    assert "Upload-Expires" not in answer.headers


@on_sqlite
@pytest.mark.parametrize("border", [0, PIECE, 2 * PIECE, 700_000])
@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_wherever_it_is_cut_it_goes_on_from_there(
    garden: Garden, phone: Handset, photo: bytes, border: int, beside: int
) -> None:
    cut, name = border + beside, sha256_hex(photo)
    if not 0 <= cut <= len(photo):
        return
    first = phone.create(name, len(photo), photo[:cut])
    assert (first.status_code, at(first)) == (201, cut)
    answer = phone.patch(name, cut, photo[cut:])
    assert (answer.status_code, at(answer)) == (204, len(photo))
    assert [path.read_bytes() for path in files(garden)] == [photo]


def test_to_begin_again_goes_on_from_where_it_stood(garden: Garden, phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])
    again = phone.create(name, len(photo), photo)  # the first answer was lost; these bytes are not needed
    assert (again.status_code, at(again)) == (201, PIECE)
    assert phone.patch(name, PIECE, photo[PIECE:]).status_code == 204
    assert stored(garden) == [name]


@on_sqlite
def test_a_piece_for_another_place_is_told_the_right_one(phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])
    for wrong in (0, PIECE - 1, PIECE + 1, len(photo), 999_999_999_999_999):
        answer = phone.patch(name, wrong, photo[:10])
        assert (answer.status_code, slug(answer), at(answer)) == (409, "blob-offset", PIECE)
    assert at(phone.standing(name)) == PIECE


@on_sqlite
def test_a_piece_that_came_twice_counts_once(garden: Garden, phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo))
    assert phone.patch(name, 0, photo[:PIECE]).status_code == 204
    again = phone.patch(name, 0, photo[:PIECE])
    assert (again.status_code, at(again)) == (409, PIECE)
    phone.patch(name, PIECE, photo[PIECE:])
    last = phone.patch(name, PIECE, photo[PIECE:])
    assert (last.status_code, at(last)) == (409, len(photo))
    assert phone.patch(name, len(photo), b"").status_code == 204
    assert [path.read_bytes() for path in files(garden)] == [photo]


@on_sqlite
@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_of_a_piece_that_changed_on_its_way_nothing_is_kept(
    garden: Garden, phone: Handset, photo: bytes, algorithm: str
) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])
    piece = photo[PIECE : 2 * PIECE]
    flipped = piece[:-1] + bytes([piece[-1] ^ 8])
    answer = phone.patch(name, PIECE, flipped, Upload_Checksum=checksum(piece, algorithm))
    assert (answer.status_code, slug(answer)) == (460, "blob-checksum")
    assert at(phone.standing(name)) == PIECE
    assert files(garden)[0].read_bytes() == photo[:PIECE]
    assert phone.patch(name, PIECE, piece, Upload_Checksum=checksum(piece, algorithm)).status_code == 204


@on_sqlite
def test_a_first_piece_that_changed_on_its_way_begins_nothing(
    garden: Garden, phone: Handset, photo: bytes
) -> None:
    answer = phone.create(sha256_hex(photo), len(photo), photo[:9], Upload_Checksum=checksum(photo[:10]))
    assert (answer.status_code, slug(answer)) == (460, "blob-checksum")
    assert files(garden) == []


@on_sqlite
def test_a_changed_piece_without_a_checksum_is_found_by_its_proof(phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo))
    path = f"/api/v1/blobs/{phone.log}/{name}"
    proof = authorization(phone.key, method="PATCH", path=path, nonce=phone.nonce(), body=photo[:PIECE])
    headers = {"Authorization": proof, "Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    answer = phone.client.patch(path, data=b"\0" + photo[1:PIECE], content_type=PIECE_TYPE, headers=headers)
    assert (answer.status_code, slug(answer)) == (401, "proof-wrong")
    assert at(phone.standing(name)) == 0


def test_bytes_that_changed_after_the_second_piece_are_begun_again(
    garden: Garden, phone: Handset, photo: bytes
) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])
    phone.patch(name, PIECE, noise(PIECE))
    answer = phone.patch(name, 2 * PIECE, photo[2 * PIECE :])
    assert (answer.status_code, slug(answer)) == (460, "wrong-hash")
    assert files(garden) == []
    assert stored(garden) == []
    assert phone.standing(name).status_code == 404
    assert phone.patch(name, 2 * PIECE, photo[2 * PIECE :]).status_code == 404
    assert phone.create(name, len(photo), photo).status_code == 201
    assert stored(garden) == [name]


@on_sqlite
def test_more_bytes_than_the_photo_has_are_not_taken(garden: Garden, phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    answer = phone.create(name, len(photo), photo + b"x")
    assert (answer.status_code, slug(answer)) == (400, "bad-upload")
    assert files(garden) == []
    phone.create(name, len(photo), photo[:PIECE])
    answer = phone.patch(name, PIECE, photo[PIECE:] + b"x")
    assert (answer.status_code, slug(answer)) == (400, "bad-upload")
    assert at(phone.standing(name)) == PIECE


@on_sqlite
def test_two_phones_with_the_same_photo_do_not_see_each_other(garden: Garden, phone: Handset) -> None:
    other, photo = garden.handset(actor="liu"), big_picture()
    name = sha256_hex(photo)
    for each in (phone, other):
        each.push(named(each, photo))
        assert at(each.create(name, len(photo))) == 0
    phone.patch(name, 0, photo[:PIECE])
    assert at(other.standing(name)) == 0
    other.patch(name, 0, photo)
    assert stored(garden) == [name]
    # the first finds it whole wherever it goes on
    answer = phone.patch(name, PIECE, photo[PIECE:])
    assert (answer.status_code, at(answer)) == (409, len(photo))


def all_at_once(count: int, act: Any) -> list[Any]:
    """Let `act(i)` run in as many threads, all let go together; return what they return."""
    barrier, results = threading.Barrier(count), [None] * count

    def one(i: int) -> None:
        barrier.wait()
        results[i] = act(i)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_twenty_requests_for_one_piece_one_wins(garden: Garden, phone: Handset, photo: bytes) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo))
    phone.nonce()
    answers = all_at_once(20, lambda _i: phone.patch(name, 0, photo[:PIECE]).status_code)
    assert answers.count(204) == 1
    assert set(answers) <= {204, 409, 423}
    assert files(garden)[0].read_bytes() == photo[:PIECE]


def test_twenty_photos_at_once_all_arrive(garden: Garden, phone: Handset) -> None:
    photos = [picture(color=f"#{12 * i:02x}0000") for i in range(19)]
    photos.append(photos[0])
    phone.push(named(phone, *photos[:19]))
    phone.nonce()
    answers = all_at_once(20, lambda i: phone.upload(photos[i]).status_code)
    assert sorted(answers)[:19] == [201] * 19
    assert answers[0] in (201, 423)
    assert stored(garden) == sorted({sha256_hex(photo) for photo in photos})


def test_a_piece_that_waits_for_another_request_is_told_to_come_again(
    garden: Garden, phone: Handset, photo: bytes
) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])
    with disk.opened(files(garden)[0]):
        for answer in (phone.patch(name, PIECE, photo[PIECE:]), phone.create(name, len(photo))):
            assert (answer.status_code, slug(answer)) == (423, "blob-busy")
            assert b'"retryable":true' in answer.get_data()
    assert phone.patch(name, PIECE, photo[PIECE:]).status_code == 204


@on_sqlite
@pytest.mark.parametrize("call", ["pwrite", "fsync"])
def test_a_disk_that_fills_up_in_mid_photo_keeps_what_was_acknowledged(
    garden: Garden, phone: Handset, photo: bytes, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])
    right = os.pwrite

    def full(handle: int, *rest: Any) -> int:
        if call == "pwrite" and rest[1] == PIECE:
            return right(handle, rest[0][:1_000], rest[1])  # the disk takes a little, then no more
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        answer = phone.patch(name, PIECE, photo[PIECE:])
    assert (answer.status_code, slug(answer)) == (507, "disk-full")
    assert files(garden)[0].read_bytes() == photo[:PIECE]
    assert phone.patch(name, PIECE, photo[PIECE:]).status_code == 204
    assert stored(garden) == [name]


@on_sqlite
def test_after_a_failed_fsync_nothing_is_built_upon(
    garden: Garden, phone: Handset, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])

    def broken(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        assert phone.patch(name, PIECE, photo[PIECE:]).status_code == 503
    assert phone.standing(name).status_code == 404
    assert phone.create(name, len(photo), photo).status_code == 201


@on_sqlite
def test_a_piece_is_durable_before_its_offset_is_told(
    phone: Handset, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, order = sha256_hex(photo), list[str]()
    phone.nonce()
    right_write, right_sync = os.pwrite, os.fsync

    def write(*args: Any) -> int:
        order.append("write")
        return right_write(*args)

    def sync(handle: int) -> None:
        order.append("folder" if Path(f"/proc/self/fd/{handle}").resolve().is_dir() else "file")
        right_sync(handle)

    monkeypatch.setattr(os, "pwrite", write)
    monkeypatch.setattr(os, "fsync", sync)
    phone.create(name, len(photo), photo[:PIECE])
    assert order[-3:] == ["write", "file", "folder"]  # its name too: it was made now
    order.clear()
    phone.patch(name, PIECE, photo[PIECE : PIECE + 10])
    assert order == ["write", "file"]


def test_bytes_that_all_came_and_were_not_looked_at_are_no_photo_yet(
    garden: Garden, phone: Handset, photo: bytes
) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])
    [part] = files(garden)
    part.write_bytes(photo)  # as after a kill between the last byte and the look at the whole
    assert phone.standing(name).status_code == 404
    answer = phone.create(name, len(photo))
    assert (answer.status_code, at(answer)) == (201, len(photo))
    assert stored(garden) == [name]


@on_sqlite
def test_bytes_that_all_came_wrong_are_found_when_it_is_begun_again(
    garden: Garden, phone: Handset, photo: bytes
) -> None:
    name = sha256_hex(photo)
    phone.create(name, len(photo), photo[:PIECE])
    [part] = files(garden)
    part.write_bytes(noise(len(photo)))
    answer = phone.create(name, len(photo), photo)  # the right bytes, but not those that lie there
    assert (answer.status_code, slug(answer)) == (460, "wrong-hash")
    assert phone.create(name, len(photo), photo).status_code == 201


@on_sqlite
def test_a_long_piece_takes_no_memory(garden: Garden, phone: Handset) -> None:
    photo = big_picture(12_582_912)
    phone.push(named(phone, photo))
    body = io.BytesIO(photo)
    path = f"/api/v1/blobs/{phone.log}"
    metadata = f"sha256 {b64encode(sha256_hex(photo))}"
    proof = authorization(phone.key, method="POST", path=path, nonce=phone.nonce(), body=photo)
    headers = {
        "Authorization": proof,
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(photo)),
        "Upload-Metadata": metadata,
    }
    tracemalloc.start()
    answer = phone.client.post(
        path, input_stream=body, content_length=len(photo), content_type=PIECE_TYPE, headers=headers
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 201
    assert peak < tus.MEMORY + 2_000_000
    assert [path.name for path in data_dir(garden).iterdir() if path.name.startswith("tmp")] == []


@on_sqlite
def test_a_body_that_ends_early_is_nothing(garden: Garden, phone: Handset, photo: bytes) -> None:
    path = f"/api/v1/blobs/{phone.log}"
    proof = authorization(phone.key, method="POST", path=path, nonce=phone.nonce(), body=photo)
    answer = phone.client.post(
        path,
        input_stream=io.BytesIO(photo[:-1]),
        content_length=len(photo),
        content_type=PIECE_TYPE,
        headers={"Authorization": proof, "Tus-Resumable": "1.0.0"},
    )
    assert answer.status_code in (400, 401)
    assert files(garden) == []
