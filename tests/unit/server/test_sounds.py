"""A voice note is known by its content: WebM or MP4, sound alone, whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger.blobs import pictures, sounds
from server.ledger.blobs.problems import BlobTooLarge, BlobType

CLUSTER = b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff" + bytes(200)


def webm(codec: bytes = b"A_OPUS", *, doc: bytes = b"webm", cluster: bytes = CLUSTER) -> bytes:
    """Return what a browser's recorder begins with: its index names the one cluster before it comes."""
    index = b"\x11\x4d\x9b\x74\x8e\x4d\xbb\x8b\x53\xab\x84\x1f\x43\xb6\x75\x53\xac\x81\xd7"
    begin = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84" + doc + b"\x18\x53\x80\x67"
    return begin + index + codec + bytes(20) + cluster


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box of MP4."""
    inside = b"".join(parts)
    return (len(inside) + 8).to_bytes(4, "big") + kind + inside


def mp4(*handlers: bytes) -> bytes:
    """Return a file with a track for each handler."""
    tracks = [box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), h, bytes(12)))) for h in handlers]
    return box(b"ftyp", b"M4A isom") + box(b"moov", *tracks) + box(b"mdat", bytes(300))


def examined(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return pictures.examine(path).mime


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "note"


@pytest.mark.parametrize(
    ("data", "mime"), [(webm(), "audio/webm"), (webm(b"A_VORBIS"), "audio/webm"), (mp4(b"soun"), "audio/mp4")]
)
def test_a_voice_note_is_known(file: Path, data: bytes, mime: str) -> None:
    assert examined(file, data) == mime


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(webm(b"V_VP8 A_OPUS"), id="a film with sound"),
        pytest.param(webm(b"S_TEXT"), id="no sound"),
        pytest.param(webm(doc=b"mkv4"), id="another document type"),
        pytest.param(webm(cluster=b""), id="nothing after its head"),
        pytest.param(mp4(b"soun", b"vide"), id="an MP4 film"),
        pytest.param(mp4(b"vide"), id="pictures alone"),
        pytest.param(mp4(), id="no track"),
        pytest.param(mp4(b"soun")[:-1], id="an MP4 that is cut"),
        pytest.param(mp4(b"soun") + b"\0\0", id="two bytes too many"),
        pytest.param(box(b"ftyp", b"M4A ") + box(b"mdat", bytes(9)), id="no index"),
        pytest.param(b"\x1a\x45\xdf\xa3", id="four bytes"),
        pytest.param(b"RIFF\x24\0\0\0WAVEfmt ", id="a WAV"),
        pytest.param(b"ID3\x04" + bytes(100), id="an MP3"),
        pytest.param(b"<html><script>", id="a page"),
    ],
)
def test_what_is_no_voice_note_is_refused(file: Path, data: bytes) -> None:
    with pytest.raises(BlobType):
        examined(file, data)


def test_a_voice_note_is_at_most_512_kib(file: Path) -> None:
    assert examined(file, webm().ljust(sounds.MOST_BYTES, b"\0")) == "audio/webm"
    with pytest.raises(BlobTooLarge):
        examined(file, webm().ljust(sounds.MOST_BYTES + 1, b"\0"))


@given(st.binary(max_size=300), st.sampled_from([b"\x1a\x45\xdf\xa3", b"\0\0\0\x10ftyp", mp4(b"soun")[:40]]))
def test_no_bytes_upset_the_look(tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    with suppress(BlobType):
        assert examined(path, head + data) in sounds.TYPES
