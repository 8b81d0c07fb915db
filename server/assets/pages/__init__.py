"""Draws the pages of a paper as pictures, in a process that a bad file may only take with itself."""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("drawer.py")
WAIT_S = 120.0
"""So long the whole is waited for; the drawer's own limit counts its work, not how busy the machine is."""
MOST_PAGES = 60
_HEAD = struct.Struct(">III")


class Undrawable(ValueError):
    """No pages can be made of the file; the text says why: `pages`, `locked`, `size` or `broken`."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is kept: a JPEG."""

    data: bytes
    width: int
    height: int


def draw(pdf: bytes) -> list[Page]:
    """Return the pages of a PDF as pictures.

    :raises Undrawable: it is none that can be drawn, it is locked, or it has too many pages
    :raises OSError: the machine cannot just now
    """
    try:
        done = subprocess.run(  # noqa: S603  our own script
            [sys.executable, "-I", str(SCRIPT), str(MOST_PAGES)],
            input=pdf,
            capture_output=True,
            timeout=WAIT_S,
            cwd="/",
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Undrawable("broken") from None
    if done.returncode == 3:
        raise Undrawable(done.stderr.decode(errors="replace").strip()[:20])
    if done.returncode != 0:
        raise Undrawable("broken")  # it died of the file: memory, time, or worse
    pages, at = [], 0
    while at < len(done.stdout):
        width, height, length = _HEAD.unpack_from(done.stdout, at)
        at += _HEAD.size
        pages.append(Page(done.stdout[at : at + length], width, height))
        at += length
    if not pages:
        raise Undrawable("broken")
    return pages
