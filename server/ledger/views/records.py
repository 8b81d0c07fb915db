"""Nonce, hello, have, push and raw: evidence goes up. Plain Flask, for the protocol is its own world."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy.exc import IntegrityError

from server import faults, throttle
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses, speaks
from server.feed import service as feed
from server.ledger import appliers, lifecycle, logs, service
from server.ledger import push as pushing
from server.ledger.devices import Caller
from server.ledger.items import read_raw
from server.ledger.views.base import bp, its_secrets, its_settings, its_valve, same_log
from server.ledger.wire import (
    BadMessage,
    MediaType,
    ProofWrong,
    UnknownLog,
    answer,
    decode,
    fresh_proof,
    phone,
    prove,
    receive,
    signed,
    stranger,
)
from sync import messages
from sync.proof import make_nonce

RAW_AT_ONCE = 60
"""So many records a phone hands over as raw bytes without a pause: more than an honest one ever had."""

RAW_EVERY_MS = 10_000
"""After so long it may hand over one more."""


@bp.post("/sync/nonce")
@stranger
@speaks(messages.NonceRequest, messages.NonceAnswer)
def nonce() -> Response:
    """Give a proof nonce and the server's time."""
    asked = decode(request, receive(request), messages.NonceRequest)
    now = now_ms()
    return answer(
        request,
        messages.NonceAnswer(
            proto=1, nonce=asked.nonce, proof_nonce=make_nonce(its_secrets().proof, now), server_ms=now
        ),
    )


@bp.post("/sync/hello")
@phone
@speaks(messages.HelloRequest, messages.HelloAnswer)
def hello() -> Response:
    """Begin a round: what the phone has, what the server has."""
    sent = receive(request)
    session, now = db.session(), now_ms()
    caller = prove(session, request, sent, key=its_secrets().proof, now_ms=now, states=lifecycle.GREETED)
    asked = decode(request, sent, messages.HelloRequest)
    same_log(asked.log, caller.log)
    told = service.hello(
        session,
        caller=caller,
        request=asked,
        key=its_secrets().receipt,
        changes=its_secrets().changes,
        may_pull=not its_valve().is_full,
        min_app=its_settings().min_app,
        now_ms=now,
    )
    session.commit()
    return answer(request, told)


@bp.post("/sync/have")
@phone
@speaks(messages.HaveRequest, messages.HaveAnswer)
def have() -> Response:
    """Tell which of the phone's records the server lacks."""
    sent = receive(request)
    reading()
    session = db.session()
    caller = prove(session, request, sent, key=its_secrets().proof, now_ms=now_ms(), states=lifecycle.KEPT)
    asked = decode(request, sent, messages.HaveRequest)
    same_log(asked.log, caller.log)
    lacking = service.missing(session, caller=caller, hashes=asked.hashes)
    late = appliers.late_marks(session, caller.organisation_id, caller.device_id, asked.hashes)
    marks = {found: list(marks) for found, marks in late.items()}
    return answer(request, messages.HaveAnswer(proto=1, nonce=asked.nonce, missing=lacking, marks=marks))


@bp.post("/sync/push")
@phone
@speaks(messages.PushRequest, messages.PushAnswer)
def push() -> Response:
    """Take records: store, judge, and give the receipt."""
    sent = receive(request)
    for _ in range(2):
        try:
            return _push(sent)
        except IntegrityError:
            # The same record, or the same new log, came through another door in this very moment:
            # the second time it is found stored
            db.session.rollback()
    return _push(sent)


def _push(sent: bytes) -> Response:
    session, now, secrets = db.session(), now_ms(), its_secrets()
    reading()
    try:
        caller = prove(session, request, sent, key=secrets.proof, now_ms=now, states=lifecycle.KEPT)
        asked = decode(request, sent, messages.PushRequest)
    except UnknownLog:
        session.rollback()
        caller, asked = _introduced(sent)
    else:
        session.rollback()  # what follows writes, in a transaction of its own
    same_log(asked.log, caller.log)
    items = pushing.read(asked, caller, now_ms=now)
    told = pushing.push(session, caller=caller, request=asked, items=items, key=secrets.receipt, now_ms=now)
    faults.at("push.before_commit")
    feed.commit(session, now_ms=now)
    faults.at("push.after_commit")
    return answer(request, told)


def _introduced(sent: bytes) -> tuple[Caller, messages.PushRequest]:
    """Begin the log of a push whose first record opens it, signed by the key that it names."""
    proof = fresh_proof(request, key=its_secrets().proof, now_ms=now_ms())
    asked = decode(request, sent, messages.PushRequest)
    payload = logs.opening(asked)
    if payload is None or asked.log != proof.log:
        raise UnknownLog()
    if not signed(proof, payload.public_key, request, sent):
        raise ProofWrong()
    caller = logs.introduce(db.session(), request=asked, payload=payload)
    if caller is None:
        raise UnknownLog()
    return caller, asked


@bp.post("/sync/raw")
@phone
@refuses(throttle.TooMuch)
@speaks(None, messages.RawAnswer)
def raw() -> Response:
    """Take the opaque bytes of one record that fails every time."""
    sent = receive(request, most=messages.MAX_BYTES, media_type="application/octet-stream")
    if "Content-Encoding" in request.headers:
        raise MediaType("raw bytes are not compressed")
    if not sent:
        raise BadMessage("no bytes", reason="empty")
    session, now = db.session(), now_ms()
    caller = prove(session, request, sent, key=its_secrets().proof, now_ms=now, states=lifecycle.KEPT)
    throttle.use(
        session,
        name=throttle.name_of("raw", str(caller.device_id), key=its_secrets().session),
        at_once=RAW_AT_ONCE,
        every_ms=RAW_EVERY_MS,
        now_ms=now,
    )
    item = read_raw(sent, caller, received_ms=now)
    told = pushing.keep_raw(session, caller=caller, item=item, key=its_secrets().receipt, now_ms=now)
    feed.commit(session, now_ms=now)
    return answer(request, told)
