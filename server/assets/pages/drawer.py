"""Draws the pages of a PDF, in a process of its own that may take so much memory and time and no more.

Run as a script, with the most pages as its argument: it imports PDFium and Pillow and nothing of ours. The
PDF stands on its input. Its output is, for each page, three numbers of 32 bits (width, height, length) and a
JPEG. It ends with 3 and one word on its error output where it refuses: `locked`, `pages`, `size`, `broken`.
Scripts inside the PDF are not run: this build of PDFium has no JavaScript, and nothing asks for it.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image

MEMORY_BYTES = 1_024 * 1_024 * 1_024
CPU_S = 60
WIDTH = 1_240
"""Pixels of a page: an A4 sheet at 150 dots per inch, which a phone shows three times enlarged."""
MOST_HEIGHT = 3_000
LONGEST = 6
"""So many times longer than wide is no page that anybody can read on a phone."""
PAGE_BYTES = 614_400
"""A page is a picture of the protocol (`sync.messages.pictures`)."""
QUALITIES = (78, 62, 45, 30)


def main() -> int:
    """Draw what stands on the input; return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = int(sys.argv[1])
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        return refuse("locked" if "password" in str(error).lower() else "broken")
    if not 0 < len(document) <= most:
        return refuse("pages")
    for number in range(len(document)):
        try:
            drawn = page(document[number])
        except (pypdfium2.PdfiumError, MemoryError, ValueError, OSError):
            return refuse("broken")
        if drawn is None:
            return refuse("size")
        sys.stdout.buffer.write(drawn)
    return 0


def page(source: Any) -> bytes | None:
    """Return one page as it is sent; None where it has no useful shape or stays too large."""
    wide, high = source.get_size()
    if min(wide, high) <= 0 or max(wide, high) > LONGEST * min(wide, high):
        return None
    scale = min(WIDTH / wide, MOST_HEIGHT / high)
    image: Image.Image = source.render(scale=scale).to_pil().convert("RGB")
    for quality in QUALITIES:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= PAGE_BYTES:
            return struct.pack(">III", image.width, image.height, file.tell()) + file.getvalue()
    return None


def refuse(why: str) -> int:
    """Say why there are no pages."""
    sys.stderr.write(why)
    return 3


if __name__ == "__main__":
    sys.exit(main())
