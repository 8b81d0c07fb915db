"""Who judges records of several logs locks them all before it writes: else two wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from server import jobs
from server.ledger import logs
from server.ledger.devices import LockedLog, lock_logs
from server.ledger.verdicts import write
from sync.records import record_hash
from tests.api.field import Garden, Handset
from tests.conftest import FakeClock

Judge = Callable[..., int]


def _gap(phone: Handset) -> None:
    phone.record()
    assert phone.outcomes(phone.record()) == [("held", None)]


def _dependency(phone: Handset) -> None:
    between = phone.record(deps=["ab" * 32])
    last = phone.record(deps=[record_hash(between["body"])])
    assert phone.outcomes(between, last) == [("held", None)] * 2


def _unknown(phone: Handset) -> None:
    assert phone.outcomes(phone.record("of.later", {})) == [("quarantined", "unknown_type")]


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str | set[str]]:
    """Note the logs that are locked, and what is written, in their order."""
    order: list[str | set[str]] = []

    def locking(session: Any, names: Iterable[str], **options: Any) -> dict[str, LockedLog]:
        wanted = set(names)
        if wanted:
            order.append(wanted)
        return lock_logs(session, wanted, **options)

    def writing(*args: Any) -> None:
        order.append("write")
        write(*args)

    monkeypatch.setattr("server.ledger.logs.lock_logs", locking)
    monkeypatch.setattr("server.ledger.turns.write", writing)
    return order


@pytest.mark.parametrize(
    ("leave", "judge"),
    [
        (_gap, logs.give_up_gaps),
        (_dependency, logs.give_up_dependencies),
        (_unknown, logs.learn),
    ],
)
def test_all_logs_are_locked_at_once_and_first(
    garden: Garden,
    clock: FakeClock,
    noted: list[str | set[str]],
    leave: Callable[[Handset], None],
    judge: Judge,
) -> None:
    phones = garden.handset(), garden.handset(actor="liu")
    for phone in phones:
        leave(phone)
    clock.forward(hours=73)
    noted.clear()

    judge(garden.session, receipt_key=garden.secrets.receipt.public_key, now_ms=clock.ms)

    assert noted[0] == {phone.log for phone in phones}
    assert set(map(str, noted[1:])) == {"write"}


def test_the_periodic_work_lets_go_of_its_logs_between_one_kind_and_the_next(
    garden: Garden, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction: list[bool] = []

    def note(session: Any, **_: Any) -> None:
        in_transaction.append(session.in_transaction())

    for name in ("give_up_gaps", "give_up_dependencies", "learn"):
        monkeypatch.setattr(f"server.ledger.service.{name}", note)
    with garden.app.app_context():
        garden.session.commit()
        jobs.judge_again(garden.session, clock.ms)

    assert in_transaction == [False, False, False]
