"""The proof that a request comes from the phone whose log it names.

No bearer token and no cookie is kept on a phone: each request is signed over its method,
path, body and a nonce that is the server's time under a MAC.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from sync.encoding import b64url_encode, sha256_hex
from sync.keys import SigningKey, verify

NONCE_LIFE_MS = 300_000
"""How long a proof nonce may be used."""

NONCE_HEADER = "Fieldsync-Nonce"
DIGEST_HEADER = "Fieldsync-Digest"
"""SHA-256 of an answer's message before compression: what a middleman changed is no answer."""
STORED_HEADER = "Fieldsync-Stored"
"""The SHA-256 of a photo that the server has whole: nothing else acknowledges one."""
SCHEME = "Fieldsync"

_HEADER = re.compile(
    r'Fieldsync +log="([a-z2-7]{26})", *nonce="([0-9A-Za-z._-]{1,100})", *sig="([A-Za-z0-9_-]{86})"\Z'
)
_NONCE = re.compile(r"([0-9]{1,16})\.([A-Za-z0-9_-]{22})\Z")


@dataclass(frozen=True, slots=True)
class Proof:
    """What an Authorization header claims: the log, the proof nonce, the signature."""

    log: str
    nonce: str
    sig: str


def proof_message(*, method: str, path: str, nonce: str, body: bytes) -> bytes:
    """Return the bytes that a proof signs.

    :param path: path with the query, as sent
    :param body: the request's bytes as sent, compressed if they are
    """
    return proof_text(method=method, path=path, nonce=nonce, body_hash=sha256_hex(body))


def proof_text(*, method: str, path: str, nonce: str, body_hash: str) -> bytes:
    """Return the bytes that a proof signs, where the body's SHA-256 is known."""
    lines = ("fieldsync/1 proof", method, path, nonce, body_hash)
    return "\n".join(lines).encode("utf-8")


def authorization(key: SigningKey, *, method: str, path: str, nonce: str, body: bytes) -> str:
    """Return the Authorization header that proves a request."""
    sig = key.sign(proof_message(method=method, path=path, nonce=nonce, body=body))
    return format_authorization(Proof(key.log, nonce, sig))


def format_authorization(proof: Proof) -> str:
    """Return the Authorization header of a proof."""
    return f'{SCHEME} log="{proof.log}", nonce="{proof.nonce}", sig="{proof.sig}"'


def parse_authorization(header: str | None) -> Proof | None:
    """Return the proof in an Authorization header, or None when there is none."""
    match = _HEADER.match(header or "")
    return None if match is None else Proof(*match.groups())


def verify_proof(proof: Proof, public_key: str, *, method: str, path: str, body: bytes) -> bool:
    """Whether the log's key signed this very request. The nonce's age is another question."""
    message = proof_message(method=method, path=path, nonce=proof.nonce, body=body)
    return verify(public_key, message, proof.sig)


def make_nonce(key: bytes, now_ms: int) -> str:
    """Return a proof nonce: the server's time with a MAC by the server's secret `key`."""
    return f"{now_ms}.{_mac(key, now_ms)}"


def nonce_is_fresh(key: bytes, nonce: str, now_ms: int) -> bool:
    """Whether this server made `nonce` within the last five minutes.

    One from the future is not fresh either: the server's clock was set back, and the
    phone gets a new one with the refusal.
    """
    match = _NONCE.match(nonce)
    if match is None:
        return False
    made_ms = int(match.group(1))
    if not hmac.compare_digest(_mac(key, made_ms), match.group(2)):
        return False
    return 0 <= now_ms - made_ms <= NONCE_LIFE_MS


def _mac(key: bytes, made_ms: int) -> str:
    message = f"fieldsync/1 nonce\n{made_ms}".encode("ascii")
    return b64url_encode(hmac.new(key, message, hashlib.sha256).digest()[:16])
