"""The push: keep the exact bytes, then judge them, in one transaction.

Lock order: logs (by name), the organisation's line and ledger head, what the projections write, feed
head. The log's lock makes a batch that is sent twice at once wait for itself, and then everything in it is
a duplicate. A record may wait for one of another log, whose lock its own push does not hold: so of all who
judge records of an organisation only one is at it at a time, and the line is what they wait in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from server import faults
from server.direct import Direct, listed
from server.ledger import carried, lifecycle, logs
from server.ledger.carried import check_signatures
from server.ledger.clockwatch import behind_ms
from server.ledger.devices import Caller, LockedLog, lock_logs, save_logs
from server.ledger.gate import stand_at_site
from server.ledger.items import Item, read_wire
from server.ledger.models import Device, Record, Verdict
from server.ledger.store import store, wait_in_line
from server.ledger.turns import Turns
from sync.anchors import Anchor, make_anchor
from sync.keys import SigningKey, log_of
from sync.messages import Clock, PushAnswer, PushRequest, RawAnswer, RecordOutcome, SignedReceipt

UNKNOWN_LOG_RECORDS = 5_000
"""So many records are kept of a log that nobody vouched for; the rest waits on the phone (`later`)."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of a record that comes again."""

    code: str | None
    marks: list[str]
    trunk: bool
    sent_by: str


@dataclass(slots=True)
class _Sorted:
    """The records of a batch by the logs under which they are judged."""

    logs: dict[str, LockedLog]
    apart: set[str]
    """Those of `logs` whose phones no longer belong to the site."""
    groups: dict[str, list[Item]] = field(default_factory=dict)
    aside: list[Item] = field(default_factory=list)
    """Records of a log that nobody knows."""


