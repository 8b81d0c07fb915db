"""photos.json: an upload as it stands on the wire, request by request. docs/protocol/photos.md.

The order counts: each exchange finds what the ones before it left. Before the first one a record of the log
names every photo of the list but `a photo that no record names`.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from types import MappingProxyType

from sync.encoding import sha256_hex
from sync.proof import authorization, make_nonce, proof_message
from tests.vectors.cases.common import PHONE, T0
from tests.vectors.cases.proof import NONCE_KEY

NONCE = make_nonce(NONCE_KEY, T0)
EXPIRES = formatdate(T0 // 1000 + 48 * 3600, usegmt=True)
FIRST = 40
"""How long the first piece is, bytes."""

Headers = dict[str, str]


def _png(red: int, *, side: int = 1) -> bytes:
    """Return a PNG that says it has so many pixels a side; one of them is there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    row = zlib.compress(bytes([0, red, 90, 60]), 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


PHOTOS = {
    "the one that goes up in two pieces": _png(10),
    "the one that goes up in one request": _png(20),
    "the one that another tab sends too": _png(30),
    "the one whose bytes turn out to be others": _png(40),
    "the one with too many pixels": _png(50, side=7_000),
    "the one that is none": b"not a photo by its content",
    "a photo that no record names": _png(60),
}
TWO, ONE, SHARED, OTHER, HUGE, NONE, UNNAMED = PHOTOS.values()


def cases() -> dict[str, object]:
    """Return the content of photos.json."""
    return {
        "photos": [
            {
                "name": name,
                "sha256": sha256_hex(photo),
                "mime": "image/png",
                "size": len(photo),
                "base64": _base64(photo),
            }
            for name, photo in PHOTOS.items()
        ],
        "exchanges": [*_two_pieces(), *_one_request(), *_two_tabs(), *_refused()],
    }


def _two_pieces() -> Iterator[dict[str, object]]:
    story, first, rest = "in two pieces", TWO[:FIRST], TWO[FIRST:]
    stands = {"Upload-Offset": str(FIRST), "Upload-Expires": EXPIRES}
    yield _ask("asked for before it was begun", TWO, 404, {}, story=story)
    yield _begin("begun with its first piece", TWO, first, 201, {**stands, **_at(TWO)}, story=story)
    yield _piece("a piece that came twice", TWO, 0, first, 409, _at_offset(FIRST), "blob-offset")
    spoilt = bytes([rest[0] ^ 1]) + rest[1:]
    yield _piece(
        "a piece that changed on its way",
        TWO,
        FIRST,
        spoilt,
        460,
        {},
        "blob-checksum",
        meant=rest,
        retryable=True,
    )
    yield _ask("asked for, half way", TWO, 200, {**stands, "Upload-Length": str(len(TWO))})
    yield _begin("begun again goes on", TWO, first, 201, {**stands, **_at(TWO)})
    stored = {"Upload-Offset": str(len(TWO)), "Fieldsync-Stored": sha256_hex(TWO)}
    yield _piece("its last piece", TWO, FIRST, rest, 204, stored, story=story)
    yield _ask("asked for when it is there", TWO, 200, {**stored, "Upload-Length": str(len(TWO))})
    yield _piece("a piece that is not needed any more", TWO, FIRST, rest, 409, stored, "blob-offset")
    yield _begin("begun when it is there", TWO, b"", 201, {**stored, **_at(TWO)})


def _one_request() -> Iterator[dict[str, object]]:
    stored = {"Upload-Offset": str(len(ONE)), "Fieldsync-Stored": sha256_hex(ONE), **_at(ONE)}
    yield _begin("all of it in one request", ONE, ONE, 201, stored, story="in one request")


def _two_tabs() -> Iterator[dict[str, object]]:
    story = "another tab was quicker"
    at = {n: {"Upload-Offset": str(n), "Upload-Expires": EXPIRES} for n in (0, 20, 30)}
    yield _begin("begun without a byte", SHARED, b"", 201, {**at[0], **_at(SHARED)})
    yield _piece("the other tab's first piece", SHARED, 0, SHARED[:20], 204, at[20])
    length = {"Upload-Length": str(len(SHARED))}
    yield _ask("asked for before it is gone on with", SHARED, 200, {**at[20], **length}, story=story)
    yield _piece(
        "the other tab's second piece, as a POST", SHARED, 20, SHARED[20:30], 204, at[30], posted=True
    )
    late = SHARED[20 : 20 + FIRST]
    yield _piece(
        "a piece that comes too late",
        SHARED,
        20,
        late,
        409,
        _at_offset(30),
        "blob-offset",
        story=story,
    )
    more = 30 + FIRST
    at[more] = {"Upload-Offset": str(more), "Upload-Expires": EXPIRES}
    yield _piece("the piece where it stands", SHARED, 30, SHARED[30:more], 204, at[more], story=story)
    stored = {"Upload-Offset": str(len(SHARED)), "Fieldsync-Stored": sha256_hex(SHARED)}
    yield _piece("and the last bytes", SHARED, more, SHARED[more:], 204, stored, story=story)


def _refused() -> Iterator[dict[str, object]]:
    yield _begin("a photo that no record names", UNNAMED, UNNAMED, 409, {}, "blob-unknown")
    yield _ask("asked for, and no record names it", UNNAMED, 404, {})
    yield _piece("a piece of what was not begun", OTHER, 0, OTHER, 404, {}, "not-found")
    yield _begin("other bytes than the hash says", OTHER, ONE, 460, {}, "wrong-hash", retryable=True)
    yield _begin("no photo by its content", NONE, NONE, 415, {}, "blob-type")
    yield _begin("too many pixels", HUGE, HUGE, 413, {}, "blob-too-large")
    yield _begin(
        "another length than the record names",
        OTHER,
        b"",
        400,
        {},
        "bad-upload",
        reason="upload-length",
        length=9,
    )
    yield _begin(
        "another tus",
        OTHER,
        b"",
        412,
        {"Tus-Version": "1.0.0"},
        "tus-version",
        headers={"Tus-Resumable": "0.2.2"},
    )
    yield _exchange(
        "what of tus is spoken",
        "OPTIONS",
        f"/api/v1/blobs/{PHONE.log}",
        {},
        b"",
        204,
        {
            "Tus-Version": "1.0.0",
            "Tus-Extension": "creation,creation-with-upload,checksum,expiration",
            "Tus-Max-Size": "12582912",
            "Tus-Checksum-Algorithm": "sha256,sha1",
        },
        proven=False,
    )


def _ask(name: str, photo: bytes, status: int, answer: Headers, *, story: str = "") -> dict[str, object]:
    return _exchange(name, "HEAD", _path(photo), {}, b"", status, answer, story=story)


def _begin(
    name: str,
    photo: bytes,
    first: bytes,
    status: int,
    answer: Headers,
    slug: str = "",
    *,
    length: int | None = None,
    headers: Headers | None = None,
    story: str = "",
    **members: str | int,
) -> dict[str, object]:
    metadata = f"sha256 {_base64(sha256_hex(photo).encode())},type {_base64(b'image/png')}"
    said = {
        **_piece_headers(first),
        "Upload-Length": str(len(photo) if length is None else length),
        "Upload-Metadata": metadata,
        **(headers or {}),
    }
    path = f"/api/v1/blobs/{PHONE.log}"
    return _exchange(name, "POST", path, said, first, status, answer, slug, members, story=story)


def _piece(
    name: str,
    photo: bytes,
    offset: int,
    piece: bytes,
    status: int,
    answer: Headers,
    slug: str = "",
    *,
    meant: bytes | None = None,
    posted: bool = False,
    story: str = "",
    **members: str | int,
) -> dict[str, object]:
    """:param meant: what the piece was before it changed on its way"""
    headers = {**_piece_headers(piece if meant is None else meant), "Upload-Offset": str(offset)}
    if posted:
        headers["X-HTTP-Method-Override"] = "PATCH"
    if slug == "blob-offset":
        members["offset"] = int(answer["Upload-Offset"])
    method = "POST" if posted else "PATCH"
    return _exchange(name, method, _path(photo), headers, piece, status, answer, slug, members, story=story)


def _exchange(
    name: str,
    method: str,
    path: str,
    headers: Headers,
    body: bytes,
    status: int,
    answer: Headers,
    slug: str = "",
    members: Mapping[str, str | int] = MappingProxyType({}),
    *,
    proven: bool = True,
    story: str = "",
) -> dict[str, object]:
    """Return a request, what its proof signs, and the answer; `story` where our own phones send it."""
    sent, told, signed = dict(headers), dict(answer), None
    if proven:
        proof = authorization(PHONE, method=method, path=path, nonce=NONCE, body=body)
        sent = {"Authorization": proof, "Tus-Resumable": "1.0.0", **headers}
        told = {"Tus-Resumable": "1.0.0", "Fieldsync-Nonce": NONCE, **answer}
        signed = proof_message(method=method, path=path, nonce=NONCE, body=body).decode()
    problem = {"type": f"/problems/{slug}", "status": status, "retryable": False, **members} if slug else None
    return {
        "name": name,
        "story": story or None,
        "request": {"method": method, "path": path, "headers": sent, "base64": _base64(body)},
        "message": signed,
        "answer": {"status": status, "headers": told, "problem": problem},
    }


def _piece_headers(piece: bytes) -> Headers:
    if not piece:
        return {}
    return {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Checksum": f"sha256 {_base64(hashlib.sha256(piece).digest())}",
    }


def _path(photo: bytes) -> str:
    return f"/api/v1/blobs/{PHONE.log}/{sha256_hex(photo)}"


def _at(photo: bytes) -> Headers:
    return {"Location": _path(photo)}


def _at_offset(offset: int) -> Headers:
    return {"Upload-Offset": str(offset)}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
