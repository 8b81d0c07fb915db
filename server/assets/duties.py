"""When a test or a calibration is due next. Pure; days are the site's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True)
class Done:
    """It was done on a day, and passed; `next_on` is the day that the certificate names, if it names one."""

    on: date
    next_on: date | None


def next_due(*, every_months: int, anchor: str, first_on: date, done: Iterable[Done]) -> date:
    """Return when it is due next.

    The day that the last certificate names wins. Else, by `anchor`: ``done``, so many months after it was
    done; ``fixed``, the first of the days first, first + n months, first + 2 n … for which it was not done
    yet. Doing it early counts for the day that was ahead, if it lies within half a period. Months keep the
    day of the month, or its last one: 31 January, 28 February, 31 March.
    """
    last = max(done, key=lambda one: one.on, default=None)
    if last is None:
        return first_on
    if last.next_on is not None:
        return last.next_on
    if anchor == "done":
        return last.on + relativedelta(months=every_months)
    served = last.on + relativedelta(days=15 * every_months)
    n = 0
    while (day := first_on + relativedelta(months=n * every_months)) <= served:
        n += 1
    return day
