"""tus 1.0.0 at the edge: headers in, a piece of a photo in, refusals out. Nothing is guessed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from tempfile import SpooledTemporaryFile

from flask import Request

from server.ledger.blobs import pictures, sounds
from server.ledger.blobs.files import BLOCK
from server.ledger.blobs.problems import BadUpload, BlobChecksum, BlobType, TusVersion
from server.ledger.blobs.uploads import Piece
from server.ledger.wire import MediaType, arriving
from sync.encoding import is_hash

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration"
CHECKSUMS = ("sha256", "sha1")
"""sha1 because the extension asks every server for it; phones use sha256."""

PIECE_TYPE = "application/offset+octet-stream"
MEMORY = 1_048_576
"""A piece up to this many bytes stays in memory; a longer one waits in the data folder."""

METADATA_CHARACTERS = 2_048

TAKEN = (*pictures.TYPES.values(), *sounds.TYPES)
"""The types of what is taken: photos and voice notes."""

_NUMBER = re.compile(r"[0-9]{1,15}\Z")
_KEY = re.compile(r"[!-+\--~]{1,60}\Z")


@contextmanager
def received(request: Request, *, most: int, folder: Path) -> Iterator[Piece]:
    """Take the request's bytes, hashing them as they come.

    :param folder: where a long piece waits, so that it takes no memory
    :raises TooLarge: more than `most` bytes
    :raises OSError: no room to let it wait
    """
    digest = hashlib.sha256()
    size = 0
    with SpooledTemporaryFile(max_size=MEMORY, dir=str(folder)) as file:
        for block in arriving(request, most):
            digest.update(block)
            size += len(block)
            file.write(block)
        yield Piece(file, size, digest.hexdigest())


def check_version(request: Request) -> None:
    """Refuse another version of tus, or none.

    :raises TusVersion: it is not 1.0.0
    """
    if request.headers.get("Tus-Resumable") != VERSION:
        raise TusVersion()


def check_type(request: Request) -> None:
    """Refuse a piece that is not declared as one.

    :raises MediaType: it is not
    """
    if request.mimetype != PIECE_TYPE:
        raise MediaType(f"Content-Type must be {PIECE_TYPE}")


def check_sum(request: Request, piece: Piece) -> None:
    """Compare a piece with the `Upload-Checksum` that came with it, if one did.

    :raises BadUpload: the header cannot be read, or names another algorithm
    :raises BlobChecksum: the bytes changed on their way
    """
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return
    algorithm, _, value = header.partition(" ")
    if algorithm not in CHECKSUMS or not value:
        raise BadUpload("upload-checksum", f"Upload-Checksum must be one by {' or '.join(CHECKSUMS)}")
    if not hmac.compare_digest(_base64("upload-checksum", value), _digest(piece, algorithm)):
        raise BlobChecksum()


def number(request: Request, header: str) -> int:
    """Return a header that is a count of bytes.

    :raises BadUpload: it is missing, doubled, or not plain digits
    """
    text = request.headers.get(header, "")
    if not _NUMBER.match(text):
        raise BadUpload(header.lower(), f"{header} must be a count of bytes in digits")
    return int(text)


def named_photo(request: Request) -> str:
    """Return the hash that a creation's `Upload-Metadata` names.

    :raises BadUpload: the header cannot be read, or names none
    :raises BlobType: it declares a type that is not taken
    """
    given = _metadata(request.headers.get("Upload-Metadata", ""))
    if "type" in given and given["type"] not in TAKEN:
        raise BlobType(f"type must be one of {', '.join(TAKEN)}")
    sha256 = given.get("sha256", "")
    if not is_hash(sha256):
        raise BadUpload("upload-metadata", "sha256 must be the photo's hash, 64 hex digits")
    return sha256


def http_date(ms: int) -> str:
    """Return a moment as `Upload-Expires` has it."""
    return formatdate(ms / 1000, usegmt=True)


def _digest(piece: Piece, algorithm: str) -> bytes:
    if algorithm == "sha256":
        return bytes.fromhex(piece.sha256)
    digest = hashlib.sha1(usedforsecurity=False)
    piece.file.seek(0)
    while block := piece.file.read(BLOCK):
        digest.update(block)
    return digest.digest()


def _metadata(header: str) -> dict[str, str]:
    given: dict[str, str] = {}
    if len(header) > METADATA_CHARACTERS:
        raise BadUpload("upload-metadata", f"at most {METADATA_CHARACTERS} characters")
    for pair in filter(None, header.split(",")):
        key, _, value = pair.strip(" ").partition(" ")
        if not _KEY.match(key) or key in given:
            raise BadUpload("upload-metadata", "keys must be printable and stand there once")
        try:
            given[key] = _base64("upload-metadata", value).decode("utf-8")
        except UnicodeDecodeError:
            raise BadUpload("upload-metadata", f"{key} is not UTF-8") from None
    return given


def _base64(reason: str, text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadUpload(reason, "not base64") from None
