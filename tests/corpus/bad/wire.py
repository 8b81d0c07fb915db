"""Bytes on a bare connection that are no request, or one that means two things.

`{host}` is put in. `expected` are the answers that may come; CLOSED: the server may hang up without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CLOSED = 0
REFUSED = frozenset({CLOSED, 400, 404, 405, 408, 411, 413, 414, 417, 421, 431, 501, 505})


@dataclass(frozen=True)
class Raw:
    """Bytes, and which answers may come."""

    name: str
    sent: bytes
    expected: frozenset[int] = REFUSED


POST = b"POST /api/v1/session HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
JSON = b"Content-Type: application/json\r\n"
BODY = b'{"login":"a","password":"b"}'
LONG = b"Content-Length: %d\r\n" % len(BODY)
HARMLESS = REFUSED | {200, 301, 302, 308, 401, 403, 422, 429}


def cases() -> Iterator[Raw]:
    """Yield every case."""
    yield from _smuggled()
    yield from _lines()
    yield from _addresses()


def _smuggled() -> Iterator[Raw]:
    """Two readers of the same bytes would see two requests."""
    chunked = b"Transfer-Encoding: chunked\r\n"
    inner = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"
    for name, headers, body in (
        ("two lengths", LONG + b"Content-Length: 0\r\n", BODY),
        ("two lengths in one", b"Content-Length: 28, 0\r\n", BODY),
        ("a negative length", b"Content-Length: -1\r\n", BODY),
        ("a length with a plus", b"Content-Length: +28\r\n", BODY),
        ("a hexadecimal length", b"Content-Length: 0x1c\r\n", BODY),
        ("a length of letters", b"Content-Length: x\r\n", BODY),
        ("an immense length", b"Content-Length: 99999999999999999999999\r\n", BODY),
        ("length and chunks", LONG + chunked, inner),
        ("chunks and length", chunked + LONG, inner),
        ("chunks of xchunked", b"Transfer-Encoding: xchunked\r\n", inner),
        ("chunks twice", chunked + b"Transfer-Encoding: identity\r\n", inner),
        ("chunks in a list", b"Transfer-Encoding: chunked, identity\r\n", inner),
        ("a tab before chunked", b"Transfer-Encoding:\tchunked\r\n" + LONG, inner),
        ("a blank before the colon", b"Transfer-Encoding : chunked\r\n", inner),
        ("a chunk of a wrong size", chunked, b"zz\r\nabc\r\n0\r\n\r\n"),
        ("a negative chunk", chunked, b"-1\r\nabc\r\n0\r\n\r\n"),
        ("an immense chunk", chunked, b"fffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
        ("a chunk without its end", chunked, b"3\r\nabcX0\r\n\r\n"),
        ("a chunk size that ends in a bare line feed", chunked, b"1c\n" + BODY + b"\n0\n\n" + inner),
        ("a chunk extension with a bare line feed", chunked, b"1c;a=b\n" + BODY + b"\r\n" + inner),
        ("a chunk extension with a bare return", chunked, b"1c;a=\rb\r\n" + BODY + b"\r\n" + inner),
        ("a chunk extension of 100 KB", chunked, b"1c;" + b"a" * 100_000 + b"\r\n" + BODY + b"\r\n" + inner),
        ("28 chunks with an extension of 1 KB", chunked,
         b"".join(b"1;" + b"a" * 1_000 + b"\r\n%c\r\n" % byte for byte in BODY) + inner),
        ("a chunk size of 0x", chunked, b"0x1c\r\n" + BODY + b"\r\n" + inner),
        ("a chunk size with a plus", chunked, b"+1c\r\n" + BODY + b"\r\n" + inner),
        ("a chunk whose text is cut", chunked, b"1c\r\n" + BODY[:9]),
        ("a length and a host in the trailer", chunked,
         b"2\r\n{}\r\n0\r\nContent-Length: 5\r\nHost: evil.example\r\n\r\n"),
        ("chunks of gzip", b"Transfer-Encoding: gzip, chunked\r\n", inner),
        ("two lengths that agree in one", b"Content-Length: 28, 28\r\n", BODY),
        ("a length after a bare line feed", b"X-Y: a\nContent-Length: 28\r\n" + chunked, inner),
        ("chunks after a bare line feed", LONG + b"X-Y: a\nTransfer-Encoding: chunked\r\n", inner),
    ):  # fmt: skip
        yield Raw(name, POST + JSON + headers + b"\r\n" + body, HARMLESS - {200})


def _lines() -> Iterator[Raw]:
    """Lines that are none."""
    for name, sent in (
        ("nothing but a line", b"\r\n\r\n"),
        ("noise", bytes(range(256))),
        ("zeros", b"\0" * 500),
        ("line feeds alone", b"GET /healthz HTTP/1.1\nHost: {host}\nConnection: close\n\n"),
        ("returns alone", b"GET /healthz HTTP/1.1\rHost: {host}\r\r"),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0" * 9),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 200),
        ("HTTP/0.9", b"GET /healthz\r\n\r\n"),
        ("HTTP/3.0", b"GET /healthz HTTP/3.0\r\nHost: {host}\r\n\r\n"),
        ("no version", b"GET /healthz HTTP/\r\nHost: {host}\r\n\r\n"),
        ("no method", b" /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        ("a method of control characters", b"G\x01T /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        ("no host", b"GET /healthz HTTP/1.1\r\n\r\n"),
        ("two hosts", b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n"),
        ("a header without a colon", GET + b"X-Y\r\n\r\n"),
        ("a folded header", GET + b"X-Y: a\r\n b\r\n\r\n"),
        ("a header with NUL", GET + b"X-Y: a\0b\r\n\r\n"),
        ("a name with a blank", GET + b"X Y: a\r\n\r\n"),
        ("a header of 1 MB", GET + b"X-Y: " + b"a" * 1_000_000 + b"\r\n\r\n"),
        ("5,000 headers", GET + b"".join(b"X-%d: a\r\n" % n for n in range(5_000)) + b"\r\n"),
        ("a cookie of 60 KB", GET + b"Cookie: __Host-roundsman=" + b"a" * 60_000 + b"\r\n\r\n"),
        ("an address of 1 MB", b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        ("CONNECT", b"CONNECT evil.example:443 HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        ("TRACE", b"TRACE /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        ("an upgrade", GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
        ("an expectation", POST + JSON + LONG + b"Expect: a-miracle\r\n\r\n" + BODY),
    ):
        yield Raw(name, sent, HARMLESS)


def _addresses() -> Iterator[Raw]:
    """Addresses that want to lead elsewhere."""
    for path in (
        b"/app/../../server/app.py",
        b"/app/..%2f..%2fserver/app.py",
        b"/app/%2e%2e/%2e%2e/etc/passwd",
        b"/assets/..%5c..%5cetc%5cpasswd",
        b"/assets/%00",
        b"/assets/....//....//etc/passwd",
        b"/app//etc/passwd",
        b"/console/%c0%ae%c0%ae/etc/passwd",
        b"/problems/../../../etc/passwd",
        b"/problems/%2e%2e%2fkeeping",
        b"//evil.example/",
        b"/\\evil.example/",
        b"http://evil.example/",
        b"*",
        b"healthz",
        b"/api/v1/sites/%00",
        b"/api/v1/sites?\xff\xfe",
        b"/%",
        b"/%zz",
        b"/\xe5\xb7",
        b"/app/" + b"%2e%2e/" * 300,
    ):
        yield Raw(
            f"GET {path[:40]!r}",
            b"GET " + path + b" HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
            HARMLESS - {200},
        )
