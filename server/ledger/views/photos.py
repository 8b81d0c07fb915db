"""Photos go up, after the records that name them."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy.exc import IntegrityError

from server.clock import now_ms
from server.db import db, reading
from server.ledger import blobs
from server.ledger.devices import Caller
from server.ledger.views.base import KEPT_STATES, bp, its_secrets, its_settings
from server.ledger.wire import phone, prove, read_at_most
from sync import messages
from sync.encoding import is_hash


@bp.route("/blobs/<log>/<sha256>", methods=["PUT"])
@phone
def put_blob(log: str, sha256: str) -> Response:
    """Take a photo that a record of the log names."""
    data = read_at_most(request, messages.BLOB_BYTES)
    reading()
    session, now = db.session(), now_ms()
    caller = prove(session, request, data, key=its_secrets().proof, now_ms=now, states=KEPT_STATES)
    if request.mimetype not in blobs.TYPES.values():
        raise blobs.BlobType(f"Content-Type must be one of {', '.join(blobs.TYPES.values())}")
    if not _is_claimed(caller, log, sha256):
        raise blobs.BlobUnknown()
    session.rollback()  # no transaction is open while the file is written
    organisation = caller.organisation_id
    photo = blobs.write(data_dir=its_settings().data_dir, organisation=organisation, sha256=sha256, data=data)
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
    caller = prove(session, request, b"", key=its_secrets().proof, now_ms=now_ms(), states=KEPT_STATES)
    there = _is_claimed(caller, log, sha256) and blobs.is_stored(
        session, organisation=caller.organisation_id, sha256=sha256
    )
    return Response(status=200 if there else 404)


def _is_claimed(caller: Caller, log: str, sha256: str) -> bool:
    """Tell whether a record of this phone, in the log that the address names, names the photo."""
    return is_hash(sha256) and blobs.is_claimed(db.session(), device=caller.device_id, log=log, sha256=sha256)
