"""The picture of one tag's code."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from qr.code import QUIET_MODULES, ErrorLevel, modules_of


def tag_png(url: str, *, scale: int = 12, error: ErrorLevel = "Q") -> bytes:
    """Return a PNG of a tag's code, black on white, with its quiet zone.

    :param url: the tag's address, see :func:`qr.payload.tag_url`
    :param scale: pixels per module
    :raises ValueError: the address is no text for a code, or the scale is not positive
    """
    if scale < 1:
        raise ValueError("A module needs a pixel at least")
    modules = modules_of(url, error)
    side = len(modules) + 2 * QUIET_MODULES
    small = Image.new("1", (side, side), 1)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                small.putpixel((x + QUIET_MODULES, y + QUIET_MODULES), 0)
    file = BytesIO()
    small.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()
