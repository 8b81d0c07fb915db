"""Harness E: many writers at once and readers that poll. Does a reader ever miss a row for ever?

The right scheme is `server.feed.service.publish`. Three wrong ones that look right are the negative
controls: a *sequence*, a *timestamp*, and a *sequence below the oldest running transaction*
(`pg_snapshot_xmin`, PostgreSQL only). A run is described by its seed; what the machine's scheduler
does in between is its own.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.db import set_up_engine
from server.feed import service as feed
from server.feed.models import FeedHead, FeedRow

WRITERS = 12
Scheme = Literal["counter", "sequence", "timestamp", "xmin"]
WRONG: dict[str, tuple[Scheme, ...]] = {
    "sqlite": ("sequence", "timestamp"),
    "postgresql": ("sequence", "timestamp", "xmin"),
}
"""The negative controls of each engine; SQLite has one writer and no ids of running transactions."""


@dataclass(frozen=True, slots=True)
class Race:
    """What is run: how many writers, how many transactions each, in how many organisations."""

    organisations: Sequence[UUID]
    site: UUID
    each: int
    seed: int
    writers: int = WRITERS
    rollbacks: float = 0.2


@dataclass
class Reader:
    """Asks for everything after its last position, one organisation's rows."""

    organisation: UUID
    seen: set[UUID] = field(default_factory=set)
    pos: int = 0


@dataclass(frozen=True, slots=True)
class Finish:
    """What was written and committed, and what the readers never saw."""

    written: int
    skipped: int
    transactions: int


@contextmanager
def engine_for(url: Any, writers: int = WRITERS) -> Iterator[Engine]:
    """Lend connections of the kind that the server has."""
    engine = create_engine(url, pool_size=writers + 4)
    set_up_engine(engine)
    yield engine
    engine.dispose()


