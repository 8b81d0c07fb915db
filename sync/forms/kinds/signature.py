"""`signature`: drawn with a finger. The picture is a blob of role `signature`, the name a private part."""

from __future__ import annotations

from sync.forms.base import Faults, Field, Kind, Meters, flag_faults, only


def _options(field: Field) -> Faults:
    yield from flag_faults(field, "name")


def _answer(_field: Field, answer: object, _meters: Meters) -> str | None:
    return None if only(answer, "signed") is True else "not_signed"


SIGNATURE = Kind(
    members=frozenset({"name"}), options=_options, answer=_answer, blobs=lambda _field, _answer: 1
)
