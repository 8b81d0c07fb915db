"""The Python phone and an answer that a middleman changed."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from sync.encoding import sha256_hex
from sync.messages import MEDIA_TYPE, NonceAnswer, NonceRequest
from sync.phone.api import Api, NoAnswer
from sync.phone.plain import SeededRandomness, StoredKeys
from sync.phone.store import Store
from sync.proof import DIGEST_HEADER


class Middleman:
    """Answers as the server does, with the digest of what the server said."""

    def __init__(self, said: str, digest_of: str | None) -> None:
        self._said, self._digest_of = said, digest_of

    def request(
        self, _method: str, _path: str, _headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        nonce = json.loads(body)["nonce"]
        content, told = (
            json.dumps({"proto": 1, "nonce": nonce, "proof_nonce": text, "server_ms": 1}).encode()
            for text in (self._said, self._digest_of or "")
        )
        digest = {DIGEST_HEADER: sha256_hex(told)} if self._digest_of is not None else {}
        return 200, {"Content-Type": MEDIA_TYPE, **digest}, content


def ask(net: Middleman) -> NonceAnswer:
    randomness = SeededRandomness("digest")
    api = Api(net, StoredKeys(Store(), randomness), randomness, prover=lambda log: log)
    return api.call("nonce", NonceRequest(1, api.new_nonce()), NonceAnswer)


def test_an_answer_that_was_changed_on_its_way_is_none() -> None:
    with pytest.raises(NoAnswer, match="answer-digest"):
        ask(Middleman("1.a", digest_of="1.b"))


@pytest.mark.parametrize("digest_of", ["1.a", None])
def test_an_unchanged_answer_is_believed_and_so_is_one_of_an_older_server(digest_of: str | None) -> None:
    assert ask(Middleman("1.a", digest_of)).proof_nonce == "1.a"
