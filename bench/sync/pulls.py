"""Pull: the first sync of a phone, and fifty changed rows at a small and at a big feed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from bench.sync.client import NONCE, Client
from bench.sync.databases import database
from bench.sync.measures import Cost
from bench.sync.processes import Process, roundsman
from bench.sync.walkers import settings_in, walk
from server.clock import system_ms
from server.db import set_up_engine
from server.feed import service as feed
from server.secrets import Secrets
from sync import messages
from sync.feed import Cursor, make_cursor, scope_hash

FIRST = 10_000
SMALL = 20_000
CHANGED = 50
ROUNDS = 200

_FILL = {
    "sqlite": """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
        INSERT INTO feed (organisation_id, pos, site_id, kind, entity, version, op, row, chain, made_ms)
        SELECT :organisation, :at + i, :site, 'team', lower(hex(randomblob(16))), 1, 'upsert',
               CAST(:row AS BLOB), lower(hex(randomblob(32))), 0 FROM n""",
    "postgresql": """
        INSERT INTO feed (organisation_id, pos, site_id, kind, entity, version, op, row, chain, made_ms)
        SELECT CAST(:organisation AS uuid), :at + i, CAST(:site AS uuid), 'team', gen_random_uuid(), 1,
               'upsert', convert_to(:row, 'UTF8'),
               replace(CAST(gen_random_uuid() AS text) || CAST(gen_random_uuid() AS text), '-', ''), 0
        FROM generate_series(1, :count) AS i""",
}
_BODY = (
    '{"kind":"team","id":"00000000-0000-4000-8000-000000000000","scope":"00000000-0000-4000-8000-000000000000",'
    '"version":1,"op":"upsert","body":{"id":"00000000-0000-4000-8000-000000000000","name":{"zh":"秩序维护一班",'
    '"en":"Security, first shift, with a name as long as such names are"}}}'
)


@dataclass(frozen=True, slots=True)
class Served:
    """A server with a feed of a certain length, and a phone that knows its end."""

    process: Process
    client: Client
    site: str
    cursor: str
    """Fifty rows stand behind it."""


def measure(engine: str, *, rows: int) -> None:
    """Measure the first sync, then pulls at both feeds in turn, and print."""
    with ExitStack() as stack:
        whole = stack.enter_context(_served(engine, FIRST))
        first = _first(whole)
        small = stack.enter_context(_served(engine, SMALL))
        big = stack.enter_context(_served(engine, rows))
        costs = _in_turn((small, big))
        peak = big.process.peak_mb()
    print(f"\npull, {engine}; CPU in ms")
    rate = first.count / sum(first.took_s)
    print(f"first sync of {first.count} rows: {first.cpu_ms_per_1000:.1f} per 1,000 rows, {rate:.0f} rows/s")
    for length, cost in zip((SMALL, rows), costs, strict=True):
        print(
            f"{CHANGED} rows behind the cursor, feed of {length:>9,}: {1_000 * cost.cpu_s / ROUNDS:5.2f}"
            f" per pull, p50 {cost.median_ms:.2f} ms, p99 {cost.quantile(0.99):.2f} ms"
        )
    print(
        f"big / small: CPU {costs[1].cpu_s / costs[0].cpu_s:.2f},"
        f" p50 {costs[1].median_ms / costs[0].median_ms:.2f}   biggest process {peak:.0f} MB",
        flush=True,
    )


@contextmanager
def _served(engine: str, rows: int) -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name, database(engine, Path(name)) as url:
        folder = Path(name)
        settings = settings_in(folder, database_url=url, public_url="http://localhost")
        walkers, organisation, site = walk(settings=settings, begin_ms=system_ms(), phones=1, records=1)
        bound = create_engine(url)
        set_up_engine(bound)
        cursor = _fill(bound, organisation, site, rows, Secrets.load(folder).cursor)
        bound.dispose()
        with roundsman(folder, url) as process:
            yield Served(process, Client(process.port, walkers[0].key), str(site), cursor)


def _fill(bound: Engine, organisation: UUID, site: UUID, rows: int, key: bytes) -> str:
    """Lengthen the feed to `rows` rows, then let fifty change; return the cursor between."""
    with Session(bound) as session:
        head = session.execute(text("SELECT pos FROM feed_head")).scalar_one()
        names = {"organisation": organisation, "site": site}
        plain = {
            name: value.hex if bound.dialect.name == "sqlite" else str(value) for name, value in names.items()
        }
        session.execute(
            text(_FILL[bound.dialect.name]), {**plain, "at": head, "count": rows - head, "row": _BODY}
        )
        session.execute(
            text(
                "UPDATE feed_head SET pos = :pos, chain = (SELECT chain FROM feed"
                " WHERE feed.pos = :pos AND feed.organisation_id = feed_head.organisation_id)"
            ),
            {"pos": rows},
        )
        session.commit()
        if bound.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
            session.execute(text("VACUUM ANALYZE feed"))
            session.commit()
        at = session.execute(text("SELECT chain FROM feed_head")).scalar_one()
        history = feed.epoch(session, organisation=organisation)
        for number in range(CHANGED):
            change = feed.Change(
                organisation,
                site,
                "team",
                UUID(int=number + 1),
                1,
                "upsert",
                msgspec.json.decode(_BODY)["body"],
            )
            feed.queue(session, change)
        feed.commit(session, now_ms=system_ms())
    return make_cursor(key, Cursor(history, rows, at, scope_hash([str(site)])))


def _first(served: Served) -> Cost:
    """Let a new phone fetch the site as it stands."""
    client, before, count, resume = served.client, served.process.cpu_s(), 0, None
    while True:
        told = msgspec.json.decode(
            client.message(
                "snapshot",
                messages.SnapshotRequest(1, NONCE, served.site, None, [], resume, messages.PULL_ROWS),
            )
        )
        count += len(told["rows"])
        resume = told["resume"]
        if resume is None:
            return Cost(served.process.cpu_s() - before, count, client.took_s)


def _in_turn(both: tuple[Served, Served]) -> list[Cost]:
    """Pull fifty rows again and again, now from the one and now from the other."""
    for served in both:
        for _ in range(20):
            _pull(served)
        served.client.took_s.clear()
    before = [served.process.cpu_s() for served in both]
    for _ in range(ROUNDS):
        for served in both:
            _pull(served)
    return [
        Cost(served.process.cpu_s() - used, ROUNDS * CHANGED, served.client.took_s)
        for served, used in zip(both, before, strict=True)
    ]


def _pull(served: Served) -> None:
    request = messages.PullRequest(1, NONCE, served.cursor, messages.PULL_ROWS, [served.site])
    told = msgspec.json.decode(served.client.message("pull", request))
    assert len(told["rows"]) == CHANGED, f"{len(told['rows'])} rows"
