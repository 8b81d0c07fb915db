"""The push: keep the exact bytes, then judge them, in one transaction.

Lock order: logs (by name), ledger head, what the projections write, feed head. The log's lock makes
a batch that is sent twice at once wait for itself, and then everything in it is a duplicate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server import faults
from server.ledger.devices import Caller, lock_logs, save_logs
from server.ledger.items import Item, read_wire
from server.ledger.models import Device, Log, Record, Verdict
from server.ledger.store import store
from server.ledger.turns import Turns
from sync.anchors import Anchor, make_anchor
from sync.chain import Link, bad_signatures
from sync.keys import SigningKey
from sync.messages import Clock, PushAnswer, PushRequest, RawAnswer, RecordOutcome

UNKNOWN_LOG_RECORDS = 5_000
"""So many records are kept of a log that nobody vouched for; the rest waits on the phone (`later`)."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of a record that comes again."""

    code: str | None
    marks: list[str]


def read(request: PushRequest, caller: Caller, *, now_ms: int) -> list[Item]:
    """Return the records of a push, read without the database."""
    return [read_wire(record, caller, received_ms=now_ms, after=request.clock) for record in request.records]


def push(
    session: Session,
    *,
    caller: Caller,
    request: PushRequest,
    items: Sequence[Item],
    key: SigningKey,
    now_ms: int,
) -> PushAnswer:
    """Store and judge a batch; the caller of this commits.

    :param items: the records of `request`, from `read`
    :param key: the server's receipt key
    """
    logs = _lock_logs(session, caller, items)
    known = _known(session, caller, items)
    new: dict[str, Item] = {}
    for item in items:
        if item.hash not in known:
            new.setdefault(item.hash, item)
    later = _beyond_bound(logs[caller.log], new)
    turns = Turns(session, caller.organisation_id, caller.site_id, caller.device_id, key.public_key, now_ms)
    by_log = _by_log(caller, logs, new.values())
    for name, group in by_log.items():
        check_signatures(logs[name], group)
    batch = [item for item in items if item.hash not in later]
    receipt = store(session, caller=caller, items=list(new.values()), batch=batch, key=key, now_ms=now_ms)
    faults.at("push.after_store")
    judge(turns, caller, logs, by_log, new)
    faults.at("push.after_judge")
    _heard(session, caller, unsent=request.remaining, now_ms=now_ms)
    return PushAnswer(
        proto=1,
        nonce=request.nonce,
        count=len(items),
        outcomes=_outcomes(items, new, known, later),
        receipt=receipt,
        anchor=anchor_for(caller.log, request.clock, key=key, now_ms=now_ms),
    )


def keep_raw(session: Session, *, caller: Caller, item: Item, key: SigningKey, now_ms: int) -> RawAnswer:
    """Store the opaque bytes of one record, in quarantine; the caller of this commits.

    It holds its place in the chain where that can be read, or once its successor names it, so that
    what follows does not wait for it.
    """
    logs = _lock_logs(session, caller, [item])
    known = _known(session, caller, [item])
    if item.hash in known:
        code: Any = known[item.hash].code
        return RawAnswer(proto=1, nonce="", hash=item.hash, outcome="duplicate", code=code)
    new = {item.hash: item}
    if _beyond_bound(logs[caller.log], new):
        return RawAnswer(proto=1, nonce="", hash=item.hash, outcome="later")
    turns = Turns(session, caller.organisation_id, caller.site_id, caller.device_id, key.public_key, now_ms)
    by_log = _by_log(caller, logs, [item])
    store(session, caller=caller, items=[item], batch=[], key=key, now_ms=now_ms)
    judge(turns, caller, logs, by_log, new)
    code = item.code
    return RawAnswer(proto=1, nonce="", hash=item.hash, outcome="quarantined", code=code)


def _lock_logs(session: Session, caller: Caller, items: Sequence[Item]) -> dict[str, Log]:
    """Lock the phone's own logs that a batch belongs to."""
    names = {item.log for item in items} | {caller.log}
    return lock_logs(session, Log.id.in_(names), Log.device_id == caller.device_id)


