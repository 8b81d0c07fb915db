"""After an outage all phones come back at once, each with really signed records.

    python -m tests.faults.storm --phones 2000 [--seed 1] [--faster 10] [--engine postgres]

Phones join and capture while the server is down. Then it starts and everybody knocks, with the
delays of the protocol (`sync/phone/backoff.py`), made shorter by `--faster`. All are drained, no
answer is a 5xx but 503 with `Retry-After`, and the server's memory is printed.
"""

from __future__ import annotations

import argparse
import heapq
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sync.phone.backoff import OUTAGE_SPREAD_MS, retry_delay_ms
from sync.phone.phone import Phone
from tests.faults.engines import ENGINES, Engine, Failed, world
from tests.faults.field import Field, Walker, confirm_all, picture
from tests.faults.journals import Journal
from tests.faults.serving import Zygote, zygote
from tests.faults.truth import Held, equation, whole

RECORDS = 8
THREADS = 48
PHOTO_EVERY = 10
"""Every so many phones has a photo."""

PATIENCE_S = 1_800
MOST_MIB = 300
"""The memory that a worker of the server may take, whatever comes."""


@dataclass(order=True)
class _Turn:
    """When a phone knocks next."""

    at: float
    number: int
    phone: Phone = field(compare=False)
    walker: Walker = field(compare=False)
    failures: int = field(default=0, compare=False)


@dataclass
class Result:
    """What a storm came to."""

    text: str
    seconds: float
    peak_mib: float
    statuses: Counter[str]
    slowest_ms: dict[str, float]

    def __str__(self) -> str:
        slow = ", ".join(f"{name} {ms:.0f} ms" for name, ms in self.slowest_ms.items())
        return (
            f"{self.text}; drained in {self.seconds:.0f} s, rounds {slow}, "
            f"peak memory {self.peak_mib:.0f} MiB, answers {dict(sorted(self.statuses.items()))}"
        )


def run(
    starter: Zygote,
    folder: Path,
    engine: Engine,
    *,
    phones: int,
    seed: int,
    faster: float,
    records: int = RECORDS,
    say: bool = False,
) -> Result:
    """Let the storm come and go.

    :param faster: by how much the protocol's delays are shortened
    :raises Failed: something is lost, an answer is none that a phone can use, or memory has no bound
    """
    with world(starter, folder, engine, phones=phones, seed=seed) as made:
        server, crowd = made.server, made.field
        server.start()
        lots = [crowd.walkers[n::THREADS] for n in range(THREADS)]
        ready = threading.Barrier(THREADS + 1)
        go, begun = threading.Event(), [0.0]
        rounds: list[list[float]] = [[] for _ in lots]
        errors: list[BaseException] = []

        def live(lot: list[Walker], took: list[float]) -> None:
            try:
                turns = [_joined(walker, server.database_url, records) for walker in lot]
                ready.wait(PATIENCE_S)
                go.wait(PATIENCE_S)
                _knock(turns, took, begun[0], faster)
            except BaseException as error:  # told below
                errors.append(error)
                ready.abort()

        threads = [
            threading.Thread(target=live, args=(lot, took), daemon=True)
            for lot, took in zip(lots, rounds, strict=True)
        ]
        for thread in threads:
            thread.start()
        try:
            ready.wait(PATIENCE_S)
        except threading.BrokenBarrierError:
            raise errors[0] from None
        if say:
            print(f"  {phones} phones have {records} records each; the server comes back", flush=True)
        server.kill()
        server.start()
        begun[0] = time.monotonic()
        go.set()
        for thread in threads:
            thread.join(PATIENCE_S)
        if errors:
            raise errors[0]
        seconds = time.monotonic() - begun[0]
        peak = server.peak_mib()
        server.kill()
        return _judged(crowd, made.held(), seconds, peak, sorted(chain.from_iterable(rounds)))


def _joined(walker: Walker, url: str, records: int) -> _Turn:
    """Join, begin the log while the server is there, and capture as in an outage."""
    phone = walker.make_phone()
    walker.enrol(phone)
    confirm_all(url, device=walker.device)
    walker.begin(phone)
    report = phone.sync()
    while not report.complete:
        time.sleep(walker.dice.uniform(0.1, 0.5))
        report = phone.sync()
    walker.wire.close()
    for number in range(records):
        phone.scan("https://x/t/0000000000000000")
        if number == 0 and walker.number % PHOTO_EVERY == 0:
            phone.finding("damage", photos=[picture(walker.dice, 40)])
    walker.note_captured(phone)
    return _Turn(0.0, walker.number, phone, walker)


def _knock(turns: list[_Turn], took: list[float], begun: float, faster: float) -> None:
    for turn in turns:
        turn.at = begun + OUTAGE_SPREAD_MS * turn.walker.dice.random() / 1000 / faster
    heapq.heapify(turns)
    while turns:
        turn = heapq.heappop(turns)
        time.sleep(max(0.0, turn.at - time.monotonic()))
        if time.monotonic() - begun > PATIENCE_S:
            raise Failed(f"not drained after {PATIENCE_S} s: {turn.walker.journal.statuses}")
        before = time.monotonic()
        report = turn.phone.sync()
        took.append((time.monotonic() - before) * 1000)
        turn.walker.wire.close()
        if report.complete and turn.phone.all_sent():
            continue
        turn.failures += 1
        delay = retry_delay_ms(turn.failures, turn.walker.dice.random(), retry_after_s=report.retry_after_s)
        turn.at = time.monotonic() + delay / 1000 / faster
        heapq.heappush(turns, turn)


def _judged(crowd: Field, held: Held, seconds: float, peak: float, took: list[float]) -> Result:
    journal: Journal = crowd.journal
    text, holds = equation(journal, held)
    wrong = whole(journal, held)
    if not all(outcome == "applied" for outcome in held.records.values()):
        wrong.append("a good record was not applied")
    if journal.unfriendly:
        wrong.append(f"{len(journal.unfriendly)} unfriendly answers, such as {journal.unfriendly[0]}")
    if peak > MOST_MIB:
        wrong.append(f"{peak:.0f} MiB of memory")
    slowest = {f"p{p}": took[min(len(took) - 1, len(took) * p // 100)] for p in (50, 99)} if took else {}
    result = Result(text, seconds, peak, journal.statuses, slowest)
    if wrong or not holds:
        raise Failed(f"{result}; {wrong}")
    return result


def main() -> None:
    """Storm and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--phones", type=int, default=2_000)
    asked.add_argument("--faster", type=float, default=10)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--engine", choices=ENGINES, action="append")
    told = asked.parse_args()
    engines: Sequence[Engine] = told.engine or ENGINES
    print(f"storm: seed {told.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="rm-storm-", dir="/tmp") as root, zygote() as starter:
        Path(root).chmod(0o755)
        for engine in engines:
            try:
                result = run(
                    starter,
                    Path(root) / engine,
                    engine,
                    phones=told.phones,
                    seed=told.seed,
                    faster=told.faster,
                    say=True,
                )
            except Failed as failed:
                sys.exit(f"storm, {engine}, seed {told.seed}: FAILED: {failed}")
            print(f"storm, {engine}, {told.phones} phones, seed {told.seed}: {result}", flush=True)


if __name__ == "__main__":
    main()
