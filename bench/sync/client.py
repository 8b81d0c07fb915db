"""A phone's requests over one kept connection, with its proof, and nothing else that costs."""

from __future__ import annotations

import gzip
import http.client
import time
from collections.abc import Mapping, Sequence

import msgspec

from sync import messages
from sync.keys import SigningKey
from sync.proof import NONCE_HEADER, authorization
from sync.records import WireRecord

NONCE = "A" * 22
CLOCK = messages.Clock(1_795_438_812_345, 5_512_345, "b7c1d2e3", "Asia/Shanghai")


class Client:
    """One phone at one server."""

    def __init__(self, port: int, key: SigningKey | None = None) -> None:
        self._http = http.client.HTTPConnection("localhost", port, timeout=120)
        self._key = key
        self._nonce = ""
        self.took_s: list[float] = []
        """How long each request took, s."""

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send a request, with a proof where this is a phone; return the answer."""
        sent = dict(headers)
        if self._key is not None:
            if not self._nonce:
                self._first_nonce()
            sent["Authorization"] = authorization(
                self._key, method=method, path=path, nonce=self._nonce, body=body
            )
        began = time.perf_counter()
        answer = self._once(method, path, sent, body)
        self.took_s.append(time.perf_counter() - began)
        self._nonce = answer[1].get(NONCE_HEADER.lower(), self._nonce)
        return answer

    def message(self, name: str, request: msgspec.Struct, *, packed: bool = False) -> bytes:
        """Send a message of the protocol and return the answer's body."""
        body = messages.encode(request)
        headers = {"Content-Type": messages.MEDIA_TYPE}
        if packed:
            body = gzip.compress(body, compresslevel=6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        status, _, told = self.send("POST", f"{messages.PREFIX}{name}", headers, body)
        if status != 200:
            raise RuntimeError(f"{name}: {status} {told[:300]!r}")
        return told

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def _first_nonce(self) -> None:
        body = messages.encode(messages.NonceRequest(1, NONCE))
        headers = {"Content-Type": messages.MEDIA_TYPE}
        _, answered, _ = self._once("POST", f"{messages.PREFIX}nonce", headers, body)
        self._nonce = answered[NONCE_HEADER.lower()]

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        self._http.request(method, path, body=body, headers=dict(headers))
        answer = self._http.getresponse()
        return answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read()


def push_request(log: str, records: Sequence[WireRecord], *, remaining: int) -> messages.PushRequest:
    """Return the push of a batch."""
    return messages.PushRequest(1, NONCE, log, CLOCK, remaining, list(records))
