"""What a voice note is, by its content: WebM or MP4 with sound and no pictures, not cut.

Only its frame is read; nobody decodes it here. A browser plays it, in a page whose policy lets it do
nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from server.ledger.blobs.problems import BlobTooLarge, BlobType

MOST_BYTES = 524_288
"""512 KiB: ten seconds at more than ten times the rate that phones are told to record with."""

TYPES = ("audio/webm", "audio/mp4")

_EBML = b"\x1a\x45\xdf\xa3"
_CLUSTER = re.compile(rb"(?<!\x53\xab\x84)\x1f\x43\xb6\x75")
"""The id of a cluster; not where the index at the head (a `SeekID` of four bytes) only names it."""
_VIDEO_CODECS = (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG", b"V_THEORA", b"V_MS")
_AUDIO_CODECS = (b"A_OPUS", b"A_VORBIS", b"A_PCM", b"A_AAC")


def is_sound(head: bytes) -> bool:
    """Tell whether a file that begins with these 12 bytes may be a voice note."""
    return head.startswith(_EBML) or head[4:8] == b"ftyp"


def examine(path: Path) -> str:
    """Return the type of a voice note.

    :raises BlobType: no sound that is taken, one with pictures, or one that is cut
    :raises BlobTooLarge: more than 512 KiB
    """
    if path.stat().st_size > MOST_BYTES:
        raise BlobTooLarge(f"at most {MOST_BYTES} bytes of sound")
    data = path.read_bytes()
    if data.startswith(_EBML):
        _webm(data)
        return "audio/webm"
    _mp4(data)
    return "audio/mp4"


def _webm(data: bytes) -> None:
    # what it is made of stands before the first cluster
    cluster = _CLUSTER.search(data)
    if b"webm" not in data[:64] or cluster is None:
        raise BlobType("no WebM with sound in it")
    head = data[: cluster.start()]
    if any(codec in head for codec in _VIDEO_CODECS) or not any(codec in head for codec in _AUDIO_CODECS):
        raise BlobType("not sound alone")


def _mp4(data: bytes) -> None:
    boxes = dict.fromkeys(kind for kind, _ in _boxes(data))
    if b"moov" not in boxes or not boxes.keys() & {b"mdat", b"moof"}:
        raise BlobType("no MP4 with sound in it")
    handlers = {found for kind, inside in _boxes(data) if kind == b"moov" for found in _handlers(inside)}
    if handlers != {b"soun"}:
        raise BlobType("not sound alone")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the boxes that stand side by side: what each is, and what is in it.

    :raises BlobType: a box that goes on past the end
    """
    at = 0
    while at + 8 <= len(data):
        size, kind, begin = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, begin = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:  # to the end
            size = len(data) - at
        if size < begin or at + size > len(data):
            raise BlobType("the sound is cut")
        yield kind, data[at + begin : at + size]
        at += size
    if at != len(data):
        raise BlobType("the sound is cut")


def _handlers(moov: bytes) -> Iterator[bytes]:
    """Yield what each track is, such as ``soun`` or ``vide``."""
    for track, inside in _boxes(moov):
        if track != b"trak":
            continue
        for media, parts in _boxes(inside):
            if media == b"mdia":
                yield from (part[8:12] for kind, part in _boxes(parts) if kind == b"hdlr")
