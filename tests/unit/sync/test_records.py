"""A body is made once; what was signed is what is read."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import keys, payloads, records
from sync.encoding import b64url_encode
from sync.geo import Geo, geo_value, parse_geo
from sync.records import (
    MAX_BODY_BYTES,
    Base,
    Blob,
    PrivatePart,
    SchemaError,
    Time,
    build_body,
    check_private,
    parse_body,
    private_hash,
    read_place,
    record_hash,
    verify_record,
)
from tests.unit.sync.vectors import each, vectors

RECORDS = vectors("records")
SCAN = RECORDS["good"][2]


def rebuilt(members: dict[str, Any]) -> str:
    given = {name: value for name, value in members.items() if name != "v"}
    given["t"] = Time(**given["t"])
    if "base" in given:
        given["base"] = Base(**given["base"])
    given["blobs"] = [Blob(**blob) for blob in given.get("blobs", [])]
    return build_body(**given)


@pytest.mark.parametrize("case", each(RECORDS["good"]))
def test_a_record_is_read_hashed_and_verified(case: dict[str, Any]) -> None:
    body = parse_body(case["body"])

    assert body.envelope.type == case["members"]["type"]
    assert body.envelope.p == case["members"]["p"]
    newest = msgspec.to_builtins(body.payload)
    assert newest.items() >= case["members"]["p"].items()  # a newer version may say more
    assert record_hash(case["body"]) == case["hash"]
    assert verify_record(case["public_key"], case["body"], case["sig"])
    assert read_place(case["body"]) == body.place


@pytest.mark.parametrize("case", each(RECORDS["good"]))
def test_the_same_members_make_the_same_bytes(case: dict[str, Any]) -> None:
    assert rebuilt(case["members"]) == case["body"]


@pytest.mark.parametrize("case", each(RECORDS["escapes"]))
def test_texts_are_written_alike_in_both_languages(case: dict[str, Any]) -> None:
    members = {**RECORDS["good"][1]["members"], "app": case["text"]}

    assert f'"app":{case["json"]},' in rebuilt(members)


@pytest.mark.parametrize("case", each(RECORDS["signatures"]))
def test_a_signature_is_the_logs_or_none(case: dict[str, Any]) -> None:
    assert verify_record(case["public_key"], case["body"], case["sig"]) is case["good"]


@pytest.mark.parametrize("case", each(RECORDS["keys"]))
def test_a_log_is_named_after_its_key(case: dict[str, Any]) -> None:
    assert keys.log_of(case["public_key"]) == case["log"]


@pytest.mark.parametrize("case", each(RECORDS["bad"]))
def test_what_is_no_record_says_why(case: dict[str, Any]) -> None:
    with pytest.raises(SchemaError) as refusal:
        parse_body(case["body"])

    assert refusal.value.code == case["code"]


@pytest.mark.parametrize("case", each(RECORDS["good"]))
def test_a_body_as_phones_write_it_is_read_at_one_go(case: dict[str, Any]) -> None:
    with patch.object(records, "_exactly", side_effect=AssertionError("read twice")):
        body = parse_body(case["body"])

    assert body == records._exactly(case["body"])


pieces = st.sampled_from(
    [
        *(
            '"',
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            " ",
            "\\",
            "0",
            "1",
            "1.0",
            "-0",
            "9007199254740992",
            "null",
            "true",
        ),
        *(
            '"seq":3,',
            '"p":{},',
            '"v":1,',
            '"deps":[],',
            '"private":{},',
            "\\u0000",
            "\\u0061",
            "e",
            "f",
            "A",
        ),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(RECORDS["good"]), st.data())
def test_the_quick_way_never_reads_what_the_exact_one_refuses(
    case: dict[str, Any], data: st.DataObject
) -> None:
    text = case["body"]
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(pieces | st.just("")) + text[at + data.draw(st.integers(0, 9)) :]

    body = records._as_written(text)

    if body is not None:
        assert records._exactly(text) == body


def test_a_record_that_nobody_understands_still_holds_its_place() -> None:
    members = {**SCAN["members"], "type": "key.loan", "p": {"new": [1]}}
    text = json.dumps(members)

    with pytest.raises(SchemaError) as refusal:
        parse_body(text)

    assert refusal.value.place == read_place(text)
    assert refusal.value.place is not None
    assert refusal.value.place.seq == 3


def test_a_body_of_256_kib_is_read_and_a_byte_more_is_too_large() -> None:
    def filled(size: int) -> str:
        body = json.dumps({**SCAN["members"], "type": "later", "p": {"x": ""}}, ensure_ascii=False)
        return body.replace('"x": ""', '"x": "' + "x" * (size - len(body)) + '"')

    with pytest.raises(SchemaError) as fits:
        parse_body(filled(MAX_BODY_BYTES))
    with pytest.raises(SchemaError) as over:
        parse_body(filled(MAX_BODY_BYTES + 1))
    with pytest.raises(SchemaError) as bytes_count:
        parse_body("巡" * (MAX_BODY_BYTES // 3 + 1))

    assert [fits.value.code, over.value.code] == ["unknown_type", "too_large"]
    assert bytes_count.value.code == "too_large"


@pytest.mark.parametrize("case", each(RECORDS["private"]))
def test_a_private_part_fits_its_hash(case: dict[str, Any]) -> None:
    assert private_hash(case["salt"], case["value"]) == case["hash"]


def body_with_private(**parts: PrivatePart) -> Any:
    hashes = {name: private_hash(part.salt, part.value) for name, part in parts.items()}
    return parse_body(json.dumps({**SCAN["members"], "private": hashes}))


SALT = b64url_encode(bytes(16))


def test_a_missing_private_part_is_no_fault() -> None:
    check_private(body_with_private(note=PrivatePart(SALT, "wet")), {})


@pytest.mark.parametrize(
    ("named", "came"),
    [
        pytest.param({}, {"note": PrivatePart(SALT, "wet")}, id="a part that the body does not name"),
        pytest.param(
            {"note": PrivatePart(SALT, "wet")}, {"note": PrivatePart(SALT, "dry")}, id="another text"
        ),
        pytest.param(
            {"note": PrivatePart("AA", "wet")}, {"note": PrivatePart("AA", "wet")}, id="a short salt"
        ),
        pytest.param(
            {"raw": PrivatePart(SALT, "x" * 1001)}, {"raw": PrivatePart(SALT, "x" * 1001)}, id="too long"
        ),
    ],
)
def test_a_private_part_that_does_not_fit_is_a_fault(
    named: dict[str, PrivatePart], came: dict[str, PrivatePart]
) -> None:
    with pytest.raises(SchemaError) as refusal:
        check_private(body_with_private(**named), came)

    assert refusal.value.code == "schema"


@given(
    st.integers(-900_000_000, 900_000_000),
    st.integers(-1_800_000_000, 1_800_000_000),
    st.none() | st.integers(0, 10**6),
)
def test_a_position_is_read_back(lat: int, lon: int, accuracy: int | None) -> None:
    geo = Geo(lat=lat, lon=lon, accuracy=accuracy)

    assert parse_geo(geo_value(geo)) == geo


@pytest.mark.parametrize("text", ["", "{}", '{"lat":0.5,"lon":1,"accuracy":1}', "[1]"])
def test_what_is_no_position_is_none(text: str) -> None:
    assert parse_geo(text) is None


@given(st.text(max_size=200))
def test_no_text_upsets_the_reader(text: str) -> None:
    with pytest.raises(SchemaError):
        parse_body(text)
    assert read_place(text) is None


def test_every_type_has_a_vector() -> None:
    seen = {(case["members"]["type"], case["members"]["tv"]) for case in RECORDS["good"]}

    assert seen == set(payloads.PAYLOADS)
