"""Letters on labels: the two fonts, the characters they have, and text that fits its box.

Lengths are PostScript points (1/72 inch). Why these fonts: ``docs/decisions/0003``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SANS: Final = "NotoSansSC-Bold"
MONO: Final = "JetBrainsMono-SemiBold"
SUBSTITUTE: Final = "□"
"""Stands for a character that the font lacks: clearly seen, and clearly no letter."""

LEADING: Final = 1.22
"""Height of a line by the size of its letters."""

one_at_a_time = Lock()
"""Held while a document is drawn: reportlab reads glyphs through one moving pointer in the shared font."""

_FOLDER = Path(__file__).resolve().parent / "fonts"
_NOT_AT_START = frozenset("、。，．,.:;!?)]}%：；！？）］｝」』】〉》〕’”…—·-～%°℃")
_NOT_AT_END = frozenset("([{（［｛「『【〈《〔‘“#＃")


@cache
def font(name: str) -> TTFont:
    """Return one of the two fonts, known to reportlab from then on."""
    found = TTFont(name, str(_FOLDER / f"{name}.ttf"))
    pdfmetrics.registerFont(found)
    return found


def width(text: str, size: float, *, name: str = SANS) -> float:
    """Return how wide a line is."""
    return sum(_advance(name, character) for character in text) * size


@cache
def _advance(name: str, character: str) -> float:
    return float(font(name).stringWidth(character, 1))


def printable(text: str, *, name: str = SANS) -> str:
    """Return the text in one line, with only characters that the font has.

    Invisible characters (joiners, directions, variations) go; what has no glyph becomes :data:`SUBSTITUTE`.
    """
    has = font(name).face.charToGlyph
    kept = []
    for character in " ".join(unicodedata.normalize("NFC", text).split()):
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Mn", "Me"}:
            continue
        kept.append(character if ord(character) in has else SUBSTITUTE)
    return "".join(kept).strip()


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit their box, and the size of their letters."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """How high the lines stand together."""
        return len(self.lines) * self.size * LEADING


def fit_paragraphs(texts: list[str], *, wide: float, high: float, size: float, least: float) -> list[Fitted]:
    """Set paragraphs as large as their box allows, all in one size, wrapped.

    They shrink by half points from `size` to `least`. What is still too long then ends in ``…``, the longest
    paragraph first.
    """
    texts = [text for text in texts if text]
    now = size
    while True:
        wrapped = [wrap(text, wide=wide, size=now) for text in texts]
        room = int(high / (now * LEADING) + 1e-6)
        if sum(map(len, wrapped)) <= room and not any(_torn(text, wide=wide, size=now) for text in texts):
            break
        if now - 0.5 < least:
            break
        now -= 0.5
    while sum(map(len, wrapped)) > room:
        longest = max(wrapped, key=len)
        if len(longest) == 1:
            wrapped.remove(longest)
            continue
        longest.pop()
        longest[-1] = _ending(longest[-1], wide=wide, size=now)
    return [Fitted(tuple(lines), now) for lines in wrapped]


def fit_line(text: str, *, wide: float, size: float, least: float, name: str = SANS) -> Fitted:
    """Set one line as large as its width allows; what is still too long at the least size ends in ``…``."""
    now = size
    while width(text, now, name=name) > wide and now - 0.25 >= least:
        now -= 0.25
    if width(text, now, name=name) > wide:
        text = _ending(text, wide=wide, size=now, name=name)
    return Fitted((text,), now)


def wrap(text: str, *, wide: float, size: float) -> list[str]:
    """Return lines no wider than `wide`.

    Latin words stay whole where they can; Chinese breaks between any two characters but at punctuation.
    """
    lines, line, filled = [], "", 0.0
    for piece in _pieces(text):
        if line and filled + width(piece.rstrip(), size) > wide:
            lines.append(line)
            line, filled = "", 0.0
        if width(piece.rstrip(), size) <= wide:
            line, filled = line + piece, filled + width(piece, size)
            continue
        for character in piece:
            if line and filled + width(character, size) > wide:
                lines.append(line)
                line, filled = "", 0.0
            line, filled = line + character, filled + width(character, size)
    return [done for each in [*lines, line] if (done := each.strip())]


def _pieces(text: str) -> list[str]:
    """Return the unbreakable pieces of a text, each with the blanks after it."""
    pieces: list[str] = []
    for character in text:
        if pieces and _joined(pieces[-1][-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _joined(before: str, after: str) -> bool:
    if after == " " or after in _NOT_AT_START or before in _NOT_AT_END:
        return True
    return before != " " and not _breaks(before) and not _breaks(after)


def _breaks(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}


def _torn(text: str, *, wide: float, size: float) -> bool:
    """Whether a word is wider than the box, so that it would be torn."""
    return any(width(piece.strip(), size) > wide for piece in _pieces(text))


def _ending(text: str, *, wide: float, size: float, name: str = SANS) -> str:
    """Return as much of a text as a line holds together with ``…``."""
    kept, filled = "", width("…", size, name=name)
    for character in text:
        filled += width(character, size, name=name)
        if filled > wide:
            break
        kept += character
    return f"{kept.rstrip()}…"
