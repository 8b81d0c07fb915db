"""One code on the wall, read in any light; a proof only from who read it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import tags
from tests.unit.sync.vectors import each, vectors

TAGS = vectors("tags")


@pytest.mark.parametrize("case", each(TAGS["read"]))
def test_what_a_camera_saw_is_a_tag_or_none(case: dict[str, Any]) -> None:
    assert tags.read_address(case["text"]) == case["token"]


@pytest.mark.parametrize("case", each(TAGS["short_codes"]))
def test_a_typed_short_code_is_folded(case: dict[str, Any]) -> None:
    assert tags.fold_short_code(case["text"]) == case["code"]


@pytest.mark.parametrize("case", each(TAGS["hash"]))
def test_a_phone_knows_a_tag_by_its_hash(case: dict[str, Any]) -> None:
    assert tags.tag_hash(case["token"]) == case["hash"]


@pytest.mark.parametrize("case", each(TAGS["proof"]))
def test_a_proof_is_bound_to_log_and_number(case: dict[str, Any]) -> None:
    assert tags.tag_proof(log=case["log"], seq=case["seq"], token=case["token"]) == case["proof"]
    assert tags.tag_proof(log=case["log"], seq=case["seq"] + 1, token=case["token"]) != case["proof"]


@given(st.binary(min_size=10, max_size=10))
def test_every_token_is_read_back_from_its_address(random: bytes) -> None:
    token = tags.make_token(random)

    assert len(token) == 16
    assert tags.read_address(f"HTTPS://XJ.EXAMPLE/T/{token}") == token
    assert tags.read_address(f"https://xj.example/t/{token.lower()}") == token


def test_all_80_bits_are_in_a_token() -> None:
    assert tags.make_token(bytes(10)) == "0" * 16
    assert tags.make_token(b"\xff" * 10) == "Z" * 16
    assert tags.make_token(bytes(9) + b"\x01") == "0" * 15 + "1"


@given(st.binary(min_size=5, max_size=5))
def test_every_short_code_is_read_back_as_printed(random: bytes) -> None:
    code = tags.make_short_code(random)

    assert tags.fold_short_code(tags.format_short_code(code)) == code


def test_a_token_of_too_few_random_bytes_is_not_made() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        tags.make_token(b"123")


@given(st.text(max_size=80))
def test_no_text_upsets_the_reader(text: str) -> None:
    token = tags.read_address(text)

    assert token is None or tags.fold_token(token) == token
