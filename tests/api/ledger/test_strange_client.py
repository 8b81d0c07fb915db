"""Uploads by a tus client that we did not write, against a real server process."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sync.encoding import sha256_hex
from tests.api.field import Garden, Handset
from tests.api.ledger.photos import big_picture, data_dir, files, named, on_sqlite, picture, stored
from tests.faults.serving import Server, Zygote, zygote

PWA = Path(__file__).resolve().parents[3] / "pwa"
CHUNK = 262_144

pytestmark = on_sqlite


@dataclass
class Strange:
    """The client, and the photo that it sends for a phone."""

    server: Server
    phone: Handset
    folder: Path

    def send(self, photo: bytes, *, sha256: str | None = None, **over: Any) -> dict[str, Any]:
        """Let it upload a photo; return what it says: address, requests, or an error and its status."""
        file = self.folder / "photo.jpg"
        file.write_bytes(photo)
        asked = {
            "url": self.server.url,
            "log": self.phone.log,
            "key": base64.b64encode(self.phone.key.pkcs8()).decode(),
            "file": str(file),
            "sha256": sha256 or sha256_hex(photo),
            "type": "image/jpeg",
            **over,
        }
        ran = subprocess.run(
            ["node", "scripts/tus-client.mjs"],
            cwd=PWA,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        said: dict[str, Any] = json.loads(ran.stdout)
        return said


@pytest.fixture(scope="module")
def starter() -> Iterator[Zygote]:
    with zygote() as made:
        yield made


@pytest.fixture
def strange(garden: Garden, database_url: str, tmp_path: Path, starter: Zygote) -> Iterator[Strange]:
    phone = garden.handset()  # before the server is there and writes, too
    server = Server(starter, data_dir(garden), database_url, tmp_path / "server.log")
    server.start()
    yield Strange(server, phone, tmp_path)
    server.kill()


def test_it_uploads_in_pieces_in_one_and_with_checksums(garden: Garden, strange: Strange) -> None:
    whole, pieces = big_picture(500_001), big_picture(700_000)
    small = picture()
    strange.phone.push(named(strange.phone, whole, pieces, small))

    said = strange.send(pieces, chunk=CHUNK, checksum=True)
    assert said["url"] == f"{strange.server.url}/api/v1/blobs/{strange.phone.log}/{sha256_hex(pieces)}"
    assert said["requests"] == ["POST 0", "PATCH 262144", "PATCH 262144", "PATCH 175712"]

    said = strange.send(whole, options={"overridePatchMethod": True})
    assert said["requests"] == ["POST 0", "POST 500001"]

    said = strange.send(small, options={"uploadDataDuringCreation": True})
    assert said["requests"] == [f"POST {len(small)}"]

    assert sorted(path.read_bytes() for path in files(garden)) == sorted([whole, pieces, small])
    assert stored(garden) == sorted(map(sha256_hex, (whole, pieces, small)))


def test_it_goes_on_after_a_connection_that_broke_in_mid_piece(garden: Garden, strange: Strange) -> None:
    photo = big_picture(700_000)
    strange.phone.push(named(strange.phone, photo))
    said = strange.send(photo, chunk=CHUNK, cut=3)
    assert said["requests"] == [
        "POST 0",
        "PATCH 262144",
        "PATCH 262144",  # half of it passed, and nothing of it counts
        "HEAD 0",
        "PATCH 262144",
        "PATCH 175712",
    ]
    assert [path.read_bytes() for path in files(garden)] == [photo]


def test_it_goes_on_with_what_another_page_began(garden: Garden, strange: Strange) -> None:
    photo = big_picture(700_000)
    strange.phone.push(named(strange.phone, photo))
    said = strange.send(photo, chunk=CHUNK, leave_after=CHUNK)
    assert said["requests"].count("POST 0") == 1
    assert "HEAD 0" in said["requests"]
    assert said["requests"].count("PATCH 175712") == 1
    assert [path.read_bytes() for path in files(garden)] == [photo]


def test_it_is_told_what_is_wrong(garden: Garden, strange: Strange) -> None:
    photo = big_picture(700_000)
    assert strange.send(photo)["status"] == 409  # no record names it
    strange.phone.push(named(strange.phone, photo))
    flipped = bytes([photo[0] ^ 1]) + photo[1:]
    said = strange.send(flipped, sha256=sha256_hex(photo), options={"retryDelays": None})
    assert said["status"] == 460
    assert files(garden) == []
    assert strange.send(photo)["url"]


def test_a_server_that_was_killed_in_mid_photo_goes_on_from_the_last_piece(
    garden: Garden, strange: Strange
) -> None:
    photo = big_picture(700_000)
    strange.phone.push(named(strange.phone, photo))
    strange.server.kill()
    strange.server.start(fault="blob.mid_file:2")
    said = strange.send(photo, chunk=CHUNK, options={"retryDelays": None})
    assert said["requests"] == ["POST 0", "PATCH 262144", "PATCH 262144"]
    assert stored(garden) == []
    strange.server.kill()

    strange.server.start()
    said = strange.send(photo, chunk=CHUNK)
    assert said["requests"][-1] == "PATCH 175712"
    assert [path.read_bytes() for path in files(garden)] == [photo]


@pytest.mark.parametrize("point", ["blob.after_rename", "blob.after_commit"])
def test_a_server_that_was_killed_at_the_end_has_the_photo(
    garden: Garden, strange: Strange, point: str
) -> None:
    photo = picture()
    strange.phone.push(named(strange.phone, photo))
    strange.server.kill()
    strange.server.start(fault=point)
    assert "error" in strange.send(photo, options={"uploadDataDuringCreation": True, "retryDelays": None})
    strange.server.kill()

    strange.server.start()
    assert strange.send(photo)["url"]  # an empty creation finds it whole
    assert stored(garden) == [sha256_hex(photo)]
    assert [path.read_bytes() for path in files(garden)] == [photo]
