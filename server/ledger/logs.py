"""How a log begins, and how its records are judged again.

That is: after a supervisor's confirmation, after a long wait for a missing record, after the server
has learnt a type, and from the start when projections are rebuilt. Whoever judges records of several logs
locks all of these first, at once, as a push does: so nobody waits for a log while others wait for what
was written under another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.ledger import carried, waiting
from server.ledger.appliers import Arrival, applier
from server.ledger.devices import Caller, LockedLog, find_caller, lock_logs, save_logs
from server.ledger.items import Item, load
from server.ledger.models import Device, Log, Record, Verdict
from server.ledger.projection import by_applier
from server.ledger.store import wait_in_line
from server.ledger.turns import Turns
from server.tenancy import across, enter
from sync.encoding import ZERO_HASH
from sync.keys import log_of, verify
from sync.messages import PushRequest
from sync.payloads import LogOpen
from sync.records import SchemaError, parse_body, signed_bytes

HELD_MS = 72 * 3_600_000
"""So long a record waits for one that is missing; then it has its turn.

It carries the mark `seq_gap` or, where it names the missing one in `deps`, `dep_missing`.
"""

_BATCH = 500


def add(
    session: Session, *, device: Device, public_key: str, log: str, previous: str | None, trusted: bool
) -> None:
    """Begin a log of `device`; one that is not trusted keeps its records in quarantine.

    :param previous: the log that it continues, if it says so
    """
    session.add(
        Log(
            id=log,
            organisation_id=device.organisation_id,
            site_id=device.site_id,
            device_id=device.id,
            public_key=public_key,
            alg="ES256",
            state="open" if trusted else "unknown",
            opened_ms=None,
            previous_log=previous,
            head_hash=ZERO_HASH,
            settled_hash=ZERO_HASH,
        )
    )
    session.flush()


def opening(request: PushRequest) -> LogOpen | None:
    """Return the `log.open` of the request's own log, when the request begins with it."""
    try:
        body = parse_body(request.records[0].body)
    except SchemaError:
        return None
    payload = body.payload
    if not isinstance(payload, LogOpen) or body.envelope.log != request.log:
        return None
    return payload if log_of(payload.public_key) == request.log else None


def introduce(session: Session, *, request: PushRequest, payload: LogOpen) -> Caller | None:
    """Begin the log that a phone rotated to; return the phone, or None when nobody knows it.

    The previous log's key vouches for the new one (`sig_prev`). Where that key is gone the log is
    `unknown` until a supervisor confirms the phone.
    """
    with across(session):
        previous = session.get(Log, payload.previous_log) if payload.previous_log else None
        device = session.get(Device, previous.device_id if previous else UUID(payload.device))
    if device is None or device.state in ("waiting", "refused"):
        return None
    enter(session, device.organisation_id)
    record = request.records[0]
    vouched = (
        previous is not None
        and previous.state == "open"
        and record.sig_prev is not None
        and verify(previous.public_key, signed_bytes(record.body), record.sig_prev)
    )
    add(
        session,
        device=device,
        public_key=payload.public_key,
        log=request.log,
        previous=payload.previous_log,
        trusted=vouched,
    )
    return find_caller(session, request.log)


