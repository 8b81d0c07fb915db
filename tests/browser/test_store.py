"""The phone's store in a real browser: killed while saving, cleared, full, rescued, read without the app."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from sync.encoding import sha256_hex
from sync.rescue import FoundPhoto, FoundRecord, RescueReader
from tests.browser import saving
from tests.browser.chromium import DESK, WAIT_MS, Chromium, violations
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import Desk
from tests.browser.pocket import Pocket, damage
from tests.browser.served import Served
from tests.browser.words import Language, Words

pytestmark = pytest.mark.browser

GUARD = "王海生"
OTHER = "刘大川"


@dataclass
class Yard:
    """A site with two guards, its server, and the desk."""

    served: Served
    desk: Desk

    def phone(self, browser: Chromium, name: str, language: Language = "en") -> Pocket:
        """Return a phone that has joined and on which a guard is signed in."""
        phone = Pocket.open(browser, Words(language), self.served.url)
        no_picker(phone)
        self.join(phone, name)
        phone.sign_in(GUARD)
        phone.wait_until_ready()
        return phone

    def join(self, phone: Pocket, name: str) -> None:
        """Let a phone join."""
        self.desk.open("phones")
        phone.join(self.desk.start_enrolment(name))
        self.desk.confirm_phone(name)

    def devices(self) -> dict[str, dict[str, Any]]:
        """Return the site's phones by name."""
        return {one["name"]: one for one in self.desk.json("devices")["devices"]}

    def findings(self) -> set[str]:
        """Return the hashes of the records that reported something at the site."""
        return {one["record"] for one in self.desk.json("findings")["findings"]}

    def wait_for(self, records: set[str]) -> None:
        """Wait until the server has projected these records."""
        deadline = time.monotonic() + WAIT_MS / 1000
        while not records <= (found := self.findings()):
            assert time.monotonic() < deadline, f"not there: {records - found}"
            self.desk.page.wait_for_timeout(300)

    def photo(self, sha256: str) -> bytes:
        """Wait until the server has a photo, which comes after its record; return it as it is kept."""
        deadline = time.monotonic() + WAIT_MS / 1000
        while not (found := self._files(sha256)):
            assert time.monotonic() < deadline, f"not there: {sha256}"
            self.desk.page.wait_for_timeout(100)
        [file] = found
        return file.read_bytes()

    def _files(self, sha256: str) -> list[Path]:
        photos = self.served.folder / "var" / "photos"
        return [path for path in photos.rglob(f"*{sha256[2:]}*") if path.is_file() and not path.suffix]


@pytest.fixture(scope="module")
def yard(serve: ServedMaker, chromium: ChromiumMaker) -> Iterator[Yard]:
    served = serve()
    browser = chromium(size=DESK)
    desk = Desk(browser.open(), Words("en"), served.url)
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")
    desk.make_guard(GUARD, "G01")
    desk.make_guard(OTHER, "G02")
    yield Yard(served, desk)
    browser.close()


def no_picker(phone: Pocket) -> None:
    """Let files be downloaded: nobody is there to answer the browser's dialog."""
    phone.browser.context.add_init_script("delete window.showSaveFilePicker")


