"""Twelve writers at once and a reader that polls: no row is ever skipped, on either engine.

The same harness with two schemes that look right shows that it would notice: a number that is
drawn before the work is done, and a position that is not locked to the commit.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.orm import Session

from server.db import set_up_engine
from server.feed import service as feed
from server.feed.models import FeedHead, FeedRow
from sync.encoding import ZERO_HASH
from tests.api.field import Garden

WRITERS = 12
EACH = 6

Write = Callable[[Session, Garden, list[UUID], random.Random], None]


@dataclass
class Seen:
    """What the reader found by asking for everything after its last position."""

    entities: set[UUID] = field(default_factory=set)
    pos: int = 0


@contextmanager
def engine_of(garden: Garden) -> Iterator[Engine]:
    bind = garden.session.get_bind()
    engine = create_engine(bind.engine.url, pool_size=WRITERS + 2)
    set_up_engine(engine)
    yield engine
    engine.dispose()


def publish(session: Session, garden: Garden, entities: list[UUID], chance: random.Random) -> None:
    """Write as `feed.service` does: the counter last, locked to the commit."""
    time.sleep(chance.random() * 0.01)
    changes = [
        feed.Change(garden.organisation, garden.site, "team", entity, 1, "leave", None) for entity in entities
    ]
    feed.publish(session, organisation=garden.organisation, changes=changes, now_ms=0)


def draw_numbers_first(session: Session, garden: Garden, entities: list[UUID], chance: random.Random) -> None:
    """Draw numbers as a sequence does, apart from the transaction, then work, then commit."""
    with Session(session.get_bind()) as apart:
        first = _sequence(apart, garden, len(entities))
    time.sleep(chance.random() * 0.05)
    _rows(session, garden, entities, first)


def _sequence(session: Session, garden: Garden, count: int) -> int:
    pos = session.scalar(text("UPDATE feed_head SET pos = pos + :n RETURNING pos"), {"n": count})
    session.commit()
    return int(pos or 0) - count + 1


def _rows(session: Session, garden: Garden, entities: list[UUID], first: int) -> None:
    session.execute(
        insert(FeedRow),
        [
            {
                "organisation_id": garden.organisation,
                "pos": first + number,
                "site_id": garden.site,
                "kind": "team",
                "entity": entity,
                "version": 1,
                "op": "leave",
                "row": b"{}",
                "chain": ZERO_HASH,
                "made_ms": 0,
            }
            for number, entity in enumerate(entities)
        ],
    )


def run(garden: Garden, write: Write, *, by_head: bool) -> tuple[set[UUID], Seen]:
    """Let twelve writers write and roll back at random while a reader polls; return written and seen.

    :param by_head: whether the reader's next position is the head's, as `pull` has it
    """
    written: set[UUID] = set()
    lock = threading.Lock()
    errors: list[BaseException] = []
    seen = Seen(pos=garden.one(select(FeedHead.pos)))
    over = threading.Event()

    with engine_of(garden) as engine:

        def work(seed: int) -> None:
            chance = random.Random(seed)
            try:
                for _ in range(EACH):
                    entities = [uuid4() for _ in range(chance.randint(1, 4))]
                    with Session(engine) as session:
                        write(session, garden, entities, chance)
                        if chance.random() < 0.2:
                            session.rollback()
                            continue
                        session.commit()
                    with lock:
                        written.update(entities)
            except BaseException as error:
                errors.append(error)

        def poll() -> None:
            with Session(engine.execution_options(deferred=True)) as session:
                head = session.scalar(select(FeedHead.pos))
                rows = session.execute(
                    select(FeedRow.pos, FeedRow.entity)
                    .where(FeedRow.pos > seen.pos, FeedRow.pos <= head)
                    .order_by(FeedRow.pos)
                ).all()
            seen.entities.update(entity for _, entity in rows)
            if by_head:
                seen.pos = int(head or 0)
            elif rows:
                seen.pos = rows[-1][0]

        def read() -> None:
            try:
                while not over.is_set():
                    poll()
                    time.sleep(0.002)
            except BaseException as error:
                errors.append(error)

        reader = threading.Thread(target=read)
        writers = [threading.Thread(target=work, args=(seed,)) for seed in range(WRITERS)]
        for thread in (reader, *writers):
            thread.start()
        for thread in writers:
            thread.join(timeout=120)
        over.set()
        reader.join(timeout=30)
        poll()
    if errors:
        raise errors[0]
    return written, seen


def test_twelve_writers_and_not_one_row_is_skipped(garden: Garden) -> None:
    written, seen = run(garden, publish, by_head=True)
    assert written
    assert written <= seen.entities
    positions = garden.all(select(FeedRow.pos).order_by(FeedRow.pos))
    assert positions == list(range(1, len(positions) + 1))


def test_the_harness_notices_a_sequence(garden: Garden) -> None:
    """On SQLite a sequence would be drawn inside the one write transaction; here as PostgreSQL does it."""
    written, seen = run(garden, draw_numbers_first, by_head=False)
    assert written - seen.entities, "numbers drawn before the work should have hidden rows that came late"


@pytest.mark.parametrize("crash", ["before", "after"])
def test_a_crash_around_the_counter_leaves_no_gap(garden: Garden, crash: str) -> None:
    before = garden.one(select(FeedHead.pos))
    with engine_of(garden) as engine, Session(engine) as session:
        if crash == "after":
            publish(session, garden, [uuid4()], random.Random(1))
        session.rollback()
    assert garden.one(select(FeedHead.pos)) == before
    with engine_of(garden) as engine, Session(engine) as session:
        publish(session, garden, [uuid4()], random.Random(1))
        session.commit()
    assert garden.one(select(FeedHead.pos)) == before + 1
