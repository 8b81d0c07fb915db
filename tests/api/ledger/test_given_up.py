"""What waited three days for a record has its turn without it, and keeps what it was given."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from server import jobs
from server.ledger import logs
from server.ledger.models import Verdict, Waiting
from sync.records import record_hash
from tests.api.field import Garden, data, verdicts
from tests.conftest import FakeClock


def give_up(garden: Garden, clock: FakeClock) -> int:
    """Let the server look for records that waited too long for a dependency."""
    key = garden.secrets.receipt.public_key
    count = logs.give_up_dependencies(garden.session, receipt_key=key, now_ms=clock.ms)
    garden.session.commit()
    return count


def marks(garden: Garden, log: str, seq: int) -> list[str]:
    """Return the marks of a record."""
    return list(garden.one(select(Verdict.marks).where(Verdict.log == log, Verdict.seq == seq)))


def waiting(garden: Garden) -> int:
    """Return how many dependencies are waited for."""
    count: int = garden.one(select(func.count()).select_from(Waiting))
    return count


def test_a_record_whose_dependency_never_comes_has_its_turn_after_three_days_with_a_mark(
    garden: Garden, clock: FakeClock
) -> None:
    phone, other = garden.handset(), garden.handset(actor="liu")
    needed = other.record()
    assert phone.outcomes(phone.record(deps=[record_hash(needed["body"])])) == [("held", None)]
    clock.forward(hours=71)
    assert give_up(garden, clock) == 0
    assert verdicts(garden, phone.log)[2] == ("held", None)
    clock.forward(hours=2)
    with garden.app.app_context():
        jobs.judge_again(garden.session, clock.ms)
    garden.session.commit()
    assert verdicts(garden, phone.log)[2] == ("applied", None)
    assert "dep_missing" in marks(garden, phone.log, 2)
    assert waiting(garden) == 0
    told = data(phone.hello())["log"]
    assert (told["max_seq"], told["missing"]) == (2, [])

    assert other.outcomes(needed) == [("applied", None)]  # after all
    assert "dep_missing" not in marks(garden, other.log, 2)
    assert verdicts(garden, phone.log)[2] == ("applied", None)
    assert give_up(garden, clock) == 0


def test_who_waits_for_one_that_waits_is_not_marked_when_that_one_has_its_turn(
    garden: Garden, clock: FakeClock
) -> None:
    phone, other = garden.handset(), garden.handset(actor="liu")
    between = other.record(deps=["ab" * 32])
    last = phone.record(deps=[record_hash(between["body"])])
    assert phone.outcomes(last) == [("held", None)]
    assert other.outcomes(between) == [("held", None)]
    clock.forward(hours=73)
    assert give_up(garden, clock) == 1
    assert verdicts(garden, phone.log)[2] == verdicts(garden, other.log)[2] == ("applied", None)
    assert "dep_missing" in marks(garden, other.log, 2)
    assert "dep_missing" not in marks(garden, phone.log, 2)


def test_one_that_came_lately_is_waited_for_although_another_is_given_up(
    garden: Garden, clock: FakeClock
) -> None:
    phone = garden.handset()
    phone.push(phone.record(deps=["ab" * 32]))
    clock.forward(hours=40)
    phone.push(phone.record(deps=["ab" * 32]))
    clock.forward(hours=33)
    assert give_up(garden, clock) == 1
    assert verdicts(garden, phone.log)[3] == ("held", None)
    assert waiting(garden) == 1


def test_a_record_that_fills_a_gap_after_it_was_given_up_moves_no_bound_that_was_stated(
    garden: Garden, clock: FakeClock
) -> None:
    phone = garden.handset()
    clock.forward(hours=1)
    phone.anchor = data(phone.hello())["anchor"]
    anchored = clock.ms
    lost = phone.record()
    phone.anchor = None  # forgotten: only the record before could say "not before"
    later = phone.record()
    clock.forward(hours=1)
    phone.push(later)
    clock.forward(hours=73)
    key = garden.secrets.receipt.public_key
    assert logs.give_up_gaps(garden.session, receipt_key=key, now_ms=clock.ms) == 1
    garden.session.commit()
    stated = times(garden, phone.log, 3)
    assert stated["lower"] != anchored

    assert phone.outcomes(lost) == [("applied", None)]

    filled = times(garden, phone.log, 2)
    assert filled["lower"] == anchored, "it is judged by its own anchor"
    assert filled["upper"] == stated["upper"], "and by who came before it"
    assert times(garden, phone.log, 3) == stated


def times(garden: Garden, log: str, seq: int) -> dict[str, Any]:
    """Return what is stated about when a record was made."""
    row = garden.one(select(Verdict).where(Verdict.log == log, Verdict.seq == seq))
    return {
        "lower": row.lower_ms,
        "estimate": row.estimate_ms,
        "upper": row.upper_ms,
        "quality": row.quality,
        "marks": list(row.marks),
    }
