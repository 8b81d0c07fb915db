"""Breakages of meters, upkeep and stock."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_EXCHANGES = "tests/unit/server/meters/test_exchanges.py"
_UPKEEP = "tests/unit/server/upkeep/test_rules.py"
_STOCK = "tests/unit/server/stock/test_rules.py"

MAINTENANCE = (
    # -- meters ------------------------------------------------------------------------------------
    Mutant(
        "two exchanges that knew nothing of each other both count",
        "server/meters/exchanges.py",
        "(x.confirmed or not apart)",
        "(x.confirmed or not apart or x.id)",
        f"{_EXCHANGES}::test_two_phones_that_knew_nothing_of_each_other_make_one_exchange_and_a_question",
    ),
    Mutant(
        "a phone is taken to have known nothing of exchanges that its row told of",
        "server/meters/exchanges.py",
        "came[x.id] if x.seen is None else x.seen",
        "came[x.id] if x.seen is None else 0",
        f"{_EXCHANGES}::test_a_phone_that_had_heard_of_the_first_made_another_one",
    ),
    Mutant(
        "an exchange that was noted twice ends the series once more",
        "server/meters/series.py",
        "    if point.twice:\n        return before\n",
        "",
        f"{_EXCHANGES}::test_what_was_noted_twice_is_counted_once",
    ),
    Mutant(
        "an exchange that comes late takes the number of a later one",
        "server/meters/service/exchanges.py",
        "numbered[-1].at_ms > meter.numbered_ms",
        "numbered[0]",
        "tests/api/meters/test_exchanges.py::test_exchanged_with_a_phone_late_and_twice",
    ),
    # -- upkeep ------------------------------------------------------------------------------------
    Mutant(
        "a completion that comes late covers what had not begun when it was done",
        "server/upkeep/rules.py",
        "max(begins, cycle.ended_ms) if cycle.done else begins",
        "max(begins, cycle.ended_ms) + 40 * DAY_MS if cycle.done else begins",
        f"{_UPKEEP}::test_a_completion_that_comes_late_counts_when_it_was_done",
    ),
    Mutant(
        "a turn that was left out covers others too",
        "server/upkeep/rules.py",
        "max(begins, cycle.ended_ms) if cycle.done else begins",
        "max(begins, cycle.ended_ms)",
        f"{_UPKEEP}::test_what_was_left_out_covers_its_own_turn_alone",
    ),
    Mutant(
        "of calendar and counter the later one decides",
        "server/upkeep/rules.py",
        "return min(found, key=lambda one: (one.from_ms, one.by))",
        "return max(found, key=lambda one: (one.from_ms, one.by))",
        f"{_UPKEEP}::test_either_first_and_what_was_done_counts_for_both",
    ),
    Mutant(
        "what was done early leaves its multiple of the counter to be done again",
        "server/upkeep/rules.py",
        "            steps.append(used(terms.since_ms, cycle.ended_ms) // terms.meter.every)\n",
        "            steps.append(0)\n",
        f"{_UPKEEP}::test_by_multiples_of_a_counter_each_is_done_or_joins",
    ),
    # -- stock -------------------------------------------------------------------------------------
    Mutant(
        "a count does not outrank what came before it",
        "server/stock/rules.py",
        "stock = event.milli if event.counted else stock + event.milli",
        "stock = stock + event.milli",
        f"{_STOCK}::test_what_comes_before_a_count_changes_nothing_after_it",
    ),
    Mutant(
        "more is ordered than whole orders that reach the minimum",
        "server/stock/rules.py",
        "-(-missing // reorder) * reorder",
        "(missing // reorder + 1) * reorder",
        f"{_STOCK}::test_what_is_ordered_reaches_the_minimum_and_not_one_order_more",
    ),
)
