"""Quantities of parts: what is one, what it comes to in thousandths, and how it is written."""

from __future__ import annotations

import re

from sync.stock import COUNTED, MOVED, quantity_text, thousandths


def cases() -> dict[str, object]:
    """Return the content of stock.json."""
    texts = [
        ("one", "1"),
        ("one that went", "-1"),
        ("a quarter", "0.25"),
        ("a thousandth", "0.001"),
        ("a tenth that went", "-0.1"),
        ("noughts behind", "1.500"),
        ("nine digits", "999999999.999"),
        ("nothing", "0"),
        ("nothing with places", "0.000"),
        ("nothing that went", "-0"),
        ("ten digits", "1000000000"),
        ("four places", "1.0001"),
        ("a nought in front", "01"),
        ("a plus", "+1"),
        ("a comma", "1,5"),
        ("no digit before the point", ".5"),
        ("no digit after the point", "1."),
        ("an exponent", "1e400"),
        ("full-width digits", "１２"),
        ("Arabic digits", "٣"),
        ("a blank", " 1"),
        ("a line end", "1\n"),
        ("words", "two"),
        ("nothing at all", ""),
    ]
    told = [
        {
            "name": name,
            "text": text,
            "moves": re.search(MOVED, text) is not None,
            "counts": re.search(COUNTED, text) is not None,
        }
        for name, text in texts
    ]
    return {
        "texts": told,
        "thousandths": [
            {"name": one["name"], "text": one["text"], "milli": thousandths(str(one["text"]))}
            for one in told
            if one["moves"] or one["counts"]
        ],
        "written": [
            {"name": f"{milli} thousandths", "milli": milli, "text": quantity_text(milli)}
            for milli in (0, 1, -1, 10, 100, 1000, -1000, 1500, -250, 999_999_999_999)
        ],
    }
