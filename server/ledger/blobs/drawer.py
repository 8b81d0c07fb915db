"""Decodes pictures, in a process of its own that may take so much memory and time and no more.

Run as a script: it imports Pillow and nothing of ours. It answers one request after the other, on
standard input and output, until its input ends. A request is two numbers of 32 bits, the width of
the thumbnail that is wanted (0: none) and the length of the photo, and then the photo. An answer is
one byte (`+` or `-`), a length of 32 bits, and as many bytes: the thumbnail, or why there is none.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
from typing import BinaryIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
PIXELS = 40_000_000
MEMORY_BYTES = 1_024 * 1_024 * 1_024
"""A WebP of 40 megapixels takes two thirds of it."""
CPU_S = 20
QUALITY = 82


def main() -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = PIXELS
    Image.init()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(8)) == 8:
        width, length = struct.unpack(">II", head)
        _answer(target, width, source.read(length))


def _answer(target: BinaryIO, width: int, photo: bytes) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_S, resource.RLIM_INFINITY)
    )
    try:
        told, good = draw(photo, width) if width else decode(photo), b"+"
    except Exception as error:  # whatever a picture does to its decoder is said of the picture
        told, good = type(error).__name__.encode(), b"-"
    target.write(good + struct.pack(">I", len(told)) + told)
    target.flush()


def decode(photo: bytes) -> bytes:
    """Decode all of a picture's data; a JPEG at an eighth of its size, which reads every bit as well."""
    with Image.open(io.BytesIO(photo), formats=FORMATS) as image:
        _check(image)
        image.draft("RGB", (image.width // 8 or 1, image.height // 8 or 1))
        image.load()
    return b""


def draw(photo: bytes, width: int) -> bytes:
    """Return a JPEG at most `width` pixels wide, drawn afresh: no EXIF and no comment comes along."""
    with Image.open(io.BytesIO(photo), formats=FORMATS) as image:
        _check(image)
        image.draft("RGB", (width * 2, width * 2))
        upright = ImageOps.exif_transpose(image).convert("RGB")
        if upright.width > width:
            height = max(1, round(upright.height * width / upright.width))
            upright = upright.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        fresh = Image.new("RGB", upright.size)
        fresh.paste(upright)
    file = io.BytesIO()
    fresh.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _check(image: Image.Image) -> None:
    if image.width * image.height > PIXELS:
        raise ValueError("more pixels than a photo may have")


if __name__ == "__main__":
    main()
