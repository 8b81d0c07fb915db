"""The Python phone sends a photo as the shared examples have it, and understands every answer and refusal."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sync.keys import verify
from sync.phone import uploads
from sync.phone.api import Api, Reply, no_answer
from sync.phone.store import Photo
from sync.proof import parse_authorization
from tests.unit.sync.vectors import each, vectors
from tests.vectors.cases.common import PHONE
from tests.vectors.cases.photos import FIRST, NONCE

FOUND = vectors("photos")
STORIES = ("in two pieces", "in one request", "another tab was quicker")


class Replayed:
    """A net that expects the requests of a story and gives their answers."""

    def __init__(self, exchanges: list[dict[str, Any]]) -> None:
        self._left: Iterator[dict[str, Any]] = iter(exchanges)

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        if path.endswith("/nonce"):
            told = {"proto": 1, "nonce": json.loads(body)["nonce"], "proof_nonce": NONCE, "server_ms": 0}
            return 200, {"Content-Type": "application/vnd.fieldsync+json"}, json.dumps(told).encode()
        case = next(self._left)
        expected, answer = case["request"], case["answer"]
        unsigned = {n: v for n, v in expected["headers"].items() if n != "Authorization"}
        assert (method, path, {n: v for n, v in headers.items() if n != "Authorization"}, body) == (
            expected["method"],
            expected["path"],
            unsigned,
            base64.b64decode(expected["base64"]),
        ), case["name"]
        proof = parse_authorization(headers["Authorization"])
        assert proof is not None
        assert verify(PHONE.public_key, case["message"].encode(), proof.sig), case["name"]
        problem = answer["problem"]
        kind = {"Content-Type": "application/problem+json"} if problem else {}
        text = json.dumps(problem).encode() if problem else b""
        return answer["status"], {**answer["headers"], **kind}, text

    def over(self) -> bool:
        return next(self._left, None) is None


class Keys:
    """The key of the vectors' phone, as far as a proof needs it."""

    def sign(self, _log: str, message: bytes) -> str:
        return PHONE.sign(message)


class Chance:
    def bytes(self, count: int) -> bytes:
        return bytes(count)


@pytest.mark.parametrize("story", STORIES)
def test_a_photo_goes_up_request_by_request_as_the_examples_say(
    story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanges = [case for case in FOUND["exchanges"] if case["story"] == story]
    assert exchanges
    # a photo of one piece is begun at once, as long as it fits
    monkeypatch.setattr(uploads, "PIECE_BYTES", FIRST if story != "in one request" else 1_000)
    [photo] = [
        Photo(found["sha256"], found["mime"], base64.b64decode(found["base64"]))
        for found in FOUND["photos"]
        if any(found["sha256"] in case["request"]["path"] for case in exchanges)
        or (story == "in one request" and "one request" in found["name"])
    ]
    net = Replayed(exchanges)
    api = Api(net, Keys(), Chance(), prover=lambda log: log)  # type: ignore[arg-type]
    uploads._Sending(api, lambda: None).whole(PHONE.log, photo)
    assert net.over(), "every request of the story was sent"


def test_every_story_of_the_examples_is_told() -> None:
    assert {case["story"] for case in FOUND["exchanges"]} - {None} == set(STORIES)


@pytest.mark.parametrize("case", each(vectors("refusals")["refusals"]))
def test_a_refusal_is_understood(case: dict[str, Any]) -> None:
    headers = {name.lower(): value for name, value in case["headers"].items()}
    none = no_answer(Reply(case["status"], headers, json.dumps(case["problem"]).encode()))
    assert (none.slug, none.status) == (case["slug"], case["status"])
    assert none.members == case["problem"]
    wait = headers.get("retry-after")
    assert none.retry_after_s == (None if wait is None else int(wait))
