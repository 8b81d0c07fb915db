"""`part`: a part that was used, and how many.

``{"part": id, "quantity": "2"}`` is one of the site's stock; ``{"private": true, "quantity": "2"}`` another
whose name is the private part ``text.<field>``.
"""

from __future__ import annotations

from decimal import Decimal

from sync.forms.base import UUID, Field, Kind, Meters, matches
from sync.forms.numbers import is_number


def _answer(_field: Field, answer: object, _meters: Meters) -> str | None:
    if not isinstance(answer, dict) or answer.keys() not in ({"part", "quantity"}, {"private", "quantity"}):
        return "not_a_part"
    if "part" in answer and not matches(UUID, answer["part"]):
        return "not_a_part"
    if answer.get("private", True) is not True:
        return "not_a_part"
    if not is_number(answer["quantity"]) or Decimal(answer["quantity"]) <= 0:
        return "not_a_quantity"
    return None


PART = Kind(answer=_answer)
