"""What the phone and the server sign for each other: proofs, receipts, anchors, enrolment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import anchors, enrolment, proof, receipts
from sync.anchors import Anchor
from sync.keys import SigningKey
from tests.unit.sync.vectors import each, vectors

PROOF = vectors("proof")
RECEIPTS = vectors("receipts")
ANCHORS = vectors("anchors")
ENROLMENT = vectors("enrolment")


@pytest.mark.parametrize("case", each(PROOF["requests"]))
def test_a_proof_is_of_this_very_request(case: dict[str, Any]) -> None:
    body = case["body"].encode()
    found = proof.parse_authorization(case["authorization"])
    assert found is not None
    request = {"method": case["method"], "path": case["path"], "body": body}

    assert (found.log, found.nonce) == (case["log"], case["nonce"])
    message = proof.proof_message(method=case["method"], path=case["path"], nonce=case["nonce"], body=body)
    assert message.decode() == case["message"]
    assert proof.verify_proof(found, case["public_key"], **request)
    for changed in ({"method": "PUT"}, {"path": "/other"}, {"body": body + b" "}):
        assert not proof.verify_proof(found, case["public_key"], **{**request, **changed})


@pytest.mark.parametrize("case", each(PROOF["headers"]))
def test_a_header_holds_a_proof_or_none(case: dict[str, Any]) -> None:
    found = proof.parse_authorization(case["header"])

    assert (found is not None) is case["good"]
    if found is not None:
        assert proof.format_authorization(found) == case["header"]


@pytest.mark.parametrize("case", each(PROOF["nonces"]))
def test_a_proof_nonce_lives_five_minutes(case: dict[str, Any]) -> None:
    key = bytes.fromhex(case["key"])

    assert proof.nonce_is_fresh(key, case["nonce"], case["now_ms"]) is case["fresh"]


@pytest.mark.parametrize("case", each(RECEIPTS["receipts"]))
def test_a_receipt_is_the_servers_or_none(case: dict[str, Any]) -> None:
    found = receipts.verify_receipt(case["public_key"], case["body"], case["sig"])

    assert (found is not None) is case["good"]
    if found is not None:
        assert receipts.receipt_body(found) == case["body"]


@pytest.mark.parametrize("case", each(RECEIPTS["check_words"]))
def test_people_compare_a_receipt_by_its_check_word(case: dict[str, Any]) -> None:
    assert receipts.check_word(case["body"]) == case["word"]
    assert receipts.check_word(case["body"] + " ") != case["word"]


@pytest.mark.parametrize("case", each(RECEIPTS["ledger"]))
def test_the_ledger_is_a_chain(case: dict[str, Any]) -> None:
    assert receipts.ledger_step(case["chain"], case["hash"]) == case["next"]


@pytest.mark.parametrize("case", each(ANCHORS["anchors"]))
def test_an_anchor_is_the_servers_for_this_log_or_none(case: dict[str, Any]) -> None:
    found = anchors.verify_anchor(case["public_key"], case["log"], case["token"])

    assert found == (case["anchor"] and Anchor(**case["anchor"]))


def test_a_number_in_an_anchor_has_one_form() -> None:
    token = ANCHORS["anchors"][0]["token"]

    assert anchors.parse_anchor(token) is not None
    for other in (f"0{token}", f"-0{token[token.index('.') :]}"):
        assert anchors.parse_anchor(other) is None


big = st.integers(-(2**53) + 1, 2**53 - 1)


@given(big, big, st.integers(0, 2**53 - 1))
def test_every_anchor_is_read_back(server_ms: int, wall: int, mono: int) -> None:
    key = SigningKey.from_number(5)
    anchor = Anchor(server_ms, wall, mono, "b7c1d2e3")

    assert anchors.verify_anchor(key.public_key, "log", anchors.make_anchor(key, "log", anchor)) == anchor


@given(st.text(max_size=200))
def test_no_text_upsets_the_readers(text: str) -> None:
    assert anchors.parse_anchor(text) is None
    assert proof.parse_authorization(text) is None
    assert not proof.nonce_is_fresh(b"k", text, 0)
    assert receipts.verify_receipt(SigningKey.from_number(5).public_key, text, text) is None


@pytest.mark.parametrize("case", each(ENROLMENT["requests"]))
def test_a_joining_phone_holds_the_key_it_names(case: dict[str, Any]) -> None:
    assert enrolment.enrol_message(case["code"], case["public_key"]).decode() == case["message"]
    assert enrolment.verify_enrolment(case["public_key"], case["code"], case["sig"]) is case["good"]


@pytest.mark.parametrize("case", each(ENROLMENT["check_words"]))
def test_both_screens_show_the_same_word(case: dict[str, Any]) -> None:
    assert enrolment.check_word(case["code"], case["public_key"]) == case["word"]


def test_a_code_is_22_characters_of_16_random_bytes() -> None:
    code = enrolment.make_code(bytes(range(16)))

    assert enrolment.is_code(code)
    assert not enrolment.is_code(code + "\n")
    with pytest.raises(ValueError, match="16 random bytes"):
        enrolment.make_code(b"")
