"""What the short versions of the harnesses share: a zygote per test process, a folder for the databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.serving import Zygote, zygote


@pytest.fixture(scope="session")
def starter() -> Iterator[Zygote]:
    with zygote() as made:
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder on the way to which PostgreSQL's own user may go, which those of pytest are not."""
    with TemporaryDirectory(prefix="rm-faults-", dir="/tmp") as made:
        Path(made).chmod(0o755)
        yield Path(made)
