"""One text for the same bytes, and words that people can compare."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import encoding, keys
from sync.encoding import EncodingError
from tests.unit.sync.vectors import each, vectors

ENCODING = vectors("encoding")


@pytest.mark.parametrize("case", each(ENCODING["b64url"]))
def test_bytes_have_one_text(case: dict[str, Any]) -> None:
    assert encoding.b64url_encode(bytes.fromhex(case["hex"])) == case["text"]
    assert encoding.b64url_decode(case["text"]).hex() == case["hex"]


@pytest.mark.parametrize("case", each(ENCODING["not_b64url"]))
def test_another_text_for_bytes_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(EncodingError):
        encoding.b64url_decode(case["text"])


@given(st.text(max_size=12) | st.text("AB_-=+/ab01\n", max_size=12))
def test_what_is_read_is_written_the_same(text: str) -> None:
    try:
        data = encoding.b64url_decode(text)
    except EncodingError:
        return

    assert encoding.b64url_encode(data) == text


def test_bytes_of_another_length_are_refused() -> None:
    with pytest.raises(EncodingError):
        encoding.b64url_decode("AAAA", length=2)


@pytest.mark.parametrize("case", each(ENCODING["sha256"]))
def test_a_hash_is_64_hex_digits(case: dict[str, Any]) -> None:
    assert encoding.sha256_hex(case["text"].encode()) == case["hash"]
    assert encoding.is_hash(case["hash"])
    assert not encoding.is_hash(case["hash"] + "\n")


@pytest.mark.parametrize("case", each(ENCODING["log_id"]))
def test_a_log_is_named_after_its_key(case: dict[str, Any]) -> None:
    assert keys.log_of(case["public_key"]) == case["log"]


@pytest.mark.parametrize("case", each(ENCODING["check_word"]))
def test_a_check_word_is_the_first_bits(case: dict[str, Any]) -> None:
    assert encoding.check_word(bytes.fromhex(case["hex"]), characters=case["characters"]) == case["word"]
