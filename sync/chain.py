"""The chain that makes a phone's log tamper-evident.

Each body holds the hash of the one before (`prev`), so one good signature vouches for
its whole contiguous run. See ``docs/protocol/records.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from sync.encoding import ZERO_HASH
from sync.records import verify_record


class Link(Struct, frozen=True):
    """One record as the chain sees it; `hash` is computed from `body`, never claimed."""

    seq: int
    prev: str
    hash: str
    body: str
    sig: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain stops being whole: `gap` a number is missing, `altered` a link is wrong."""

    seq: int
    reason: Literal["gap", "altered"]


def first_break(links: Iterable[Link], *, after: str = ZERO_HASH, from_seq: int = 1) -> Break | None:
    """Return the first break in `links`, or None when the chain holds.

    To check a later part, give the hash that it continues and the number expected next.
    """
    previous = after
    for expected, link in enumerate(links, start=from_seq):
        if link.seq != expected:
            return Break(expected, "gap")
        if link.prev != previous:
            return Break(link.seq, "altered")
        previous = link.hash
    return None


def runs(links: Sequence[Link]) -> list[list[Link]]:
    """Cut `links`, in the order given, into contiguous runs: each names the one before."""
    cut: list[list[Link]] = []
    for link in links:
        if cut and link.seq == cut[-1][-1].seq + 1 and link.prev == cut[-1][-1].hash:
            cut[-1].append(link)
        else:
            cut.append([link])
    return cut


def bad_signatures(
    links: Sequence[Link],
    public_key: str,
    *,
    verify: Callable[[str, str, str], bool] = verify_record,
) -> set[str]:
    """Return the hashes of the records that no good signature vouches for.

    The last signature of a run is verified; only when it fails the ones before it, from
    the end: the last good one vouches for all before it.

    :param verify: (public key, body, signature) → bool
    """
    bad: set[str] = set()
    for run in runs(links):
        for link in reversed(run):
            if verify(public_key, link.body, link.sig):
                break
            bad.add(link.hash)
    return bad


def missing_ranges(present: Iterable[int], *, upto: int, limit: int = 100) -> list[tuple[int, int]]:
    """Return the numbers 1 … `upto` that are not `present` as closed ranges.

    :param present: numbers in rising order; repeats do no harm
    :param limit: the most ranges that are returned, the lowest first
    """
    ranges: list[tuple[int, int]] = []
    expected = 1
    for seq in present:
        if len(ranges) == limit or expected > upto:
            return ranges
        if seq > expected:
            ranges.append((expected, min(seq - 1, upto)))
        expected = max(expected, seq + 1)
    if expected <= upto and len(ranges) < limit:
        ranges.append((expected, upto))
    return ranges
