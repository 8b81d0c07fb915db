"""Sheets of labels: A4 pages to print, cut and stick on walls, in the order given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from qr.code import QUIET_MODULES, ErrorLevel, modules_of, outlines
from qr.lettering import (
    LEADING,
    MONO,
    SANS,
    Fitted,
    fit_line,
    fit_paragraphs,
    font,
    one_at_a_time,
    printable,
    width,
)

LEAST_MODULE_MM: Final = 0.5
"""A code whose modules came out smaller would be hard to read from an arm's length; it is refused."""

_GAP: Final = 6.0 * mm
_MARK: Final = 2.5 * mm
_FOOT: Final = 8.0
_HAIR: Final = 0.35
_CAP: Final = 0.733
"""Height of capitals and figures by the size of their letters."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed for one checkpoint or asset."""

    url: str
    """The tag's address, see :func:`qr.payload.tag_url`; of a badge its text."""
    name_zh: str
    name_en: str
    """May be empty."""
    number: str
    """What is printed large, such as ``01``."""
    short_code: str
    """8 characters without a hyphen; printed as ``7F3K-92QD``. Empty on a badge, which nobody types."""
    print_no: int
    """The tag's version."""


@dataclass(frozen=True, slots=True)
class _Size:
    """A label's measures in mm: `code` is the side of the code with its quiet zone, `top` the white above."""

    wide: float
    high: float
    code: float
    top: float
    columns: int
    rows: int
    error: ErrorLevel
    name: float
    """Points of the name, at most."""


SIZES: Final = {
    "40x60": _Size(40, 60, 35, 1.5, 4, 4, "Q", 12),
    "50x70": _Size(50, 70, 45, 1.5, 3, 3, "Q", 12),
    "80x110": _Size(80, 110, 72, 2, 2, 2, "H", 18),
}
"""Sizes of labels by millimetres. The largest is for outdoors: a third of its code may be lost."""

BADGE: Final = _Size(54, 86, 48, 3, 3, 3, "Q", 18)
"""A badge (工牌) fills a card holder of 54 × 86 mm."""

_TAGS: Final = "标签 Tags"
_BADGES: Final = "工牌 Badges"


def tag_sheet(
    labels: Sequence[Label],
    *,
    size: str = "50x70",
    site_zh: str,
    site_en: str = "",
    error: ErrorLevel | None = None,
) -> bytes:
    """Return a PDF of labels with cut marks, in the order given, row by row.

    The codes are vectors, the letters an embedded subset. The same labels give the same bytes.

    :param size: one of :data:`SIZES`
    :param error: another level of error correction than the size has of itself
    :raises ValueError: no label, an unknown size, or an address too long for a readable code of this size
    """
    if size not in SIZES:
        raise ValueError(f"No such size of label: {size!r}; there are {', '.join(SIZES)}")
    return _sheet(labels, SIZES[size], _TAGS, site_zh, site_en, error)


def badge_sheet(badges: Sequence[Label], *, site_zh: str, site_en: str = "") -> bytes:
    """Return a PDF of badges with cut marks, nine a page, in the order given.

    :raises ValueError: no badge
    """
    return _sheet(badges, BADGE, _BADGES, site_zh, site_en, None)


def _sheet(
    labels: Sequence[Label], measures: _Size, what: str, site_zh: str, site_en: str, error: ErrorLevel | None
) -> bytes:
    if not labels:
        raise ValueError("A sheet needs a label at least")
    per_page = measures.columns * measures.rows
    pages = [labels[n : n + per_page] for n in range(0, len(labels), per_page)]
    file = BytesIO()
    with one_at_a_time:
        for name in (SANS, MONO):
            font(name)
        site = " ".join(part for part in (printable(site_zh), printable(site_en)) if part)
        canvas = Canvas(file, pagesize=A4, invariant=1, lang="zh-CN", initialFontName=SANS)  # type: ignore[arg-type]  # the stubs say float
        canvas.setTitle(f"{what} · {site}")
        canvas.setCreator("Roundsman")
        for number, page in enumerate(pages, 1):
            folio = f"{number} / {len(pages)}"
            _page(canvas, page, measures, site, folio, what, error or measures.error)
            canvas.showPage()
        canvas.save()
    return file.getvalue()


