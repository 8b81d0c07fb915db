"""Parts taken and counted on a phone: the payloads, and quantities as exact decimals.

A quantity travels as a decimal text with at most three places, such as ``-2`` or ``0.25``, and is
reckoned in thousandths, as whole numbers. The twin is ``pwa/src/protocol/stock.ts``.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from sync.scalars import Uuid

MOVED: Final = r"^-?(?=[0-9.]*[1-9])(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?\Z"
"""What moves: with its sign, never nothing."""

COUNTED: Final = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?\Z"
"""What lies there: nothing or more."""

WHYS: Final = ("used", "returned", "received", "written_off")
"""Why stock moves on a phone: used for work, brought back, delivered, broken or lost."""


class StockMove(Struct, forbid_unknown_fields=True, frozen=True):
    """So much of a part was taken (negative) or brought; words are the private part `note`."""

    part: Uuid
    quantity: Annotated[str, Meta(pattern=MOVED)]
    order: Uuid | None
    """The work order for which it was."""
    why: Literal["used", "returned", "received", "written_off"]
    asset: Uuid | None
    """What it was built into, or taken out of."""


class StockCount(Struct, forbid_unknown_fields=True, frozen=True):
    """Somebody counted what lies there of a part, without having been told what ought to."""

    part: Uuid
    counted: Annotated[str, Meta(pattern=COUNTED)]


_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,3}))?")


def thousandths(quantity: str) -> int:
    """Return a quantity in thousandths of its unit.

    :raises ValueError: it is no decimal with at most three places
    """
    found = _DECIMAL.fullmatch(quantity)
    if found is None or not quantity.isascii():
        raise ValueError(f"not a quantity: {quantity!r}")
    sign, whole, part = found.groups()
    size = int(whole) * 1000 + int((part or "").ljust(3, "0"))
    return -size if sign else size


def quantity_text(milli: int) -> str:
    """Return thousandths as the shortest decimal text."""
    whole, part = divmod(abs(milli), 1000)
    tail = f".{part:03}".rstrip("0") if part else ""
    return f"{'-' if milli < 0 else ''}{whole}{tail}"
