"""Pictures that are none, too many, or something else as well: made here, not kept as files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

from PIL import Image


def jpeg(size: tuple[int, int] = (64, 48), *, color: str = "teal", **options: object) -> bytes:
    """Return a JPEG."""
    file = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(file, "JPEG", **options)
    return file.getvalue()


def png(width: int, height: int, data: bytes, *, chunks: Iterable[tuple[bytes, bytes]] = ()) -> bytes:
    """Return a PNG of 8-bit RGB with `data` as its picture, whatever that is."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    extra = b"".join(chunk(kind, body) for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zeros(count: int) -> bytes:
    """Return so many zero bytes, packed by zlib."""
    packer, block = zlib.compressobj(1), bytes(1 << 20)
    whole, rest = divmod(count, len(block))
    return b"".join(
        [*(packer.compress(block) for _ in range(whole)), packer.compress(block[:rest]), packer.flush()]
    )


def webp(size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a WebP."""
    file = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(file, "WEBP")
    return file.getvalue()


def gif() -> bytes:
    """Return a GIF, which is not taken."""
    file = io.BytesIO()
    Image.new("P", (4, 4)).save(file, "GIF")
    return file.getvalue()


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>fetch('/api/v1/session')</script>"


def zipped(front: bytes) -> bytes:
    """Return a picture that is an archive as well."""
    file = io.BytesIO(front)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("evil.html", HTML)
    return file.getvalue()


def commented(text: bytes) -> bytes:
    """Return a JPEG that carries `text` as its comment and in its EXIF data."""
    exif = Image.Exif()
    exif[0x010E] = text.decode("latin-1")
    return jpeg(comment=text, exif=exif)
