"""Deadlines of orders and requests: clauses, working calendars, and whether something came in time.

Pure: no clock, no database. Used by requests as well.
"""

from server.orders.deadlines.calendar import UNITS, Calendar, Hours, Unit, add, add_within_hours
from server.orders.deadlines.clauses import DEFAULTS, WHATS, Clause, as_data, clauses_of
from server.orders.deadlines.judging import OPEN, Deadline, Facts, Moment, judge

__all__ = [
    "DEFAULTS",
    "OPEN",
    "UNITS",
    "WHATS",
    "Calendar",
    "Clause",
    "Deadline",
    "Facts",
    "Hours",
    "Moment",
    "Unit",
    "add",
    "add_within_hours",
    "as_data",
    "clauses_of",
    "judge",
]
