"""The rescue file is read as far as it can be read, and what cannot be is named."""

from __future__ import annotations

import hashlib
import io
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import rescue
from sync.encoding import b64url_encode, sha256_hex
from sync.records import record_hash
from sync.rescue import BadLine, FoundPhoto, FoundRecord, NewerRescueFile, NoRescueFile, RescueReader
from tests.unit.sync.vectors import each, vectors

HEADER = {"rescue": 1, "made_ms": 1, "app": "0.1.0", "device": None, "logs": []}
PHOTO = bytes(range(256)) * 2_500  # 640,000 bytes: three pieces


def line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def record(text: str) -> bytes:
    return line({"record": {"body": text, "sig": "", "alg": "none"}})


def pieces(data: bytes) -> list[bytes]:
    of = -(-len(data) // rescue.PIECE_BYTES)
    return [
        line(
            {
                "photo": {
                    "sha256": sha256_hex(data),
                    "mime": "image/jpeg",
                    "size": len(data),
                    "i": i,
                    "of": of,
                    "data": b64url_encode(data[i * rescue.PIECE_BYTES :][: rescue.PIECE_BYTES]),
                }
            }
        )
        for i in range(of)
    ]


def ended(lines: list[bytes], *, records: int, photos: int) -> bytes:
    whole = b"".join(lines)
    return whole + line(
        {"end": {"records": records, "photos": photos, "sha256": hashlib.sha256(whole).hexdigest()}}
    )


def read(data: bytes) -> tuple[RescueReader, list[Any]]:
    reader = RescueReader(io.BytesIO(data))
    return reader, list(reader)


@cache
def sample() -> bytes:
    return ended(
        [line(HEADER), record("a"), record("b"), *pieces(PHOTO), *pieces(b"small")], records=2, photos=2
    )


def test_a_whole_file_gives_everything_and_says_that_it_is_whole() -> None:
    reader, found = read(sample())
    assert [f.record.body for f in found if isinstance(f, FoundRecord)] == ["a", "b"]
    assert [f.data for f in found if isinstance(f, FoundPhoto)] == [PHOTO, b"small"]
    assert not [f for f in found if isinstance(f, BadLine)]
    assert (reader.whole, reader.records, reader.photos) == (True, 2, 2)


@settings(deadline=None)
@given(st.data())
def test_of_a_cut_file_everything_before_the_cut_is_taken(data: st.DataObject) -> None:
    whole = sample()
    at = data.draw(st.integers(len(line(HEADER)), len(whole) - 2))
    reader, found = read(whole[:at])
    assert not reader.whole
    full_lines = whole[:at].count(b"\n")
    assert len([f for f in found if isinstance(f, FoundRecord)]) >= min(2, full_lines - 1)
    assert len([f for f in found if isinstance(f, FoundPhoto)]) >= (full_lines >= 6) + (full_lines >= 7)


@settings(deadline=None)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_flipped_bit_is_seen_and_costs_one_line(at: int, bit: int) -> None:
    whole = bytearray(sample())
    start = len(line(HEADER))
    place = start + at % (len(whole) - start - 2)
    whole[place] ^= 1 << bit
    reader, found = read(bytes(whole))
    assert not reader.whole
    taken = sum(isinstance(f, FoundRecord | FoundPhoto) for f in found)
    assert taken >= 2  # at most one record or photo is lost; a line feed in the wrong place takes two


def test_a_damaged_line_is_named_and_the_rest_goes_on() -> None:
    reader, found = read(
        ended([line(HEADER), record("a"), b'{"record":{"body\n', record("b")], records=2, photos=0)
    )
    assert [type(f).__name__ for f in found] == ["FoundRecord", "BadLine", "FoundRecord"]
    assert (found[1].line, found[1].reason) == (3, "json")
    assert reader.whole  # the file says itself that it was made so


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_photo_without_one_of_its_pieces_is_named(lost: int) -> None:
    left = pieces(PHOTO)
    del left[lost]
    _, found = read(b"".join([line(HEADER), *left, record("after")]))
    assert [type(f).__name__ for f in found] == ["BadLine", "FoundRecord"]
    assert sha256_hex(PHOTO) in found[0].detail


def test_pieces_of_other_bytes_are_no_photo() -> None:
    left = pieces(PHOTO)
    other = json.loads(left[1])
    other["photo"]["data"] = b64url_encode(bytes(rescue.PIECE_BYTES))
    _, found = read(b"".join([line(HEADER), left[0], line(other), left[2]]))
    assert [(f.reason, f.line) for f in found] == [("photo", 4)]


def test_a_line_that_is_too_long_is_passed_over_in_bounded_memory() -> None:
    class Endless(io.RawIOBase):
        """Half a gigabyte of one line, made as it is read."""

        def __init__(self) -> None:
            self.left = 512 * 1024 * 1024
            self.most = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            n = min(len(buffer), self.left)
            buffer[:n] = b"x" * n
            self.left -= n
            return n

    head = io.BytesIO(line(HEADER) + record("a"))
    endless = io.BufferedReader(Endless())

    class Both:
        def readline(self, limit: int = -1) -> bytes:
            return head.readline(limit) or endless.readline(limit)

    found: list[Any] = list(RescueReader(Both()))  # type: ignore[arg-type]
    assert [type(f).__name__ for f in found] == ["FoundRecord", "BadLine"]
    assert found[1].reason == "too_long"


def test_a_line_of_a_later_release_is_passed_over() -> None:
    reader, found = read(ended([line(HEADER), line({"badge": 1}), record("a")], records=1, photos=0))
    assert [type(f).__name__ for f in found] == ["FoundRecord"]
    assert reader.whole


@pytest.mark.parametrize(
    "first",
    [b"", b"\n", b"{}\n", b'{"rescue":0}\n', b"\x89PNG", b'{"rescue":"1"}\n', b'{"rescue":1}\n', b"\xff"],
)
def test_what_is_no_rescue_file_is_not_read(first: bytes) -> None:
    with pytest.raises(NoRescueFile):
        RescueReader(io.BytesIO(first + record("a")))


def test_a_later_format_is_refused_by_its_number() -> None:
    with pytest.raises(NewerRescueFile, match="version 2"):
        RescueReader(io.BytesIO(b'{"rescue":2,"new":"things"}\n'))


@pytest.mark.parametrize("end", [{"records": 2}, {"photos": 1}, {"sha256": "0" * 64}])
def test_an_end_that_says_something_else_is_seen(end: dict[str, Any]) -> None:
    lines = [line(HEADER), record("a")]
    said = {"records": 1, "photos": 0, "sha256": hashlib.sha256(b"".join(lines)).hexdigest(), **end}
    reader, found = read(b"".join(lines) + line({"end": said}))
    assert not reader.whole
    assert len(found) == 1


@pytest.mark.parametrize("case", each(vectors("rescue")["files"]))
def test_a_shared_file_is_read_as_far_as_it_goes(case: dict[str, Any]) -> None:
    reader = RescueReader(io.BytesIO(case["text"].encode()))

    found = list(reader)

    records = [record_hash(one.record.body) for one in found if isinstance(one, FoundRecord)]
    assert records == case["records"]
    assert [one.sha256 for one in found if isinstance(one, FoundPhoto)] == case["photos"]
    assert (reader.whole and not any(isinstance(one, BadLine) for one in found)) is case["whole"]


@pytest.mark.parametrize("case", each(vectors("rescue")["refused"]))
def test_what_is_no_shared_file_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises((NoRescueFile, NewerRescueFile)):
        RescueReader(io.BytesIO(case["text"].encode()))
