"""At which stops both people of a crew scan."""

from __future__ import annotations

from sync.crew import drawn
from sync.ids import occurrence_id
from tests.vectors.cases.common import PLAN, STOP, T0

OCCURRENCE = occurrence_id(PLAN, T0)
STOPS = [STOP, *(f"6f1e5a3e-5555-4c1a-9d8e-0a0b0c0d0e{n:02x}" for n in range(1, 10))]
OTHER = "0a0b0c0d-0000-5000-8000-00000000000f"


def cases() -> dict[str, object]:
    """Return the content of crew.json."""
    given = [
        ("a round of ten stops", OCCURRENCE, STOPS),
        ("another round of the same route draws others", OTHER, STOPS),
        ("the order in between decides nothing", OCCURRENCE, [STOPS[0], *reversed(STOPS[1:-1]), STOPS[-1]]),
        ("of four stops the two in between", OCCURRENCE, STOPS[:4]),
        ("of three stops the one in between", OCCURRENCE, STOPS[:3]),
        ("of two stops none", OCCURRENCE, STOPS[:2]),
        ("of one stop none", OCCURRENCE, STOPS[:1]),
        ("of no stop none", OCCURRENCE, []),
    ]
    return {
        "drawn": [
            {"name": name, "occurrence": occurrence, "stops": stops, "drawn": list(drawn(occurrence, stops))}
            for name, occurrence, stops in given
        ]
    }
