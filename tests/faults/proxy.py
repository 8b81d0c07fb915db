"""A proxy that does to requests and answers what networks do. Loopback only; one request per connection."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal

Kind = Literal[
    "blackhole",  # the request is swallowed and nothing ever answers
    "delay",  # `at` ms later
    "slow",  # both ways at `at` bytes a second
    "reset_mid_request",  # the connection is reset after `at` bytes of the body; the server gets those
    "reset_after_request",  # the server does its work, then the connection is reset: the answer is lost
    "cut",  # only the first `at` bytes of the answer come, though its length says more
    "cut_clean",  # the body is cut after `at` bytes and the length says so
    "twice",  # the request is delivered twice at the same time
    "late",  # the request is lost for the phone and delivered after the next one
    "html200",  # a Wi-Fi's log-in page
    "redirect",  # to a Wi-Fi's log-in page
    "bomb",  # an answer of 1 MB that unpacks to 1 GB
    "flip_request",  # bit `at` of the body is turned
    "flip_answer",
    "status",  # a proxy's own answer with the status `at` and the Retry-After `text`
]


@dataclass(frozen=True)
class Fault:
    """What happens to one request; `at` and `text` are what its kind says."""

    kind: Kind
    at: int = 0
    text: str = ""


@dataclass
class Request:
    """A request as it came."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    def packed(self, host: str, *, keep: int | None = None) -> bytes:
        """Return it as it goes to the server at `host`, with the first `keep` bytes of its body."""
        skipped = ("host", "connection")
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() not in skipped]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + self.body[:keep]


LOGIN = b"<html><body>Welcome to the free Wi-Fi</body></html>"
Choose = Callable[[Request], Fault | None]


def only(path: str, *faults: Fault) -> Choose:
    """Return a choice that does this to the next requests whose path holds `path`, in turn."""
    waiting = list(faults)
    return lambda request: waiting.pop(0) if waiting and path in request.path else None


def mixed(seed: int | str, share: float, faults: list[Fault]) -> Choose:
    """Return a choice that does one of these to this share of the requests; the seed foretells which."""
    dice = random.Random(seed)
    return lambda _request: dice.choice(faults) if dice.random() < share else None


@dataclass
class Proxy:
    """The way to a server on this machine. `choose` says what happens to each request."""

    upstream: int
    choose: Choose = field(default=lambda _request: None)
    seen: list[tuple[str, Kind | None]] = field(default_factory=list)
    """Every request's path and what happened to it."""
    port: int = 0
    _late: list[Request] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def url(self) -> str:
        """Where phones find the server."""
        return f"http://127.0.0.1:{self.port}"

    def quiet(self) -> None:
        """From now on nothing happens to requests."""
        self.choose = lambda _request: None

    def __enter__(self) -> Proxy:
        ready = threading.Event()

        async def listen() -> None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
            self.port = self._server.sockets[0].getsockname()[1]
            ready.set()

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(listen())
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(60)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _hang_up(self) -> None:
        """Listen no longer, and end whoever still holds a connection."""
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    # -- one connection

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *rest = head.rstrip().split("\r\n")
            method, path, _version = line.split(" ", 2)
            headers = [(name, value.strip()) for name, _, value in (one.partition(":") for one in rest)]
            request = Request(method, path, headers, b"")
            fault = self.choose(request)
            self.seen.append((path, fault.kind if fault else None))
            length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
            request.body = await self._read(reader, length, fault)
            await self._pass(request, fault, writer)
        with contextlib.suppress(OSError):
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, length: int, fault: Fault | None) -> bytes:
        """Read the body, at the network's speed."""
        if not fault or fault.kind != "slow":
            return await reader.readexactly(length)
        body = b""
        while len(body) < length:
            body += await reader.readexactly(min(length - len(body), fault.at // 10))
            await asyncio.sleep(0.1)
        return body

    async def _pass(self, request: Request, fault: Fault | None, writer: asyncio.StreamWriter) -> None:
        kind, at = (fault.kind, fault.at) if fault else (None, 0)
        match kind:
            case "blackhole" | "late":
                if kind == "late":
                    self._late.append(request)
                await asyncio.sleep(3600)
            case "delay":
                await asyncio.sleep(at / 1000)
            case "reset_mid_request":
                with contextlib.suppress(OSError):
                    await self._forward(request, keep=at % (len(request.body) + 1), listen=False)
                _reset(writer)
                return
            case "html200":
                await _say(writer, 200, "text/html", LOGIN)
                return
            case "redirect":
                await _say(writer, 302, "text/html", b"", "Location: http://wifi.invalid/login")
                return
            case "status":
                retry = f"Retry-After: {fault.text}" if fault and fault.text else ""
                await _say(writer, at, "text/plain", b"busy", retry)
                return
            case "bomb":
                media = "application/vnd.fieldsync+json"
                # a gzip file may have many members, one after the other
                bomb = gzip.compress(bytes(1 << 20)) * 1_024
                await _say(writer, 200, media, bomb, "Content-Encoding: gzip")
                return
            case "flip_request":
                request.body = _flipped(request.body, at)
        late, self._late = self._late, []
        if kind == "twice":
            answer, _same = await asyncio.gather(self._forward(request), self._forward(request))
        else:
            answer = await self._forward(request)
        for old in late:
            await self._forward(old)
        match kind:
            case "reset_after_request":
                _reset(writer)
                return
            case "cut":
                answer = answer[: at % len(answer)]
            case "cut_clean":
                head, _, body = answer.partition(b"\r\n\r\n")
                answer = _with_length(head, body[: at % (len(body) or 1)])
            case "flip_answer":
                head, _, body = answer.partition(b"\r\n\r\n")
                answer = head + b"\r\n\r\n" + _flipped(body, at)
        if kind == "slow":
            for start in range(0, len(answer), at // 10):
                writer.write(answer[start : start + at // 10])
                await writer.drain()
                await asyncio.sleep(0.1)
        else:
            writer.write(answer)
            await writer.drain()

    async def _forward(self, request: Request, *, keep: int | None = None, listen: bool = True) -> bytes:
        """Hand the request to the server and return its whole answer; nothing when nobody listens."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(request.packed(f"localhost:{self.upstream}", keep=keep))
            await writer.drain()
            return await reader.read() if listen else b""
        finally:
            writer.close()


async def _say(writer: asyncio.StreamWriter, status: int, media: str, body: bytes, more: str = "") -> None:
    lines = [
        f"HTTP/1.1 {status} Said",
        f"Content-Type: {media}",
        "Connection: close",
        *([more] if more else []),
    ]
    writer.write(_with_length("\r\n".join(lines).encode(), body))
    await writer.drain()


def _with_length(head: bytes, body: bytes) -> bytes:
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body


def _flipped(body: bytes, bit: int) -> bytes:
    if not body:
        return body
    place, turned = divmod(bit % (len(body) * 8), 8)
    return body[:place] + bytes([body[place] ^ 1 << turned]) + body[place + 1 :]


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with a reset instead of a goodbye."""
    held: socket.socket = writer.get_extra_info("socket")
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
