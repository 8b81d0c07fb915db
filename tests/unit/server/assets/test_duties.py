"""When a test is due next."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.assets.duties import Done, next_due

FIRST = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("anchor", "done", "due"),
    [
        ("done", [], FIRST),
        ("done", [Done(date(2026, 3, 5), None)], date(2026, 4, 5)),
        ("done", [Done(date(2026, 1, 31), None)], date(2026, 2, 28)),
        ("fixed", [Done(date(2026, 2, 1), None)], date(2026, 2, 28)),
        ("fixed", [Done(date(2026, 2, 26), None)], date(2026, 3, 31)),
        ("fixed", [Done(date(2026, 2, 26), None), Done(date(2026, 1, 30), None)], date(2026, 3, 31)),
        ("fixed", [Done(date(2026, 3, 1), date(2026, 9, 1))], date(2026, 9, 1)),
    ],
)
def test_months_keep_the_day_and_the_certificate_wins(anchor: str, done: list[Done], due: date) -> None:
    assert next_due(every_months=1, anchor=anchor, first_on=FIRST, done=done) == due


@given(
    st.integers(1, 60),
    st.sampled_from(("done", "fixed")),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.lists(st.dates(date(2000, 1, 1), date(2040, 1, 1)), max_size=5),
)
def test_what_was_done_is_never_due_again_before_it(
    months: int, anchor: str, first: date, days: list[date]
) -> None:
    due = next_due(every_months=months, anchor=anchor, first_on=first, done=[Done(day, None) for day in days])

    assert all(due > day for day in days) or (anchor == "fixed" and due == first)
