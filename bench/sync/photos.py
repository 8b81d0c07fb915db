"""Photos of about 250 KB, four phones at once, each photo in one request."""

from __future__ import annotations

import base64
import hashlib
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from bench.sync.client import Client, push_request
from bench.sync.databases import database
from bench.sync.measures import Cost, together
from bench.sync.processes import Process, both
from bench.sync.walkers import Walker, settings_in, walk
from server.clock import system_ms
from sync.messages import PUSH_RECORDS

PHONES = 4
WARM_UP = 4
"""So many photos of each phone go first and are not counted."""
DAY_MS = 86_400_000


def measure(engine: str, *, count: int) -> None:
    """Measure and print."""
    each = max(1, count // PHONES)
    with tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name, database(engine, Path(name)) as url:
        folder = Path(name)
        settings = settings_in(folder, database_url=url, public_url="http://localhost")
        walkers, _, _ = walk(
            settings=settings,
            begin_ms=system_ms() - DAY_MS,
            phones=PHONES,
            records=4,
            photos=[[_jpeg(phone * 10_000 + i) for i in range(WARM_UP + each)] for phone in range(PHONES)],
        )
        with both(folder, url) as (ours, reference):
            for walker in walkers:
                _push(ours, walker)
            _uploaded(ours, reference, walkers, slice(WARM_UP))
            mine, least = _uploaded(ours, reference, walkers, slice(WARM_UP, None))
            peak = ours.peak_mb()
    size = sum(len(data) for walker in walkers for _, data in walker.photos[WARM_UP:]) / mine.count / 1_000
    print(f"\nphotos, {engine}, {mine.count} of {size:.0f} KB from {PHONES} phones; CPU in ms per photo")
    print(f"{'Roundsman':>10}{'reference':>10}{'ratio':>7}{'p50 ms':>9}{'p99 ms':>9}")
    print(
        f"{1_000 * mine.cpu_s / mine.count:10.2f}{1_000 * least.cpu_s / least.count:10.2f}"
        f"{mine.cpu_s / least.cpu_s:7.1f}{mine.median_ms:9.1f}{mine.quantile(0.99):9.1f}"
    )
    print(f"biggest process {peak:.0f} MB", flush=True)


def _jpeg(seed: int) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    data = io.BytesIO()
    Image.fromarray(noise).save(data, "JPEG", quality=82)
    return data.getvalue()


def _push(ours: Process, walker: Walker) -> None:
    client = Client(ours.port, walker.key)
    for i in range(0, len(walker.records), PUSH_RECORDS):
        batch = walker.records[i : i + PUSH_RECORDS]
        client.message("push", push_request(walker.key.log, batch, remaining=0))
    client.close()


def _uploaded(
    ours: Process, reference: Process, walkers: Sequence[Walker], which: slice
) -> tuple[Cost, Cost]:
    before = ours.cpu_s(), reference.cpu_s()
    took: tuple[list[float], list[float]] = ([], [])

    def one(walker: Walker) -> None:
        mine, least = Client(ours.port, walker.key), Client(reference.port)
        for sha256, data in walker.photos[which]:
            status, _, told = mine.send(
                "POST", f"/api/v1/blobs/{walker.key.log}", _headers(sha256, data), data
            )
            assert status == 201, told
            status, _, told = least.send("PUT", f"/photos/{sha256}", {}, data)
            assert status == 201, told
        took[0].extend(mine.took_s)
        took[1].extend(least.took_s)
        mine.close()
        least.close()

    together([lambda walker=walker: one(walker) for walker in walkers])  # type: ignore[misc]
    count = sum(len(walker.photos[which]) for walker in walkers)
    return (
        Cost(ours.cpu_s() - before[0], count, took[0]),
        Cost(reference.cpu_s() - before[1], count, took[1]),
    )


def _headers(sha256: str, data: bytes) -> dict[str, str]:
    named = base64.b64encode(sha256.encode()).decode()
    checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(data)),
        "Upload-Metadata": f"sha256 {named}",
        "Upload-Checksum": f"sha256 {checksum}",
        "Content-Type": "application/offset+octet-stream",
    }
