"""Photos that attack their reader: bombs, broken data, things that are something else as well."""

from __future__ import annotations

import io
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from server.ledger.blobs import drawer, drawing, pictures
from server.ledger.blobs.problems import BlobTooLarge, BlobType
from sync.encoding import sha256_hex
from tests.api.field import Garden
from tests.api.ledger.photos import named
from tests.edge import pictures as made

SQLITE = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "photo"


@pytest.fixture(autouse=True)
def _decoder() -> Iterator[None]:
    yield
    drawing._drawer.end()


@pytest.mark.parametrize("data", [made.jpeg(), made.webp(), made.png(2, 2, made.zeros(14))])
def test_a_sound_photo_is_decoded_once(file: Path, data: bytes) -> None:
    file.write_bytes(data)

    assert not pictures.examine(file).unreadable


NO_PHOTOS = {
    "an SVG": made.SVG,
    "a page": made.HTML,
    "a GIF": made.gif(),
    "a page before a JPEG": made.HTML + made.jpeg(),
    "nothing": b"",
    "a head alone": made.jpeg()[:20],
    "a cut JPEG": made.jpeg()[:-300],
    "a cut PNG": made.png(2, 2, made.zeros(14))[:-20],
    "a cut WebP": made.webp()[:-20],
    "text in a PNG that unpacks to 300 MB": made.png(
        2, 2, made.zeros(14), chunks=[(b"zTXt", b"x\0\0" + made.zeros(300_000_000))]
    ),
}


@pytest.mark.parametrize("data", NO_PHOTOS.values(), ids=NO_PHOTOS.keys())
def test_what_is_no_photo_is_not_taken_whatever_it_is_called(file: Path, data: bytes) -> None:
    file.write_bytes(data)

    with pytest.raises(BlobType):
        pictures.examine(file)


def test_a_bomb_is_refused_by_its_header_and_never_decoded(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "check", lambda _: pytest.fail("it was decoded"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for width, height in ((8_000, 5_001), (60_000, 60_000)):
        file.write_bytes(made.png(width, height, made.zeros(100_000)))
        with pytest.raises(BlobTooLarge):
            pictures.examine(file)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


BROKEN = {
    "no zlib data": made.png(64, 48, b"nothing that could be unpacked"),
    "too little": made.png(64, 48, made.zeros(100)),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_data_that_cannot_be_decoded_make_a_photo_unreadable(file: Path, data: bytes) -> None:
    file.write_bytes(data)

    assert pictures.examine(file).unreadable


POLYGLOTS = {
    "a JPEG and a page": made.jpeg() + made.HTML,
    "a JPEG and an archive": made.zipped(made.jpeg()),
    "a page in a comment": made.commented(made.HTML),
    "a PNG and a page": made.png(2, 2, made.zeros(14)) + made.HTML,
}


@SQLITE
@pytest.mark.parametrize("data", POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_what_is_something_else_as_well_is_given_out_as_a_photo_alone(garden: Garden, data: bytes) -> None:
    phone = garden.handset()
    phone.push(named(phone, data))
    assert phone.upload(data).status_code == 201
    desk, address = garden.client("li"), f"/api/v1/sites/{garden.site}/photos/{sha256_hex(data)}"

    whole, small = desk.get(address), desk.get(f"{address}?width=320")

    assert whole.get_data() == data
    for answer in (whole, small):
        assert answer.status_code == 200
        assert answer.mimetype in ("image/jpeg", "image/png")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.vary
    assert b"script" not in small.get_data()
    assert b"PK" not in small.get_data()[-64:]
    with Image.open(io.BytesIO(small.get_data())) as image:
        assert not image.getexif()
        assert "comment" not in image.info


@SQLITE
def test_broken_data_are_kept_and_never_given_out_as_a_picture(garden: Garden) -> None:
    phone, data = garden.handset(), BROKEN["no zlib data"]
    phone.push(named(phone, data))
    assert phone.upload(data).status_code == 201
    desk, address = garden.client("li"), f"/api/v1/sites/{garden.site}/photos/{sha256_hex(data)}"

    whole, small = desk.get(address), desk.get(f"{address}?width=320")

    assert whole.get_data() == data
    assert whole.mimetype == "application/octet-stream"
    assert whole.headers["Content-Disposition"].endswith(".bin")
    assert small.status_code == 415
    assert small.get_json()["type"] == "/problems/photo-unreadable"


# -- the decoder --------------------------------------------------------------------------------------


def test_a_decoder_that_dies_takes_one_photo_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing.check(made.jpeg())
    process = drawing._drawer._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    drawing.check(made.jpeg())  # found dead before it was asked: begun anew

    def die(_process: object, *_parts: bytes) -> tuple[bool, bytes]:
        raise EOFError

    with monkeypatch.context() as patched:
        patched.setattr(drawing, "_exchange", die)
        with pytest.raises(drawing.Undrawable, match="died"):
            drawing.check(made.jpeg())
    drawing.check(made.jpeg())


def test_a_decoder_that_says_nothing_is_given_up_and_the_photo_is_not_blamed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing.check(made.jpeg())
    process = drawing._drawer._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr(drawing, "WAIT_S", 0.2)

    with pytest.raises(TimeoutError):
        drawing.check(made.jpeg())

    assert process.poll() is not None
    monkeypatch.setattr(drawing, "WAIT_S", 120.0)
    drawing.check(made.jpeg())


def test_memory_and_time_of_the_decoder_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MEMORY_BYTES", "120 * 1024 * 1024"), ("CPU_S", "1")):
        script = tmp_path / f"{name}.py"
        lines = [
            f"{name} = {value}" if line.startswith(f"{name} =") else line
            for line in drawing.SCRIPT.read_text("utf-8").splitlines()
        ]
        if name == "CPU_S":
            lines = [line.replace("image.load()", "exec('while True: pass')") for line in lines]
        script.write_text("\n".join(lines), "utf-8")
        monkeypatch.setattr(drawing, "SCRIPT", script)
        drawing._drawer.end()
        with pytest.raises(drawing.Undrawable):
            drawing.check(made.png(6_000, 4_000, made.zeros(6_000 * 4_000 * 3 + 4_000)))


def test_forty_megapixels_are_decoded_within_the_bounds() -> None:
    drawing.check(made.png(8_000, 5_000, made.zeros(8_000 * 5_000 * 3 + 5_000)))


def test_threads_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def draw() -> None:
        with Image.open(io.BytesIO(drawing.thumbnail(made.jpeg((640, 480)), 100))) as image:
            sizes.append(image.width)

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sizes == [100] * 8


def test_the_decoder_ends_with_its_server() -> None:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # another server process: it has a decoder of its own, which outlives no kill
        drawing.check(made.jpeg())
        process = drawing._drawer._process
        os.write(write, str(process.pid if process else 0).encode())
        time.sleep(60)
        os._exit(0)
    decoder = int(os.read(read, 20))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    deadline = time.monotonic() + 30
    while Path(f"/proc/{decoder}/stat").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{decoder}/stat").read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{decoder}/stat").exists()
    os.close(read)
    os.close(write)


def test_the_decoder_knows_the_formats_and_the_limit_of_the_server() -> None:
    assert set(drawer.FORMATS) == set(pictures.TYPES)
    assert drawer.PIXELS == pictures.PIXELS
