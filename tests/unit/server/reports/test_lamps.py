"""Lamps as a share: over all lamps, not the mean of the places."""

from __future__ import annotations

from decimal import Decimal

from server.reports.service.lamps import share_of


def test_the_share_is_that_of_all_lamps() -> None:
    counts = [(Decimal(190), Decimal(2)), (Decimal(10), Decimal(10))]
    assert share_of(counts) == (Decimal(200), Decimal(12), Decimal("0.94"))


def test_without_lamps_there_is_no_share() -> None:
    assert share_of([]) == (Decimal(0), Decimal(0), None)
