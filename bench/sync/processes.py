"""Server processes, and what they cost: CPU of all their children, and the most memory they held."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.sync.reference import FOLDER
from tests.browser.served import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """A server that runs, with its workers."""

    pid: int
    port: int

    def cpu_s(self) -> float:
        """Return the CPU that it and its children have used, s."""
        return sum(_ticks(pid) for pid in _tree(self.pid)) / TICKS

    def peak_mb(self) -> float:
        """Return the most memory that its biggest process held, MB."""
        return max(_peak_kb(pid) for pid in _tree(self.pid)) / 1_000


@contextmanager
def started(command: Sequence[str], *, port: int, env: Mapping[str, str], log: Path) -> Iterator[Process]:
    """Run a server until the context ends; it must answer `/healthz`."""
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(child, port, log)
        yield Process(child.pid, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@contextmanager
def roundsman(folder: Path, url: str) -> Iterator[Process]:
    """Run Roundsman on a database that is prepared; `folder` holds its secrets and photos."""
    port = free_port()
    env = {
        "ROUNDSMAN_DATA_DIR": str(folder),
        "ROUNDSMAN_DATABASE_URL": url,
        "ROUNDSMAN_PUBLIC_URL": f"http://localhost:{port}",
    }
    command = ["-m", "server", "serve", "--port", str(port), "--no-demo"]
    with started(command, port=port, env=env, log=folder / "ours.log") as process:
        yield process


@contextmanager
def both(folder: Path, url: str) -> Iterator[tuple[Process, Process]]:
    """Run Roundsman, and the reference beside it."""
    port = free_port()
    command = ["-m", "bench.sync.reference", str(port)]
    env = {FOLDER: str(folder / "reference")}
    with (
        roundsman(folder, url) as ours,
        started(command, port=port, env=env, log=folder / "reference.log") as reference,
    ):
        yield ours, reference


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if child.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=2).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not come up:\n{log.read_text('utf-8', errors='replace')}")


def _tree(pid: int) -> list[int]:
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                todo.extend(int(child) for child in task.read_text().split())
    return found


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _peak_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0
