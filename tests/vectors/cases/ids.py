"""Identifiers of records and occurrences."""

from __future__ import annotations

from sync.ids import occurrence_id, uuid7
from tests.vectors.cases.common import PLAN, T0


def cases() -> dict[str, object]:
    """Return the content of ids.json."""
    given = [
        ("of the vectors' moment", T0, bytes(range(10))),
        ("all random bits set", T0, b"\xff" * 10),
        ("no random bit set", 0, bytes(10)),
        ("a clock before 1970 keeps its low 48 bits", -1, bytes(10)),
        ("a clock beyond 48 bits keeps its low ones", 2**50 + 1, bytes(10)),
    ]
    return {
        "uuid7": [
            {"name": name, "ms": ms, "random": random.hex(), "id": uuid7(ms, random)}
            for name, ms, random in given
        ],
        "occurrence": [
            {"name": f"the window at {ms}", "plan": PLAN, "from_ms": ms, "id": occurrence_id(PLAN, ms)}
            for ms in (T0, T0 + 7_200_000, 0, -1)
        ],
    }
