"""What comes to the sync messages and is no message: a clear refusal, nothing changed, never a 5xx."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.ledger.models import Record
from sync.encoding import sha256_hex
from sync.messages import MEDIA_TYPE
from sync.proof import DIGEST_HEADER, NONCE_HEADER, authorization
from tests.api.field import Garden, Handset, data, new_nonce, slug
from tests.conftest import FakeClock

NONCE = "/api/v1/sync/nonce"
PROVEN = ("hello", "have", "push", "pull", "enrol-state", "sign-in")


def message(**members: Any) -> bytes:
    return json.dumps({"proto": 1, "nonce": "A" * 22, **members}).encode()


def test_a_nonce_is_given_to_anybody_and_echoes_the_phones_own(app: Flask, clock: FakeClock) -> None:
    mine = new_nonce()
    answer = app.test_client().post(
        NONCE, data=json.dumps({"proto": 1, "nonce": mine}), content_type=MEDIA_TYPE
    )
    told = data(answer)
    assert answer.mimetype == MEDIA_TYPE
    assert answer.headers["Cache-Control"] == "no-store, no-transform"
    assert (told["nonce"], told["server_ms"]) == (mine, clock.ms)
    assert answer.headers[NONCE_HEADER] == told["proof_nonce"]


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_says_the_digest_of_its_message(garden: Garden, packed: bool) -> None:
    phone = garden.handset()
    hashes = [sha256_hex(bytes([number])) for number in range(100)]
    request = {"proto": 1, "nonce": new_nonce(), "log": phone.log, "hashes": hashes}
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    answer = phone.send("have", json.dumps(request).encode(), headers=headers)
    assert (answer.headers.get("Content-Encoding") == "gzip") is packed
    content = gzip.decompress(answer.get_data()) if packed else answer.get_data()
    assert json.loads(content)["missing"] == hashes
    assert answer.headers[DIGEST_HEADER] == sha256_hex(content)


@pytest.mark.parametrize(
    ("body", "headers", "status", "refusal"),
    [
        (message(), {"Content-Type": "application/json"}, 415, "media-type"),
        (message(), {}, 415, "media-type"),
        (message(), {"Content-Type": MEDIA_TYPE, "Content-Encoding": "br"}, 415, "media-type"),
        (b"", {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (b"\xff\xfe", {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (b"[1,2", {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (b'{"proto":1,"proto":1,"nonce":"x"}', {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (b'{"proto":1,"nonce":NaN}', {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (b'{"proto":1,"nonce":"\\ud800"}', {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (b"[" * 100_000, {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (message(extra=1), {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (message(proto=2), {"Content-Type": MEDIA_TYPE}, 400, "bad-message"),
        (b"x" * 1_048_577, {"Content-Type": MEDIA_TYPE}, 413, "too-large"),
        (b"x" * 20_000_000, {"Content-Type": MEDIA_TYPE}, 413, "too-large"),
        (message(), {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}, 400, "bad-message"),
        (
            gzip.compress(message(), mtime=0)[:-5],
            {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"},
            400,
            "bad-message",
        ),
        (
            gzip.compress(message(), mtime=0) + b"more",
            {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"},
            400,
            "bad-message",
        ),
        (
            gzip.compress(b" " * 200_000_000, compresslevel=9, mtime=0),
            {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"},
            413,
            "too-large",
        ),
    ],
    ids=[f"case {number}" for number in range(18)],
)
def test_what_is_no_message_is_refused(
    app: Flask, body: bytes, headers: dict[str, str], status: int, refusal: str
) -> None:
    answer = app.test_client().post(NONCE, data=body, headers=headers)
    assert (answer.status_code, slug(answer)) == (status, refusal)
    assert answer.headers[NONCE_HEADER]


@pytest.mark.parametrize("name", PROVEN)
def test_no_message_is_answered_without_a_proof(app: Flask, name: str) -> None:
    client = app.test_client()
    answer = client.post(f"/api/v1/sync/{name}", data=message(), content_type=MEDIA_TYPE)
    assert (answer.status_code, slug(answer)) == (401, "proof-missing")
    assert answer.headers[NONCE_HEADER]
    odd = client.post(
        f"/api/v1/sync/{name}",
        data=message(),
        content_type=MEDIA_TYPE,
        headers={"Authorization": "Bearer me"},
    )
    assert (odd.status_code, slug(odd)) == (401, "proof-missing")


def test_a_stale_proof_gets_a_fresh_nonce_with_which_it_is_repeated(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    old = phone.nonce()
    clock.forward(minutes=6)
    phone.proof_nonce = old
    body = message()

    def send(nonce: str) -> Any:
        proof = authorization(
            phone.key, method="POST", path="/api/v1/sync/enrol-state", nonce=nonce, body=body
        )
        return phone.client.post(
            "/api/v1/sync/enrol-state", data=body, content_type=MEDIA_TYPE, headers={"Authorization": proof}
        )

    stale = send(old)
    assert (stale.status_code, slug(stale)) == (401, "proof-stale")
    assert send(stale.headers[NONCE_HEADER]).status_code == 200


def test_a_nonce_that_the_server_did_not_make_is_stale(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    phone.proof_nonce = f"{clock.ms}.{'A' * 22}"
    refused = phone.hello()
    assert (refused.status_code, slug(refused)) == (401, "proof-stale")


def test_a_proof_covers_method_path_and_body(garden: Garden) -> None:
    phone = garden.handset()
    body, other = message(), message(nonce="B" * 22)
    for method, path, signed in (
        ("POST", "/api/v1/sync/enrol-state", other),
        ("PUT", "/api/v1/sync/enrol-state", body),
        ("POST", "/api/v1/sync/pull", body),
        ("POST", "/api/v1/sync/enrol-state?x=1", body),
    ):
        proof = authorization(phone.key, method=method, path=path, nonce=phone.nonce(), body=signed)
        answer = phone.client.post(
            "/api/v1/sync/enrol-state", data=body, content_type=MEDIA_TYPE, headers={"Authorization": proof}
        )
        assert (answer.status_code, slug(answer)) == (401, "proof-wrong")


def test_the_proof_of_another_phone_does_not_open_a_log(garden: Garden) -> None:
    phone, other = garden.handset(), garden.handset(actor="liu")
    body = json.dumps(
        {
            "proto": 1,
            "nonce": new_nonce(),
            "log": phone.log,
            "clock": phone.clocks(),
            "remaining": 0,
            "records": [phone.record()],
        }
    ).encode()
    answer = other.send("push", body)
    assert (answer.status_code, slug(answer)) == (400, "bad-message")
    assert len(garden.all(select(Record.hash))) == 2


def test_a_log_that_nobody_knows_is_told_so(garden: Garden) -> None:
    stranger = Handset(garden.app.test_client(), garden.clock, str(garden.site))
    for answer in (stranger.hello(), stranger.post("pull", {"cursor": None, "limit": 10})):
        assert (answer.status_code, slug(answer)) == (401, "unknown-log")


def test_a_packed_push_is_taken(garden: Garden) -> None:
    phone = garden.handset()
    assert phone.push(phone.record(), packed=True).status_code == 200


@pytest.mark.parametrize(
    "break_it",
    [
        lambda m: {**m, "records": []},
        lambda m: {**m, "records": [m["records"][0]] * 101},
        lambda m: {**m, "remaining": -1},
        lambda m: {**m, "clock": None},
        lambda m: {**m, "records": [{**m["records"][0], "more": 1}]},
        lambda m: {**m, "records": [{**m["records"][0], "body": "\0"}]},
        lambda m: {**m, "records": [{**m["records"][0], "sig": "x" * 1000}]},
        lambda m: {**m, "records": [{"body": 1, "sig": "", "alg": ""}]},
    ],
)
def test_a_push_of_another_shape_is_refused_as_a_whole(garden: Garden, break_it: Any) -> None:
    phone = garden.handset()
    good = {"log": phone.log, "clock": phone.clocks(), "remaining": 0, "records": [phone.record()]}
    answer = phone.post("push", break_it(good))
    assert (answer.status_code, slug(answer)) == (400, "bad-message")
    assert len(garden.all(select(Record.hash))) == 1
    assert phone.post("push", good).status_code == 200


def test_addresses_that_do_not_exist_are_refused_with_a_nonce(app: Flask) -> None:
    client = app.test_client()
    for answer in (client.post("/api/v1/sync/teleport"), client.get("/api/v1/sync/push")):
        assert answer.status_code in (404, 405)
        assert answer.mimetype == "application/problem+json"
        assert answer.headers[NONCE_HEADER]
