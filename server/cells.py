"""Tables as CSV that a spreadsheet opens without running anything in it.

A cell that begins with ``= + - @``, a tab or a carriage return is a formula, or becomes one; the
full-width signs too. Every export of ours writes its cells through `line`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

MIME = "text/csv"
BOM = "\ufeff"
"""By which spreadsheets tell UTF-8."""

_FORMULA = tuple("=+-@\t\r＝＋－＠﹢﹣﹫")


def as_text(value: object) -> str:
    """Return a value as a cell that is text for every spreadsheet: a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    if isinstance(value, int):
        return text  # a number of ours, negative ones too
    return f"'{text}" if text.lstrip(" \u00a0\u3000\n\ufeff").startswith(_FORMULA) else text


def line(values: Iterable[object]) -> str:
    """Return one line of a CSV file, with its end."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow([as_text(value) for value in values])
    return file.getvalue()
