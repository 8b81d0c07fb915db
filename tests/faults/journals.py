"""The network of the harness's phones: every answer is noted in a journal, every request passes a gate."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.phone.ports import NetError
from sync.phone.store import Store

TIMEOUT_S = 40.0
"""Longer than a database may keep a request waiting."""


@dataclass
class Journal:
    """What the server acknowledged, and what was captured at all."""

    captured: set[str] = field(default_factory=set)
    records: set[str] = field(default_factory=set)
    photos: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    """Photos that records name: all of them must arrive in the end."""
    places: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    """How often which answer came: `200`, `503 busy`, `no answer`."""
    unfriendly: list[str] = field(default_factory=list)
    """Answers that no server may give whatever happens to it: 5xx without a word when to come again."""

    def answered(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Count an answer."""
        low = {name.lower(): value for name, value in headers.items()}
        kind = ""
        if low.get("content-type", "").startswith("application/problem+json"):
            kind = str(json.loads(body)["type"]).rpartition("/")[2] if body else "no body"
        self.statuses[f"{status} {kind}".strip()] += 1
        if status >= 500 and not (status in (503, 507) and kind and "retry-after" in low):
            self.unfriendly.append(f"{status} {kind} {body[:300]!r}")


class JournalStore(Store):
    """A phone's store that writes down what the server acknowledged, the moment the phone believes it."""

    journal: Journal

    def mark_stored(self, record_hash: str, **said: Any) -> None:
        super().mark_stored(record_hash, **said)
        self.journal.records.add(record_hash)

    def set_upload(self, log: str, sha256: str, state: str) -> None:
        super().set_upload(log, sha256, state)
        if state == "done":
            self.journal.photos.add(sha256)


class Gate:
    """Lets requests out, or holds all of them back; tells when everybody stands before it."""

    def __init__(self) -> None:
        self._open = True
        self._waiting = 0
        self._changed = threading.Condition()

    def close(self) -> None:
        """Hold back every request from now on."""
        with self._changed:
            self._open = False

    def open(self) -> None:
        """Let everybody go on."""
        with self._changed:
            self._open = True
            self._changed.notify_all()

    def pass_through(self) -> None:
        """Go through, or wait."""
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._open)
            self._waiting -= 1

    def wait_for(self, count: int, within_s: float = TIMEOUT_S + 20) -> None:
        """Wait until so many stand before the closed gate."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._waiting >= count, within_s), (
                "somebody does not come back"
            )


class Wire:
    """The network port over HTTP: one connection, opened again when it broke."""

    def __init__(self, port: int, gate: Gate, journal: Journal, *, timeout_s: float = TIMEOUT_S) -> None:
        self.port = port
        self._gate = gate
        self._journal = journal
        self._timeout_s = timeout_s
        self._connection: http.client.HTTPConnection | None = None
        self.pulled = 0
        """How many pages of the feed came."""

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return the answer.

        :raises NetError: none came
        """
        self._gate.pass_through()
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("localhost", self.port, timeout=self._timeout_s)
                self._connection.connect()
                self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection.request(method, path, body=body, headers=dict(headers))
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            self._journal.statuses["no answer"] += 1
            raise NetError(str(error)) from error
        if response.will_close:
            self.close()
        self._journal.answered(response.status, dict(response.getheaders()), content)
        self.pulled += path.endswith("/pull") and response.status == 200
        return response.status, dict(response.getheaders()), content

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