_STORED = Direct(
    select(Record.hash, Verdict.code, Verdict.marks, Verdict.trunk, Record.sent_by)
    .join(
        Verdict,
        (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
    )
    .where(
        Record.organisation_id == bindparam("organisation"),
        Record.hash.op("IN")(listed("hashes")),
    )
)
_SAYS = (
    update(Device)
    .where(Device.id == bindparam("device"))
    .values(heard_ms=bindparam("now"), unsent_records=bindparam("unsent"))
)
_HEARD, _HEARD_OUT = Direct(_SAYS), Direct(_SAYS.values(clear_ms=bindparam("now")))


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
    in_doubt = behind_ms(session, caller.organisation_id, now_ms)
    taken = take(session, caller=caller, items=items, key=key, now_ms=now_ms)
    _heard(session, caller, unsent=request.remaining, now_ms=now_ms)
    return PushAnswer(
        proto=1,
        nonce=request.nonce,
        count=len(items),
        outcomes=taken.outcomes,
        receipt=taken.receipt,
        anchor=None if in_doubt else anchor_for(caller.log, request.clock, key=key, now_ms=now_ms),
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch, in the order of its records."""

    outcomes: list[RecordOutcome]
    receipt: SignedReceipt | None


def take(session: Session, *, caller: Caller, items: Sequence[Item], key: SigningKey, now_ms: int) -> Taken:
    """Store and judge a batch, whoever brings it; the caller of this commits.

    :param caller: the phone that pushes, or who imports a rescue file
    """
    for device, payload in carried.vouched_logs(session, caller.organisation_id, items):
        logs.add(
            session,
            device=device,
            public_key=payload.public_key,
            log=log_of(payload.public_key) or "",
            previous=payload.previous_log,
            trusted=True,
        )
    at_hand = _lock_logs(session, caller, items)
    known = _known(session, caller, items)
    new: dict[str, Item] = {}
    for item in items:
        if item.hash not in known:
            new.setdefault(item.hash, item)
    later = _beyond_bound(caller, at_hand.logs, new)
    _sort(caller, at_hand, new.values())
    for name, group in at_hand.groups.items():
        check_signatures(at_hand.logs[name], group)
        stand_at_site(session, at_hand.logs[name], group)
    batch = [item for item in items if item.hash not in later]
    receipt = store(session, caller=caller, items=list(new.values()), batch=batch, key=key, now_ms=now_ms)
    faults.at("push.after_store")
    again = _reclaim(session, caller, at_hand, items, known, now_ms=now_ms)
    _judge(Turns(session, caller.organisation_id, key.public_key, now_ms), at_hand)
    faults.at("push.after_judge")
    return Taken(_outcomes(items, {**new, **again}, known, later), receipt)


def keep_raw(session: Session, *, caller: Caller, item: Item, key: SigningKey, now_ms: int) -> RawAnswer:
    """Store the opaque bytes of one record, in quarantine; the caller of this commits.

    It holds its place in the chain where that can be read, or once its successor names it, so that
    what follows does not wait for it.
    """
    at_hand = _lock_logs(session, caller, [item], only_own=True)
    known = _known(session, caller, [item])
    new = {} if item.hash in known else {item.hash: item}
    if _beyond_bound(caller, at_hand.logs, new):
        return RawAnswer(proto=1, nonce="", hash=item.hash, outcome="later")
    _sort(caller, at_hand, new.values())
    if new:
        store(session, caller=caller, items=[item], batch=[], key=key, now_ms=now_ms)
    else:
        wait_in_line(session, caller.organisation_id)
    _reclaim(session, caller, at_hand, [item], known, now_ms=now_ms)
    _judge(Turns(session, caller.organisation_id, key.public_key, now_ms), at_hand)
    code: Any = item.code if new else known[item.hash].code
    return RawAnswer(
        proto=1, nonce="", hash=item.hash, outcome="quarantined" if new else "duplicate", code=code
    )


def _lock_logs(session: Session, caller: Caller, items: Sequence[Item], *, only_own: bool = False) -> _Sorted:
    """Lock the logs that a batch belongs to: the phone's own, and those of its organisation's phones.

    :param only_own: leave out other phones' logs, for bytes that nobody signed
    """
    names = {item.named for item in items} | {caller.log}
    locked = lock_logs(session, names, organisation=caller.organisation_id)
    found = {name: log for name, log in locked.items() if log.device_id == caller.device_id or not only_own}
    others = {log.device_id for log in found.values()} - {caller.device_id}
    states = {caller.device_id: caller.device_state, **carried.states(session, others)}
    kept = {name: log for name, log in found.items() if states[log.device_id] in lifecycle.KEPT}
    return _Sorted(kept, {name for name, log in kept.items() if states[log.device_id] in lifecycle.APART})


def _known(session: Session, caller: Caller, items: Sequence[Item]) -> dict[str, _Known]:
    bound = {"organisation": caller.organisation_id, "hashes": {item.hash for item in items}}
    rows = _STORED.rows(session, bound)
    return {found: _Known(code, marks, trunk, sent_by) for found, code, marks, trunk, sent_by in rows}


def _beyond_bound(caller: Caller, logs: Mapping[str, LockedLog], new: dict[str, Item]) -> set[str]:
    """Take out of `new` what unconfirmed logs may not store any more; return those hashes."""
    room = {
        name: max(0, UNKNOWN_LOG_RECORDS - log.kept) for name, log in logs.items() if log.state == "unknown"
    }
    later = set()
    for found, item in list(new.items()) if room else ():
        name = item.named if item.named in room else caller.log
        if room.get(name) == 0:
            later.add(new.pop(found).hash)
        elif name in room:
            room[name] -= 1
    return later


def _sort(caller: Caller, at_hand: _Sorted, items: Iterable[Item]) -> None:
    """Sort records under their logs, and put aside what belongs to none or what its author did not sign."""
    for item in items:
        log = at_hand.logs.get(item.named)
        if log is not None and log.device_id != caller.device_id:
            item.after = None  # the clocks of who brings it say nothing about it
            if not carried.can_be_carried(log, item):
                log = None
        if log is not None:
            item.judge_under(log)
            at_hand.groups.setdefault(log.id, []).append(item)
            continue
        item.after = None
        item.code = "unknown_log" if item.place else item.code
        item.under = None if item.named == caller.log else caller.log
        at_hand.aside.append(item)


def _reclaim(
    session: Session,
    caller: Caller,
    at_hand: _Sorted,
    items: Sequence[Item],
    known: Mapping[str, _Known],
    *,
    now_ms: int,
) -> dict[str, Item]:
    """Find the records that were not believed when they were stored and that prove themselves now.

    :return: hash → the stored record, which waits for its turn among those of its log
    """
    copies: dict[str, dict[str, Item]] = {}
    brought: dict[str, Item] = {}
    for item in items:
        log = at_hand.logs.get(item.named)
        if item.hash not in known or log is None:
            continue
        if not carried.is_stray(known[item.hash], item):
            if item.private and known[item.hash].sent_by != caller.log and log.device_id == caller.device_id:
                brought[item.hash] = item
            continue
        if log.device_id == caller.device_id or carried.can_be_carried(log, item):
            copies.setdefault(log.id, {})[item.hash] = item
    carried.complete_private(session, caller.organisation_id, brought)
    for name, log in at_hand.logs.items():
        if log.kept == 0 and log.alg == "ES256":  # just become known
            copies[name] = {**carried.strays_of(session, log), **copies.get(name, {})}
    found: dict[str, Item] = {}
    for name, mine in copies.items():
        log = at_hand.logs[name]
        if log.state != "open" or not mine:
            continue
        again = carried.reclaim(session, caller.organisation_id, log, mine, now_ms=now_ms)
        at_hand.groups.setdefault(name, []).extend(again)
        found.update((item.hash, item) for item in again)
    return found


def _judge(turns: Turns, at_hand: _Sorted) -> None:
    """Give every new record its verdict, and release those that waited for one of them."""
    for name, group in at_hand.groups.items():
        log = at_hand.logs[name]
        turns.gate(log).expect(group)
        if name in at_hand.apart:
            for item in group:
                item.code = item.code or "scope_denied"
        turns.places.give(log, group)
        if log.state == "unknown":
            for item in group:
                item.code = item.code or "unknown_log"
                turns.changed[item.ledger_pos] = item
                item.outcome = "quarantined"
            continue
        turns.settle(log, group)
    if at_hand.aside:
        turns.set_aside(at_hand.aside)
    turns.write(turns.changed.values())
    save_logs(turns.session, at_hand.logs)


def _heard(session: Session, caller: Caller, *, unsent: int, now_ms: int) -> None:
    bound = {"device": caller.device_id, "now": now_ms, "unsent": unsent}
    (_HEARD_OUT if unsent == 0 else _HEARD).run(session, bound)


def _outcomes(
    items: Sequence[Item], new: Mapping[str, Item], known: Mapping[str, _Known], later: set[str]
) -> list[RecordOutcome]:
    outcomes = []
    given: set[str] = set()
    for item in items:
        if item.hash in known and item.hash not in new:
            before = known[item.hash]
            outcomes.append(_outcome(item.hash, "duplicate", before.code, before.marks))
        elif item.hash in later:
            outcomes.append(_outcome(item.hash, "later", None, []))
        elif item.hash in given:
            first = new[item.hash]
            outcomes.append(_outcome(item.hash, "duplicate", first.code, first.marks))
        else:
            judged = new[item.hash]
            given.add(item.hash)
            outcomes.append(_outcome(item.hash, judged.outcome, judged.code, judged.marks))
    return outcomes


def _outcome(found: str, outcome: Any, code: Any, marks: list[str]) -> RecordOutcome:
    return RecordOutcome(hash=found, outcome=outcome, code=code, marks=list(marks))


def anchor_for(log: str, clock: Clock, *, key: SigningKey, now_ms: int) -> str:
    """Return the server's time, bound to the phone's clocks as the request stated them."""
    return make_anchor(key, log, Anchor(now_ms, clock.wall, clock.mono, clock.boot))
