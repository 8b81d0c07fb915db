"""What is wrong around a body: media types, encodings, proofs, methods, addresses."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

from tests.corpus.bad import Refused

GZIP = {"Content-Encoding": "gzip"}


def bodies(good: bytes) -> Iterator[Refused]:
    """Yield requests whose headers or packing are wrong; the body itself would do."""
    for media_type in (
        "application/json",
        "text/plain",
        "text/html",
        "application/octet-stream",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/vnd.fieldsync",
        "application/vnd.fieldsync+xml",
        "*/*",
        "",
        "application/vnd.fieldsync+json/x",
        "巡迹",
    ):
        yield Refused(f"type {media_type}", good, 415, "media-type", {"Content-Type": media_type})
    for encoding in ("br", "deflate", "zstd", "compress", "gzip, gzip", "gzip, br", "x", "identity, gzip"):
        yield Refused(f"encoding {encoding}", good, 415, "media-type", {"Content-Encoding": encoding})
    packed = gzip.compress(good, mtime=0)
    for name, body in (
        ("not packed at all", good),
        ("nothing", b""),
        ("cut in the header", packed[:5]),
        ("cut in the middle", packed[: len(packed) // 2]),
        ("without its end", packed[:-8]),
        ("a wrong checksum", packed[:-8] + b"\0\0\0\0" + packed[-4:]),
        ("a wrong length", packed[:-4] + b"\0\0\0\0"),
        ("two members", packed + packed),
        ("something after it", packed + b"x"),
        ("zlib", zlib.compress(good)),
        ("raw deflate", zlib.compress(good)[2:-4]),
        ("a bit flipped", packed[:20] + bytes([packed[20] ^ 0x10]) + packed[21:]),
    ):
        yield Refused(f"gzip: {name}", body, 400, "bad-message", GZIP)


def bombs() -> Iterator[Refused]:
    """Yield requests that are small on the way and large when they are unpacked."""
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(b" " * 1_048_576) for _ in range(1_000)) + packer.flush()
    yield Refused("1 GB of blanks", packed, 413, "too-large", GZIP)
    inner = gzip.compress(gzip.compress(b" " * 100_000_000, mtime=0), mtime=0)
    yield Refused("a bomb in a bomb", inner, 400, "bad-message", GZIP)
    hashes = b'{"proto":1,"nonce":"AAAAAAAAAAAAAAAAAAAAAA","log":"a","hashes":[' + b",".join(
        [b'"' + b"0" * 64 + b'"'] * 1_000_000
    )
    yield Refused("a million hashes", gzip.compress(hashes + b"]}", mtime=0), 413, "too-large", GZIP)
    yield Refused("a million hashes as they are", hashes + b"]}", 413, "too-large")
    deep = b'{"proto":1,"nonce":' + b"[" * 4_000_000
    yield Refused("4,000,000 open brackets", gzip.compress(deep, mtime=0), 400, "bad-message", GZIP)
    names = b'{"proto":1,' + b",".join(b'"m%d":%d' % (i, i) for i in range(200_000)) + b"}"
    yield Refused("200,000 members", gzip.compress(names, mtime=0), 400, "bad-message", GZIP)
    yield Refused("one byte too many", b" " * 1_048_577, 413, "too-large")
    yield Refused("20 MB", b" " * 20_000_000, 413, "too-large")


PROOFS = (
    "",
    "Fieldsync",
    "Fieldsync ",
    "Bearer x",
    "Basic d2FuZzoyNDA2MTc=",
    'Fieldsync log="{log}"',
    'Fieldsync log="{log}", nonce="{nonce}"',
    'Fieldsync log="{log}", sig="{sig}"',
    "Fieldsync log={log}, nonce={nonce}, sig={sig}",
    'Fieldsync log="{log}", nonce="{nonce}", sig="{sig}", more="1"',
    'Fieldsync log="{log}", log="{log}", nonce="{nonce}", sig="{sig}"',
    'Digest log="{log}", nonce="{nonce}", sig="{sig}"',
    'Fieldsync log="../{log}", nonce="{nonce}", sig="{sig}"',
    'Fieldsync log="{log}\t", nonce="{nonce}", sig="{sig}"',
    'Fieldsync log="' + "a" * 60_000 + '", nonce="{nonce}", sig="{sig}"',
)
"""Headers that are no proof; the good parts are put in: 401 `proof-missing`."""

STALE = ("", "0.x", "1.1.1", "9" * 400, "-1.AAAA", "{now}.AAAAAAAAAAAAAAAAAAAAAA", "１.AAAA", "{now}.")
"""Nonces that the server did not make: `proof-missing` where they have no form, else `proof-stale`."""

METHODS = ("GET", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
ADDRESSES = (
    "/api/v1/sync/",
    "/api/v1/sync",
    "/api/v1/sync/Hello",
    "/api/v1/sync/hello/",
    "/api/v1/sync/hello%00",
    "/api/v1/sync/../sync/teleport",
    "/api/v1/sync/%2e%2e/secrets",
    "/api/v1/sync/hello;x=1",
    "/api/v2/sync/hello",
    "/api/v1/sync/你好",
)
