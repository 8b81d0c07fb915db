"""A month without a network: one phone saves so much through its own screens, and then sends all of it.

    python -m tests.faults.month --records 3000 --photos 2000

Every record that the screen showed as saved, and every photo that it names, is at the server in the end.
Along the way it is said how long the app takes to open with all of it on the phone.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Playwright, expect, sync_playwright

from tests.browser import saving
from tests.faults.chromium import Phone, phone
from tests.faults.engines import Failed
from tests.faults.truth import read

DELIVERY_S = 3_600
SAVING_S = 7_200


def month(playwright: Playwright, folder: Path, *, records: int, photos: int) -> str:
    """Save, open again, send; return what came of it.

    :raises Failed: something is not at the server
    """
    journal = saving.Journal()
    with phone(playwright, folder, folder / "profile") as lent:
        began = time.monotonic()
        _save(lent, journal, records=records, photos=photos)
        saved_s = time.monotonic() - began
        opened_s = _open_again(lent)
        saving.judge(lent.pocket, journal)
        named = _photos_of(lent)
        if len(named) != photos:
            raise Failed(f"{len(named)} photos are named, {photos} were taken")
        began = time.monotonic()
        _deliver(lent)
        sent_s = time.monotonic() - began
        text = lent.finish()
        var = lent.served.folder / "var"
        held = read(database_url=f"sqlite:///{var / 'roundsman.db'}", data_dir=var)
        if missing := named - held.photos:
            raise Failed(f"{len(missing)} of {len(named)} photos are not at the server")
        return (
            f"{text}; {photos} photos; saved in {saved_s:.0f} s, the app opened on all of it in "
            f"{opened_s:.1f} s, sent in {sent_s:.0f} s"
        )


def _save(lent: Phone, journal: saving.Journal, *, records: int, photos: int) -> None:
    page = lent.pocket.page
    page.expose_function("journal", journal.note)
    page.evaluate(_SAVING, {"records": records, "photos": photos})
    deadline = time.monotonic() + SAVING_S
    while len(journal.seen) < records:
        assert time.monotonic() < deadline, f"only {len(journal.seen)} of {records} were saved"
        page.wait_for_timeout(500)


def _open_again(lent: Phone) -> float:
    """Close the browser, open it on everything, and return the seconds until the first screen is there."""
    lent.pocket.browser.kill()
    began = time.monotonic()
    saving.reopen(lent.pocket)
    return time.monotonic() - began


def _photos_of(lent: Phone) -> set[str]:
    rows = [json.loads(row["body"]) for row in saving.log_of(lent.pocket)]
    return {blob["sha256"] for row in rows for blob in row.get("blobs", [])}


def _deliver(lent: Phone) -> None:
    """Find the network again and wait until no record and no photo waits any more."""
    page = lent.pocket.page
    lent.pocket.browser.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("heading", level=1, name=lent.pocket.w("today.title"))).to_be_visible()
    deadline = time.monotonic() + DELIVERY_S
    while waiting := page.evaluate(_WAITING):
        assert time.monotonic() < deadline, f"{waiting} still wait"
        page.wait_for_timeout(1_000)


_WAITING = """() => new Promise((done, failed) => {
  const opening = indexedDB.open("roundsman");
  opening.onerror = () => failed(opening.error);
  opening.onsuccess = () => {
    const tx = opening.result.transaction(["log", "photos"]);
    const counts = ["log", "photos"].map((store) => tx.objectStore(store).index("unsent").count());
    tx.oncomplete = () => { opening.result.close(); done(counts[0].result + counts[1].result); };
  };
})"""

_SAVING = """({ records, photos }) => {
  const until = async (find) => {
    for (;;) {
      const found = find();
      if (found) return found;
      await new Promise((next) => setTimeout(next, 5));
    }
  };
  const canvas = document.createElement("canvas");
  canvas.width = 1280;
  canvas.height = 960;
  const pen = canvas.getContext("2d");
  const picture = async (n) => {
    pen.fillStyle = `hsl(${n % 360} 20% 70%)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    for (let spot = 0; spot < 300; spot += 1) {
      pen.fillStyle = `hsl(${(n * 7 + spot) % 360} 30% ${30 + ((n + spot) % 50)}%)`;
      pen.fillRect(Math.random() * 1280, Math.random() * 960, 20 + (spot % 60), 20 + (n % 60));
    }
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    const files = new DataTransfer();
    files.items.add(new File([blob], `IMG_${n}.jpg`, { type: "image/jpeg" }));
    return files.files;
  };
  const save = async () => {
    for (let n = 1; n <= records; n += 1) {
      const note = `month · ${n}`;
      location.hash = "#/finding";
      const area = await until(() => document.querySelector("textarea"));
      (await until(() => document.querySelector("input[type=radio]"))).click();
      if (Math.floor((n * photos) / records) > Math.floor(((n - 1) * photos) / records)) {
        const input = document.querySelector("input[type=file]");
        input.files = await picture(n);
        input.dispatchEvent(new Event("change", { bubbles: true }));
        await until(() => document.querySelector(".shot img"));
      }
      area.value = note;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((next) => setTimeout(next, 10));
      (await until(() => document.querySelector(".dock .btn--main:not(.btn--todo)"))).click();
      await until(() => document.querySelector("header.saved"));
      await window.journal(note);
      location.hash = "#/";
      await until(() => !document.querySelector("header.saved"));
    }
  };
  void save();
}"""


def main() -> None:
    """Let a month pass, and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--records", type=int, default=3_000)
    asked.add_argument("--photos", type=int, default=2_000)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="rm-month-", dir="/tmp") as root, sync_playwright() as playwright:
        try:
            text = month(playwright, Path(root), records=told.records, photos=told.photos)
        except AssertionError as failed:
            sys.exit(f"month: FAILED: {failed}")
        print(f"month, {told.records} records: {text}", flush=True)


if __name__ == "__main__":
    main()
