"""The life of a phone: its states, what leads from one to another, and what each may still do.

    waiting ─confirm→ active ─drain→ draining ─revoke→ revoked
       └─refuse→ refused  │  ←keep──┘   │                 │
                          └──────revoke─┼────────→        │
                                        └──────wiped──────┴→ wiped

*Draining*: what the phone has still comes up and counts; nothing comes down and nobody signs in. *Revoked*:
what comes up is kept apart, in quarantine. *Wiped*: the phone said that it has emptied itself. In no state is
what a phone hands over refused: nothing unsent is destroyed by a change of state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

State = Literal["waiting", "active", "refused", "draining", "revoked", "wiped"]
Move = Literal["confirm", "refuse", "drain", "keep", "revoke", "wiped"]

MOVES: Mapping[tuple[str, Move], State] = {
    ("waiting", "confirm"): "active",
    ("waiting", "refuse"): "refused",
    ("waiting", "revoke"): "revoked",
    ("active", "drain"): "draining",
    ("active", "revoke"): "revoked",
    ("draining", "keep"): "active",
    ("draining", "revoke"): "revoked",
    ("draining", "wiped"): "wiped",
    ("revoked", "wiped"): "wiped",
}

ANY: frozenset[str] = frozenset(("waiting", "active", "refused", "draining", "revoked", "wiped"))
WORKING: frozenset[str] = frozenset(("active",))
"""People sign in, and what the site knows comes down."""
GREETED: frozenset[str] = frozenset(("active", "draining"))
"""`hello` is answered: what comes up counts. Such a phone may carry a round."""
KEPT: frozenset[str] = frozenset(("active", "draining", "revoked", "wiped"))
"""What such a phone hands over is kept, whoever brings it; it may ask what the server lacks of it."""
APART: frozenset[str] = frozenset(("revoked", "wiped"))
"""What such a phone hands over waits in quarantine until a supervisor accepts it."""
LEAVING: frozenset[str] = frozenset(("draining", "revoked"))
"""Such a phone may be told to wipe itself."""


def after(state: str, move: Move) -> State | None:
    """Return the state to which a move leads, or None where it cannot be made."""
    return MOVES.get((state, move))
