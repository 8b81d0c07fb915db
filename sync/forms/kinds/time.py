"""`time`: a time of day, a date, or both, by the clocks of the site."""

from __future__ import annotations

import re
from datetime import date

from sync.forms.base import Faults, Field, Kind, Meters

OF = ("time", "date", "both")

_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_DATE = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
_FORMS = {
    "time": re.compile(rf"{_TIME}\Z"),
    "date": re.compile(rf"{_DATE}\Z"),
    "both": re.compile(rf"{_DATE}T{_TIME}\Z"),
}


def _options(field: Field) -> Faults:
    if field.get("of", "time") not in OF:
        yield "of", "form"


def _answer(field: Field, answer: object, _meters: Meters) -> str | None:
    of = field.get("of", "time")
    if not isinstance(answer, str) or not _FORMS[of].match(answer):
        return "not_a_time"
    if of == "time":
        return None
    try:
        date.fromisoformat(answer[:10])
    except ValueError:
        return "not_a_time"
    return None


TIME = Kind(members=frozenset({"of"}), options=_options, answer=_answer)
