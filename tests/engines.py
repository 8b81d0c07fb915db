"""Which tests run on both engines, and which on one of them in turn.

Most questions of the console are SQLAlchemy's own words, and the same code serves both engines. A test
of these runs on one engine, chosen by its name, so that each engine has half of every folder. What
speaks SQL of its own, locks, counts statements or restores runs on both. `ENGINES=both` runs all on both.
"""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

import pytest

ENGINES = ("sqlite", "postgres")

IN_TURN = (
    "api/assets",
    "api/forms",
    "api/ledger/test_hello",
    "api/ledger/test_tus_headers",
    "api/ledger/test_wire",
    "api/meters",
    "api/orders",
    "api/people",
    "api/privacy/test_audit_page",
    "api/privacy/test_consent",
    "api/privacy/test_copying",
    "api/reports/test_files",
    "api/reports/test_served",
    "api/requests",
    "api/rounds",
    "api/stock",
    "api/upkeep",
)
"""The folders and files whose tests run on one engine in turn."""

_ROOT = Path(__file__).resolve().parent


def engine_of(name: str) -> str:
    """Return the engine on which a test of this name runs."""
    return ENGINES[crc32(name.encode()) % len(ENGINES)]


def engines_for(path: Path, name: str) -> tuple[str, ...]:
    """Return the engines on which a test of a file runs."""
    here = path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else ""
    in_turn = here.startswith(IN_TURN) and not _both()
    return (engine_of(name),) if in_turn else ENGINES


def for_a_module() -> tuple[str, ...]:
    """Return the engines for grounds that a whole file shares and that take long to lay out."""
    return ENGINES if _both() else ENGINES[:1]


def _both() -> bool:
    return os.environ.get("ENGINES") == "both"


def choose(metafunc: pytest.Metafunc) -> None:
    """Give a test its engines, where it asks for a database and does not name one itself."""
    named = any(mark.args[0] == "database_engine" for mark in metafunc.definition.iter_markers("parametrize"))
    if "database_engine" in metafunc.fixturenames and not named:
        chosen = engines_for(metafunc.definition.path, metafunc.definition.name)
        metafunc.parametrize("database_engine", chosen, indirect=True)
