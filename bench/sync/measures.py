"""What is measured, and how it is put in words."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.sync.client import Client, push_request
from bench.sync.processes import Process
from bench.sync.walkers import Walker

BATCH = 100


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU of the server and how long requests took."""

    cpu_s: float
    count: int
    """Of records, rows or photos."""
    took_s: Sequence[float]

    @property
    def cpu_ms_per_1000(self) -> float:
        """Server CPU for a thousand of them, ms."""
        return self.cpu_s * 1e6 / self.count

    def quantile(self, share: float) -> float:
        """Return the time within which this share of the requests was answered, ms."""
        ordered = sorted(self.took_s)
        return 1_000 * ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]

    @property
    def median_ms(self) -> float:
        """The time within which half of the requests was answered, ms."""
        return 1_000 * statistics.median(self.took_s)


def pushed_side_by_side(ours: Process, reference: Process, walkers: Sequence[Walker]) -> tuple[Cost, Cost]:
    """Let every phone push all it has, each batch to Roundsman and then to the reference.

    All phones push at once; each waits for its answer before it sends the next batch.
    """
    before = ours.cpu_s(), reference.cpu_s()
    took: tuple[list[float], list[float]] = ([], [])

    def one(walker: Walker) -> None:
        ours_client, least = Client(ours.port, walker.key), Client(reference.port)
        batches = [walker.records[i : i + BATCH] for i in range(0, len(walker.records), BATCH)]
        for number, batch in enumerate(batches):
            request = push_request(walker.key.log, batch, remaining=BATCH * (len(batches) - 1 - number))
            ours_client.message("push", request, packed=True)
            least.message("push", request, packed=True)
        took[0].extend(ours_client.took_s)
        took[1].extend(least.took_s)
        ours_client.close()
        least.close()

    together([lambda walker=walker: one(walker) for walker in walkers])  # type: ignore[misc]
    count = sum(len(walker.records) for walker in walkers)
    return (
        Cost(ours.cpu_s() - before[0], count, took[0]),
        Cost(reference.cpu_s() - before[1], count, took[1]),
    )


def together(tasks: Sequence[Callable[[], None]]) -> None:
    """Run tasks at once; the first error of any ends it."""
    errors: list[BaseException] = []

    def guarded(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
