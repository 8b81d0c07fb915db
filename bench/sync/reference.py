"""The reference as its own server process, served as Roundsman is on SQLite."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from bench.reference import create_reference

FOLDER = "ROUNDSMAN_BENCH_DIR"
"""The variable that says where the reference keeps its bytes."""


def load() -> Flask:
    """Return the application of a worker process."""
    return create_reference(Path(os.environ[FOLDER]))


def main() -> None:
    """Serve on the port that the first argument names."""
    Granian(
        "bench.sync.reference:load",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=8,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main()
