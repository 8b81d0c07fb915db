"""The real server in processes of its own, to be killed, stopped, starved and started again."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.browser.served import free_port
from tests.faults import processes

ROOT = Path(__file__).resolve().parent.parent.parent
START_S = 60.0


class ServerEnded(AssertionError):
    """The server did not come up: what it printed."""


class Zygote:
    """The process that starts servers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT,
            env={n: v for n, v in os.environ.items() if not n.startswith("ROUNDSMAN_")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lock = threading.Lock()
        self._ready = False

    def start(
        self, *, env: dict[str, str], arguments: Sequence[str], log: Path, broken: Sequence[str] = ()
    ) -> int:
        """Start `roundsman <arguments>` and return its pid."""
        asked = {"env": env, "arguments": list(arguments), "log": str(log), "broken": list(broken)}
        with self._lock:
            self._ready = self._ready or self._read() == "ready"
            assert self._ready, "the zygote does not come up"
            self._in.write(json.dumps(asked) + "\n")
            self._in.flush()
            return int(self._read())

    def close(self) -> None:
        """End the zygote; servers that it started are ended by those who hold them."""
        self._in.close()
        self._process.wait(timeout=30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def _in(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def zygote() -> Iterator[Zygote]:
    """Lend a zygote."""
    made = Zygote()
    try:
        yield made
    finally:
        made.close()


@dataclass
class Server:
    """One server on one port, with one data folder and one database."""

    zygote: Zygote
    data_dir: Path
    database_url: str
    log: Path
    broken: Sequence[str] = ()
    """Breakages under which it runs; see `tests.faults.broken`."""
    port: int = field(default_factory=free_port)
    pid: int | None = None

    @property
    def url(self) -> str:
        """The canonical address, without a slash at its end."""
        return f"http://localhost:{self.port}"

    def start(self, *, fault: str | None = None, env: dict[str, str] | None = None) -> None:
        """Start it and wait until it says that it can work."""
        self.launch(fault=fault, env=env)
        self.wait()

    def launch(self, *, fault: str | None = None, env: dict[str, str] | None = None) -> None:
        """Start it without waiting.

        :param fault: where it is to kill itself; see `server.faults`
        """
        assert self.pid is None, "it runs already"
        settings = {
            **self._settings(),
            **({"ROUNDSMAN_FAULT": fault} if fault else {}),
            **(env or {}),
        }
        self.pid = self.zygote.start(
            env=settings,
            arguments=["serve", "--port", str(self.port), "--no-demo"],
            log=self.log,
            broken=self.broken,
        )

    def _settings(self) -> dict[str, str]:
        return {
            "ROUNDSMAN_DATA_DIR": str(self.data_dir),
            "ROUNDSMAN_DATABASE_URL": self.database_url,
            "ROUNDSMAN_PWA_DIR": str(_empty_app()),
            "PORT": str(self.port),
        }

    def command(self, *arguments: str) -> str:
        """Run another command of `roundsman` on the same data and return what it printed.

        :raises AssertionError: it ended with another status than 0
        """
        done = subprocess.run(
            [sys.executable, "-m", "server", *arguments],
            cwd=ROOT,
            env={**os.environ, **self._settings()},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"roundsman {arguments[0]}: {done.stdout}{done.stderr}"
        return done.stdout

    def wait(self, within_s: float = START_S) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("localhost", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                with connection.getresponse() as answer:
                    answer.read()
                    if answer.status == 200:
                        return
            except (OSError, http.client.HTTPException):
                if not self.pids:
                    break
            finally:
                connection.close()
            time.sleep(0.02)
        raise ServerEnded(self.printed[-3_000:])

    @property
    def pids(self) -> list[int]:
        """The ids of all its processes."""
        return [] if self.pid is None else processes.family(self.pid)

    @property
    def workers(self) -> list[int]:
        """The ids of the processes that answer."""
        return self.pids[1:]

    @property
    def printed(self) -> str:
        """What it printed, all starts together."""
        return self.log.read_text("utf-8", errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        """End all its processes as kill -9 does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an administrator does."""
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Stop all its processes where they stand."""
        assert self.pid is not None
        processes.stopped_family(self.pid)

    def peak_mib(self) -> float:
        """Return the most memory that any of its processes had resident, in MiB."""
        return max((processes.peak_kib(pid) for pid in self.pids), default=0) / 1024

    def _end(self, how: signal.Signals) -> None:
        if self.pid is not None:
            processes.end(self.pid, how)
        self.pid = None


def _empty_app() -> Path:
    """Return a folder that looks like a built app: what is broken here is the server."""
    folder = Path("/tmp") / f"roundsman-no-app-{os.getuid()}"
    (folder / "app").mkdir(parents=True, exist_ok=True)
    (folder / "app" / "index.html").touch()
    return folder
