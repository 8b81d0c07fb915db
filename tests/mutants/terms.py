"""Breakages of the terms of stops: order, own window, stay, skipping, the crew's draw."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

TERMS = (
    Mutant(
        "a skipped stop counts as accepted when nobody has said so",
        "server/rounds/state.py",
        "frozenset(skip.stop for skip in skips if skip.accepted and skip.stop in missing)",
        "frozenset(skip.stop for skip in skips if skip.stop in missing)",
        "tests/unit/server/test_rounds_terms.py::test_a_skipped_stop_is_not_done_until_a_supervisor_accepts_the_reason",
    ),
    Mutant(
        "enforced order asks nothing",
        "server/rounds/state.py",
        "if not enforced or since is None or v.estimate_ms >= since",
        "if True",
        "tests/unit/server/test_rounds_terms.py::test_where_order_is_enforced_a_stop_proven_before_its_predecessor_is_only_claimed",
    ),
    Mutant(
        "two of a crew may scan hours apart",
        "server/rounds/crews.py",
        "    within = math.inf if crew.within_ms is None else crew.within_ms",
        "    within = math.inf",
        "tests/unit/server/test_rounds_terms.py::test_both_scan_at_the_start_at_the_end_and_where_it_was_drawn_within_the_time",
    ),
    Mutant(
        "a certificate that is noted later is known earlier",
        "server/people/certificates.py",
        "            and one.made_ms < known_ms\n",
        "",
        "tests/api/people/test_certificates.py::test_what_is_noted_later_changes_no_mark_not_even_at_a_rebuild",
    ),
)
