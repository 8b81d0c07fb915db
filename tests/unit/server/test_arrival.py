"""A request arrives before a thread is taken for it; nothing here waits for a network."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from server import arrival
from server.arrival import IN_MEMORY, MOST, WHOLE, Arrivals, Pace, TooSlow, environ_of
from server.edge import REFUSED

Told = tuple[int, list[tuple[str, str]], bytes]


@dataclass
class FakeScope:
    """A request as granian tells of it."""

    headers: Any
    http_version: str = "1.1"
    server: str = "127.0.0.1:8000"
    client: str = "10.1.2.3:45678"
    scheme: str = "http"
    method: str = "POST"
    path: str = "/api/v1/东门"
    query_string: str = "a=1"
    authority: str | None = None


class Pairs(list[tuple[str, str]]):
    """Headers."""

    def items(self) -> list[tuple[str, str]]:
        return list(self)


@dataclass
class Line:
    """Both ends of a connection: what comes in, and what was answered."""

    pieces: Iterable[bytes | float] = ()
    """Bytes, or seconds of silence."""
    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    streamed: bool = False
    takes: Callable[[], bool] = lambda: True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, float):
                await asyncio.sleep(piece)
            else:
                yield piece

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        assert self.status is None
        self.status, self.headers, self.body = status, headers, body

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.response_bytes(status, headers, b"")

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Line:
        self.response_bytes(status, headers, b"")
        self.streamed = True
        return self

    async def send_bytes(self, piece: bytes) -> None:
        if not self.takes():
            raise RuntimeError("closed")
        self.body += piece


def scope(length: int | None = None, **members: Any) -> FakeScope:
    told = [("transfer-encoding", "chunked")] if length is None else [("content-length", str(length))]
    return FakeScope(Pairs([("host", "x"), *told]), **members)


@dataclass
class Echo:
    """A WSGI application that tells what it was given."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answer: Callable[[], Iterable[bytes]] = lambda: [b"ok"]
    headers: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.asked.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        start("200 OK", self.headers)
        return self.answer()


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def gate(echo: Echo, tmp_path: Path) -> Iterator[Arrivals]:
    made = Arrivals(echo, tmp_path, lambda method, path: path.endswith("/rescue"), Pace(grace_s=0.05))
    yield made
    made._pool.shutdown()
    assert made._in_files == 0
    assert list(tmp_path.iterdir()) == []


def serve(gate: Arrivals, asked: FakeScope, line: Line) -> Line:
    asyncio.run(gate.__rsgi__(asked, line))
    return line


