"""Lets a request arrive before a thread is taken for it: who sends slowly keeps nobody waiting.

The server has eight threads in a process. A thread that reads a body waits for whoever sends it, and
eight that send a byte now and then would hold them all. So the bodies of all requests are gathered
here, by the event loop, within a bounded time; only then the application is called. Bodies beyond
`IN_MEMORY` lie in a file without a name meanwhile, as many as `ROOM` allows.

What is too large to gather (a rescue file) reads while it works, under the same bound of time, and
only the logged-in get so far.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol
from wsgiref.types import WSGIApplication

from server.edge import REFUSED
from server.problems import Busy, Problem, trouble_of

log = logging.getLogger(__name__)

THREADS = 8
MOST = 16 * 1024 * 1024
"""No more is gathered; of a longer body the application reads as much as it needs to refuse it."""

IN_MEMORY = 64 * 1024
ROOM = 512 * 1024 * 1024
"""So many bytes of bodies lie in files of a process at most; beyond that is told to come again."""

WHOLE = 2 * 1024 * 1024
"""An answer of up to this many bytes is handed over whole, so that no thread waits for who reads it."""

Headers = list[tuple[str, str]]


class TooSlow(Problem):
    """The body did not come within the time that one of its length may take."""

    slug, status, title = "too-slow", HTTPStatus.REQUEST_TIMEOUT, "The request took too long to arrive"


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly a body may come: `grace_s` before the first byte, then `rate` bytes a second on average."""

    grace_s: float = 30
    rate: int = 1024
    most_s: float = 900

    def until_s(self, size: int) -> float:
        """Return how many seconds after its head a body may last of which `size` bytes have come."""
        return min(self.grace_s + size / self.rate, self.most_s)