def _page(
    canvas: Any, labels: Sequence[Label], size: _Size, site: str, folio: str, what: str, error: ErrorLevel
) -> None:
    wide, high = size.wide * mm, size.high * mm
    left = (A4[0] - size.columns * wide - (size.columns - 1) * _GAP) / 2
    top = A4[1] - (A4[1] - size.rows * high - (size.rows - 1) * _GAP) / 2
    for place, label in enumerate(labels):
        row, column = divmod(place, size.columns)
        x, y = left + column * (wide + _GAP), top - row * (high + _GAP) - high
        _cut_marks(canvas, x, y, wide, high)
        _label(canvas, label, x, y, size, site, error)
    foot = f"{what} {size.wide:g} × {size.high:g} mm · 按 100% 打印 Print at 100%"
    canvas.setFillGray(0)
    _text(canvas, left, 9 * mm, fit_line(site, wide=42 * mm, size=7.5, least=5))
    canvas.setFont(SANS, 7.5)
    canvas.drawCentredString(A4[0] / 2, 9 * mm, foot)
    canvas.drawRightString(A4[0] - left, 9 * mm, folio)


def _cut_marks(canvas: Any, x: float, y: float, wide: float, high: float) -> None:
    """Draw two ticks outside each corner of a label: knife and scissors go from tick to tick."""
    canvas.setStrokeGray(0.45)
    canvas.setLineWidth(_HAIR)
    for corner_x, out_x in ((x, -_MARK), (x + wide, _MARK)):
        for corner_y, out_y in ((y, -_MARK), (y + high, _MARK)):
            canvas.line(corner_x + out_x * 0.2, corner_y, corner_x + out_x, corner_y)
            canvas.line(corner_x, corner_y + out_y * 0.2, corner_x, corner_y + out_y)


def _label(canvas: Any, label: Label, x: float, y: float, size: _Size, site: str, error: ErrorLevel) -> None:
    """Draw one label whose lower left corner is (x, y).

    Under the code, and flush with it, stand the name, the site, and the short code beside the number.
    """
    side, unit = size.code * mm, size.name / 12
    margin = (size.wide * mm - side) / 2
    under = y + size.high * mm - size.top * mm - side
    module = _code(canvas, label.url, x + margin, under, size, error)
    inset = margin + QUIET_MODULES * module
    left, right, foot = x + inset, x + size.wide * mm - inset, y + _FOOT * unit

    canvas.setFillGray(0)
    number = fit_line(printable(label.number), wide=(right - left) * 0.36, size=19 * unit, least=6 * unit)
    _text(canvas, right - width(number.lines[0], number.size), foot, number)
    if label.short_code:
        code = printable(f"{label.short_code[:4]}-{label.short_code[4:]} v{label.print_no}", name=MONO)
        beside = right - left - width(number.lines[0], number.size) - 5 * unit
        _text(canvas, left, foot, fit_line(code, wide=beside, size=9.5 * unit, least=4, name=MONO), name=MONO)
    line = foot + 19 * unit * _CAP + 4.8 * unit
    _text(canvas, left, line, fit_line(site, wide=right - left, size=7.5 * unit, least=5))

    names = [printable(label.name_zh), printable(label.name_en)]
    high = under - line - 7.5 * unit
    for paragraph in fit_paragraphs(names, wide=right - left, high=high, size=size.name, least=5.5 * unit):
        under = _paragraph(canvas, left, under, paragraph)


def _code(canvas: Any, url: str, x: float, y: float, size: _Size, error: ErrorLevel) -> float:
    """Draw a code with its quiet zone into the label's square at (x, y) and return a module's side."""
    modules = modules_of(url, error)
    module = size.code * mm / (len(modules) + 2 * QUIET_MODULES)
    if module < LEAST_MODULE_MM * mm:
        raise ValueError(
            f"{url!r} is too long for a label of {size.wide:g} × {size.high:g} mm; take a larger one"
        )
    left, top = x + QUIET_MODULES * module, y + size.code * mm - QUIET_MODULES * module
    path = canvas.beginPath()
    for polygon in outlines(modules):
        for n, (column, row) in enumerate(polygon):
            (path.lineTo if n else path.moveTo)(left + column * module, top - row * module)
        path.close()
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
    return module


def _text(canvas: Any, x: float, base: float, line: Fitted, *, name: str = SANS) -> None:
    canvas.setFont(name, line.size)
    canvas.drawString(x, base, line.lines[0])


def _paragraph(canvas: Any, x: float, top: float, paragraph: Fitted) -> float:
    """Draw lines downwards from `top` and return where the next would begin."""
    canvas.setFont(SANS, paragraph.size)
    for line in paragraph.lines:
        canvas.drawString(x, top - paragraph.size * 0.92, line)
        top -= paragraph.size * LEADING
    return top
