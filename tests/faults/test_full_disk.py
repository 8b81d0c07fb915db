"""A server without room says so, loses nothing, and works on when there is room again."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
from PIL import Image

from server.ledger.blobs.pictures import examine
from server.ledger.blobs.problems import BlobType
from tests.faults.disks import why_no_mounts
from tests.faults.engines import Failed
from tests.faults.full_disk import TROUBLES, no_room, run
from tests.faults.serving import Zygote

pytestmark = pytest.mark.skipif(
    why_no_mounts() is not None, reason=f"no disk can be filled here: {why_no_mounts()}"
)


def test_without_room_the_server_says_507_and_goes_on_when_there_is_room(
    starter: Zygote, folder: Path
) -> None:
    text = run(starter, folder, "sqlite", troubles=TROUBLES, seconds=1.5, seed=13, phones=2)

    assert "507 disk-full" in text


def test_a_full_postgres_says_so_and_goes_on_when_there_is_room(starter: Zygote, folder: Path) -> None:
    assert run(starter, folder, "postgres", troubles={"no room": no_room}, seconds=2, seed=14, phones=2)


def test_a_server_that_acknowledges_what_it_cannot_keep_is_found_out(starter: Zygote, folder: Path) -> None:
    told = []
    for seed in range(15, 19):  # on a busy machine nobody may send anything in the moment without room
        data = folder / f"data{seed}"
        data.mkdir()
        try:
            run(
                starter,
                data,
                "sqlite",
                troubles={"no room": no_room},
                seconds=2,
                seed=seed,
                phones=2,
                broken=["sure-of-itself"],
            )
        except Failed as failed:
            told.append(str(failed))
        if any(re.search(r"lost: .*[1-9][0-9]* (records|photos|places)", text) for text in told):
            return
    pytest.fail(f"four runs, and nobody noticed: {told}")


def test_a_process_that_may_open_no_file_refuses_no_photo_for_good(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = folder / "photo.jpg"
    Image.new("RGB", (16, 16)).save(photo, "JPEG")
    broken = folder / "broken.jpg"
    broken.write_bytes(photo.read_bytes()[:60])

    with pytest.raises(BlobType):
        examine(broken)

    def no_more(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Image, "open", no_more)
    with pytest.raises(OSError, match="Too many open files"):
        examine(photo)
