"""Bad input to every message: the expected refusal, nothing changed, and the next good request works.

The cases and their answers stand in `tests/corpus/bad`, by class.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.ledger.models import PrivatePart, Record, Verdict
from sync.keys import SigningKey
from sync.messages import MEDIA_TYPE
from sync.proof import NONCE_HEADER, authorization
from tests.api.field import FINDING, Garden, Handset, data, new_nonce, slug, verdicts
from tests.corpus.bad import Refused, meaning, records, syntax, web
from tests.cost import bounded

ONE_ENGINE = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
"""What is refused before the database is asked is tried on one of them."""

STRANGERS = ("nonce", "enrol")
MESSAGES = tuple(meaning.SHAPES)
TELLTALES = (
    "Traceback",
    "site-packages",
    '.py"',
    "/server/",
    "/sync/phone",
    "sqlite3",
    "psycopg",
    "SELECT ",
    "msgspec",
)


def good_message(phone: Handset, name: str) -> dict[str, Any]:
    """Return a message that is right in every member."""
    start = {"proto": 1, "nonce": new_nonce()}
    match name:
        case "nonce" | "enrol-state":
            return start
        case "hello":
            return {
                **start,
                "log": phone.log,
                "head": {"seq": phone.seq, "hash": phone.head},
                "oldest": 1,
                "app": "0.1.0",
                "clock": phone.clocks(),
                "unsent": {"records": 0, "photos": 0, "oldest_wall": None},
                "storage": {"persisted": None, "usage": None, "quota": None},
            }
        case "have":
            return {**start, "log": phone.log, "hashes": [phone.head]}
        case "push":
            record = phone.record(private={"note": "门坏了"})
            members = {"log": phone.log, "clock": phone.clocks(), "remaining": 0, "records": [record]}
            return {**start, **members}
        case "pull":
            return {**start, "cursor": None, "limit": 10, "scopes": []}
        case "snapshot":
            members = {"scope": phone.site, "cursor": None, "scopes": [], "resume": None, "limit": 10}
            return {**start, **members}
        case "enrol":
            key = SigningKey.from_number(77)
            return {
                **start,
                "code": "A" * 22,
                "public_key": key.public_key,
                "sig": key.sign(b"x"),
                "name": "4 号手机",
                "app": "0.1.0",
                "clock": phone.clocks(),
                "capabilities": {"camera": True},
            }
        case "sign-in":
            return {**start, "person": phone.actor, "pin": "000000"}
    raise AssertionError(name)


def everything(garden: Garden) -> str:
    """Return a digest of every row of every table."""
    from server.db import Base

    garden.session.rollback()
    found = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        rows = sorted(repr(tuple(row)) for row in garden.session.execute(table.select()))
        found.update(f"{table.name}{rows}".encode())
    garden.session.rollback()
    return found.hexdigest()


def ask(phone: Handset, name: str, body: bytes, headers: Mapping[str, str]) -> TestResponse:
    """Send a message, with a proof where one is asked for."""
    kind = {"Content-Type": MEDIA_TYPE, **headers}
    content_type = kind.pop("Content-Type")
    if name in STRANGERS:
        return phone.client.post(f"/api/v1/sync/{name}", data=body, content_type=content_type, headers=kind)
    return phone.send(name, body, content_type=content_type, headers=kind)


def assert_clean(answer: TestResponse, what: str) -> None:
    """A refusal is problem+json with a nonce for the next try, and tells nothing of the inside."""
    assert answer.mimetype == "application/problem+json", what
    told = answer.get_data(as_text=True)
    assert not [word for word in TELLTALES if word in told], (what, told)
    assert len(told) < 2_000, what
    assert answer.headers[NONCE_HEADER], what
    assert json.loads(told)["retryable"] is False, what


def assert_refused(garden: Garden, phone: Handset, name: str, cases: Iterable[Refused]) -> int:
    """Send all cases to a message; each must be refused as expected and nothing may change."""
    phone.nonce()
    before = everything(garden)
    count = 0
    for case in cases:
        count += 1
        what = f"{name}: {case.name}"
        with bounded(what):
            answer = ask(phone, name, case.body, case.headers)
        assert answer.status_code == case.status, (what, answer.get_data(as_text=True)[:300])
        assert slug(answer) == case.slug, what
        assert_clean(answer, what)
    assert everything(garden) == before, name
    return count


def assert_the_next_one_works(phone: Handset, name: str) -> None:
    """The same message, as it should be, is answered."""
    answer = ask(phone, name, json.dumps(good_message(phone, name)).encode(), {})
    expected = {"enrol": (400, "bad-key")}
    if name in expected:
        assert (answer.status_code, slug(answer)) == expected[name]
    else:
        assert answer.status_code == 200, answer.get_data(as_text=True)


@pytest.fixture
def phone(garden: Garden) -> Handset:
    return garden.handset()


@ONE_ENGINE
@pytest.mark.parametrize("name", MESSAGES)
def test_bytes_that_are_no_strict_json_are_refused(garden: Garden, phone: Handset, name: str) -> None:
    good = json.dumps(good_message(phone, name)).encode()

    assert assert_refused(garden, phone, name, syntax.cases(good)) > 70

    assert_the_next_one_works(garden.handset(), name)


@ONE_ENGINE
@pytest.mark.parametrize("name", MESSAGES)
def test_each_member_that_is_wrong_in_any_way_is_refused(garden: Garden, phone: Handset, name: str) -> None:
    good = good_message(phone, name)
    cases = [*meaning.cases(name, good), *meaning.floats(name, good)]

    assert assert_refused(garden, phone, name, cases) > 20

    assert_the_next_one_works(garden.handset(), name)


@ONE_ENGINE
@pytest.mark.parametrize("name", ["nonce", "push"])
def test_another_type_or_packing_is_refused(garden: Garden, phone: Handset, name: str) -> None:
    good = json.dumps(good_message(phone, name)).encode()

    assert assert_refused(garden, phone, name, web.bodies(good)) > 25

    assert_the_next_one_works(garden.handset(), name)


@ONE_ENGINE
def test_what_is_large_or_becomes_large_costs_little(garden: Garden, phone: Handset) -> None:
    cases = list(web.bombs())
    phone.nonce()
    before = everything(garden)
    for case in cases:
        with bounded(case.name):
            answer = ask(phone, "have", case.body, case.headers)
        assert (answer.status_code, slug(answer)) == (case.status, case.slug), case.name
        assert_clean(answer, case.name)
    assert everything(garden) == before
    assert_the_next_one_works(phone, "have")


def test_a_record_of_5_mb_is_refused_by_push_and_by_raw_and_4_mb_are_kept(
    garden: Garden, phone: Handset
) -> None:
    import gzip

    record = {"body": "x" * 5_000_000, "sig": "", "alg": "ES256"}
    message = {"log": phone.log, "clock": phone.clocks(), "remaining": 0, "records": [record]}
    for packed in (False, True):
        answer = phone.post("push", message, packed=packed)
        assert (answer.status_code, slug(answer)) == (413, "too-large")
    octets = "application/octet-stream"
    for size, status in ((5_000_000, 413), (4_194_305, 413), (4_194_304, 200)):
        answer = phone.send("raw", b"x" * size, content_type=octets)
        assert answer.status_code == status
    assert data(answer)["code"] == "too_large"
    refused = phone.send(
        "raw", gzip.compress(b"x"), content_type=octets, headers={"Content-Encoding": "gzip"}
    )
    assert (refused.status_code, slug(refused)) == (415, "media-type")
    empty = phone.send("raw", b"", content_type=octets)
    assert (empty.status_code, slug(empty)) == (400, "bad-message")


@ONE_ENGINE
def test_what_is_no_proof_is_refused(garden: Garden, phone: Handset) -> None:
    body = json.dumps(good_message(phone, "enrol-state")).encode()
    path = "/api/v1/sync/enrol-state"
    sig = authorization(phone.key, method="POST", path=path, nonce=phone.nonce(), body=body)
    good_sig = sig.partition('sig="')[2].rstrip('"')
    before = everything(garden)

    def send(header: str) -> TestResponse:
        return phone.client.post(path, data=body, content_type=MEDIA_TYPE, headers={"Authorization": header})

    for header in web.PROOFS:
        filled = (
            header.replace("{log}", phone.log).replace("{nonce}", phone.nonce()).replace("{sig}", good_sig)
        )
        answer = send(filled)
        assert (answer.status_code, slug(answer)) == (401, "proof-missing"), header
        assert_clean(answer, header)
    for nonce in web.STALE:
        made = nonce.replace("{now}", str(garden.clock.ms))
        answer = send(f'Fieldsync log="{phone.log}", nonce="{made}", sig="{good_sig}"')
        assert answer.status_code == 401, nonce
        assert slug(answer) in ("proof-missing", "proof-stale"), nonce
        assert_clean(answer, nonce)
    for wrong in ("A" * 86, good_sig[:-1] + ("A" if good_sig[-1] != "A" else "Q"), "A" * 85, ""):
        answer = send(f'Fieldsync log="{phone.log}", nonce="{phone.nonce()}", sig="{wrong}"')
        assert answer.status_code == 401, wrong
        assert slug(answer) in ("proof-missing", "proof-wrong"), wrong
    assert everything(garden) == before
    assert send(sig).status_code == 200


@ONE_ENGINE
def test_other_methods_and_addresses_lead_nowhere(garden: Garden, phone: Handset) -> None:
    before = everything(garden)
    for name in (*MESSAGES, "raw"):
        for method in web.METHODS:
            answer = phone.client.open(f"/api/v1/sync/{name}", method=method)
            assert answer.status_code == 405, (name, method)
            assert "POST" in answer.headers["Allow"]
            assert_clean(answer, f"{method} {name}")
    for path in web.ADDRESSES:
        answer = phone.client.post(path, data=b"{}", content_type=MEDIA_TYPE)
        assert answer.status_code in ((400,) if "%00" in path else (404, 405)), path
        assert answer.mimetype == "application/problem+json", path
    assert everything(garden) == before


# -- records ---------------------------------------------------------------------------


def good_members(phone: Handset) -> dict[str, Any]:
    """Return the members of the next good record of a phone."""
    seq, head = phone.seq, phone.head
    members: dict[str, Any] = json.loads(phone.record()["body"])
    phone.seq, phone.head = seq, head
    return members


def test_a_body_that_nobody_can_read_is_kept_and_quarantined_and_stops_nobody(
    garden: Garden, phone: Handset
) -> None:
    from sync.encoding import sha256_hex
    from sync.records import sign_record

    cases = list(records.cases(good_members(phone)))
    assert len(cases) > 120
    for start in range(0, len(cases), 40):
        some = cases[start : start + 40]
        before = phone.record()
        odd = [{"body": case.body, "sig": sign_record(phone.key, case.body), "alg": "ES256"} for case in some]
        answer = phone.push(before, *odd, phone.record())
        assert answer.status_code == 200, answer.get_data(as_text=True)
        first, *told, last = data(answer)["outcomes"]
        assert (first["outcome"], last["outcome"]) == ("applied", "applied")
        for case, outcome in zip(some, told, strict=True):
            assert outcome["hash"] == sha256_hex(case.body.encode()), case.name
            assert outcome["outcome"] == "quarantined", case.name
            assert outcome["code"] == case.code, case.name
    kept = {record.hash: bytes(record.body) for record in garden.all(select(Record))}
    for case in cases:
        assert kept[sha256_hex(case.body.encode())] == case.body.encode(), case.name
    codes = garden.all(select(Verdict.code).where(Verdict.code == "server_error"))
    assert codes == []


def test_a_body_of_more_than_256_kib_is_kept_and_quarantined_as_too_large(
    garden: Garden, phone: Handset
) -> None:
    over = phone.record("later", {"x": "x" * 262_200})

    assert phone.outcomes(over) == [("quarantined", "too_large")]
    assert phone.outcomes(phone.record())[0][0] == "applied"


@pytest.mark.parametrize("name", ["note", "raw"])
def test_whatever_a_person_writes_is_kept_exactly(garden: Garden, phone: Handset, name: str) -> None:
    for text in records.TEXTS:
        written = text[:1_000] if name == "raw" else text
        assert phone.outcomes(phone.record(private={name: written})) == [("applied", None)], text[:20]

    kept = garden.all(select(PrivatePart.value).where(PrivatePart.name == name))
    assert sorted(kept) == sorted(text[:1_000] if name == "raw" else text for text in records.TEXTS)


def test_private_parts_that_do_not_fit_are_quarantined_and_kept_out(garden: Garden, phone: Handset) -> None:
    def changed(**part: str) -> dict[str, Any]:
        record = phone.record(private={"note": "门坏了"})
        record["private"]["note"] |= part
        return record

    unnamed = phone.record()
    unnamed["private"] = {"note": {"salt": "A" * 22, "value": "x"}}
    too_long = phone.record(private={"note": "x" * 2_001})
    short_salt = phone.record(private={"note": "x"})
    batch = [changed(value="门好了"), changed(salt="A" * 22), unnamed, too_long, short_salt]
    expected = [("quarantined", "schema")] * 4 + [("applied", None)]

    assert phone.outcomes(*batch) == expected
    assert len(garden.all(select(PrivatePart.value))) == 1


def test_signatures_of_any_form_that_are_not_the_keys_are_quarantined(garden: Garden, phone: Handset) -> None:
    wrong = ["", "A", "A" * 86, "A" * 85, "=" * 86, "巡" * 40, "A" * 200, "\u202e" * 86]
    for sig in wrong:
        record = {**phone.record(), "sig": sig}
        phone.seq, phone.head = phone.seq - 1, json.loads(record["body"])["prev"]
        assert phone.outcomes(record) == [("quarantined", "bad_signature")], sig
    assert phone.outcomes({**phone.record(), "alg": "none"}) == [("quarantined", "bad_signature")]


@pytest.mark.parametrize("body", ["", "no record", "{}"])
def test_what_cannot_be_read_may_come_again_under_any_signature(
    garden: Garden, phone: Handset, body: str
) -> None:
    assert phone.outcomes({"body": body, "sig": "", "alg": "ES256"}) == [("quarantined", "schema")]
    for sig in ("x", "y", "z", "A" * 86):
        [(outcome, code)] = phone.outcomes({"body": body, "sig": sig, "alg": "n\x8c"})
        assert outcome in ("duplicate", "quarantined")
        assert code == "schema"
    assert phone.outcomes(phone.record()) == [("applied", None)]
    assert len(garden.all(select(Record.hash))) == 3


def test_a_bad_record_at_any_place_of_a_batch_stops_no_other(garden: Garden, phone: Handset) -> None:
    for place in range(5):
        batch: list[dict[str, Any]] = [phone.record() for _ in range(5)]
        expected: list[tuple[str, str | None]] = [("applied", None)] * 5
        batch.insert(place, {"body": f"no record {place}", "sig": "", "alg": "ES256"})
        expected.insert(place, ("quarantined", "schema"))

        assert phone.outcomes(*batch) == expected
    assert all(outcome == "applied" for seq, (outcome, _) in verdicts(garden, phone.log).items() if seq)
    assert FINDING["kind"] == "damage"