def note_opens(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `log.open`: the log has begun, and what the phone can do is known."""
    for arrival in arrivals:
        payload = arrival.payload
        assert isinstance(payload, LogOpen)  # noqa: S101  registered for this type
        session.execute(
            update(Log)
            .where(Log.id == arrival.log)
            .values(opened_ms=arrival.received_ms, previous_log=payload.previous_log)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Device)
            .where(Device.id == arrival.device_id)
            .values(capabilities=payload.capabilities)
            .execution_options(synchronize_session=False)
        )
    return [()] * len(arrivals)


# -- judged again ----------------------------------------------------------------------


def trust(session: Session, *, log: str, receipt_key: str, now_ms: int) -> None:
    """Take a log out of quarantine: a supervisor confirmed its phone.

    Its records have their turn, also those that somebody else brought before.
    """
    row = _lock(session, log)
    if row is None:
        return
    turns = _turns(session, row, receipt_key, now_ms)
    if row.state == "unknown":
        row.state = "open"
        items = load(session, Verdict.log == log, Verdict.code == "unknown_log")
        for item in items:
            if item.named == log:
                item.code, item.outcome = None, "held"
        turns.write(items)
    strays = carried.strays_of(session, row)
    again = carried.reclaim(session, row.organisation_id, row, strays, now_ms=now_ms) if strays else []
    turns.places.give(row, again)
    turns.settle(row, again)
    _save(session, row, turns)


def give_up_gaps(session: Session, *, receipt_key: str, now_ms: int) -> int:
    """Give their turn to records that have waited 72 h for one that is missing; return in how many logs."""
    waited = (
        select(func.min(Record.received_ms))
        .join(
            Verdict,
            (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
        )
        .where(Verdict.log == Log.id, Verdict.trunk, Verdict.seq > Log.settled_seq)
        .scalar_subquery()
    )
    overdue = session.scalars(
        select(Log.id).where(Log.state == "open", Log.settled_seq < Log.max_seq, waited < now_ms - HELD_MS)
    ).all()
    for log in lock_logs(session, overdue).values():
        if log.settled_seq < log.max_seq:
            turns = _turns(session, log, receipt_key, now_ms)
            turns.give_up_gap(log)
            _save(session, log, turns)
    return len(overdue)


def give_up_dependencies(session: Session, *, receipt_key: str, now_ms: int) -> int:
    """Give their turn to records that have waited 72 h for one that they depend on; return how many."""
    count = 0
    before_ms = now_ms - HELD_MS
    locked = lock_logs(session, {one.log for one in waiting.overdue(session, before_ms=before_ms)})
    while first := [
        one
        for one in waiting.overdue(session, before_ms=before_ms)
        if not one.is_behind and one.log in locked
    ]:
        for organisation in {one.organisation_id for one in first}:
            wait_in_line(session, organisation)
            mine = [one.ledger_pos for one in first if one.organisation_id == organisation]
            positions = waiting.give_up(session, organisation, mine)
            if not positions:
                continue  # what they waited for has just come
            at = Record.organisation_id == organisation, Record.ledger_pos.in_(positions)
            turns = Turns(session, organisation, receipt_key, now_ms)
            turns.give_up_dependencies(load(session, *at))
            turns.write(turns.changed.values())
            count += len(positions)
    return count


def learn(session: Session, *, receipt_key: str, now_ms: int) -> int:
    """Project records whose type the server did not know when they came; return how many."""
    learnt = 0
    names = session.scalars(
        select(Verdict.log).where(Verdict.outcome == "quarantined", Verdict.code == "unknown_type").distinct()
    ).all()
    for name, log in lock_logs(session, names).items():
        turns = _turns(session, log, receipt_key, now_ms)
        for item in load(session, Verdict.log == name, Verdict.trunk, Verdict.code == "unknown_type"):
            if turns.learn(log, item):
                learnt += 1
        _save(session, log, turns)
    return learnt


def replay(session: Session, *, organisation: UUID) -> int:
    """Project every applied record again, log by log, into tables that the caller has emptied.

    The logs come in the order in which they began: a phone's later log goes on where the earlier ended.

    :return: how many records
    """
    count = 0
    logs = session.scalars(
        select(Log.id)
        .where(Log.organisation_id == organisation)
        .order_by(func.coalesce(Log.opened_ms, 0), Log.id)
    ).all()
    for log in logs:
        seq = 0
        while True:
            upto = (
                select(Verdict.seq)
                .where(Verdict.log == log, Verdict.outcome == "applied", Verdict.seq > seq)
                .order_by(Verdict.seq)
                .limit(_BATCH)
                .subquery()
            )
            last = session.scalar(select(func.max(upto.c.seq)))
            if last is None:
                break
            items = load(
                session,
                Verdict.log == log,
                Verdict.outcome == "applied",
                Verdict.seq > seq,
                Verdict.seq <= last,
            )
            _project(session, organisation, sorted(items, key=lambda item: item.seq or 0))
            seq, count = last, count + len(items)
    return count


def _project(session: Session, organisation: UUID, items: Sequence[Item]) -> None:
    run = []
    for item in items:
        assert item.body is not None  # noqa: S101  only what could be read was applied
        apply = applier(item.body.envelope.type, item.body.envelope.tv)
        if apply is not None:
            run.append((item, apply))
    for apply, mine in by_applier(run).items():
        apply(session, [item.arrival(organisation, now_ms=item.received_ms) for item in mine])


def _lock(session: Session, log: str) -> LockedLog | None:
    return lock_logs(session, [log]).get(log)


def _save(session: Session, log: LockedLog, turns: Turns) -> None:
    turns.write(turns.changed.values())
    save_logs(session, {log.id: log})


def _turns(session: Session, log: LockedLog, receipt_key: str, now_ms: int) -> Turns:
    wait_in_line(session, log.organisation_id)  # no push may miss what is settled now
    return Turns(session, log.organisation_id, receipt_key, now_ms)
