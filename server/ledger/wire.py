"""The edge of the sync messages: sizes, media types, gzip, the proof, the nonce of every answer.

Whatever a phone or a stranger sends ends in a message or in a `Problem`; nothing is guessed.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from http import HTTPStatus
from typing import ClassVar, ParamSpec, TypeVar

import msgspec
from flask import Request, Response
from sqlalchemy.orm import Session
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from server.ledger import lifecycle
from server.ledger.devices import Caller, find_caller
from server.problems import Problem
from server.tenancy import across, enter
from sync import messages
from sync.encoding import sha256_hex
from sync.keys import verify
from sync.messages import MessageError
from sync.proof import DIGEST_HEADER, Proof, nonce_is_fresh, parse_authorization, proof_text

P = ParamSpec("P")
R = TypeVar("R")
MessageT = TypeVar("MessageT", bound=msgspec.Struct)

SMALL_BYTES = 2_048
"""Answers below this are not worth compressing."""


class MediaType(Problem):
    """Another media type or content encoding than the protocol's."""

    slug, status, title = "media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This media type is not taken here"


class TooLarge(Problem):
    """More bytes than a request may have; the phone halves its batch."""

    slug, status, title = "too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large"


class BadMessage(Problem):
    """The bytes are no message of the protocol; `reason` says which rule they break."""

    slug, status, title = "bad-message", HTTPStatus.BAD_REQUEST, "This is not a message of the protocol"
    carries: ClassVar = {"reason": {"type": "string"}}


class ProofMissing(Problem):
    """No proof, or none that can be read."""

    slug, status, title = "proof-missing", HTTPStatus.UNAUTHORIZED, "The request carries no proof"


class ProofStale(Problem):
    """The proof nonce is too old; repeat at once with the fresh one of this answer."""

    slug, status, title = "proof-stale", HTTPStatus.UNAUTHORIZED, "The proof is too old"


class ProofWrong(Problem):
    """The log's key did not sign this request."""

    slug, status, title = "proof-wrong", HTTPStatus.UNAUTHORIZED, "The proof does not fit the request"


class UnknownLog(Problem):
    """The server does not know this log; a push that begins with its `log.open` opens it."""

    slug, status, title = "unknown-log", HTTPStatus.UNAUTHORIZED, "This log is not known"


class DeviceRevoked(Problem):
    """The phone no longer belongs to the site; what it still has to tell is kept, in quarantine."""

    slug, status, title = "device-revoked", HTTPStatus.FORBIDDEN, "This phone does not belong to the site"


class DeviceDraining(Problem):
    """The phone is taken out of service: it hands over what it has, and gets nothing more."""

    slug, status, title = "device-draining", HTTPStatus.FORBIDDEN, "This phone only hands over what it has"


class DeviceWaiting(Problem):
    """A supervisor has not confirmed the phone yet."""

    slug, status, title = "device-waiting", HTTPStatus.FORBIDDEN, "This phone waits to be confirmed"


_NOT_ITS_TIME: Mapping[str, type[Problem]] = {"waiting": DeviceWaiting, "draining": DeviceDraining}


