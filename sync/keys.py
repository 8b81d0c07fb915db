"""Keys and signatures: ECDSA P-256 with SHA-256, as WebCrypto makes them.

A public key travels as base64url of its SPKI DER (91 bytes, uncompressed point); a
signature as base64url of the raw 64 bytes r‖s.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from sync.encoding import EncodingError, b64url_decode, b64url_encode, log_id

_CURVE = ec.SECP256R1()
_VERIFYING = ec.ECDSA(hashes.SHA256())
# RFC 6979: the nonce comes from key and message, so a weak random source cannot leak
# the key, and the vectors can be made again byte for byte.
_SIGNING = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class SigningKey:
    """A private key that signs for one log or for the server."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        """Take a P-256 key.

        :raises ValueError: the key is of another curve
        """
        if not isinstance(private.curve, ec.SECP256R1):
            raise ValueError("the key is not of P-256")  # noqa: TRY004 (a wrong value, not type)
        self._private = private
        der = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public_key: str = b64url_encode(der)
        """The public key, base64url of the SPKI DER."""
        self.log: str = log_id(der)
        """The name of the log that this key signs."""

    @classmethod
    def generate(cls) -> SigningKey:
        """Return a new key from the operating system's random source."""
        return cls(ec.generate_private_key(_CURVE))

    @classmethod
    def from_number(cls, secret: int) -> SigningKey:
        """Return the key whose private number is `secret` (vectors and simulations)."""
        return cls(ec.derive_private_key(secret, _CURVE))

    @classmethod
    def from_pkcs8(cls, der: bytes) -> SigningKey:
        """Return the key of an unencrypted PKCS#8 DER.

        :raises ValueError: no such key, or not of P-256
        """
        private = serialization.load_der_private_key(der, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise ValueError("the key is not of P-256")  # noqa: TRY004
        return cls(private)

    def pkcs8(self) -> bytes:
        """Return the key as unencrypted PKCS#8 DER."""
        return self._private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, message: bytes) -> str:
        """Return the ES256 signature of `message`: base64url of r‖s."""
        r, s = decode_dss_signature(self._private.sign(message, _SIGNING))
        return b64url_encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def public_key_der(public_key: str) -> bytes | None:
    """Return the SPKI DER of a public key, or None when the text is no key of P-256."""
    return b64url_decode(public_key) if _parse(public_key) is not None else None


def log_of(public_key: str) -> str | None:
    """Return the name of the log of a public key, or None when the text is no such key."""
    der = public_key_der(public_key)
    return None if der is None else log_id(der)


def verify(public_key: str, message: bytes, signature: str) -> bool:
    """Whether `signature` is the key's over `message`; junk is simply False."""
    key = _parse(public_key)
    if key is None:
        return False
    try:
        raw = b64url_decode(signature, length=64)
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key.verify(der, message, _VERIFYING)
    except (EncodingError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=1024)
def _parse(public_key: str) -> ec.EllipticCurvePublicKey | None:
    try:
        der = b64url_decode(public_key)
        key = serialization.load_der_public_key(der)
    except Exception:
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    again = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    # One key has one name: another encoding of the same point would be another log.
    return key if again == der else None
