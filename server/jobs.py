"""The list of periodic jobs; `server.tick` does them."""

from __future__ import annotations

from server.people import service as people
from server.rounds import service as rounds
from server.tick.service import Job

JOBS: dict[str, Job] = {
    "cut occurrences": lambda session, now_ms: rounds.cut_ahead(session, now_ms=now_ms),
    "end sessions": lambda session, now_ms: people.end_stale(session, now_ms=now_ms),
}
