"""The tools of the journeys do what they say: a camera that shows, a browser that survives its death."""

from __future__ import annotations

import http.server
import io
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import qrcode
import zxingcpp
from PIL import Image

from tests.browser import camera
from tests.browser.chromium import violations
from tests.browser.conftest import ChromiumMaker

pytestmark = pytest.mark.browser

ADDRESS = "HTTP://LOCALHOST:8000/T/0123456789ABCDEF"


def _code(text: str) -> bytes:
    out = io.BytesIO()
    qrcode.make(text, border=4).save(out)
    return out.getvalue()


def _first_frame(path: Path) -> Image.Image:
    data = path.read_bytes()
    start = data.index(b"FRAME\n") + 6
    size = camera.WIDTH * camera.HEIGHT
    grey = np.frombuffer(data[start : start + size], dtype=np.uint8)
    return Image.fromarray(grey.reshape(camera.HEIGHT, camera.WIDTH))


@pytest.mark.parametrize("seed", range(8))
def test_the_label_on_the_wall_can_be_read(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "camera.y4m"
    camera.show(path, _code(ADDRESS), seed=seed)
    assert [found.text for found in zxingcpp.read_barcodes(_first_frame(path))] == [ADDRESS]


def test_the_bare_wall_holds_no_code(tmp_path: Path) -> None:
    path = tmp_path / "camera.y4m"
    camera.show_wall(path)
    assert zxingcpp.read_barcodes(_first_frame(path)) == []


PAGE = """<!doctype html><html lang="en"><title>Camera</title>
<main><h1>Camera</h1><video muted></video></main>
<script>
window.look = async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const video = document.querySelector("video");
  video.srcObject = stream;
  await video.play();
  const canvas = new OffscreenCanvas(64, 36);
  canvas.getContext("2d").drawImage(video, 0, 0, 64, 36);
  const { data } = canvas.getContext("2d").getImageData(0, 0, 64, 36);
  stream.getTracks().forEach((track) => track.stop());
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += data[i];
  return sum / (data.length / 4);
};
</script>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "bad.html").write_text(
        "<!doctype html><html lang='en'><title>x</title><main><h1>x</h1><img src='y'>"
    )

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_camera_shows_the_new_picture_when_it_is_opened_again(
    chromium: ChromiumMaker, site: str, tmp_path: Path
) -> None:
    path = tmp_path / "camera.y4m"
    random = np.random.default_rng(0)
    camera.write(path, Image.new("L", (camera.WIDTH, camera.HEIGHT), 40), random=random)
    browser = chromium(camera=path)
    page = browser.open()
    page.goto(site)
    dark = page.evaluate("look()")
    camera.write(path, Image.new("L", (camera.WIDTH, camera.HEIGHT), 200), random=random)
    light = page.evaluate("look()")
    browser.close()
    assert dark < 60
    assert light > 180


def test_what_a_page_stored_survives_the_death_of_the_browser(chromium: ChromiumMaker, site: str) -> None:
    browser = chromium()
    page = browser.open()
    page.goto(site)
    page.evaluate(
        """() => new Promise((done) => {
          const opening = indexedDB.open("kept", 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
          opening.onsuccess = () => {
            const writing = opening.result.transaction("rows", "readwrite", { durability: "strict" });
            writing.objectStore("rows").put("here", 1);
            writing.oncomplete = () => done();
          };
        })"""
    )
    browser.kill()
    page = browser.open()
    page.goto(site)
    kept = page.evaluate(
        """() => new Promise((done) => {
          const opening = indexedDB.open("kept", 1);
          opening.onsuccess = () => {
            const reading = opening.result.transaction("rows").objectStore("rows").get(1);
            reading.onsuccess = () => done(reading.result);
          };
        })"""
    )
    browser.close()
    assert kept == "here"


def test_axe_finds_a_picture_without_words(chromium: ChromiumMaker, site: str, axe: str) -> None:
    browser = chromium()
    page = browser.open()
    page.goto(f"{site}/bad.html")
    found = violations(page, axe)
    page.goto(site)
    clean = violations(page, axe)
    browser.close()
    assert any(rule.startswith("image-alt") for rule in found)
    assert clean == []