@pytest.mark.parametrize("size", [1, IN_MEMORY - 1, IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY, MOST])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_comes_whole_whatever_its_size_and_its_pieces(
    gate: Arrivals, echo: Echo, size: int, told: bool
) -> None:
    body = os.urandom(997) * (size // 997 + 1)
    pieces = [body[at : at + 65_000] for at in range(0, size, 65_000)]
    pieces[-1] = body[(len(pieces) - 1) * 65_000 : size]

    line = serve(gate, scope(size if told else None), Line(pieces))

    assert echo.bodies == [body[:size]]
    assert (line.status, line.body, line.streamed) == (200, b"ok", False)


@pytest.mark.parametrize("length", [5, None])
def test_who_is_silent_for_too_long_is_refused_and_the_application_says_it(
    gate: Arrivals, echo: Echo, length: int | None
) -> None:
    serve(gate, scope(length), Line([b"{", 60.0]))

    assert isinstance(echo.asked[0][REFUSED], TooSlow)
    assert echo.bodies == [b""]


def test_how_long_a_body_may_take_grows_with_what_has_come_and_has_an_end() -> None:
    pace = Pace()

    assert pace.until_s(0) == 30
    assert pace.until_s(1024) == 31
    assert pace.until_s(256 * 1024) == 286
    assert pace.until_s(MOST) == 900


def test_more_than_anybody_may_send_is_not_read(gate: Arrivals, echo: Echo) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield bytes(65_536)

    serve(gate, scope(MOST + 1), Line(endless()))
    assert (read, echo.bodies) == ([], [b""])
    serve(gate, scope(None), Line(endless()))
    assert MOST < len(echo.bodies[1]) <= MOST + 65_536
    assert len(read) == MOST // 65_536 + 1


def test_what_ends_before_its_length_never_reaches_the_application(gate: Arrivals, echo: Echo) -> None:
    assert serve(gate, scope(10), Line([b"abc"])).status == 400
    assert echo.asked == []


def test_when_there_is_no_room_it_is_told_to_come_again(
    gate: Arrivals, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "ROOM", IN_MEMORY)
    serve(gate, scope(None), Line([bytes(IN_MEMORY), bytes(IN_MEMORY)]))
    assert echo.asked[0][REFUSED].status == 503

    def full(**_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(arrival, "ROOM", MOST)
    monkeypatch.setattr("server.arrival.tempfile.TemporaryFile", full)
    serve(gate, scope(None), Line([bytes(IN_MEMORY), bytes(IN_MEMORY)]))
    assert echo.asked[1][REFUSED].status == 507


def test_a_rescue_file_is_read_while_it_comes_and_not_for_ever(gate: Arrivals, echo: Echo) -> None:
    pieces = [b"a" * 100_000, b"", b"b" * 100_000]
    serve(gate, scope(None, path="/rescue"), Line(pieces))
    assert echo.bodies == [b"a" * 100_000 + b"b" * 100_000]

    line = serve(gate, scope(None, path="/rescue"), Line([b"a", 60.0]))

    assert line.status == 500  # Flask makes a 408 of it
    assert len(echo.bodies) == 1


def test_a_long_answer_goes_out_piece_by_piece_and_ends_when_nobody_takes_it(
    gate: Arrivals, echo: Echo
) -> None:
    made, closed = [], []

    def parts() -> Iterator[bytes]:
        try:
            for n in range(5):
                made.append(n)
                yield b"x"
        finally:
            closed.append(True)

    echo.answer = parts
    line = serve(gate, scope(0), Line())
    assert (line.streamed, line.body, closed) == (True, b"xxxxx", [True])
    made.clear()
    line = serve(gate, scope(0), Line(takes=lambda: len(made) < 3))
    assert (line.body, made, closed) == (b"xx", [0, 1, 2], [True, True])


@pytest.mark.parametrize(("length", "streamed"), [(str(WHOLE), False), (str(WHOLE + 1), True), ("x", True)])
def test_a_short_answer_is_handed_over_whole(gate: Arrivals, echo: Echo, length: str, streamed: bool) -> None:
    echo.answer, echo.headers = lambda: iter([b"a", b"b"]), [("Content-Length", length)]
    line = serve(gate, scope(0), Line())
    assert (line.streamed, line.body) == (streamed, b"ab")


def test_an_application_that_fails_is_a_500(gate: Arrivals, echo: Echo) -> None:
    def fail() -> Iterable[bytes]:
        raise ZeroDivisionError

    echo.answer = fail
    assert serve(gate, scope(0), Line()).status == 500


def test_the_parts_of_a_request_have_the_names_of_wsgi() -> None:
    pairs = [
        ("host", "h"), ("cookie", "a=1"), ("cookie", "b=2"), ("x-a", "1"), ("x-a", "2"),
        ("content-type", "t"), ("content-length", "3"), ("content-length", "4"),
    ]  # fmt: skip
    made = environ_of(FakeScope(Pairs(pairs), client="[::1]:99", authority="other"))

    assert made["PATH_INFO"] == "/api/v1/东门".encode().decode("latin-1")
    assert (made["REQUEST_METHOD"], made["QUERY_STRING"]) == ("POST", "a=1")
    assert (made["SERVER_NAME"], made["SERVER_PORT"], made["REMOTE_ADDR"]) == ("127.0.0.1", "8000", "::1")
    assert (made["HTTP_HOST"], made["HTTP_COOKIE"], made["HTTP_X_A"]) == ("h", "a=1; b=2", "1,2")
    assert (made["CONTENT_TYPE"], made["CONTENT_LENGTH"]) == ("t", "3,4")
    assert environ_of(FakeScope(Pairs(), authority="other"))["HTTP_HOST"] == "other"
