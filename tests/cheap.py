"""What takes its time on purpose, or again and again, and need not in tests.

A hash of a password is made slow for whoever would guess it; a test that knows the password need not
wait. A server compiles an SQL statement once and runs for days; each test has a server of its own.
A commit waits for the disk; what a power cut leaves is tried in `tests/faults`, on disks of its own.
"""

from __future__ import annotations

import os
import shutil

from argon2 import PasswordHasher
from sqlalchemy import Engine

from server.people import passwords
from sync.phone import people

HASHER = passwords._hasher
"""The one of the field; `tests/unit/server/test_passwords.py` is about it."""

ROUNDS = people.ROUNDS
"""How often a phone of the field hashes a PIN."""

MEMORY = "/dev/shm"
ROOM = 4 * 2**30
"""So many bytes must be free in memory: profiles of browsers lie there as well."""

_engines: dict[str, Engine] = {}


def hash_cheaply() -> None:
    """Make hashes of passwords and PINs cost next to nothing in this process."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    people.ROUNDS = 1


def in_memory() -> None:
    """Have pytest make its folders in memory, where there is room."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


def share_statements(engine: Engine) -> None:
    """Let an engine use the statements that others of its sort have compiled in this process.

    SQLAlchemy keeps a compiled statement by dialect, and every engine comes with a dialect of its own.
    """
    first = _engines.get(engine.name)
    if first is None:
        engine.connect().close()  # a dialect gets to know its database at the first connection
        _engines[engine.name] = engine
        return
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
