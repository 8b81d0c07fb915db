"""Where phones knock: the sync messages and photos. Plain Flask, for the protocol is its own world."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from msgspec import Raw
from sqlalchemy.exc import IntegrityError

from server.clock import now_ms
from server.config import Settings
from server.db import db, reading
from server.feed import service as feed
from server.ledger import blobs, logs, service
from server.ledger import push as pushing
from server.ledger.devices import Caller
from server.ledger.items import read_raw
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
    read_at_most,
    receive,
    signed,
    stranger,
)
from server.secrets import Secrets
from sync import messages
from sync.encoding import is_hash
from sync.proof import NONCE_HEADER, make_nonce

bp = Blueprint("ledger", __name__, url_prefix="/api/v1")

KEPT_STATES = ("active", "revoked")
"""A revoked phone may still hand over what it has; it goes to quarantine."""


def _secrets() -> Secrets:
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    return secrets


def _settings() -> Settings:
    settings: Settings = current_app.extensions["roundsman.settings"]
    return settings


@bp.after_app_request
def give_nonce(response: Response) -> Response:
    """Give every answer to a phone, refusals too, the nonce of its next proof."""
    if request.path.startswith((messages.PREFIX, "/api/v1/blobs/")):
        response.headers[NONCE_HEADER] = make_nonce(_secrets().proof, now_ms())
        response.headers.setdefault("Cache-Control", "no-store, no-transform")
    return response


@bp.post("/sync/nonce")
@stranger
def nonce() -> Response:
    """Give a proof nonce and the server's time."""
    asked = decode(request, receive(request), messages.NonceRequest)
    now = now_ms()
    return answer(
        request,
        messages.NonceAnswer(
            proto=1, nonce=asked.nonce, proof_nonce=make_nonce(_secrets().proof, now), server_ms=now
        ),
    )


@bp.post("/sync/hello")
@phone
def hello() -> Response:
    """Begin a round: what the phone has, what the server has."""
    sent = receive(request)
    session, now = db.session(), now_ms()
    caller = prove(session, request, sent, key=_secrets().proof, now_ms=now)
    asked = decode(request, sent, messages.HelloRequest)
    _same_log(asked.log, caller.log)
    told = service.hello(session, caller=caller, request=asked, key=_secrets().receipt, now_ms=now)
    session.commit()
    return answer(request, told)


@bp.post("/sync/have")
@phone
def have() -> Response:
    """Tell which of the phone's records the server lacks."""
    sent = receive(request)
    reading()
    session = db.session()
    caller = prove(session, request, sent, key=_secrets().proof, now_ms=now_ms())
    asked = decode(request, sent, messages.HaveRequest)
    _same_log(asked.log, caller.log)
    lacking = service.missing(session, caller=caller, hashes=asked.hashes)
    return answer(request, messages.HaveAnswer(proto=1, nonce=asked.nonce, missing=lacking))


@bp.post("/sync/push")
@phone
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
    session, now, secrets = db.session(), now_ms(), _secrets()
    reading()
    try:
        caller = prove(session, request, sent, key=secrets.proof, now_ms=now, states=KEPT_STATES)
        asked = decode(request, sent, messages.PushRequest)
    except UnknownLog:
        session.rollback()
        caller, asked = _introduced(sent)
    else:
        session.rollback()  # what follows writes, in a transaction of its own
    _same_log(asked.log, caller.log)
    items = pushing.read(asked, caller, now_ms=now)
    told = pushing.push(session, caller=caller, request=asked, items=items, key=secrets.receipt, now_ms=now)
    feed.commit(session, now_ms=now)
    return answer(request, told)


def _introduced(sent: bytes) -> tuple[Caller, messages.PushRequest]:
    """Begin the log of a push whose first record opens it, signed by the key that it names."""
    proof = fresh_proof(request, key=_secrets().proof, now_ms=now_ms())
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
def raw() -> Response:
    """Take the opaque bytes of one record that fails every time."""
    sent = receive(request, most=messages.MAX_BYTES, media_type="application/octet-stream")
    if "Content-Encoding" in request.headers:
        raise MediaType("raw bytes are not compressed")
    if not sent:
        raise BadMessage("no bytes", reason="empty")
    session, now = db.session(), now_ms()
    caller = prove(session, request, sent, key=_secrets().proof, now_ms=now, states=KEPT_STATES)
    item = read_raw(sent, caller, received_ms=now)
    told = pushing.keep_raw(session, caller=caller, item=item, key=_secrets().receipt, now_ms=now)
    feed.commit(session, now_ms=now)
    return answer(request, told)


@bp.post("/sync/pull")
@phone
def pull() -> Response:
    """Give the next page of what comes down."""
    sent = receive(request)
    reading()
    session, now = db.session(), now_ms()
    caller = prove(session, request, sent, key=_secrets().proof, now_ms=now)
    asked = decode(request, sent, messages.PullRequest)
    page = feed.pull(
        session,
        organisation=caller.organisation_id,
        scopes=[caller.site_id],
        cursor=asked.cursor,
        limit=asked.limit,
        key=_secrets().cursor,
    )
    return answer(
        request,
        messages.PullPage(
            proto=1,
            nonce=asked.nonce,
            rows=[Raw(row) for row in page.rows],
            cursor=page.cursor,
            more=page.more,
            server_ms=now,
        ),
    )


@bp.route("/blobs/<log>/<sha256>", methods=["PUT"])
@phone
def put_blob(log: str, sha256: str) -> Response:
    """Take a photo that a record of the log names."""
    data = read_at_most(request, messages.BLOB_BYTES)
    reading()
    session, now = db.session(), now_ms()
    caller = prove(session, request, data, key=_secrets().proof, now_ms=now, states=KEPT_STATES)
    if request.mimetype not in blobs.TYPES.values():
        raise blobs.BlobType(f"Content-Type must be one of {', '.join(blobs.TYPES.values())}")
    if not _is_claimed(caller, log, sha256):
        raise blobs.BlobUnknown()
    session.rollback()  # no transaction is open while the file is written
    organisation = caller.organisation_id
    photo = blobs.write(data_dir=_settings().data_dir, organisation=organisation, sha256=sha256, data=data)
    try:
        new = blobs.note(
            session, organisation=organisation, sha256=sha256, size=len(data), photo=photo, now_ms=now
        )
        session.commit()
    except IntegrityError:  # the same photo came twice at once
        session.rollback()
        new = False
    return Response(status=201 if new else 200)


@bp.route("/blobs/<log>/<sha256>", methods=["HEAD"])
@phone
def head_blob(log: str, sha256: str) -> Response:
    """Tell whether a photo that a record of the log names is there."""
    reading()
    session = db.session()
    caller = prove(session, request, b"", key=_secrets().proof, now_ms=now_ms(), states=KEPT_STATES)
    there = _is_claimed(caller, log, sha256) and blobs.is_stored(
        session, organisation=caller.organisation_id, sha256=sha256
    )
    return Response(status=200 if there else 404)


def _is_claimed(caller: Caller, log: str, sha256: str) -> bool:
    """Tell whether a record of this phone, in the log that the address names, names the photo."""
    return is_hash(sha256) and blobs.is_claimed(db.session(), device=caller.device_id, log=log, sha256=sha256)


def _same_log(named: str, proven: str) -> None:
    if named != proven:
        raise BadMessage("log is not the one of the proof", reason="log")
