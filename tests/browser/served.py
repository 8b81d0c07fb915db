"""The real server as its own process, on a port and a data folder of the test's own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
START_S = 240.0
"""The demo walks two days before the server answers."""


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


@dataclass
class Served:
    """A server that can be stopped, killed and started again with the same data and address."""

    folder: Path
    demo: bool = False
    port: int = field(default_factory=free_port)
    env: dict[str, str] = field(default_factory=dict)
    """More settings for the process."""
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The canonical address, without a slash at its end."""
        return f"http://localhost:{self.port}"

    @property
    def printed(self) -> str:
        """What the server has printed since its last start."""
        return (self.folder / "server.log").read_text("utf-8", errors="replace")

    def found(self, pattern: str) -> str:
        """Return the first group of `pattern` in what was printed."""
        match = re.search(pattern, self.printed)
        assert match is not None, f"{pattern} is not in:\n{self.printed}"
        return match.group(1)

    def start(self) -> None:
        """Start and wait until the server says that it can work."""
        assert self._process is None, "it runs already"
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "server", "serve", "--port", str(self.port)]
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "--demo" if self.demo else "--no-demo"],
                cwd=ROOT,
                env={
                    **_environment(),
                    "ROUNDSMAN_DATA_DIR": str(self.folder / "var"),
                    "PORT": str(self.port),
                    **self.env,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its workers can be ended with it
            )
        self._wait()

    def stop(self) -> None:
        """End it as an administrator does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def run(self, *arguments: str) -> str:
        """Run a command of the administrator beside the running server; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "server", *arguments],
            cwd=ROOT,
            env={**_environment(), "ROUNDSMAN_DATA_DIR": str(self.folder / "var"), "PORT": str(self.port)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"the server ended:\n{self.printed}"
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the server did not come up in {START_S:.0f} s:\n{self.printed}")

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):  # it ended by itself
            os.killpg(self._process.pid, how)
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=15)
        self._process = None


def _environment() -> dict[str, str]:
    """Return this process's environment without settings that would lead to other data."""
    kept = "ROUNDSMAN_PWA_DIR"
    return {n: v for n, v in os.environ.items() if n == kept or not n.startswith("ROUNDSMAN_")}
