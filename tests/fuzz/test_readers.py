"""Everything that reads what strangers send, under hypothesis: it answers, or refuses in its own words.

A few cases run with all tests; `make fuzz` runs many (`FUZZ=20000`), each time from another seed.
"""

from __future__ import annotations

import gzip
import io
import json
import os
from contextlib import suppress

import pytest
from flask import Request
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from server.ledger.blobs import tus
from server.ledger.blobs.problems import BadUpload, BlobType
from server.ledger.wire import BadMessage, TooLarge, unpack_gzip
from sync.chain import Link, first_break
from sync.encoding import ZERO_HASH, sha256_hex
from sync.proof import format_authorization, nonce_is_fresh, parse_authorization
from sync.records import SchemaError, parse_body
from sync.rescue import NewerRescueFile, NoRescueFile, RescueReader
from sync.strict import MAX_INTEGER, MAX_NESTING, StrictError, loads
from sync.tags import fold_short_code, fold_token, read_address
from tests.unit.sync.vectors import vectors

EXAMPLES = int(os.environ.get("FUZZ", "0")) or 60
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)

RESCUE = vectors("rescue")["files"][0]["text"].encode()
RECORD = vectors("records")["good"][0]["body"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Draw good bytes in which a few places are cut, doubled, flipped or overwritten."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["cut", "flip", "put", "double", "end"])):
            case "cut":
                del data[at : at + draw(st.integers(1, 40))]
            case "flip" if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "put":
                data[at:at] = draw(st.binary(max_size=12))
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 60))]
            case _:
                del data[at:]
    return bytes(data)


def _depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, dict | list) else 0


@FUZZ
@given(st.binary(max_size=300) | ANYTHING.map(lambda v: json.dumps(v).encode()) | damaged(RECORD.encode()))
@example(b"1e999")
@example(b'{"a":1,"a":1}')
def test_the_strict_decoder(data: bytes) -> None:
    try:
        value = loads(data)
    except StrictError:
        return
    assert value == json.loads(data), "whoever reads it reads the same"
    assert _depth(value) <= MAX_NESTING
    text = json.dumps(value, ensure_ascii=False)
    assert "\0" not in text
    text.encode()
    assert not isinstance(value, int) or abs(value) <= MAX_INTEGER


@FUZZ
@given(st.text(max_size=200) | st.text("htps:/lcoa.T23456789ABCDEFGHJKMNPQRSTVWXYZ-", max_size=60))
def test_tags(text: str) -> None:
    for read in (read_address, fold_token, fold_short_code):
        token = read(text)
        if token is not None:
            assert token.isascii()
            assert token.isalnum()
            assert fold_token(token) == token or fold_short_code(token) == token, "folding folds once"


@FUZZ
@given(st.text(max_size=300), st.binary(min_size=32, max_size=32))
@example('Fieldsync log="' + "a" * 26 + '", nonce="1.AAAA", sig="A"', b"k" * 32)
def test_proofs(header: str, key: bytes) -> None:
    proof = parse_authorization(header)
    if proof is not None:
        assert parse_authorization(format_authorization(proof)) == proof
        assert not nonce_is_fresh(key, proof.nonce, 1_795_438_800_000)
    assert not nonce_is_fresh(key, header, 1_795_438_800_000)


@FUZZ
@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=300)
    | st.lists(st.sampled_from(["sha256 ", "type ", "YQ==", ",", " ", "=", "MDAw" * 22]), max_size=9).map(
        "".join
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
)
def test_headers_of_an_upload(metadata: str, number: str) -> None:
    builder = EnvironBuilder(headers=Headers([("Upload-Metadata", metadata), ("Upload-Offset", number)]))
    request = Request(builder.get_environ())
    with suppress(BadUpload, BlobType):
        assert len(tus.named_photo(request)) == 64
    with suppress(BadUpload):
        assert 0 <= tus.number(request, "Upload-Offset") < 10**15


@FUZZ
@given(st.binary(max_size=200) | damaged(gzip.compress(RESCUE, mtime=0)))
def test_packed_bodies(data: bytes) -> None:
    with suppress(BadMessage, TooLarge):
        assert len(unpack_gzip(data, most=10_000)) <= 10_000


@FUZZ
@given(st.text(max_size=200) | damaged(RECORD.encode()).map(lambda b: b.decode("utf-8", "replace")))
def test_records(text: str) -> None:
    try:
        body = parse_body(text)
    except SchemaError:
        return
    assert body.envelope.seq >= 1


@FUZZ
@given(damaged(RESCUE) | st.binary(max_size=300))
def test_rescue_files(data: bytes) -> None:
    try:
        reader = RescueReader(io.BytesIO(data))
    except (NoRescueFile, NewerRescueFile):
        return
    found = list(reader)
    assert len(found) <= data.count(b"\n") + 2
    assert not reader.whole or data == RESCUE or data.rstrip(b"\n") == RESCUE.rstrip(b"\n")


@FUZZ
@given(
    st.integers(2, 8).flatmap(
        lambda n: st.tuples(st.just(n), st.permutations(range(n)), st.integers(0, n - 1))
    )
)
def test_the_chain(drawn: tuple[int, list[int], int]) -> None:
    count, order, dropped = drawn
    links, previous = [], ZERO_HASH
    for seq in range(1, count + 1):
        body = f"{seq} {previous}"
        links.append(Link(seq, previous, sha256_hex(body.encode()), body, ""))
        previous = links[-1].hash
    assert first_break(links) is None
    shuffled = [links[n] for n in order]
    assert (first_break(shuffled) is None) == (shuffled == links)
    kept = links[:dropped] + links[dropped + 1 :]
    assert (first_break(kept) is None) == (dropped == count - 1), "only an end may be missing unseen"


@pytest.mark.parametrize("text", ["", "{", "\ud800", "\0"])
def test_what_no_strategy_draws_often(text: str) -> None:
    with pytest.raises(SchemaError):
        parse_body(text)
