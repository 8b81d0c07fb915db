"""One request of the phone: proof, nonce, and what counts as an answer.

A status alone means nothing here. An answer is strict JSON of our media type that
echoes the request's nonce; everything else is `NoAnswer`.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import msgspec
from msgspec import Struct

from sync import messages
from sync.encoding import b64url_encode, sha256_hex
from sync.messages import MEDIA_TYPE, PREFIX, MessageError, NonceAnswer, NonceRequest
from sync.phone.ports import Crypto, Net, NetError, Randomness
from sync.proof import DIGEST_HEADER, NONCE_HEADER, Proof, format_authorization, proof_message
from sync.strict import StrictError, loads

PROBLEM_TYPE = "application/problem+json"
GZIP_FROM_BYTES = 1_024
AnswerT = TypeVar("AnswerT", bound=Struct)
Signer = Callable[[bytes], str]
"""Signs a request's proof with a log's key."""


class NoAnswer(Exception):
    """Nothing that the phone may believe came back.

    `status` is None when nothing came at all. `slug` and `members` are set when the server
    said why (problem+json); they may steer the phone, but mark nothing as stored.
    """

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        slug: str | None = None,
        members: Mapping[str, object] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(f"{reason} {slug or ''}".strip())
        self.reason = reason
        self.status = status
        self.slug = slug
        self.members = members or {}
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whatever it is; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def media_type(self) -> str:
        """Return the media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Api:
    """The phone's requests. It keeps nothing but the last proof nonce.

    :param prover: of a log: the log whose key proves a request about it (`logs.prover`)
    """

    def __init__(
        self, net: Net, crypto: Crypto, randomness: Randomness, *, prover: Callable[[str], str]
    ) -> None:
        self._net = net
        self._prover = prover
        self._crypto = crypto
        self._randomness = randomness
        self._proof_nonce: str | None = None

    def new_nonce(self) -> str:
        """Return a nonce for one request."""
        return b64url_encode(self._randomness.bytes(16))

    def call(
        self,
        path: str,
        request: Struct,
        answer: type[AnswerT],
        *,
        log: str | None = None,
        signer: Signer | None = None,
    ) -> AnswerT:
        """Send a message below the protocol's prefix and return its answer.

        :param request: a message; the answer must echo its `nonce`
        :param log: the log whose key proves the request; None for those without proof
        :param signer: signs in place of the store's key, which is gone
        :raises NoAnswer: nothing came that may be believed
        """
        body = messages.encode(request)
        headers = {"Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE}
        if len(body) >= GZIP_FROM_BYTES:
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        reply = self.send("POST", PREFIX + path, headers, body, log=log, signer=signer)
        if reply.status != 200 or reply.media_type() != MEDIA_TYPE:
            raise no_answer(reply)
        if reply.headers.get(DIGEST_HEADER.lower()) not in (None, sha256_hex(reply.body)):
            raise NoAnswer("answer-digest", status=reply.status)
        try:
            return messages.decode_answer(reply.body, answer, nonce=getattr(request, "nonce", ""))
        except MessageError as error:
            raise NoAnswer(f"answer-{error.reason}", status=reply.status) from None

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        log: str | None,
        signer: Signer | None = None,
    ) -> Reply:
        """Send bytes, proven when `log` is given, and return whatever came back.

        A proof whose nonce is too old is repeated once at once with the fresh one.

        :raises NoAnswer: nothing came back, or no nonce to prove with
        """
        if log is None:
            return self._once(method, path, headers, body)
        for last in (False, True):
            if self._proof_nonce is None:
                self._fetch_nonce()
            if signer is None:
                log = self._prover(log)
            proven = self._proven(method, path, headers, body, log, signer or partial(self._crypto.sign, log))
            reply = self._once(method, path, proven, body)
            if last or reply.status != 401 or _problem(reply)[0] != "proof-stale":
                return reply
        raise AssertionError("unreachable")

    def _proven(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, log: str, signer: Signer
    ) -> dict[str, str]:
        nonce = self._proof_nonce or ""
        sig = signer(proof_message(method=method, path=path, nonce=nonce, body=body))
        return {**headers, "Authorization": format_authorization(Proof(log, nonce, sig))}

    def _fetch_nonce(self) -> None:
        request = NonceRequest(1, self.new_nonce())
        self._proof_nonce = self.call("nonce", request, NonceAnswer).proof_nonce

    def _once(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        try:
            status, answered, content = self._net.request(method, path, headers, body)
        except NetError as error:
            raise NoAnswer("network") from error
        reply = Reply(status, {name.lower(): value for name, value in answered.items()}, content)
        fresh = reply.headers.get(NONCE_HEADER.lower())
        if fresh is not None:
            self._proof_nonce = fresh
        return reply


def no_answer(reply: Reply) -> NoAnswer:
    """Return why a reply is no answer, with what the server said about it."""
    slug, members = _problem(reply)
    reason = "problem" if slug else f"status-{reply.status}"
    return NoAnswer(
        reason, status=reply.status, slug=slug, members=members, retry_after_s=_retry_after_s(reply)
    )


def _problem(reply: Reply) -> tuple[str | None, dict[str, object]]:
    if reply.media_type() != PROBLEM_TYPE:
        return None, {}
    try:
        members = msgspec.convert(loads(reply.body, max_bytes=65_536), dict[str, object])
    except (StrictError, msgspec.ValidationError):
        return None, {}
    slug = str(members.get("type", "")).rpartition("/")[2]
    return (slug or None), members


def _retry_after_s(reply: Reply) -> int | None:
    text = reply.headers.get("retry-after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None
