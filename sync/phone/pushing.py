"""Push: the outbox in its order, in batches that fit the network."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sync import messages
from sync.messages import MEDIA_TYPE, PREFIX, STORED_OUTCOMES, PushAnswer, PushRequest, RawAnswer
from sync.phone.api import NoAnswer, no_answer
from sync.phone.rig import Rig, RoundReport
from sync.phone.store import Record
from sync.receipts import Receipt, verify_receipt
from sync.records import record_hash

ALONE_TRIES = 8
"""How often a record may fail alone before it goes to `raw`."""

RECORD_OVERHEAD_BYTES = 512
"""What a record takes in a push beside its body and private parts, at most."""


def push(rig: Rig, report: RoundReport, *, only: str | None = None) -> bool:
    """Push every log, the oldest first; True when the server asked to come again later.

    A record that no request gets through stays behind and the rest goes on; then the round is not
    complete.

    :param only: the hash of the one record to push
    :raises NoAnswer: the network or the server is not well, or a record stayed behind
    """
    skip: set[str] = set()
    stuck: NoAnswer | None = None
    while batch := _batch(rig, skip, only):
        if len(batch[0].wire.body.encode()) > rig.limits.body_bytes:
            _raw(rig, batch[0])
            continue
        try:
            if _send(rig, batch, report):
                return True
        except NoAnswer as none:
            if not _may_be_the_batch(none):
                raise
            if len(batch) > 1:
                rig.store.set_meta("push_size", str(len(batch) // 2))
                if none.status is None:
                    raise
                continue
            # Two in a row that fail alone: it is not the record, it is the server.
            if none.status is None or (stuck is not None and none.status not in (400, 413)):
                raise
            if not _rescued(rig, batch[0]):
                skip.add(batch[0].hash)
                stuck = none
    if stuck is not None:
        raise stuck
    return False


def _batch(rig: Rig, skip: AbstractSet[str], only: str | None) -> list[Record]:
    """Return the next records of one log that are still what was sealed; damaged ones are set aside."""
    store = rig.store
    most = min(_size(rig), rig.limits.push_records)
    for head in store.heads():
        batch: list[Record] = []
        size = 0
        for record in store.unsent(head.log, most + len(skip)):
            if record.hash in skip or only not in (None, record.hash) or len(batch) == most:
                continue
            if record_hash(record.wire.body) != record.hash:
                store.set_aside(record.hash, "hash")
                continue
            size += len(messages.encode(record.wire)) + RECORD_OVERHEAD_BYTES
            long = len(record.wire.body.encode()) > rig.limits.body_bytes
            if batch and (size > rig.limits.push_bytes or long):
                break
            batch.append(record)
        if batch:
            return batch
    return []


def _size(rig: Rig) -> int:
    return int(rig.store.meta("push_size") or messages.PUSH_RECORDS)


def _send(rig: Rig, batch: Sequence[Record], report: RoundReport) -> bool:
    """Push a batch; True when the server put some of it off.

    A log whose key is gone is carried by the current one: its records say themselves where they
    belong, and their own signatures vouch for them.
    """
    store = rig.store
    log = rig.prover(batch[0].log)
    clock = rig.request_clock()
    request = PushRequest(
        proto=1,
        nonce=rig.api.new_nonce(),
        log=log,
        clock=clock,
        remaining=max(0, store.count_unsent() - len(batch)),
        records=[record.wire for record in batch],
    )
    answer = rig.api.call("push", request, PushAnswer, log=log)
    if [outcome.hash for outcome in answer.outcomes] != [record.hash for record in batch]:
        raise NoAnswer("outcomes-differ", status=200)
    receipt = _check_receipt(rig, batch, answer)
    with store.transaction():
        rig.keep_anchor(log, answer.anchor, clock)
        at_ms = int(store.meta("server_ms") or 0)
        for outcome in answer.outcomes:
            if outcome.outcome not in STORED_OUTCOMES:
                continue
            store.mark_stored(
                outcome.hash,
                outcome=outcome.outcome,
                code=outcome.code,
                marks=outcome.marks,
                at_ms=at_ms,
            )
            report.pushed += 1
            if outcome.outcome == "forked":
                rig.ask_about_all()
        if receipt is not None and answer.receipt is not None:
            store.put_receipt(
                log=receipt.log,
                to_seq=receipt.to_seq,
                body=answer.receipt.body,
                sig=answer.receipt.sig,
                kid=answer.receipt.kid,
            )
        store.set_meta("push_size", str(min(_size(rig) * 2, messages.PUSH_RECORDS)))
    return any(outcome.outcome not in STORED_OUTCOMES for outcome in answer.outcomes)


def _check_receipt(rig: Rig, batch: Sequence[Record], answer: PushAnswer) -> Receipt | None:
    """Return the batch's receipt; one that does not verify or fit makes the whole answer none.

    A receipt is for what was stored; what the server put off (`later`) is not in it.
    """
    signed = answer.receipt
    if signed is None:
        return None
    stored = sum(outcome.outcome in STORED_OUTCOMES for outcome in answer.outcomes)
    receipt = verify_receipt(rig.store.meta("server_key") or "", signed.body, signed.sig)
    heads = {(record.seq, record.hash) for record in batch}
    fits = (
        receipt is not None
        and receipt.log == batch[0].log
        and (receipt.to_seq, receipt.head_hash) in heads
        and receipt.count == stored
    )
    if not fits:
        raise NoAnswer("bad-receipt", status=200)
    return receipt


def _may_be_the_batch(none: NoAnswer) -> bool:
    """Tell whether a smaller batch may get through where this one did not."""
    # 429, 503 and 507 are about the server's load and its disk, not about this batch.
    if none.status in (429, 503, 507):
        return False
    return none.status is None or none.status in (400, 413, 422) or none.status >= 500


def _rescued(rig: Rig, record: Record) -> bool:
    """Hand a record that fails alone again and again over as raw bytes, so that it stops nobody."""
    rig.store.add_try(record.hash)
    if record.tries + 1 < ALONE_TRIES:
        return False
    _raw(rig, record)
    return True


def _raw(rig: Rig, record: Record) -> None:
    data = record.wire.body.encode()
    headers = {"Content-Type": "application/octet-stream", "Accept": MEDIA_TYPE}
    reply = rig.api.send("POST", PREFIX + "raw", headers, data, log=rig.prover(record.log))
    if reply.status != 200 or reply.media_type() != MEDIA_TYPE:
        raise no_answer(reply)
    try:
        answer = messages.decode_answer(reply.body, RawAnswer, nonce="")
    except messages.MessageError as error:
        raise NoAnswer(f"answer-{error.reason}", status=reply.status) from None
    if answer.hash != record.hash or answer.outcome not in STORED_OUTCOMES:
        raise NoAnswer("outcomes-differ", status=reply.status)
    at_ms = int(rig.store.meta("server_ms") or 0)
    rig.store.mark_stored(record.hash, outcome=answer.outcome, code=answer.code, marks=(), at_ms=at_ms)
