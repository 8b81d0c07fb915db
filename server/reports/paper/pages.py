"""A4 pages with head and foot, tables that go over pages, and bars that stay legible in grey.

Lengths are PostScript points (1/72 inch). The letters are an embedded subset of the fonts of `qr`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from qr.lettering import LEADING, SANS, Fitted, fit_line, fit_paragraphs, font, one_at_a_time, printable, wrap

MARGIN: Final = 14 * mm
_HEAD_SIZE, _TEXT_SIZE, _SMALL = 15.0, 8.0, 7.5
_RULE, _HAIR = 0.7, 0.35
_PAD = 3.0
_READABLE: Final = 6.5
"""A text of a table that would have to be smaller makes its row higher instead."""
_TALLEST: Final = 200.0
"""No row is higher, so that every row fits on a page."""
_CAP = 0.733
"""Height of capitals and figures by the size of their letters."""

_SHADES = {"done": 0.35, "late": 0.62, "partial": 0.82}
"""Greys of what came; the rest is white with a pattern."""

PARTS: Final = ("done", "late", "partial", "missed", "unheard", "unproven")
"""The order of a bar."""

Draw = Callable[["Pages"], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its width and on which side its texts stand."""

    head: str
    wide: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A cell that is drawn: how many of each state."""

    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Band:
    """A row that is one text over all columns: what the rows under it belong to."""

    text: str


Value = str | Bar
Row = Sequence[Value] | Band


def document(
    *, title: str, facts: Sequence[str], foot: str, folio: Callable[[int, int], str], wide: bool, draw: Draw
) -> bytes:
    """Return a PDF. It is drawn twice: the first time only to learn how many pages it has.

    :param facts: lines under the title of every page
    :param folio: what stands at a page's foot, of its number and how many there are
    :param wide: across the sheet
    :param draw: draws the content
    """
    with one_at_a_time:
        font(SANS)
        counted = Pages(title, facts, foot, lambda n, _: folio(n, n), wide=wide)
        draw(counted)
        counted.finish()
        total = counted.number
        made = Pages(title, facts, foot, lambda n, _: folio(n, total), wide=wide)
        draw(made)
        return made.finish()


class Pages:
    """The page in hand and where on it one is."""

    def __init__(
        self, title: str, facts: Sequence[str], foot: str, folio: Callable[[int, int], str], *, wide: bool
    ) -> None:
        size = landscape(A4) if wide else A4
        self.width, self.height = size[0] - 2 * MARGIN, size[1]
        self.number = 0
        self.reserved = 0.0
        """Room that every page keeps free above its foot."""
        self.at_foot: Callable[[Pages], None] | None = None
        self._title, self._facts, self._foot, self._folio = title, facts, foot, folio
        self._file = BytesIO()
        self._canvas = Canvas(self._file, pagesize=size, invariant=1, lang="zh-CN", initialFontName=SANS)  # type: ignore[arg-type]  # the stubs say float
        self._canvas.setTitle(printable(title))
        self._canvas.setCreator("Roundsman")
        self.y = 0.0

    @property
    def bottom(self) -> float:
        """The lowest point of the content."""
        return MARGIN + 12 + self.reserved

    def begin(self) -> None:
        """Begin a page, with its head and foot."""
        if self.number:
            self._canvas.showPage()
        self.number += 1
        canvas = self._canvas
        canvas.setFillGray(0)
        canvas.setStrokeGray(0)
        self.y = self.height - MARGIN - _HEAD_SIZE * _CAP
        self.text(self._title, size=_HEAD_SIZE)
        self.y -= 13
        for fact in self._facts:
            self.text(fact, size=_SMALL)
            self.y -= _SMALL * 1.4
        self.y += 4
        self._line(self.y, _RULE)
        self.y -= 6
        foot = fit_line(printable(self._foot), wide=self.width * 0.75, size=_SMALL, least=5)
        canvas.setFont(SANS, foot.size)
        canvas.drawString(MARGIN, MARGIN - 4, foot.lines[0])
        canvas.setFont(SANS, _SMALL)
        canvas.drawRightString(MARGIN + self.width, MARGIN - 4, self._folio(self.number, 0))
        if self.at_foot:
            self.at_foot(self)

    def finish(self) -> bytes:
        """Return the document."""
        if not self.number:
            self.begin()
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()

    def room(self, high: float) -> None:
        """Go on to the next page when so much does not fit on this one."""
        if not self.number or self.y - high < self.bottom:
            self.begin()

    def text(
        self,
        text: str,
        *,
        size: float = _TEXT_SIZE,
        x: float = 0,
        wide: float | None = None,
        right: bool = False,
    ) -> None:
        """Write one line at the height in hand, as large as its width allows."""
        wide = self.width - x if wide is None else wide
        fitted = fit_line(printable(text), wide=wide, size=size, least=5)
        self._canvas.setFont(SANS, fitted.size)
        if right:
            self._canvas.drawRightString(MARGIN + x + wide, self.y, fitted.lines[0])
        else:
            self._canvas.drawString(MARGIN + x, self.y, fitted.lines[0])

    def heading(self, text: str) -> None:
        """Write the heading of a part; it never stands alone at the end of a page."""
        self.room(110)
        self.y -= 18
        self.text(text, size=10.5)
        self.y -= 7

    def paragraph(self, text: str, *, size: float = _SMALL) -> None:
        """Write a wrapped text."""
        [fitted] = fit_paragraphs([printable(text)], wide=self.width, high=400, size=size, least=size)
        for line in fitted.lines:
            self.room(size * 1.4)
            self.y -= size * 1.4
            self.text(line, size=size)

    def table(self, columns: Sequence[Column], rows: Iterable[Row], *, lines: float = 2) -> None:
        """Draw a table; its head stands again on each further page, and no row breaks.

        A row has the height of `lines` lines. What is longer is written smaller, and where that would be
        too small to read its row is higher.
        """
        high = lines * _TEXT_SIZE * LEADING + 2 * _PAD - 1
        self.room(3 * high)
        top = self._head(columns)
        for row in rows:
            tall = 13.0 if isinstance(row, Band) else _tall(columns, row, high)
            if self.y - tall < self.bottom:
                self._sides(columns, top)
                self.begin()
                top = self._head(columns)
            self._row(columns, row, tall)
        self._sides(columns, top)

    def bar(self, counts: dict[str, int], *, x: float, y: float, wide: float, high: float) -> None:
        """Draw how much of what was due is in each state: solid, hollow, hatched, dotted."""
        total = sum(counts.get(part, 0) for part in PARTS)
        canvas = self._canvas
        canvas.saveState()
        canvas.setLineWidth(_HAIR)
        if total == 0:
            canvas.setDash(1, 2)
            canvas.rect(x, y, wide, high)
            canvas.restoreState()
            return
        there = [part for part in PARTS if counts.get(part, 0)]
        spare = wide - 3 * len(there)
        for part in there:
            piece = 3 + spare * counts[part] / total
            self._piece(part, x, y, piece, high)
            x += piece
        canvas.restoreState()

    def box(self, *, x: float, y: float, wide: float, high: float) -> None:
        """Draw an empty box, from the page's left margin and bottom."""
        self._canvas.setLineWidth(_HAIR)
        self._canvas.rect(MARGIN + x, y, wide, high)

    def rule(self, *, x: float, y: float, wide: float) -> None:
        """Draw a line to write on."""
        self._canvas.setLineWidth(_RULE)
        self._canvas.line(MARGIN + x, y, MARGIN + x + wide, y)

    # -- parts of tables and bars --------------------------------------------------

    def _line(self, y: float, weight: float) -> None:
        self._canvas.setLineWidth(weight)
        self._canvas.line(MARGIN, y, MARGIN + self.width, y)

    def _head(self, columns: Sequence[Column]) -> float:
        top = self.y
        high = 15.0
        self._canvas.setFillGray(0.91)
        self._canvas.rect(MARGIN, top - high, self.width, high, stroke=0, fill=1)
        self._canvas.setFillGray(0)
        self._line(top, _RULE)
        x = 0.0
        self.y = top - high + 4.6
        for column in columns:
            self.text(column.head, size=_SMALL, x=x + _PAD, wide=column.wide - 2 * _PAD, right=column.right)
            x += column.wide
        self.y = top - high
        self._line(self.y, _RULE)
        return top

    def _row(self, columns: Sequence[Column], row: Row, high: float) -> None:
        top, canvas = self.y, self._canvas
        if isinstance(row, Band):
            canvas.setFillGray(0.965)
            canvas.rect(MARGIN, top - high, self.width, high, stroke=0, fill=1)
            canvas.setFillGray(0)
            self.y = top - high + 3.8
            self.text(row.text, size=_SMALL, x=_PAD, wide=self.width - 2 * _PAD)
        else:
            x = 0.0
            for column, value in zip(columns, row, strict=True):
                if isinstance(value, Bar):
                    self.bar(
                        value.counts,
                        x=MARGIN + x + _PAD,
                        y=top - high / 2 - 4,
                        wide=column.wide - 2 * _PAD,
                        high=8,
                    )
                elif value:
                    self._cell(column, value, x, top, high)
                x += column.wide
        self.y = top - high
        self._line(self.y, _HAIR)

    def _cell(self, column: Column, value: str, x: float, top: float, high: float) -> None:
        wide = column.wide - 2 * _PAD
        found = fit_paragraphs([printable(value)], wide=wide, high=high - _PAD, size=_TEXT_SIZE, least=5.5)
        fitted = found[0] if found else Fitted(("",), _TEXT_SIZE)
        self._canvas.setFont(SANS, fitted.size)
        y = top - (high - fitted.height) / 2 - fitted.size * (LEADING + _CAP) / 2
        for line in fitted.lines:
            if column.right:
                self._canvas.drawRightString(MARGIN + x + column.wide - _PAD, y, line)
            else:
                self._canvas.drawString(MARGIN + x + _PAD, y, line)
            y -= fitted.size * LEADING

    def _sides(self, columns: Sequence[Column], top: float) -> None:
        x = MARGIN
        self._canvas.setLineWidth(_HAIR)
        for wide in (0.0, *(column.wide for column in columns)):
            x += wide
            self._canvas.line(x, top, x, self.y)

    def _piece(self, part: str, x: float, y: float, wide: float, high: float) -> None:
        canvas: Any = self._canvas
        if part in _SHADES:
            canvas.setFillGray(_SHADES[part])
            canvas.rect(x, y, wide, high, stroke=1, fill=1)
            canvas.setFillGray(0)
            return
        if part in ("unheard", "unproven"):
            canvas.saveState()
            path = canvas.beginPath()
            path.rect(x, y, wide, high)
            canvas.clipPath(path, stroke=0)
            if part == "unheard":
                canvas.setLineWidth(0.8)
                at = x - high
                while at < x + wide:
                    canvas.line(at, y, at + high, y + high)
                    at += 2.6
            else:
                at = x + 1.3
                while at < x + wide:
                    for level in (0.2, 0.5, 0.8):
                        canvas.circle(at, y + level * high, 0.5, stroke=0, fill=1)
                    at += 2.4
            canvas.restoreState()
        canvas.setLineWidth(1.0 if part == "missed" else _HAIR)
        canvas.rect(x + 0.3, y + 0.3, wide - 0.6, high - 0.6)


def _tall(columns: Sequence[Column], row: Sequence[Value], high: float) -> float:
    """Return how high a row must be for its longest text, `high` at least."""
    for column, value in zip(columns, row, strict=True):
        if not isinstance(value, str):
            continue
        wide, text = column.wide - 2 * _PAD, printable(value)
        if len(text) * _READABLE > wide:  # no letter is wider than it is high
            lines = len(wrap(text, wide=wide, size=_READABLE))
            high = max(high, lines * _READABLE * LEADING + _PAD)
    return min(high, _TALLEST)