def _known(session: Session, caller: Caller, items: Sequence[Item]) -> dict[str, _Known]:
    rows = session.execute(
        select(Record.hash, Verdict.code, Verdict.marks)
        .join(
            Verdict,
            (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
        )
        .where(
            Record.organisation_id == caller.organisation_id,
            Record.hash.in_({item.hash for item in items}),
        )
    )
    return {found: _Known(code, marks) for found, code, marks in rows}


def _beyond_bound(log: Log, new: dict[str, Item]) -> set[str]:
    """Take out of `new` what an unconfirmed log may not store any more; return those hashes."""
    if log.state != "unknown":
        return set()
    room = max(0, UNKNOWN_LOG_RECORDS - log.kept)
    return {new.pop(found).hash for found in list(new)[room:]}


def _by_log(caller: Caller, logs: Mapping[str, Log], items: Iterable[Item]) -> dict[str, list[Item]]:
    """Sort records under their logs; those of nobody's or another phone's log go to quarantine."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        if item.log not in logs:
            item.code = "unknown_log"
        name = item.log if item.log in logs else caller.log
        groups.setdefault(name, []).append(item)
    return groups


def check_signatures(log: Log, items: Sequence[Item]) -> None:
    """Put records in quarantine that no good signature vouches for."""
    mine = [item for item in items if item.place and item.place.log == log.id and item.alg]
    opening = next((item for item in mine if item.place and item.place.seq == 1), None)
    if log.kept == 0 and opening is not None and opening.alg == "none":
        log.alg = "none"
    if log.alg == "none":
        return
    links = [
        Link(
            item.place.seq, item.place.prev, item.hash, item.bytes.decode(), item.sig if _signed(item) else ""
        )
        for item in mine
        if item.place
    ]
    bad = bad_signatures(links, log.public_key)
    for item in mine:
        if item.hash in bad:
            item.code = "bad_signature"


def _signed(item: Item) -> bool:
    return item.alg == "ES256"


def judge(
    turns: Turns,
    caller: Caller,
    logs: dict[str, Log],
    by_log: Mapping[str, list[Item]],
    new: Mapping[str, Item],
) -> None:
    """Give every new record its verdict, and release those that waited for one of them."""
    turns.gate.expect(new.values())
    for name, group in by_log.items():
        log = logs[name]
        if caller.device_state == "revoked":
            for item in group:
                item.code = item.code or "scope_denied"
        mine = [item for item in group if item.code != "unknown_log"]
        turns.place(log, mine)
        if log.state == "unknown":
            for item in group:
                item.code = item.code or "unknown_log"
                turns.changed[item.ledger_pos] = item
                item.outcome = "quarantined"
            continue
        turns.settle(log, group)
    turns.write(turns.changed.values())
    save_logs(turns.session, logs)


def _heard(session: Session, caller: Caller, *, unsent: int, now_ms: int) -> None:
    values: dict[str, Any] = {"heard_ms": now_ms, "unsent_records": unsent}
    if unsent == 0:
        values["clear_ms"] = now_ms
    session.execute(
        update(Device)
        .where(Device.id == caller.device_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _outcomes(
    items: Sequence[Item], new: Mapping[str, Item], known: Mapping[str, _Known], later: set[str]
) -> list[RecordOutcome]:
    outcomes = []
    for item in items:
        if item.hash in known:
            before = known[item.hash]
            outcomes.append(_outcome(item.hash, "duplicate", before.code, before.marks))
        elif item.hash in later:
            outcomes.append(_outcome(item.hash, "later", None, []))
        elif new[item.hash] is not item:
            first = new[item.hash]
            outcomes.append(_outcome(item.hash, "duplicate", first.code, first.marks))
        else:
            outcomes.append(_outcome(item.hash, item.outcome, item.code, item.marks))
    return outcomes


def _outcome(found: str, outcome: Any, code: Any, marks: list[str]) -> RecordOutcome:
    return RecordOutcome(hash=found, outcome=outcome, code=code, marks=list(marks))


def anchor_for(log: str, clock: Clock, *, key: SigningKey, now_ms: int) -> str:
    """Return the server's time, bound to the phone's clocks as the request stated them."""
    return make_anchor(key, log, Anchor(now_ms, clock.wall, clock.mono, clock.boot))
