"""The list of periodic jobs; `server.tick` does them."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.ledger import service as ledger
from server.people import service as people
from server.rounds import service as rounds
from server.secrets import Secrets
from server.tick.service import Job


def judge_again(session: Session, now_ms: int) -> None:
    """Give their turn to records that waited too long, and to those whose type is known by now."""
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    ledger.give_up_gaps(session, receipt_key=secrets.receipt.public_key, now_ms=now_ms)
    ledger.learn(session, receipt_key=secrets.receipt.public_key, now_ms=now_ms)
    feed.flush(session, now_ms=now_ms)


JOBS: dict[str, Job] = {
    "cut occurrences": lambda session, now_ms: rounds.cut_ahead(session, now_ms=now_ms),
    "judge again": judge_again,
    "end sessions": lambda session, now_ms: people.end_stale(session, now_ms=now_ms),
}
