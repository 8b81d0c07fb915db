"""Starts servers quickly: a process that has imported everything and forks for each start.

What runs is `roundsman serve` itself, with its own worker processes; only the five seconds of
importing and compiling the routes are spent once. Reads one JSON object per line (`env`, `arguments`,
`log`, `broken`) and prints the pid of what it started; the children are sessions of their own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg  # noqa: F401  imported for the children
from alembic import command  # noqa: F401

from server import cli, faults, models  # noqa: F401
from server.app import create_app
from server.config import Settings
from tests.faults import processes
from tests.faults.broken import BREAKAGES
from tests.routes import compile_once


def main() -> None:
    """Start what is asked for until the input ends."""
    started: list[int] = []
    compile_once()
    with TemporaryDirectory() as folder:  # its children inherit the routes that this one compiles
        here = Path(folder)
        create_app(Settings(data_dir=here, database_url="sqlite://", public_url="", pwa_dir=here))
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(asked)
        started.append(pid)
        print(pid, flush=True)
        _bury()
    # whoever asked is gone, perhaps killed itself: nothing that it started may stay
    mine = {pid for pid in started if processes.parents().get(pid) == os.getpid()}
    for pid in mine:
        processes.send(processes.stopped_family(pid), signal.SIGKILL)


def _become(asked: dict[str, object]) -> None:
    os.setsid()
    log = os.open(str(asked["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for handle, as_what in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(handle, as_what)
    env: dict[str, str] = asked["env"]  # type: ignore[assignment]
    os.environ.update(env)
    status = 1
    try:
        faults.arm(env.get("ROUNDSMAN_FAULT"))
        for name in asked["broken"]:  # type: ignore[attr-defined]
            BREAKAGES[name]()
        cli.main(list(asked["arguments"]), standalone_mode=False)  # type: ignore[call-overload]
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _bury() -> None:
    """Let children that have ended go."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main()
