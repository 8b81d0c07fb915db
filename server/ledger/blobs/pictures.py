"""What a photo is, by its content: its header here, its picture in a process beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from server.ledger.blobs import drawing, sounds
from server.ledger.blobs.problems import BlobTooLarge, BlobType

PIXELS = 40_000_000
"""The most pixels of a photo, checked before anything is decoded."""

Image.init()
"""The readers are loaded now: a process that may open no file later would know no format at all."""

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""The formats that are read, and the types under which they are given out."""


@dataclass(frozen=True, slots=True)
class Photo:
    """What a photo's header says; of a voice note its type alone, without width and height."""

    mime: str
    width: int
    height: int
    unreadable: bool = False
    """Whether no picture can be drawn from its data: evidence all the same, and never shown as one."""


def examine(path: Path) -> Photo:
    """Return what kind of photo or voice note a file is.

    A photo's header is read, its structure followed, its data decoded once.

    Data that are broken behind a sound header make it unreadable, not unwelcome: the phone has
    nothing better, and would bring the same again and again.

    :raises BlobType: none that is taken, a broken one, or one that is cut
    :raises BlobTooLarge: more than 40 megapixels, or 512 KiB of sound
    """
    with path.open("rb") as file:
        if sounds.is_sound(file.read(12)):
            return Photo(sounds.examine(path), 0, 0)
        file.seek(0)
        try:
            with Image.open(file, formats=list(TYPES)) as image:
                width, height = image.size
                kind = image.format or ""
                if width * height <= PIXELS:
                    image.verify()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise BlobTooLarge(f"at most {PIXELS} pixels") from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk or the process failed, not the picture: a phone would never send it again
            raise BlobType(type(error).__name__) from None
    if width * height > PIXELS:
        raise BlobTooLarge(f"{width} × {height} pixels, at most {PIXELS}")
    if kind == "JPEG" and not _jpeg_ends(path):
        raise BlobType("the picture is cut")
    return Photo(TYPES[kind], width, height, unreadable=not _can_be_drawn(path))


def _can_be_drawn(path: Path) -> bool:
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        try:
            drawing.check(data)
        except drawing.Undrawable:
            return False
    return True


def _jpeg_ends(path: Path) -> bool:
    """Tell whether the end of the image stands after its scan: `verify` does not look for it in a JPEG.

    A thumbnail in the header has an end of its own, so the segments are followed to the scan. In
    the scan FF D9 can be nothing else.
    """
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        at = 2
        while at + 4 <= len(data) and data[at] == 0xFF:
            kind = data[at + 1]
            if kind == 0xFF:  # padding
                at += 1
            elif kind == 0xDA:  # the scan begins
                return data.find(b"\xff\xd9", at) >= 0
            else:
                at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False
