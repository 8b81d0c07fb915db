"""Every message has an example; requests are closed, answers may grow, all are bounded."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import enrolment, leaving, messages
from sync.messages import MessageError, common
from sync.records import check_private, parse_body, verify_record
from sync.strict import loads
from tests.unit.sync.vectors import each, vectors

MESSAGES = vectors("messages")
TYPES: dict[str, type[msgspec.Struct]] = {
    "enrol-state.answer": enrolment.EnrolStateAnswer,
    "enrol-state.request": enrolment.EnrolStateRequest,
    "enrol.answer": enrolment.EnrolAnswer,
    "enrol.request": enrolment.EnrolRequest,
    "have.answer": messages.HaveAnswer,
    "have.request": messages.HaveRequest,
    "hello.answer": messages.HelloAnswer,
    "hello.request": messages.HelloRequest,
    "nonce.answer": messages.NonceAnswer,
    "nonce.request": messages.NonceRequest,
    "picture.answer": messages.PictureAnswer,
    "picture.request": messages.PictureRequest,
    "pull.answer": messages.PullAnswer,
    "pull.request": messages.PullRequest,
    "push.answer": messages.PushAnswer,
    "push.request": messages.PushRequest,
    "raw.answer": messages.RawAnswer,
    "sign-in.answer": enrolment.SignInAnswer,
    "leave.answer": leaving.LeaveAnswer,
    "leave.request": leaving.LeaveRequest,
    "wiped.answer": leaving.WipedAnswer,
    "wiped.request": leaving.WipedRequest,
    "sign-in.request": enrolment.SignInRequest,
    "snapshot.answer": messages.SnapshotAnswer,
    "snapshot.request": messages.SnapshotRequest,
}


def data(message: object) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


@pytest.mark.parametrize("case", each(MESSAGES["examples"]))
def test_an_example_is_read_and_written_again(case: dict[str, Any]) -> None:
    message = messages.decode(data(case["message"]), TYPES[case["name"]])

    assert json.loads(messages.encode(message)) == case["message"]


@pytest.mark.parametrize("case", each(MESSAGES["bad"]))
def test_what_is_not_the_message_is_refused(case: dict[str, Any]) -> None:
    if case["good"]:
        messages.decode(data(case["message"]), TYPES[case["of"]])
    else:
        with pytest.raises(MessageError) as refusal:
            messages.decode(data(case["message"]), TYPES[case["of"]])
        assert refusal.value.reason == "schema"


def test_every_message_has_an_example() -> None:
    assert {case["name"] for case in MESSAGES["examples"]} == set(TYPES)


def test_an_answer_must_echo_the_nonce() -> None:
    answer = next(case["message"] for case in MESSAGES["examples"] if case["name"] == "hello.answer")

    assert messages.decode_answer(data(answer), messages.HelloAnswer, nonce=answer["nonce"])
    with pytest.raises(MessageError) as refusal:
        messages.decode_answer(data(answer), messages.HelloAnswer, nonce="A" * 22)
    assert refusal.value.reason == "nonce"


@pytest.mark.parametrize("text", [b"", b"<html>", b'{"proto":1,"proto":1}', b'{"proto":1'])
def test_what_is_no_strict_json_is_no_message(text: bytes) -> None:
    with pytest.raises(MessageError):
        messages.decode(text, messages.NonceRequest)


def test_a_message_of_too_many_bytes_is_not_read() -> None:
    with pytest.raises(MessageError) as refusal:
        messages.decode(b" " * 11, messages.NonceRequest, max_bytes=10)

    assert refusal.value.reason == "size"


PUSH = json.dumps(
    next(case["message"] for case in MESSAGES["examples"] if case["name"] == "push.request"),
    ensure_ascii=False,
    separators=(",", ":"),
)


def test_a_push_as_phones_write_it_is_read_at_one_go() -> None:
    with patch.object(common, "loads", side_effect=AssertionError("read twice")):
        messages.decode(PUSH.encode(), messages.PushRequest)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_quick_way_reads_no_push_that_the_exact_one_refuses(draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(PUSH)))
    piece = draw.draw(
        st.sampled_from(
            ["", " ", '"', "{", "\\", "\\u0000", "0", "1.0", '"proto":1,', '"sig":"",', "9007199254740992"]
        )
    )
    text = (PUSH[:at] + piece + PUSH[at + draw.draw(st.integers(0, 9)) :]).encode()

    read = common._as_written(text, messages.PushRequest)

    if read is not None:
        assert msgspec.convert(loads(text), messages.PushRequest) == read


def test_the_records_of_the_push_are_what_they_say() -> None:
    push = next(case["message"] for case in MESSAGES["examples"] if case["name"] == "push.request")
    opened = vectors("records")["good"][0]

    for wire in messages.decode(data(push), messages.PushRequest).records:
        assert verify_record(opened["public_key"], wire.body, wire.sig)
        check_private(parse_body(wire.body), wire.private)


def test_a_page_is_written_with_the_stored_bytes_of_its_rows() -> None:
    rows = [b'{"kind":"team"}', '{"kind":"巡"}'.encode()]
    page = messages.PullPage(
        1, "n", [msgspec.Raw(row) for row in rows], "c", False, 5, messages.ScopeChange([], [])
    )

    written = messages.encode(page)

    assert b'"rows":[' + b",".join(rows) + b"]" in written