def report(phone: Pocket, note: str, *, seed: int | None = None) -> None:
    """Report a finding, with a photo if there is a seed for it."""
    page = phone.page
    page.goto(f"{phone.url}/app/#/")
    page.goto(f"{phone.url}/app/#/finding")
    page.get_by_role("radio", name=phone.w("find.damage")).check()
    if seed is not None:
        page.locator("input[type=file]").set_input_files(
            {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": damage(seed)}
        )
        expect(page.locator(".shot img").first).to_be_visible()
    page.locator("textarea").fill(note)
    phone.press("find.save")
    expect(page.get_by_text(phone.w("saved.title")).first).to_be_visible()


def sealed(page: Page) -> list[dict[str, Any]]:
    """Return every record of the phone's log as it lies in its database."""
    rows: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((done, failed) => {
          const opening = indexedDB.open("roundsman");
          opening.onerror = () => failed(opening.error);
          opening.onsuccess = () => {
            const reading = opening.result.transaction("log").objectStore("log").index("place").getAll();
            reading.onsuccess = () => { opening.result.close(); done(reading.result); };
          };
        })"""
    )
    return rows


def bodies(page: Page) -> list[str]:
    """Return the sealed texts, in their order."""
    return [row["body"] for row in sealed(page)]


def records_in(file: Path) -> list[str]:
    """Return the sealed texts of a rescue file that must be whole."""
    reader = RescueReader(io.BytesIO(file.read_bytes()))
    texts = [one.record.body for one in reader if isinstance(one, FoundRecord)]
    assert reader.whole
    return texts


def export(page: Page, act: str) -> Path:
    """Press the button that writes the rescue file; return where it lies."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=act).click()
    return Path(waiting.value.path())


# -- killed ----------------------------------------------------------------------------------


def test_what_was_shown_as_saved_survives_the_death_of_the_browser(
    yard: Yard, chromium: ChromiumMaker
) -> None:
    browser = chromium()
    phone = yard.phone(browser, "Killed")
    browser.context.set_offline(True)
    journal = saving.Journal()

    for seed in range(5):
        saving.save_until_killed(phone, journal, seed=seed)
        saving.reopen(phone)
        saving.judge(phone, journal)

    assert len(journal.seen) >= 5
    saving.deliver(phone)
    assert saving.hashes_of(phone, journal.seen) <= yard.findings()
    browser.close()


# -- cleared ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", [bytes(200), bytes.fromhex("78563412900101")], ids=["zeros", "half"])
def test_what_a_death_left_half_written_costs_nothing_that_is_saved_after_it(
    yard: Yard, chromium: ChromiumMaker, tail: bytes
) -> None:
    phone = yard.phone(chromium(), f"Torn {tail[0]}")
    phone.browser.context.set_offline(True)
    report(phone, "before")
    phone.browser.kill()
    # what a power cut leaves in the middle of a write: room without content, or a head without its body
    log = max(phone.browser.profile.glob("Default/IndexedDB/*.leveldb/*.log"))
    with log.open("ab") as torn:
        torn.write(tail)

    saving.reopen(phone)
    report(phone, "after")
    phone.browser.kill()
    saving.reopen(phone)

    notes = [row["private"]["note"]["value"] for row in saving.log_of(phone) if "note" in row["private"]]
    assert notes == ["before", "after"]


def test_a_cleared_store_is_noticed_told_to_the_person_and_to_the_server(
    yard: Yard, chromium: ChromiumMaker, shoot: Shoot
) -> None:
    browser = chromium()
    phone = yard.phone(browser, "Cleared")
    report(phone, "received before the loss")
    phone.page.goto(f"{phone.url}/app/#/log")
    phone.press("sync.now")
    expect(phone.page.get_by_role("button", name=phone.w("sync.now"))).to_have_count(0)
    browser.context.set_offline(True)
    report(phone, "never sent")
    last = sealed(phone.page)[-1]["seq"]
    phone.page.goto("about:blank")
    session = browser.context.new_cdp_session(phone.page)
    session.send("Storage.clearDataForOrigin", {"origin": phone.url, "storageTypes": "indexeddb"})
    browser.context.set_offline(False)

    phone.page.goto(f"{phone.url}/app/")
    expect(phone.page.get_by_text(phone.w("lost.why", n=last))).to_be_visible()
    shoot(phone.page, "store-lost")
    yard.join(phone, "Cleared, again")
    expect(phone.page.get_by_role("button", name=GUARD)).to_be_visible()
    [opened] = sealed(phone.page)
    assert json.loads(opened["body"])["p"]["reason"] == "lost"
    assert json.loads(opened["body"])["p"]["previous_seq"] == last
    browser.close()


# -- full ------------------------------------------------------------------------------------


def test_a_full_store_loses_the_photo_and_never_the_record(
    yard: Yard, chromium: ChromiumMaker, shoot: Shoot
) -> None:
    browser = chromium()
    phone = yard.phone(browser, "Full")
    page = phone.page
    # browsers tell a page a quota of their own making, whatever there is
    browser.context.add_init_script(_ESTIMATE)
    browser.context.set_offline(True)
    report(phone, "before")
    quota = _Quota(browser, phone)
    # less than nothing: the reserve goes, and the record is kept all the same
    quota.leave(-100_000)
    report(phone, "out of the reserve")
    assert len(saving.hashes_of(phone, ["before", "out of the reserve"])) == 2

    # too little for a photo, however small it is made: the record says so and is kept
    quota.leave(100_000)
    page.goto(f"{phone.url}/app/#/finding")
    page.get_by_role("radio", name=phone.w("find.damage")).check()
    page.locator("input[type=file]").set_input_files(
        {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": _noise()}
    )
    expect(page.locator(".shot img")).to_be_visible()
    page.locator("textarea").fill("no room")
    phone.press("find.save")
    expect(page.get_by_text(phone.w("saved.photo_lost"))).to_be_visible()
    shoot(page, "store-photo-lost")
    body = json.loads(bodies(page)[-1])
    assert any(blob.get("lost") for blob in body["blobs"])

    quota.leave(None)

    # near the limit nothing is begun, and it is said before it is tried
    page.goto(f"{phone.url}/app/#/")
    page.evaluate("sessionStorage.setItem('share', '0.96')")
    page.reload()
    page.goto(f"{phone.url}/app/#/finding")
    expect(page.get_by_role("heading", level=1, name=phone.w("full.title"))).to_be_visible()
    shoot(page, "store-no-room")
    page.evaluate("sessionStorage.clear()")
    phone.press("full.again")
    expect(page.get_by_role("heading", level=1, name=phone.w("find.title"))).to_be_visible()
    report(phone, "room again")
    browser.close()


_ESTIMATE = """
  const tell = navigator.storage.estimate.bind(navigator.storage);
  navigator.storage.estimate = async () => {
    const share = sessionStorage.getItem("share");
    return share === null ? tell() : { usage: Number(share) * 1e9, quota: 1e9 };
  };
"""


class _Quota:
    """How much the browser gives the app."""

    def __init__(self, browser: Chromium, phone: Pocket) -> None:
        self._session = browser.context.new_cdp_session(phone.page)
        self._phone = phone

    def leave(self, room: int | None) -> None:
        """Leave so many bytes besides what is used, or as many as the browser likes.

        The browser remembers for a while how much room there was: until nobody uses the store.
        """
        self._phone.page.goto("about:blank")
        self._phone.page.wait_for_timeout(4_000)
        wanted: dict[str, Any] = {"origin": self._phone.url}
        if room is not None:
            used = self._session.send("Storage.getUsageAndQuota", {"origin": self._phone.url})["usage"]
            wanted["quotaSize"] = int(used) + room
        self._session.send("Storage.overrideQuotaForOrigin", wanted)


def _noise() -> bytes:
    """Return a photo that no compression makes small."""
    random = np.random.default_rng(5)
    out = io.BytesIO()
    Image.fromarray(random.integers(0, 255, (600, 800, 3), dtype=np.uint8)).save(out, "JPEG")
    return out.getvalue()


# -- rescued ---------------------------------------------------------------------------------


def test_a_colleague_carries_the_outbox_and_the_server_has_every_byte(
    yard: Yard, chromium: ChromiumMaker, shoot: Shoot, tmp_path: Path
) -> None:
    browser = chromium()
    phone = yard.phone(browser, "Stranded")
    browser.context.set_offline(True)
    report(phone, "carried by a colleague", seed=41)
    page = phone.page
    page.goto(f"{phone.url}/app/#/menu")
    page.get_by_role("link", name=re.compile(phone.w("rescue.title"))).click()
    file = export(page, phone.w("rescue.act"))
    expect(page.get_by_text(re.compile("Written: "))).to_be_visible()
    shoot(page, "store-exported")
    copy = tmp_path / "phone.rescue"
    copy.write_bytes(file.read_bytes())
    reader = RescueReader(io.BytesIO(copy.read_bytes()))
    found = list(reader)
    texts = [one.record.body for one in found if isinstance(one, FoundRecord)]
    [photo] = [one for one in found if isinstance(one, FoundPhoto)]
    assert reader.whole
    assert sorted(texts) == sorted(bodies(page))

    other_browser = chromium(locale="zh-CN")
    other = yard.phone(other_browser, "Colleague", "zh")
    own = bodies(other.page)
    other_browser.context.set_offline(True)
    other.page.goto(f"{other.url}/app/#/rescue")
    other.page.locator("input[type=file]").set_input_files(copy)
    expect(other.page.get_by_text(re.compile("代传 [0-9]+ 条 · Stranded"))).to_be_visible()
    shoot(other.page, "store-carrying")
    assert bodies(other.page) == own
    other_browser.context.set_offline(False)
    other.page.goto(f"{other.url}/app/#/log")
    other.page.reload()
    yard.wait_for(saving.hashes_of(phone, ["carried by a colleague"]))
    expect(other.page.get_by_text(re.compile("代传 [0-9]+ 条"))).to_have_count(0)
    assert sha256_hex(yard.photo(photo.sha256)) == photo.sha256
    other_browser.close()

    # the file itself, given to the server, brings what came after; twice is once
    report(phone, "brought by hand", seed=42)
    page.goto(f"{phone.url}/app/#/rescue")
    copy.write_bytes(export(page, phone.w("rescue.act")).read_bytes())
    told = [yard.served.run("import-rescue", str(copy)) for _ in range(2)]
    assert "1 applied" in told[0]
    assert "applied" not in told[1]
    assert saving.hashes_of(phone, ["brought by hand"]) <= yard.findings()
    browser.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_safe_page_works_offline_without_any_code_of_the_app(
    yard: Yard, chromium: ChromiumMaker, axe: str, shoot: Shoot, language: Language
) -> None:
    browser = chromium(locale="zh-CN" if language == "zh" else "en-GB")
    phone = yard.phone(browser, f"Broken {language}", language)
    report(phone, "in the safe page", seed=7)
    expected = bodies(phone.page)
    with urlopen(f"{phone.url}/app/") as answer:
        app = re.findall(r'src="(/assets/[^"]+[.]js)"', answer.read().decode())
    browser.context.set_offline(True)
    asked: list[str] = []
    page = browser.context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{phone.url}/app/rescue.html")
    assert app
    assert not [url for url in asked if url.endswith(tuple(app))]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, axe) == []
    shoot(page, f"safe-page-{language}")
    box = page.get_by_role("button").last.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    act = "导出记录" if language == "zh" else "Export records"
    file = export(page, act)
    shoot(page, f"safe-page-{language}-done")
    assert sorted(records_in(file)) == sorted(expected)
    assert browser.faults == []
    browser.close()


def test_a_newer_layout_is_read_by_the_safe_page_too(yard: Yard, chromium: ChromiumMaker) -> None:
    browser = chromium()
    phone = yard.phone(browser, "Newer")
    page = phone.page
    expected = bodies(page)
    page.goto(f"{phone.url}/app/rescue.html")
    page.evaluate(
        """() => new Promise((done, failed) => {
          const opening = indexedDB.open("roundsman", 99);
          opening.onupgradeneeded = () => opening.result.createObjectStore("of a time to come");
          opening.onerror = () => failed(opening.error);
          opening.onsuccess = () => { opening.result.close(); done(); };
        })"""
    )
    file = export(page, "Export records")
    assert sorted(records_in(file)) == sorted(expected)
    # and the app itself goes on with what it knows
    page.goto(f"{phone.url}/app/#/")
    expect(page.get_by_role("heading", level=1, name=phone.w("today.title"))).to_be_visible()
    browser.close()
