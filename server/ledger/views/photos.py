"""Photos go up, after the records that name them: tus 1.0.0, see `docs/protocol/photos.md`."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request
from sqlalchemy.exc import IntegrityError

from server import faults
from server.clock import now_ms
from server.db import db, reading
from server.describe import described, refuses
from server.ledger import lifecycle
from server.ledger.blobs import described as words
from server.ledger.blobs import tus, uploads
from server.ledger.blobs.problems import (
    BadUpload,
    BlobBusy,
    BlobChecksum,
    BlobOffset,
    BlobTooLarge,
    BlobType,
    BlobUnknown,
    TusVersion,
    WrongHash,
)
from server.ledger.blobs.uploads import Claimed, Piece, Progress
from server.ledger.views.base import bp, its_secrets, its_settings
from server.ledger.wire import BadMessage, MediaType, TooLarge, phone, prove_hash, stranger
from server.problems import NotFound
from sync import messages
from sync.encoding import is_hash
from sync.proof import STORED_HEADER

PATH = "/blobs/<log>"
ONE = "/blobs/<log>/<sha256>"

OF_A_PIECE = (
    BadMessage,
    BadUpload,
    BlobBusy,
    BlobChecksum,
    BlobOffset,
    BlobTooLarge,
    BlobType,
    MediaType,
    TooLarge,
    TusVersion,
    WrongHash,
)
"""What may be wrong with bytes that come."""


@bp.after_request
def say_version(response: Response) -> Response:
    """Say which tus is spoken, in every answer but that to OPTIONS."""
    if request.path.startswith("/api/v1/blobs/") and request.method != "OPTIONS":
        response.headers["Tus-Resumable"] = tus.VERSION
    return response


@bp.route(PATH, methods=["OPTIONS"], provide_automatic_options=False)
@bp.route(ONE, methods=["OPTIONS"], provide_automatic_options=False)
@stranger
@described(responses=words.OPTIONS)
def blob_options(**_address: str) -> Response:
    """Say what of tus is spoken."""
    headers = {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(messages.BLOB_BYTES),
        "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUMS),
    }
    return Response(status=HTTPStatus.NO_CONTENT, headers=headers)


@bp.route(PATH, methods=["POST"], provide_automatic_options=False)
@phone
@refuses(*OF_A_PIECE, BlobUnknown)
@described(
    parameters=[words.VERSION, words.LENGTH, words.METADATA, words.CHECKSUM],
    requestBody=words.PIECE,
    responses=words.answer(201, "The upload is begun.", "Location"),
)
def begin_blob(log: str) -> Response:
    """Begin an upload, with its first piece or all of it when the body has bytes."""
    now = now_ms()
    tus.check_version(request)
    with tus.received(request, most=messages.BLOB_BYTES, folder=its_settings().data_dir) as piece:
        if piece.size:
            tus.check_type(request)
        tus.check_sum(request, piece)
        sha256 = tus.named_photo(request)
        claimed = _claimed(log, sha256, piece, now=now)
        if claimed is None:
            raise BlobUnknown()
        length = tus.number(request, "Upload-Length")
        progress = uploads.begin(
            claimed, data_dir=its_settings().data_dir, length=length, piece=piece, now_ms=now
        )
    _keep(claimed, progress, now=now)
    response = _stands(claimed, progress, HTTPStatus.CREATED, now=now)
    response.headers["Location"] = f"{bp.url_prefix}/blobs/{log}/{sha256}"
    return response


@bp.route(ONE, methods=["PATCH", "POST"], provide_automatic_options=False)
@phone
@refuses(*OF_A_PIECE, NotFound)
@described(
    parameters=[words.VERSION, words.OFFSET, words.CHECKSUM, words.OVERRIDE],
    requestBody=words.PIECE,
    responses=words.answer(204, "The piece is kept."),
)
def go_on_with_blob(log: str, sha256: str) -> Response:
    """Add a piece. A POST is taken where something on the way lets no PATCH pass, and it says so."""
    now = now_ms()
    tus.check_version(request)
    if request.method == "POST" and request.headers.get("X-HTTP-Method-Override") != "PATCH":
        raise BadUpload("x-http-method-override", "a POST here stands for a PATCH, and must say so")
    with tus.received(request, most=messages.BLOB_BYTES, folder=its_settings().data_dir) as piece:
        tus.check_type(request)
        tus.check_sum(request, piece)
        claimed = _claimed(log, sha256, piece, now=now)
        if claimed is None:
            raise NotFound()
        offset = tus.number(request, "Upload-Offset")
        progress = uploads.go_on(
            claimed, data_dir=its_settings().data_dir, offset=offset, piece=piece, now_ms=now
        )
    _keep(claimed, progress, now=now)
    return _stands(claimed, progress, HTTPStatus.NO_CONTENT, now=now)


@bp.route(ONE, methods=["HEAD"], provide_automatic_options=False)
@phone
@refuses(BadMessage, NotFound, TooLarge, TusVersion)
@described(
    parameters=[words.VERSION],
    responses=words.answer(200, "Where the upload stands.", "Upload-Length"),
)
def head_blob(log: str, sha256: str) -> Response:
    """Tell where an upload stands; 404 when it was not begun, or no record of the log names the photo."""
    now = now_ms()
    tus.check_version(request)
    with tus.received(request, most=0, folder=its_settings().data_dir) as piece:
        claimed = _claimed(log, sha256, piece, now=now)
    if claimed is None:
        raise NotFound()
    progress = uploads.standing(claimed, data_dir=its_settings().data_dir)
    if progress is None:
        raise NotFound()
    response = _stands(claimed, progress, HTTPStatus.OK, now=now)
    response.headers["Upload-Length"] = str(progress.size)
    return response


def _claimed(log: str, sha256: str, piece: Piece, *, now: int) -> Claimed | None:
    """Return the photo when the request is proven and a record of the log names it.

    Any phone of the organisation may bring it: a colleague's may be carrying it.
    """
    reading()
    session = db.session()
    caller = prove_hash(
        session, request, piece.sha256, key=its_secrets().proof, now_ms=now, states=lifecycle.KEPT
    )
    try:
        if not is_hash(sha256):
            return None
        return uploads.find_claimed(
            session,
            data_dir=its_settings().data_dir,
            organisation=caller.organisation_id,
            log=log,
            sha256=sha256,
        )
    finally:
        session.rollback()  # no transaction is open while files are written


def _keep(claimed: Claimed, progress: Progress, *, now: int) -> None:
    """Commit the row of a photo that has just become whole. Only then is it acknowledged."""
    if progress.new is None:
        return
    session = db.session()
    try:
        uploads.note(
            session,
            organisation=claimed.organisation,
            sha256=claimed.sha256,
            size=claimed.size,
            photo=progress.new,
            now_ms=now,
        )
        session.commit()
    except IntegrityError:  # the same photo came twice at once
        session.rollback()
    faults.at("blob.after_commit")


def _stands(claimed: Claimed, progress: Progress, status: HTTPStatus, *, now: int) -> Response:
    """Say where an upload stands. A photo that is stored is acknowledged by its hash."""
    response = Response(status=status)
    response.headers["Upload-Offset"] = str(progress.offset)
    if progress.whole:
        response.headers[STORED_HEADER] = claimed.sha256
    else:
        response.headers["Upload-Expires"] = tus.http_date(now + uploads.EXPIRES_MS)
    return response
