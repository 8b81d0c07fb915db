"""Bare connections to the real server: what is no request, what means two things, what never ends.

Each case gets a refusal or a closed connection, never a 5xx, and the server answers the next one at once.
"""

from __future__ import annotations

import gzip
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.served import Served
from tests.corpus.bad import wire
from tests.cost import MOST_BYTES, MOST_CPU_S

HANGS_S = 20.0
"""A guard against what never ends, not a measure of speed."""

BODY_S = 3
"""How long a body may take to arrive here; see `server/arrival.py`."""

MOST_KIB = MOST_BYTES // 1_024
TELLTALES = (b"Traceback", b"site-packages", b"root:x:", b"werkzeug")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("wire"), env={"ROUNDSMAN_BODY_S": str(BODY_S)})
    made.start()
    yield made
    made.kill()


def connect(served: Served, patience_s: float) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=patience_s)


def ask(served: Served, sent: bytes, patience_s: float = 1.0) -> bytes:
    """Return what comes back for some bytes until the server hangs up or says no more."""
    came = b""
    with connect(served, patience_s) as line:
        try:
            line.sendall(sent)
            while piece := line.recv(65_536):
                came += piece
        except OSError:  # it hung up, or waits for more
            return came
    return came


def statuses(came: bytes) -> list[int]:
    """Return the status of each answer in what came."""
    return [
        int(part[:3])
        for part in came.replace(b"HTTP/1.0 ", b"HTTP/1.1 ").split(b"HTTP/1.1 ")[1:]
        if part[:3].isdigit()
    ]


def is_healthy(served: Served) -> bool:
    """Ask for health as everybody may."""
    request = f"GET /healthz HTTP/1.1\r\nHost: localhost:{served.port}\r\nConnection: close\r\n\r\n"
    return statuses(ask(served, request.encode(), HANGS_S)) == [200]


def used(served: Served) -> tuple[int, float]:
    """Return the memory of the server and its workers in KiB, and the seconds of the processor they had."""
    assert served._process is not None
    group, kib, ticks = served._process.pid, 0, 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                kib += int(fields[21]) * 4
                ticks += int(fields[11]) + int(fields[12])
    return kib, ticks / os.sysconf("SC_CLK_TCK")


def test_what_is_no_request_is_refused_and_hurts_nobody(served: Served) -> None:
    assert is_healthy(served)
    host = f"localhost:{served.port}".encode()
    ask(served, (wire.POST + wire.JSON + wire.LONG + b"\r\n" + wire.BODY).replace(b"{host}", host))  # Argon2
    (before, cpu_s), count = used(served), 0
    for case in wire.cases():
        count += 1
        came = ask(served, case.sent.replace(b"{host}", host))
        found = statuses(came)
        assert set(found or [wire.CLOSED]) <= case.expected, (case.name, came[:300])
        assert not any(word in came for word in TELLTALES), (case.name, came[:300])
        after, cpu_after_s = used(served)
        assert cpu_after_s - cpu_s <= MOST_CPU_S, case.name
        assert after - before <= MOST_KIB, case.name
        cpu_s = cpu_after_s
    assert count > 75
    assert is_healthy(served)


def test_nobody_is_answered_who_hides_a_request_in_another(served: Served) -> None:
    """One request that is sent gets one answer at most."""
    for case in wire._smuggled():
        came = ask(served, case.sent.replace(b"{host}", f"localhost:{served.port}".encode()))
        assert b'"status":"ok"' not in came, (case.name, came[:500])


def begun(served: Served, path: str, media_type: str, length: str) -> bytes:
    """Return a head that a view would read the body of, and the body's first byte."""
    host = f"localhost:{served.port}"
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: {media_type}\r\n"
        f"{length}\r\n\r\n"
    ).encode()


LENGTHS = {"Content-Length: 1000": b"{", "Transfer-Encoding: chunked": b"1\r\n{\r\n"}
"""How a length is told, and a first byte under it."""

SLOW = [
    ("/api/v1/session", "application/json"),
    ("/api/v1/sync/nonce", "application/vnd.fieldsync+json"),
    ("/api/v1/sync/push", "application/vnd.fieldsync+json"),
    ("/api/v1/sync/raw", "application/octet-stream"),
    (f"/api/v1/blobs/{'a' * 26}", "application/offset+octet-stream"),
]


def test_slow_senders_keep_nobody_waiting(served: Served) -> None:
    """More of them than the server has threads, each with a head and one byte of its body."""
    lines = [connect(served, HANGS_S) for _ in range(100)]
    try:
        for n, line in enumerate(lines):
            path, media_type = SLOW[n % len(SLOW)]
            length, first = [*LENGTHS.items()][n % len(LENGTHS)]
            line.sendall(begun(served, path, media_type, length) + first)
        assert is_healthy(served)
    finally:
        for line in lines:
            line.close()
    assert is_healthy(served)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_body_that_comes_a_byte_at_a_time_is_given_up(served: Served, length: str) -> None:
    piece = b" " if "Content" in length else b"1\r\n \r\n"
    came = b""
    with connect(served, 0.25) as line:
        line.sendall(begun(served, *SLOW[1], length) + LENGTHS[length])
        for _ in range(int(HANGS_S / 0.25)):
            try:
                line.sendall(piece)
                came += line.recv(65_536)
            except TimeoutError:
                continue
            except OSError:  # it hung up
                break
            if came:
                break
    assert statuses(came) == [408], came[:300]
    assert b"/problems/too-slow" in came
    assert b"\r\nfieldsync-nonce: " in came.lower()
    assert is_healthy(served)


def test_a_bomb_costs_little(served: Served) -> None:
    packed = gzip.compress(b" " * 100_000_000, mtime=0)
    head = (
        f"POST /api/v1/sync/nonce HTTP/1.1\r\nHost: localhost:{served.port}\r\n"
        "Content-Type: application/vnd.fieldsync+json\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(packed)}\r\nConnection: close\r\n\r\n"
    )
    before, cpu_s = used(served)
    for _ in range(5):
        assert statuses(ask(served, head.encode() + packed, HANGS_S)) == [413]
        after, cpu_after_s = used(served)
        assert cpu_after_s - cpu_s <= MOST_CPU_S
        assert after - before <= MOST_KIB
        cpu_s = cpu_after_s
    assert is_healthy(served)