def run(engine: Engine, race: Race, scheme: Scheme) -> Finish:
    """Let the writers write and roll back at random while a reader per organisation polls."""
    write, read = _SCHEMES[scheme]
    _prepare(engine, race, scheme)
    written: dict[UUID, set[UUID]] = {organisation: set() for organisation in race.organisations}
    readers = [Reader(organisation) for organisation in race.organisations]
    lock, over = threading.Lock(), threading.Event()
    errors: list[BaseException] = []
    done = 0

    def work(number: int) -> None:
        nonlocal done
        chance = random.Random(race.seed * 1_000 + number)
        for _ in range(race.each):
            organisation = chance.choice(race.organisations)
            entities = [uuid4() for _ in range(_size(chance))]
            gives_up = chance.random() < race.rollbacks
            while not attempt(organisation, entities, chance, commit=not gives_up):
                pass
            if gives_up:
                continue
            with lock:
                written[organisation].update(entities)
                done += 1

    def attempt(organisation: UUID, entities: list[UUID], chance: random.Random, *, commit: bool) -> bool:
        """Write once; False when the database was too busy, and everything is to be done again."""
        try:
            with Session(engine) as session:
                write(session, race, organisation, entities, chance)
                if commit:
                    session.commit()
        except OperationalError:
            return False
        return True

    def poll() -> None:
        while not over.is_set():
            for reader in readers:
                read(engine, reader)
            time.sleep(0.002)

    def guarded(body: Callable[[], None]) -> Callable[[], None]:
        def inner() -> None:
            try:
                body()
            except BaseException as error:
                errors.append(error)

        return inner

    reading = threading.Thread(target=guarded(poll))
    writing = [threading.Thread(target=guarded(lambda n=n: work(n))) for n in range(race.writers)]  # type: ignore[misc]
    for thread in (reading, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    over.set()
    reading.join()
    if errors:
        raise errors[0]
    for reader in readers:
        read(engine, reader)
    skipped = sum(len(written[reader.organisation] - reader.seen) for reader in readers)
    return Finish(sum(map(len, written.values())), skipped, done)


def _size(chance: random.Random) -> int:
    """Return how many rows a transaction writes: mostly few, now and then a whole plan's worth."""
    return chance.choice((1, 1, 1, 2, 3, 5, 8, 40))


def _prepare(engine: Engine, race: Race, scheme: Scheme) -> None:
    with Session(engine) as session:
        known = set(session.scalars(select(FeedHead.organisation_id)))
        for organisation in race.organisations:
            if organisation not in known:
                feed.begin(session, organisation=organisation)
        if scheme != "counter":
            session.execute(text("DROP TABLE IF EXISTS race_row"))
            session.execute(text("DROP TABLE IF EXISTS race_number"))
            columns = "number BIGINT, organisation CHAR(32), entity CHAR(32), xid BIGINT"
            session.execute(text(f"CREATE TABLE race_row ({columns})"))
            session.execute(text("CREATE INDEX race_row_number ON race_row (number)"))
            session.execute(text("CREATE TABLE race_number (number BIGINT)"))
            session.execute(text("INSERT INTO race_number VALUES (0)"))
        session.commit()


# -- the right scheme ------------------------------------------------------------------


def _counter(
    session: Session, race: Race, organisation: UUID, entities: list[UUID], chance: random.Random
) -> None:
    """Write as the server does: the counter last, locked to the commit."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT 1"))  # the transaction has begun and works for a while
    time.sleep(chance.random() * 0.01)
    changes = [feed.Change(organisation, race.site, "team", entity, 1, "leave", None) for entity in entities]
    feed.publish(session, organisation=organisation, changes=changes, now_ms=0)
    time.sleep(chance.random() * 0.002)


def _read_counter(engine: Engine, reader: Reader) -> None:
    with Session(engine.execution_options(deferred=True)) as session:
        head = session.scalar(select(FeedHead.pos).where(FeedHead.organisation_id == reader.organisation))
        rows = session.execute(
            select(FeedRow.entity)
            .where(
                FeedRow.organisation_id == reader.organisation,
                FeedRow.pos > reader.pos,
                FeedRow.pos <= head,
            )
            .order_by(FeedRow.pos)
        ).all()
    reader.seen.update(entity for (entity,) in rows)
    reader.pos = int(head or 0)


def positions_are_whole(session: Session, organisation: UUID) -> bool:
    """Tell whether the positions of a feed are 1, 2, 3 … and its head the last one."""
    count, last = session.execute(
        select(func.count(), func.max(FeedRow.pos)).where(FeedRow.organisation_id == organisation)
    ).one()
    head = session.scalar(select(FeedHead.pos).where(FeedHead.organisation_id == organisation))
    return bool(count == (last or 0) == head)


# -- the wrong ones --------------------------------------------------------------------
#
# On SQLite one transaction writes at a time, so a number that is drawn inside it cannot be late. A
# number drawn apart, as a sequence or a clock is, can: the work between is done before the lock.


def _draw(engine: Engine, count: int) -> int:
    """Draw numbers as a sequence gives them: at once, never given back, whoever commits when."""
    with Session(engine) as apart:
        last = apart.scalar(
            text("UPDATE race_number SET number = number + :n RETURNING number"), {"n": count}
        )
        apart.commit()
    return int(last or 0) - count + 1


def _sequence(
    session: Session, _race: Race, organisation: UUID, entities: list[UUID], chance: random.Random
) -> None:
    first = _draw(session.get_bind().engine, len(entities))
    time.sleep(chance.random() * 0.03)
    _put(session, organisation, entities, [first + number for number in range(len(entities))], xid=0)
    time.sleep(chance.random() * 0.002)


def _timestamp(
    session: Session, _race: Race, organisation: UUID, entities: list[UUID], chance: random.Random
) -> None:
    now = time.time_ns() // 1_000
    time.sleep(chance.random() * 0.03)
    _put(session, organisation, entities, [now] * len(entities), xid=0)
    time.sleep(chance.random() * 0.002)


def _xmin(
    session: Session, _race: Race, organisation: UUID, entities: list[UUID], chance: random.Random
) -> None:
    """Draw a number before the transaction has an id: it is then not among those that run."""
    first = _draw(session.get_bind().engine, len(entities))
    time.sleep(chance.random() * 0.03)
    xid = session.scalar(text("SELECT pg_current_xact_id()::text::bigint"))
    _put(session, organisation, entities, [first + n for n in range(len(entities))], xid=int(xid or 0))
    time.sleep(chance.random() * 0.002)


def _put(session: Session, organisation: UUID, entities: list[UUID], numbers: list[int], *, xid: int) -> None:
    session.execute(
        text("INSERT INTO race_row (number, organisation, entity, xid) VALUES (:n, :o, :e, :x)"),
        [
            {"n": number, "o": organisation.hex, "e": entity.hex, "x": xid}
            for number, entity in zip(numbers, entities, strict=True)
        ],
    )


def _read_numbers(engine: Engine, reader: Reader) -> None:
    _read_after(engine, reader, "")


def _read_below_xmin(engine: Engine, reader: Reader) -> None:
    _read_after(engine, reader, "AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def _read_after(engine: Engine, reader: Reader, also: str) -> None:
    query = (
        f"SELECT number, entity FROM race_row WHERE organisation = :o AND number > :n {also} ORDER BY number"
    )
    with Session(engine.execution_options(deferred=True)) as session:
        rows = session.execute(text(query), {"o": reader.organisation.hex, "n": reader.pos}).all()
    reader.seen.update(UUID(entity) for _, entity in rows)
    if rows:
        reader.pos = int(rows[-1][0])


_SCHEMES: dict[str, tuple[Callable[..., None], Callable[[Engine, Reader], None]]] = {
    "counter": (_counter, _read_counter),
    "sequence": (_sequence, _read_numbers),
    "timestamp": (_timestamp, _read_numbers),
    "xmin": (_xmin, _read_below_xmin),
}
