"""Processes by their ids: who descends from whom, how much memory they take, how they are ended."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path


def parents() -> dict[int, int]:
    """Return pid → parent's pid of every process."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(int(entry.name))) is not None:
            found[int(entry.name)] = parent
    return found


def alive(pids: Iterable[int]) -> list[int]:
    """Return those that still run; cheaper than `parents`, for whoever asks over and over."""
    return [pid for pid in pids if _parent(pid) is not None]


def _parent(pid: int) -> int | None:
    with contextlib.suppress(OSError):
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if after_name[0] == "Z" else int(after_name[1])
    return None


def family(pid: int) -> list[int]:
    """Return a process and everything that descends from it, the elder first."""
    by_parent: dict[int, list[int]] = {}
    known = parents()
    for child, parent in known.items():
        by_parent.setdefault(parent, []).append(child)
    found = [pid] if pid in known else []
    for each in found:
        found.extend(by_parent.get(each, []))
    return found


def stopped_family(pid: int) -> list[int]:
    """Stop a process, and then all that descend from it; return them.

    The eldest first: a process that replaces its dead children could otherwise do so in between,
    and nobody would know of the new one.
    """
    send([pid], signal.SIGSTOP)
    _wait_until_stopped(pid)
    found = family(pid)
    send(found, signal.SIGSTOP)
    return family(pid)


def _wait_until_stopped(pid: int, within_s: float = 5) -> None:
    """Wait until no thread of a process runs any more: one may have been in the middle of a fork."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and not is_stopped(pid):
        time.sleep(0.002)


def is_stopped(pid: int) -> bool:
    """Return whether no thread of a process runs any more, not even inside the kernel."""
    states = set()
    for task in Path(f"/proc/{pid}/task").glob("*/stat"):
        with contextlib.suppress(OSError):
            states.add(task.read_text().rpartition(")")[2].split()[0])
    return states <= {"T", "t", "Z", "X"}


def send(pids: Iterable[int], how: signal.Signals) -> None:
    """Send a signal to processes that may be gone."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)


def end(pid: int, how: signal.Signals = signal.SIGKILL, *, within_s: float = 20) -> None:
    """End a process and its descendants, and wait until they are gone."""
    if how is signal.SIGKILL:
        pids = stopped_family(pid)
    else:
        pids = family(pid)
        send(pids[:1], how)
        pids = _left(pids, within_s)
    send(pids, signal.SIGKILL)
    assert not _left(pids, within_s), f"{pids} do not end"


def _left(pids: list[int], within_s: float) -> list[int]:
    deadline = time.monotonic() + within_s
    while True:
        left = alive(pids)
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.01)


def peak_kib(pid: int) -> int:
    """Return the most memory that a process had resident, in KiB; 0 when it is gone."""
    return _status(pid, "VmHWM")


def _status(pid: int, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return 0
