"""The code itself: rows of dark and light modules, and the outlines of what is dark."""

from __future__ import annotations

from itertools import product
from typing import Final, Literal

from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import QRData

from qr.payload import ALPHANUMERIC

ErrorLevel = Literal["Q", "H"]
"""How much of a code may be lost: Q a quarter; H nearly a third, for outdoors."""

QUIET_MODULES: Final = 4
"""Light modules that every side of a code needs around it."""

_ALPHANUMERIC_MODE: Final = 2  # qrcode.util.MODE_ALPHA_NUM, which its stubs call any int
_LEVELS: dict[ErrorLevel, int] = {"Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}

Modules = list[list[bool]]
Point = tuple[int, int]


def modules_of(url: str, error: ErrorLevel = "Q") -> Modules:
    """Return the rows of the smallest code in the alphanumeric mode, without a quiet zone; True is dark.

    :raises ValueError: the text has a character that the mode does not know, or no code can hold it
    """
    if not url or not ALPHANUMERIC.issuperset(url):
        raise ValueError(f"Not in QR's alphanumeric set: {url!r}")
    code: QRCode = QRCode(error_correction=_LEVELS[error], border=0)  # type: ignore[type-arg]
    code.add_data(QRData(url, mode=_ALPHANUMERIC_MODE))
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error_:
        raise ValueError(f"{len(url)} characters are too many for a code") from error_
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def outlines(modules: Modules) -> list[list[Point]]:
    """Return the borders of the dark areas as closed polygons of (column, row) corners.

    An area is one shape and not a heap of squares, so that no printer or viewer can leave hairlines between
    modules. Holes run the other way round than what surrounds them: both fill rules draw them light.
    """
    size = len(modules)
    edges: dict[Point, list[Point]] = {}
    for row, column in product(range(size), repeat=2):
        if not modules[row][column]:
            continue
        corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
        beyond = [(row - 1, column), (row, column + 1), (row + 1, column), (row, column - 1)]
        for side, (r, c) in enumerate(beyond):
            if not (0 <= r < size and 0 <= c < size and modules[r][c]):
                edges.setdefault(corners[side], []).append(corners[(side + 1) % 4])
    loops = []
    while edges:
        start = next(iter(edges))
        loop, here = [start], _take(edges, start)
        while here != start:
            loop.append(here)
            here = _take(edges, here)
        loops.append(_corners(loop))
    return loops


def _take(edges: dict[Point, list[Point]], start: Point) -> Point:
    ends = edges[start]
    end = ends.pop()
    if not ends:
        del edges[start]
    return end


def _corners(loop: list[Point]) -> list[Point]:
    """Return a closed polygon without the points in the middle of its sides."""
    around = zip(loop[-1:] + loop[:-1], loop, loop[1:] + loop[:1], strict=True)
    return [here for before, here, after in around if not (before[0] == after[0] or before[1] == after[1])]
