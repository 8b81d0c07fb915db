"""The guard that every piece of bad input runs under notices what costs too much."""

from __future__ import annotations

import pytest

from tests import cost
from tests.cost import bounded


def test_what_takes_too_much_memory_and_gives_it_back_is_noticed() -> None:
    with pytest.raises(AssertionError, match=r"a bomb: \d+ MiB"), bounded("a bomb"):
        len(bytearray(b"x") * (100 * 1_048_576))
    with bounded("the next one"):
        pass


def test_what_takes_too_long_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "MOST_CPU_S", 0.0)
    with pytest.raises(AssertionError, match="of the processor"), bounded("a loop"):
        sum(range(100_000))
