"""The rescue file: everything that a phone holds, in lines that can be read one by one.

See ``docs/protocol/rescue.md``. A file that was cut or damaged is read as far as it goes: each line
stands for itself, and what cannot be used is named by its line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, BinaryIO, Literal

import msgspec
from msgspec import Meta, Struct

from sync.encoding import EncodingError, b64url_decode, sha256_hex
from sync.records import WireRecord
from sync.scalars import App, Count, Hash, Int, LogId, Uuid
from sync.strict import StrictError, loads

MAX_LINE_BYTES = 4_194_304
"""No line is longer."""

PIECE_BYTES = 262_144
"""Every piece of a photo but the last has exactly so many bytes."""

MAX_PHOTO_BYTES = 12_582_912

_MEMBERS = ("rescue", "record", "photo", "end")
_VERSION = re.compile(rb'\s*\{\s*"rescue"\s*:\s*([0-9]{1,9})\s*[,}]')

Reason = Literal["json", "too_long", "record", "photo", "header", "after_end"]


class NoRescueFile(ValueError):
    """The first line is no header: nothing of the file is read."""


class NewerRescueFile(ValueError):
    """The format is of a later version than this reader knows."""


class DeviceName(Struct, frozen=True):
    """The phone as it knew itself."""

    id: Uuid
    name: str


class LogKey(Struct, frozen=True):
    """A log in the file and its public key, empty where the phone no longer had it."""

    log: LogId
    public_key: Annotated[str, Meta(max_length=400)]
    alg: Annotated[str, Meta(max_length=16)]


class Header(Struct, frozen=True):
    """The first line. `made_ms` is the phone's clock."""

    rescue: Literal[1]
    made_ms: Int
    app: App
    device: DeviceName | None
    logs: Annotated[list[LogKey], Meta(max_length=10_000)]


class _Piece(Struct, frozen=True):
    sha256: Hash
    mime: Literal["image/jpeg", "image/png", "image/webp", "audio/webm", "audio/mp4"]
    size: Annotated[int, Meta(ge=1, le=MAX_PHOTO_BYTES)]
    i: Count
    of: Annotated[int, Meta(ge=1, le=MAX_PHOTO_BYTES // PIECE_BYTES + 1)]
    data: Annotated[str, Meta(max_length=PIECE_BYTES * 4 // 3 + 3)]


class _End(Struct, frozen=True):
    records: Count
    photos: Count
    sha256: Hash


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record as a push would send it, and the line it stands in."""

    line: int
    record: WireRecord


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A whole photo with its hash, and the line of its last piece."""

    line: int
    sha256: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used. Lines count from 1."""

    line: int
    reason: Reason
    detail: str = ""


Found = FoundRecord | FoundPhoto | BadLine


@dataclass(slots=True)
class _Photo:
    """The pieces of a photo that have come so far."""

    first: _Piece
    data: bytearray = field(default_factory=bytearray)
    expected: int = 0


class RescueReader:
    """Reads one file, line by line, never holding more than one line and one photo.

    Iterating yields what was found; then `whole` says whether the file is as it was made.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Read the header.

        :raises NoRescueFile, NewerRescueFile: this is none, or one of a later version
        """
        self._file = file
        self._hash = hashlib.sha256()
        self._line = 0
        self._too_long = False
        self._photo: _Photo | None = None
        self.records = 0
        """Records read."""
        self.photos = 0
        """Whole photos read."""
        self.whole = False
        """Whether the file ended as it said it would. Known when everything was read."""
        self.header = self._read_header()

    def __iter__(self) -> Iterator[Found]:
        """Yield records, photos and bad lines in their order."""
        ended = False
        while (text := self._next()) is not None:
            if ended:
                self.whole = False
                yield BadLine(self._line, "after_end")
                continue
            if self._too_long:
                self._hash.update(text)
                yield BadLine(self._line, "too_long")
                continue
            found = self._read(text)
            if isinstance(found, _End):
                self.whole = (found.records, found.photos) == (self.records, self.photos) and (
                    found.sha256 == self._hash.hexdigest()
                )
                ended = True
                continue
            self._hash.update(text)
            if not isinstance(found, _Piece):
                yield from self._give_up_photo()
                if found is not None:
                    yield found
                continue
            yield from self._take_piece(found)
        yield from self._give_up_photo()

    def _read_header(self) -> Header:
        text = self._next() or b""
        self._hash.update(text)
        if self._too_long:
            raise NoRescueFile("the first line is too long")
        version = _VERSION.match(text)
        if version is None:
            raise NoRescueFile("the first line is no header of a rescue file")
        if int(version.group(1)) > 1:
            raise NewerRescueFile(
                f"rescue file of version {int(version.group(1))}; this reader knows version 1"
            )
        try:
            return msgspec.convert(loads(text, max_bytes=MAX_LINE_BYTES), Header)
        except (StrictError, msgspec.ValidationError) as error:
            raise NoRescueFile(str(error)) from None

    def _next(self) -> bytes | None:
        """Return the next line, None at the end; of one that is too long nothing but its hash is kept."""
        text = self._file.readline(MAX_LINE_BYTES + 1)
        if not text:
            return None
        self._line += 1
        self._too_long = len(text) > MAX_LINE_BYTES and not text.endswith(b"\n")
        while self._too_long and text and not text.endswith(b"\n"):
            self._hash.update(text)
            text = self._file.readline(65_536)
        return text

    def _read(self, text: bytes) -> FoundRecord | BadLine | _Piece | _End | None:
        try:
            line = loads(text)
        except StrictError as error:
            return BadLine(self._line, "json", str(error)[:200])
        if not isinstance(line, dict):
            return BadLine(self._line, "json", "not an object")
        kind = next((name for name in _MEMBERS if name in line), None)
        try:
            if kind == "record":
                found = FoundRecord(self._line, msgspec.convert(line["record"], WireRecord))
                self.records += 1
                return found
            if kind == "photo":
                return msgspec.convert(line["photo"], _Piece)
            if kind == "end":
                return msgspec.convert(line["end"], _End)
        except msgspec.ValidationError as error:
            reason: Reason = "record" if kind == "record" else "photo" if kind == "photo" else "json"
            return BadLine(self._line, reason, str(error)[:200])
        return BadLine(self._line, "header", "a second header") if kind == "rescue" else None

    def _take_piece(self, piece: _Piece) -> Iterator[Found]:
        if self._photo is None or self._photo.first.sha256 != piece.sha256 or piece.i == 0:
            yield from self._give_up_photo()
            self._photo = _Photo(piece)
        photo = self._photo
        try:
            data = b64url_decode(piece.data)
        except EncodingError:
            data = b""
        if piece.i != photo.expected or len(photo.data) + len(data) > piece.size or not data:
            photo.expected = -1  # no later piece can mend it
            return
        photo.data += data
        photo.expected += 1
        if photo.expected < piece.of:
            return
        self._photo = None
        if len(photo.data) != piece.size or sha256_hex(bytes(photo.data)) != piece.sha256:
            yield BadLine(self._line, "photo", f"{piece.sha256}: other bytes than its hash names")
            return
        self.photos += 1
        yield FoundPhoto(self._line, piece.sha256, piece.mime, bytes(photo.data))

    def _give_up_photo(self) -> Iterator[BadLine]:
        """Name a photo of which pieces are missing."""
        photo, self._photo = self._photo, None
        if photo is not None:
            yield BadLine(self._line, "photo", f"{photo.first.sha256}: pieces are missing")
