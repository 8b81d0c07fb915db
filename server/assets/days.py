"""Days as people know them: a year, a month or a day. Pure."""

from __future__ import annotations

import re
from datetime import date

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")
FIRST_YEAR, LAST_YEAR = 1900, 2200


def is_partial(text: str) -> bool:
    """Whether a text is a year, a month or a day that there is: ``2014``, ``2014-06``, ``2014-06-03``."""
    found = _PARTIAL.match(text)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return False
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True
