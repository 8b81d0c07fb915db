"""Which reading of a meter is its newest, and whether it lies beyond a limit.

One rule per meter is open until the value returns: whoever opens work orders hears when it begins,
when it gets worse and when it is over (`Over.listeners`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import ClassVar, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.meters.models import Meter, MeterReading
from server.meters.service.common import feed_meter
from sync.meters import value_of


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of a meter's rule with its newest reading."""

    what: Literal["over", "worse", "returned"]
    level: str
    """`warning`, `alarm`; `normal` when it returned."""
    value: str
    at_ms: int
    reading_id: str
    record_hash: str | None
    """The record that brought it, None where the office entered it."""
    person_id: UUID | None


class Over:
    """Who wants to hear of meters beyond their limits: orders, which stand above this feature."""

    listeners: ClassVar[list[Callable[[Session, Meter, Turn, int], None]]] = []
    """Each gets the session, the meter, what became of its rule, and now in ms. A warning that becomes
    an alarm is told as `worse`; an alarm that becomes a warning is told to nobody: it has not returned."""

    @classmethod
    def tell(cls, session: Session, meter: Meter, turn: Turn, now_ms: int) -> None:
        """Tell all of them."""
        for listener in cls.listeners:
            listener(session, meter, turn, now_ms)


_RANK = {"normal": 0, "warning": 1, "alarm": 2}


def note_newest(session: Session, meter: Meter, *, touched: Collection[str], now_ms: int) -> None:
    """Note a meter's newest reading when it is another one than before.

    What comes late changes nothing here, nor does a replay, in which old readings come again.

    :param touched: readings that came, changed or went
    """
    newest = session.execute(
        select(
            MeterReading.id,
            MeterReading.estimate_ms,
            MeterReading.micro,
            MeterReading.level,
            MeterReading.record_hash,
            MeterReading.person_id,
        )
        .where(
            MeterReading.meter_id == meter.id,
            MeterReading.micro.is_not(None),
            MeterReading.mark.is_distinct_from("twice"),
        )
        .order_by(MeterReading.estimate_ms.desc(), MeterReading.id.desc())
        .limit(1)
    ).first()
    if newest is None:
        if meter.last_id in touched and meter.last_id is not None:
            meter.last_id = meter.last_ms = meter.last_value = meter.last_level = meter.over_ms = None
            _feed(session, meter)
        return
    before = (meter.last_ms or 0, meter.last_id or "")
    if meter.last_id is not None and (newest.estimate_ms, newest.id) < before and before[1] not in touched:
        return
    now_is = (newest.id, newest.estimate_ms, value_of(newest.micro), newest.level)
    if now_is == (meter.last_id, meter.last_ms, meter.last_value, meter.last_level):
        return
    was = _RANK[meter.last_level or "normal"] if meter.over_ms is not None else 0
    meter.last_id, meter.last_ms, meter.last_value, meter.last_level = now_is
    rank = _RANK[newest.level]
    if rank and meter.over_ms is None:
        meter.over_ms = newest.estimate_ms
    elif not rank:
        meter.over_ms = None
    _feed(session, meter)
    what: Literal["over", "worse", "returned"] | None = (
        "over" if rank and not was else "returned" if was and not rank else "worse" if rank > was else None
    )
    if what is not None:
        turn = Turn(
            what,
            newest.level,
            value_of(newest.micro),
            newest.estimate_ms,
            newest.id,
            newest.record_hash,
            newest.person_id,
        )
        Over.tell(session, meter, turn, now_ms)


def _feed(session: Session, meter: Meter) -> None:
    meter.version += 1
    feed_meter(session, meter)
    session.flush()
