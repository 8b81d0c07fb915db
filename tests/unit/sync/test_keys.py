"""A signature is the key's over these bytes, or it is nothing."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from sync import keys
from sync.encoding import b64url_decode, b64url_encode
from sync.keys import SigningKey

KEY = SigningKey.from_number(7)


@given(st.binary(max_size=100))
def test_what_a_key_signs_is_verified_and_nothing_else(message: bytes) -> None:
    sig = KEY.sign(message)

    assert len(b64url_decode(sig)) == 64
    assert keys.verify(KEY.public_key, message, sig)
    assert not keys.verify(KEY.public_key, message + b"!", sig)
    assert not keys.verify(SigningKey.from_number(8).public_key, message, sig)


@given(st.text(max_size=130), st.binary(max_size=20), st.text(max_size=90))
def test_junk_is_false_and_raises_nothing(public_key: str, message: bytes, sig: str) -> None:
    assert not keys.verify(public_key, message, sig)
    assert not keys.verify(KEY.public_key, message, sig)


def test_a_key_survives_its_file() -> None:
    again = SigningKey.from_pkcs8(KEY.pkcs8())

    assert again.public_key == KEY.public_key
    assert keys.verify(KEY.public_key, b"x", again.sign(b"x"))


def test_a_key_of_another_curve_is_none() -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    spki = other.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    assert keys.log_of(b64url_encode(spki)) is None
    with pytest.raises(ValueError, match="P-256"):
        SigningKey(other)


def test_one_key_has_one_name() -> None:
    """The same point, written compressed, would be another log of the same key."""
    public = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    assert serialization.load_der_public_key(head + point) == public

    assert keys.log_of(b64url_encode(head + point)) is None
    assert keys.log_of(KEY.public_key) == KEY.log
