"""Photos for tests: pictures, records that name them, and what lies on the disk."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.config import Settings
from server.ledger.models import Blob
from sync.encoding import sha256_hex
from sync.records import Blob as WireBlob
from tests.api.field import Garden, Handset

on_sqlite = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
"""For what the database has no part in."""


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), color: str = "green") -> bytes:
    """Return a small picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


def big_picture(size: int = 700_000) -> bytes:
    """Return a JPEG of exactly `size` bytes: some cameras leave words of their own behind the picture."""
    return picture().ljust(size, b"\0")


def noise(count: int, seed: int = 1) -> bytes:
    """Return bytes that are no picture."""
    return random.Random(seed).randbytes(count)


def named(phone: Handset, *photos: bytes, **over: Any) -> dict[str, Any]:
    """Return a record that names the photos."""
    return phone.record(
        blobs=[WireBlob(sha256_hex(each), len(each), "image/jpeg", "photo", **over) for each in photos]
    )


def data_dir(garden: Garden) -> Path:
    """Return the server's data folder."""
    settings: Settings = garden.app.extensions["roundsman.settings"]
    return settings.data_dir


def files(garden: Garden) -> list[Path]:
    """Return every file below the photos' folder, whole and in parts."""
    return sorted(path for path in (data_dir(garden) / "photos").rglob("*") if path.is_file())


def stored(garden: Garden) -> list[str]:
    """Return the hashes of the photos that the server says it has."""
    return sorted(garden.all(select(Blob.sha256)))


def at(answer: TestResponse) -> int:
    """Return where the server says that the upload stands."""
    return int(answer.headers["Upload-Offset"])


@pytest.fixture
def phone(garden: Garden) -> Handset:
    return garden.handset()


@pytest.fixture
def photo(phone: Handset) -> bytes:
    """A photo of three pieces that a record names."""
    made = big_picture()
    phone.push(named(phone, made))
    return made
