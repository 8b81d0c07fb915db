"""The sums of a day or a period: how many rounds are in each state, and the share as an interval. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from server.rounds.state import STATES, State


@dataclass(frozen=True, slots=True)
class Sums:
    """How many occurrences are in each state, how many were due, and the share as an interval.

    `due` are those whose time is over or that are complete already, without the excused ones:
    done + late + partial + missed + unheard + unproven. `low` is proven ÷ due and `high` is
    (proven + unheard + unproven) ÷ due, to thousandths, None when nothing was due. Only all is
    "1.000" and only nothing is "0.000".
    """

    counts: dict[State, int]
    due: int
    low: str | None
    high: str | None


def sums(states: Sequence[State]) -> Sums:
    """Return the sums of a day or a period."""
    by_state: dict[State, int] = dict.fromkeys(STATES, 0)
    for state in states:
        by_state[state] += 1
    is_proven = by_state["done"] + by_state["late"]
    unsure = by_state["unheard"] + by_state["unproven"]
    due = is_proven + unsure + by_state["partial"] + by_state["missed"]
    if due == 0:
        return Sums(by_state, 0, None, None)
    return Sums(by_state, due, _share(is_proven, due), _share(is_proven + unsure, due))


def _share(part: int, whole: int) -> str:
    if part in (0, whole):
        return "1.000" if part else "0.000"
    share = (Decimal(part) / whole).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    return str(min(max(share, Decimal("0.001")), Decimal("0.999")))