class Scope(Protocol):
    """What granian tells of a request."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: Any


@dataclass(slots=True)
class Arrivals:
    """An RSGI application: gathers what comes, has a WSGI application answer in one of its threads."""

    app: WSGIApplication
    folder: Path
    """Where bodies lie that are too large for memory: beside the data, on their disk."""
    reads_itself: Callable[[str, str], bool]
    """Tells by method and path which requests are too large to gather."""
    pace: Pace = Pace()
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))
    _in_files: int = 0

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        """Answer a request."""
        loop = asyncio.get_running_loop()
        environ = environ_of(scope)
        body: io.IOBase = io.BytesIO()
        with self._file() as room:
            try:
                if self.reads_itself(scope.method, scope.path):
                    body = io.BufferedReader(Reading(protocol, loop, self.pace), IN_MEMORY)
                elif _has_body(environ):
                    body = await self._gathered(protocol, environ, room)
            except Gone:
                protocol.response_empty(HTTPStatus.BAD_REQUEST, [])
                return
            except Problem as problem:
                environ[REFUSED] = problem
            environ["wsgi.input"] = body
            await loop.run_in_executor(self._pool, self._answer, environ, protocol, loop)

    async def _gathered(self, protocol: Any, environ: dict[str, Any], room: Room) -> io.IOBase:
        """Return the body, rewound.

        :raises TooSlow: it took too long
        :raises Busy, DiskFull: there is no room for it now
        :raises Gone: whoever sent it left before it was whole
        """
        announced = _announced(environ)
        if announced is not None and announced > MOST:
            return io.BytesIO()  # its length alone gets it refused
        loop, size = asyncio.get_running_loop(), 0
        began = loop.time()
        try:
            async with asyncio.timeout(self.pace.until_s(0)) as bound:
                async for piece in protocol:
                    size += len(piece)
                    room.write(piece)
                    if size > MOST:
                        break
                    bound.reschedule(began + self.pace.until_s(size))
        except TimeoutError:
            raise TooSlow(f"{size} bytes in {loop.time() - began:.0f} s") from None
        except OSError as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            raise trouble() from error
        if announced is not None and size < announced:
            raise Gone
        return room.rewound()

    @contextmanager
    def _file(self) -> Iterator[Room]:
        room = Room(self)
        try:
            yield room
        finally:
            room.close()

    def _answer(self, environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        """Have the application answer, and hand the answer over."""
        told: list[Any] = [HTTPStatus.INTERNAL_SERVER_ERROR, []]

        def start(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], object]:
            told[:] = int(status[:3]), headers
            return _written

        sending = None
        try:
            parts = self.app(environ, start)
            try:
                status, headers = told
                if _is_short(parts, headers):
                    protocol.response_bytes(status, headers, b"".join(parts))
                    return
                sending = protocol.response_stream(status, headers)
                for part in parts:
                    asyncio.run_coroutine_threadsafe(_send(sending, part), loop).result(self.pace.grace_s)
            finally:
                close = getattr(parts, "close", None)
                if close is not None:
                    close()
        except Exception:
            if sending is None:
                log.exception("no answer")
                protocol.response_empty(HTTPStatus.INTERNAL_SERVER_ERROR, [])
            else:  # it left, or reads nothing any more
                log.info("an answer was not taken", exc_info=True)


class Gone(Exception):
    """Nobody waits for an answer any more."""


@dataclass(slots=True)
class Room:
    """A body while it comes: in memory, then in a file without a name."""

    of: Arrivals
    _file: Any = None
    _held: io.BytesIO = field(default_factory=io.BytesIO)
    _counted: int = 0

    def write(self, piece: bytes) -> None:
        """Add a piece.

        :raises Busy: there are too many bodies
        """
        if self._file is None and self._held.tell() + len(piece) <= IN_MEMORY:
            self._held.write(piece)
            return
        if self._file is None:
            piece, self._held = self._held.getvalue() + piece, io.BytesIO()
        if self.of._in_files + len(piece) > ROOM:
            raise Busy("too many requests arrive at once")
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self.of.folder)  # noqa: SIM115  closed with the request
        self._file.write(piece)
        self._counted += len(piece)
        self.of._in_files += len(piece)

    def rewound(self) -> io.IOBase:
        """Return all that came, to be read from its beginning."""
        found: io.IOBase = self._file or self._held
        found.seek(0)
        return found

    def close(self) -> None:
        """Give the room back."""
        self.of._in_files -= self._counted
        if self._file is not None:
            self._file.close()


class Reading(io.RawIOBase):
    """A body that is read while it comes, from a thread of the application."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop, pace: Pace) -> None:
        self._pieces, self._loop, self._pace = protocol.__aiter__(), loop, pace
        self._began, self._size, self._left = loop.time(), 0, b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, into: Any) -> int:
        """Read what has come.

        :raises TooSlow: nothing, for too long
        """
        if not self._left:
            asked = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            self._left = asked.result()
        count = min(len(into), len(self._left))
        into[:count], self._left = self._left[:count], self._left[count:]
        return count

    async def _next(self) -> bytes:
        # no bound of the whole: a rescue file may take hours, as long as it comes
        until = self._began + self._pace.grace_s + self._size / self._pace.rate
        try:
            async with asyncio.timeout_at(until):
                while not (piece := await anext(self._pieces, None)):
                    if piece is None:
                        return b""
        except TimeoutError:
            raise TooSlow(f"{self._size} bytes") from None
        self._size += len(piece)
        return bytes(piece)


def environ_of(scope: Scope) -> dict[str, Any]:
    """Return a request as WSGI names its parts (PEP 3333), without its body."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_SOFTWARE": "Granian",
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        before = environ.get(key)
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = value if before is None else f"{before}{between}{value}"
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _has_body(environ: dict[str, Any]) -> bool:
    return "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0"


def _announced(environ: dict[str, Any]) -> int | None:
    """Return the length of the body as its head says it; None where it says none that counts."""
    text = environ.get("CONTENT_LENGTH", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _is_short(parts: Iterable[bytes], headers: Headers) -> bool:
    if isinstance(parts, list):
        return True
    for name, value in headers:
        if name.lower() == "content-length":
            return value.isdigit() and int(value) <= WHOLE
    return False


def _written(_piece: bytes) -> object:
    raise NotImplementedError("nothing here answers by write()")


async def _send(sending: Any, part: bytes) -> None:
    await sending.send_bytes(part)
