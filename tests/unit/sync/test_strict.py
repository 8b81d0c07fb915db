"""What two decoders could read in two ways is refused."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import strict
from sync.strict import MAX_INTEGER, StrictError, loads
from tests.unit.sync.vectors import each, vectors

STRICT = vectors("strict")
RECORDS = vectors("records")


@pytest.mark.parametrize("case", each(STRICT["accept"]))
def test_strict_json_is_read(case: dict[str, Any]) -> None:
    assert loads(case["text"]) == case["value"]
    assert loads(case["text"].encode()) == case["value"]


@pytest.mark.parametrize("case", each(STRICT["refuse"]))
def test_what_breaks_a_rule_is_refused_with_its_reason(case: dict[str, Any]) -> None:
    with pytest.raises(StrictError) as refusal:
        loads(case["text"])

    assert refusal.value.reason == case["reason"]


@pytest.mark.parametrize("case", each(STRICT["refuse_bytes"]))
def test_bytes_that_are_no_strict_json_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(StrictError) as refusal:
        loads(base64.b64decode(case["base64"]))

    assert refusal.value.reason == case["reason"]


@pytest.mark.parametrize("case", each(STRICT["integers_only"]))
def test_a_body_holds_no_number_but_integers(case: dict[str, Any]) -> None:
    if case["fits"]:
        loads(case["text"], integers_only=True)
    else:
        with pytest.raises(StrictError) as refusal:
            loads(case["text"], integers_only=True)
        assert refusal.value.reason == "number"


@pytest.mark.parametrize("case", each(STRICT["size"]))
def test_size_is_measured_in_bytes(case: dict[str, Any]) -> None:
    for data in (case["text"], case["text"].encode()):
        if case["fits"]:
            loads(data, max_bytes=case["max_bytes"])
        else:
            with pytest.raises(StrictError) as refusal:
                loads(data, max_bytes=case["max_bytes"])
            assert refusal.value.reason == "size"


def test_a_text_with_half_a_surrogate_is_refused() -> None:
    with pytest.raises(StrictError) as refusal:
        loads('"\ud800"')

    assert refusal.value.reason == "surrogate"


# Categories without Cs: every text that UTF-8 can carry; NUL is refused on its own.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values, st.booleans())
def test_whatever_is_well_formed_comes_back_as_it_was(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)

    assert loads(text.encode(), integers_only=True) == value


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_junk_is_read_as_the_ordinary_decoder_reads_it_or_refused(data: bytes | str) -> None:
    try:
        value = loads(data)
    except StrictError:
        return

    assert json.loads(data) == value


@given(texts, values, values)
def test_a_key_never_stands_twice(key: str, first: object, second: object) -> None:
    text = f"{{{json.dumps(key)}:{json.dumps(first)},{json.dumps(key)}:{json.dumps(second)}}}"

    with pytest.raises(StrictError) as refusal:
        loads(text)

    assert refusal.value.reason == "duplicate_key"


# What a hostile text is made of: the cheap check must never let pass what the exact decoder refuses.
tokens = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"', "\\", " ", "\n", "a", "b", "\\u0000", "\\u003a", "\\u003A", "\\u0061"]
) | st.sampled_from(
    [
        *(
            '"a":',
            '"b":',
            '"a":1',
            '"a" :2',
            '"\\u0061":3',
            '":"',
            '"a:b"',
            '"\\":"',
            '{"a":1,"a":2}',
            '"a\\\\":1',
        ),
        *(
            "9007199254740992",
            "9007199254740991",
            "-9007199254740992",
            "1.0",
            "1e2",
            "-0",
            "[" * 31,
            "]" * 31,
        ),
    ]
)
hostile = st.lists(tokens, max_size=14).map("".join)


@settings(max_examples=400, deadline=None)
@given(hostile | hostile.map(lambda inner: "{" + inner + "}") | hostile.map(lambda inner: "[" + inner + "]"))
def test_the_quick_way_never_reads_what_the_exact_one_refuses(text: str) -> None:
    with patch.object(strict, "_plain", return_value=False):
        exact = _outcome(text)

    assert _outcome(text) == exact


def _outcome(text: str) -> object:
    try:
        return repr(loads(text))
    except StrictError as error:
        return error.reason


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a" :1,"a":":"}',
        '{"a":1,"\\u0061":2}',
        '{"a":"\\u003a","a":1}',
        '{"x":{"a":"\\u003a"},"b":1,"b":1}',
        '["\\u0000"]',
        "[1.0e400]",
        "[9007199254740992]",
        "[" * 33 + "]" * 33,
    ],
)
def test_what_the_quick_way_cannot_judge_goes_to_the_exact_one(text: str) -> None:
    with pytest.raises(StrictError):
        loads(text)


@pytest.mark.parametrize("case", each(RECORDS["good"]))
def test_a_body_as_phones_write_it_needs_no_second_look(case: dict[str, Any]) -> None:
    with patch.object(strict, "_exact", side_effect=AssertionError("read twice")):
        loads(case["body"], integers_only=True)


def test_a_full_push_is_read_in_milliseconds() -> None:
    record = {"body": json.dumps({"p": "巡" * 500, "n": [1] * 100}), "sig": "A" * 86, "alg": "ES256"}
    data = json.dumps({"proto": 1, "records": [record] * 100}).encode()

    started = time.process_time()
    loads(data)

    assert time.process_time() - started < 0.1
