"""For every test of the API: hashing a password takes its time in real life, and not here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from server.people import passwords


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Make new hashes cheap; `tests/unit/server/test_passwords.py` looks at the real ones."""
    kept = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._nobodys.cache_clear()
    yield
    passwords._hasher = kept
    passwords._nobodys.cache_clear()
