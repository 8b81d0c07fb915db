"""The round: hello → push until drained → pull → photos.

What the server holds is believed by one thing only: an outcome in a valid answer that
echoes the nonce. Whatever else happens, a round can be broken off anywhere and begun
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sync import messages
from sync.anchors import verify_anchor
from sync.messages import (
    MEDIA_TYPE,
    PREFIX,
    STORED_OUTCOMES,
    Clock,
    HaveAnswer,
    HaveRequest,
    Head,
    HelloAnswer,
    HelloRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    RawAnswer,
    Unsent,
)
from sync.phone import ports
from sync.phone.api import Api, NoAnswer, no_answer
from sync.phone.logs import rotate
from sync.phone.saving import Saver, current
from sync.phone.store import LogHead, Record, Store
from sync.phone.uploads import upload_waiting
from sync.receipts import Receipt, verify_receipt

ALONE_TRIES = 8
"""How often a record may fail alone before it goes to `raw`."""

RAW_CODES = ("too_large", "schema")
"""A record that went to `raw` has no place in the server's log: by numbers it would always be
missing. Whether the server still has it is asked by hash (`have`)."""

HAVE_EVERY_MS = 24 * 3_600_000
RECORD_OVERHEAD_BYTES = 512
"""What a record takes in a push beside its body and private parts, at most."""

DEFAULT_LIMITS = messages.Limits(messages.PUSH_RECORDS, messages.PUSH_BYTES, 262_144, messages.BLOB_BYTES)


@dataclass(slots=True)
class RoundReport:
    """What a round did. `complete` rounds only make "all sent" true and reset the back-off."""

    complete: bool = False
    reason: str | None = None
    status: int | None = None
    retry_after_s: int | None = None
    device_state: str | None = None
    pushed: int = 0
    rows: int = 0
    photos: int = 0
    resets: int = 0
    rotated: bool = False


class Engine:
    """Brings a store and the server together, one round at a time."""

    def __init__(
        self,
        *,
        store: Store,
        api: Api,
        clock: ports.Clock,
        crypto: ports.Crypto,
        locks: ports.Locks,
        saver: Saver,
        app: str,
    ) -> None:
        self._store = store
        self._api = api
        self._crypto = crypto
        self._clock = clock
        self._locks = locks
        self._saver = saver
        self._app = app
        self._limits = DEFAULT_LIMITS

    def round(self) -> RoundReport:
        """Do one round and say how far it came. Nothing that the network does raises."""
        report = RoundReport()
        with self._locks.hold("sync") as held:
            if not held:
                report.reason = "busy"
                return report
            try:
                self._steps(report)
            except NoAnswer as none:
                report.reason = none.slug or none.reason
                report.status = none.status
                report.retry_after_s = none.retry_after_s
        if report.complete:
            self._store.set_meta("last_round_wall", str(self._clock.wall()))
        return report

    def _steps(self, report: RoundReport) -> None:
        hello = self._hello(report)
        if hello is not None:
            report.device_state = hello.device.state
            if self._have_is_due(hello.epoch):
                self._have(hello.epoch)
        later = self._push_all(report)
        if hello is None:
            # The server did not know the log, or knows the phone no more. What was to be
            # said is said; the rest needs a hello.
            report.reason = report.reason or "no-hello"
            return
        if hello.device.state != "active":
            report.reason = f"device-{hello.device.state}"
            return
        if hello.advice.pull:
            self._pull(report)
        for _sha256 in upload_waiting(self._store, self._api, self._saver):
            report.photos += 1
        report.complete = not later and not report.rotated
        report.reason = "later" if later else ("rotated" if report.rotated else None)

    # -- hello -------------------------------------------------------------------------

    def _hello(self, report: RoundReport) -> HelloAnswer | None:
        head = current(self._store)
        clock = self._request_clock()
        request = HelloRequest(
            proto=1,
            nonce=self._api.new_nonce(),
            log=head.log,
            head=Head(head.seq, head.hash),
            oldest=self._store.oldest_seq(head.log),
            app=self._app,
            clock=clock,
            unsent=Unsent(
                records=self._store.count_unsent(),
                photos=len(self._store.uploads(state="waiting")),
                oldest_wall=self._store.oldest_unsent_wall(),
            ),
            storage=messages.Storage(persisted=None, usage=None, quota=None),
        )
        try:
            answer = self._api.call("hello", request, HelloAnswer, log=head.log)
        except NoAnswer as none:
            if none.slug == "unknown-log":
                # New to the server (rotated, or it lost the log): all of it is new again,
                # and a push that begins with log.open makes the log known.
                self._store.mark_unsent([record.hash for record in self._store.records(head.log)])
            elif none.slug != "device-revoked":
                raise
            report.reason = none.slug
            return None
        self._limits = answer.limits
        self._keep_anchor(head.log, answer.anchor, clock)
        self._compare(head, answer, report)
        return answer

    def _compare(self, head: LogHead, answer: HelloAnswer, report: RoundReport) -> None:
        """Find out whether this phone or the server lost something."""
        state = answer.log
        own = self._store.record_at(head.log, state.max_seq) if state.max_seq else None
        if state.max_seq > head.seq or (own is not None and own.hash != state.head_hash):
            rotate(self._store, self._saver, self._crypto, reason="restored")
            report.rotated = True
            return
        lost = [
            record.hash
            for record in self._store.records(head.log)
            if record.stored and record.code not in RAW_CODES and _is_lost(record.seq, answer)
        ]
        self._store.mark_unsent(lost)

    # -- have --------------------------------------------------------------------------

    def _have_is_due(self, epoch: str) -> bool:
        last = self._store.meta("have_wall")
        if last is None or self._store.meta("epoch") != epoch:
            return True
        return abs(self._clock.wall() - int(last)) >= HAVE_EVERY_MS

    def _have(self, epoch: str) -> None:
        log = current(self._store).log
        stored = [record.hash for record in self._store.records() if record.stored]
        for start in range(0, len(stored), messages.HAVE_HASHES):
            hashes = stored[start : start + messages.HAVE_HASHES]
            request = HaveRequest(1, self._api.new_nonce(), log, hashes)
            answer = self._api.call("have", request, HaveAnswer, log=log)
            self._store.mark_unsent([h for h in answer.missing if h in set(hashes)])
        with self._store.transaction():
            self._store.set_meta("epoch", epoch)
            self._store.set_meta("have_wall", str(self._clock.wall()))

    # -- push --------------------------------------------------------------------------

    def _push_all(self, report: RoundReport) -> bool:
        """Push every log, the oldest first; True when the server asked to come again later."""
        for head in self._store.heads():
            while True:
                batch = self._batch(head.log)
                if not batch:
                    break
                if len(batch[0].wire.body.encode()) > self._limits.body_bytes:
                    self._raw(batch[0])
                elif self._push(head.log, batch, report):
                    return True
        return False

    def _batch(self, log: str) -> list[Record]:
        batch: list[Record] = []
        size = 0
        for record in self._store.unsent(log, min(self._push_size(), self._limits.push_records)):
            size += len(messages.encode(record.wire)) + RECORD_OVERHEAD_BYTES
            if batch and (
                size > self._limits.push_bytes or len(record.wire.body.encode()) > self._limits.body_bytes
            ):
                break
            batch.append(record)
        return batch

    def _push_size(self) -> int:
        return int(self._store.meta("push_size") or messages.PUSH_RECORDS)

    def _push(self, log: str, batch: Sequence[Record], report: RoundReport) -> bool:
        clock = self._request_clock()
        request = PushRequest(
            proto=1,
            nonce=self._api.new_nonce(),
            log=log,
            clock=clock,
            remaining=max(0, self._store.count_unsent() - len(batch)),
            records=[record.wire for record in batch],
        )
        try:
            answer = self._api.call("push", request, PushAnswer, log=log)
            _check_outcomes(answer, batch)
            receipt = self._check_receipt(log, batch, answer)
        except NoAnswer as none:
            self._push_failed(batch, none)
            return False
        with self._store.transaction():
            for outcome in answer.outcomes:
                if outcome.outcome in STORED_OUTCOMES:
                    self._store.mark_stored(
                        outcome.hash, outcome=outcome.outcome, code=outcome.code, marks=outcome.marks
                    )
                    report.pushed += 1
            if receipt is not None and answer.receipt is not None:
                self._store.put_receipt(
                    log=log,
                    to_seq=receipt.to_seq,
                    body=answer.receipt.body,
                    sig=answer.receipt.sig,
                    kid=answer.receipt.kid,
                )
            self._keep_anchor(log, answer.anchor, clock)
            self._store.set_meta("push_size", str(min(self._push_size() * 2, messages.PUSH_RECORDS)))
        return any(outcome.outcome not in STORED_OUTCOMES for outcome in answer.outcomes)

    def _push_failed(self, batch: Sequence[Record], none: NoAnswer) -> None:
        """Halve the batch and go on, or end the round; after eight times alone go to `raw`."""
        too_much = none.status is None or none.status in (400, 413, 422) or none.status >= 500
        if too_much and len(batch) > 1:
            self._store.set_meta("push_size", str(len(batch) // 2))
            if none.status is not None:
                return
        if too_much and none.status is not None and len(batch) == 1:
            self._store.add_try(batch[0].hash)
            if batch[0].tries + 1 >= ALONE_TRIES:
                self._raw(batch[0])
                return
        raise none

    def _raw(self, record: Record) -> None:
        data = record.wire.body.encode()
        headers = {"Content-Type": "application/octet-stream", "Accept": MEDIA_TYPE}
        reply = self._api.send("POST", PREFIX + "raw", headers, data, log=record.log)
        if reply.status != 200 or reply.media_type() != MEDIA_TYPE:
            raise no_answer(reply)
        try:
            answer = messages.decode_answer(reply.body, RawAnswer, nonce="")
        except messages.MessageError as error:
            raise NoAnswer(f"answer-{error.reason}", status=reply.status) from None
        if answer.hash != record.hash or answer.outcome not in STORED_OUTCOMES:
            raise NoAnswer("outcomes-differ", status=reply.status)
        self._store.mark_stored(record.hash, outcome=answer.outcome, code=answer.code, marks=())

    def _check_receipt(self, log: str, batch: Sequence[Record], answer: PushAnswer) -> Receipt | None:
        """Return the batch's receipt; one that does not verify or fit makes the whole answer none.

        A receipt is for what was stored; what the server put off (`later`) is not in it.
        """
        signed = answer.receipt
        if signed is None:
            return None
        stored = sum(outcome.outcome in STORED_OUTCOMES for outcome in answer.outcomes)
        receipt = verify_receipt(self._store.meta("server_key") or "", signed.body, signed.sig)
        heads = {(record.seq, record.hash) for record in batch}
        fits = (
            receipt is not None
            and receipt.log == log
            and (receipt.to_seq, receipt.head_hash) in heads
            and receipt.count == stored
        )
        if not fits:
            raise NoAnswer("bad-receipt", status=200)
        return receipt

    # -- pull --------------------------------------------------------------------------

    def _pull(self, report: RoundReport) -> None:
        log = current(self._store).log
        while True:
            request = PullRequest(1, self._api.new_nonce(), self._store.meta("cursor"), messages.PULL_ROWS)
            try:
                answer = self._api.call("pull", request, PullAnswer, log=log)
            except NoAnswer as none:
                if none.status == 409 and none.slug == "reset" and report.resets < 2:
                    self._reset()
                    report.resets += 1
                    continue
                raise
            self._apply(answer)
            report.rows += len(answer.rows)
            if not answer.more:
                return

    def _reset(self) -> None:
        """Begin a new generation; the old rows stay until it is whole, own records for ever."""
        with self._store.transaction():
            self._store.set_meta("cursor", None)
            self._store.set_meta("generation", str(self._generation() + 1))
            self._store.set_meta("have_wall", None)

    def _generation(self) -> int:
        return int(self._store.meta("generation") or 0)

    def _apply(self, page: PullAnswer) -> None:
        """Apply a page and its cursor in one transaction."""
        generation = self._generation()
        with self._store.transaction():
            for row in page.rows:
                self._store.apply_row(row, generation)
            if not page.more:
                self._store.sweep(generation)
            self._store.set_meta("cursor", page.cursor)

    # -- parts -------------------------------------------------------------------------

    def _request_clock(self) -> Clock:
        return Clock(self._clock.wall(), self._clock.mono(), self._saver.boot, self._saver.tz)

    def _keep_anchor(self, log: str, token: str, clock: Clock) -> None:
        """Keep an anchor that the server's key signed for this log and these very clocks."""
        anchor = verify_anchor(self._store.meta("server_key") or "", log, token)
        if anchor is not None and (anchor.wall, anchor.mono, anchor.boot) == (
            clock.wall,
            clock.mono,
            clock.boot,
        ):
            self._store.set_meta(f"anchor:{log}", token)


def _check_outcomes(answer: PushAnswer, batch: Sequence[Record]) -> None:
    """Refuse an answer whose outcomes are not those of the records that were sent."""
    if [outcome.hash for outcome in answer.outcomes] != [record.hash for record in batch]:
        raise NoAnswer("outcomes-differ", status=200)


def _is_lost(seq: int, answer: HelloAnswer) -> bool:
    if seq > answer.log.max_seq:
        return True
    return any(low <= seq <= high for low, high in answer.log.missing)