def phone(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a view is for phones: it proves the request itself, with `prove`."""
    view.policy = "phone"  # type: ignore[attr-defined]
    return view


def stranger(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a view is for phones that have nothing to prove yet."""
    view.policy = "public"  # type: ignore[attr-defined]
    return view


def receive(request: Request, *, most: int = messages.MAX_SENT_BYTES, media_type: str | None = None) -> bytes:
    """Return the request's bytes as sent, without reading more than `most` and one.

    :raises MediaType: not the media type expected
    :raises TooLarge: more bytes than `most`
    """
    if request.mimetype != (media_type or messages.MEDIA_TYPE):
        raise MediaType(f"Content-Type must be {media_type or messages.MEDIA_TYPE}")
    return read_at_most(request, most)


def read_at_most(request: Request, most: int) -> bytes:
    """Return the request's bytes as sent.

    :raises TooLarge: more than `most`
    """
    return b"".join(arriving(request, most))


def arriving(request: Request, most: int) -> Iterator[bytes]:
    """Yield the request's bytes as they come.

    :raises TooLarge: more than `most`
    :raises BadMessage: fewer than announced
    """
    if request.content_length is not None and request.content_length > most:
        raise TooLarge(f"at most {most} bytes")
    left = most
    try:
        while chunk := request.stream.read(min(left + 1, 65_536)):
            left -= len(chunk)
            if left < 0:
                break
            yield chunk
    except RequestEntityTooLarge:
        left = -1
    except ClientDisconnected:
        raise BadMessage("the body ended early", reason="truncated") from None
    if left < 0:
        raise TooLarge(f"at most {most} bytes")


def prove(
    session: Session,
    request: Request,
    sent: bytes,
    *,
    key: bytes,
    now_ms: int,
    states: Collection[str] = lifecycle.WORKING,
) -> Caller:
    """Return the phone that signed this very request; see `prove_hash`.

    :param sent: the body as sent, compressed if it is
    """
    return prove_hash(session, request, sha256_hex(sent), key=key, now_ms=now_ms, states=states)


def prove_hash(
    session: Session,
    request: Request,
    sent: str,
    *,
    key: bytes,
    now_ms: int,
    states: Collection[str] = lifecycle.WORKING,
) -> Caller:
    """Return the phone that signed this very request.

    :param sent: the SHA-256 of the body as sent, compressed if it is
    :param key: the secret under which proof nonces are made
    :param states: the states of a phone in which the request is answered
    :raises ProofMissing, ProofStale, ProofWrong, UnknownLog: no proof that can be believed
    :raises DeviceWaiting, DeviceDraining, DeviceRevoked: the phone may not ask this
    """
    proof = fresh_proof(request, key=key, now_ms=now_ms)
    with across(session):
        caller = find_caller(session, proof.log)
    if caller is None:
        raise UnknownLog()
    if not _signed(proof, caller.public_key, request, sent):
        raise ProofWrong()
    if caller.device_state not in states:
        raise _NOT_ITS_TIME.get(caller.device_state, DeviceRevoked)()
    enter(session, caller.organisation_id)
    return caller


def fresh_proof(request: Request, *, key: bytes, now_ms: int) -> Proof:
    """Return the proof that a request claims, its nonce checked, its signature not.

    :raises ProofMissing, ProofStale: there is none, or its nonce is not ours or too old
    """
    proof = parse_authorization(request.headers.get("Authorization"))
    if proof is None:
        raise ProofMissing()
    if not nonce_is_fresh(key, proof.nonce, now_ms):
        raise ProofStale()
    return proof


def signed(proof: Proof, public_key: str, request: Request, sent: bytes) -> bool:
    """Tell whether `public_key` signed this request."""
    return _signed(proof, public_key, request, sha256_hex(sent))


def _signed(proof: Proof, public_key: str, request: Request, body_hash: str) -> bool:
    query = request.query_string.decode("ascii", "replace")
    path = request.path + ("?" + query if query else "")
    message = proof_text(method=request.method, path=path, nonce=proof.nonce, body_hash=body_hash)
    return verify(public_key, message, proof.sig)


def decode(request: Request, sent: bytes, message: type[MessageT]) -> MessageT:
    """Return the message in a request's bytes.

    :raises MediaType: a content encoding other than gzip
    :raises TooLarge: it unpacks to more than a message may have
    :raises BadMessage: not gzip, not strict JSON, or not this message
    """
    try:
        return messages.decode(_unpack(request, sent), message)
    except MessageError as error:
        if error.reason == "size":
            raise TooLarge(f"at most {messages.MAX_BYTES} bytes unpacked") from None
        raise BadMessage(str(error)[:300], reason=error.reason) from None


def _unpack(request: Request, sent: bytes) -> bytes:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        return sent
    if encoding != "gzip":
        raise MediaType("Content-Encoding must be gzip or nothing")
    return unpack_gzip(sent, most=messages.MAX_BYTES)


def unpack_gzip(data: bytes, *, most: int) -> bytes:
    """Return what one gzip member holds, never unpacking more than `most` and one bytes.

    :raises TooLarge: more than `most`
    :raises BadMessage: not one whole gzip member
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, most + 1)
    except zlib.error:
        raise BadMessage("not gzip", reason="gzip") from None
    if len(plain) > most:
        raise TooLarge(f"at most {most} bytes unpacked")
    if not unpacker.eof or unpacker.unused_data:
        raise BadMessage("not one whole gzip member", reason="gzip")
    return plain


def answer(request: Request, message: msgspec.Struct) -> Response:
    """Return the 200 that a phone believes."""
    data = messages.encode(message)
    response = Response(mimetype=messages.MEDIA_TYPE)
    response.headers[DIGEST_HEADER] = sha256_hex(data)
    if len(data) >= SMALL_BYTES and request.accept_encodings["gzip"] > 0:
        data = gzip.compress(data, compresslevel=1, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(data)
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["Vary"] = "Accept-Encoding"
    return response
