"""What may be done with upkeep: the functions that views and other features call."""

from server.upkeep.service.making import (
    change_rule,
    from_template,
    make_rule,
    members_of,
    rule_of,
    rules_of,
)
from server.upkeep.service.running import NothingDue, OrderOpen, advance, run, skip
from server.upkeep.service.showing import rule_view, year_plan
from server.upkeep.service.threads import Thread, threads_of

__all__ = [
    "NothingDue",
    "OrderOpen",
    "Thread",
    "advance",
    "change_rule",
    "from_template",
    "make_rule",
    "members_of",
    "rule_of",
    "rule_view",
    "rules_of",
    "run",
    "skip",
    "threads_of",
    "year_plan",
]
