"""The short run of harness A, on both engines. `make simulate` runs the long one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation import machine

SEED = 20261201
EXAMPLES = 12
STEPS = 25


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    cluster = None if request.param == "sqlite" else request.getfixturevalue("postgres")
    with machine.furnishing(cluster):
        yield request.param


def test_whatever_happens_in_whatever_order_nothing_is_lost_or_doubled(engine: str) -> None:
    machine.totals.clear()
    machine.run(examples=EXAMPLES, steps=STEPS, number=SEED)
    print(f"{engine}, seed {SEED}: {machine.equation()}")
    assert machine.totals["captured"] > 90
    assert machine.totals["wiped"] > 0, "no phone was emptied by order: another seed"
