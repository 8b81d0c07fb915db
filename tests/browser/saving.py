"""Saving until the browser dies: the driver of the kills, short in the tests and long in its own harness.

A journal holds what the screen showed as saved. After each death it is compared with what the
phone's database holds, and at the end with what the server has.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

from playwright.sync_api import Error, expect

from sync.chain import Link, first_break
from sync.encoding import sha256_hex
from sync.records import read_place
from tests.browser.pocket import Pocket

MOST_S = 1.5
"""So long the page saves before it is killed, at most."""

DELIVERY_S = 60
"""So long everything may take to be received, on a machine with other work."""


@dataclass
class Journal:
    """Notes of the findings that the screen showed as saved, in their order."""

    seen: list[str] = field(default_factory=list)
    tried: int = 0

    def note(self, note: str) -> None:
        """Keep what the screen showed as saved."""
        self.seen.append(note)


def save_until_killed(phone: Pocket, journal: Journal, *, seed: int) -> None:
    """Save one finding after the other through the app's own screens; SIGKILL at a random moment."""
    random = Random(seed)
    after_s = random.uniform(0.3, MOST_S)
    begun = time.monotonic()
    phone.page.expose_function("journal", journal.note)
    phone.page.evaluate(_SAVING, {"prefix": f"kill {seed} · "})
    # the page saves by itself: nothing in this process waits while the time passes
    while time.monotonic() - begun < after_s:
        with contextlib.suppress(Error):
            phone.page.wait_for_timeout(20)
    phone.browser.kill()
    journal.tried += 1


def reopen(phone: Pocket) -> None:
    """Open the browser again on its profile, without a network."""
    phone.page = phone.browser.open()
    phone.browser.context.set_offline(True)
    phone.page.goto(f"{phone.url}/app/#/")
    expect(phone.page.get_by_role("heading", level=1, name=phone.w("today.title"))).to_be_visible()


def judge(phone: Pocket, journal: Journal) -> None:
    """Every note that was shown as saved is in the database, and the chain is whole."""
    rows = log_of(phone)
    notes = {row["private"]["note"]["value"] for row in rows if "note" in row["private"]}
    lost = [note for note in journal.seen if note not in notes]
    assert not lost, f"shown as saved and gone: {lost}"
    links = []
    for row in rows:
        place = read_place(row["body"])
        assert place is not None
        assert sha256_hex(row["body"].encode()) == row["hash"]
        links.append(Link(place.seq, place.prev, row["hash"], row["body"], row["sig"]))
    assert first_break(links) is None


def deliver(phone: Pocket) -> None:
    """Find the network again and wait until everything was received."""
    phone.browser.context.set_offline(False)
    phone.page.goto(f"{phone.url}/app/#/log")
    phone.page.reload()
    deadline = time.monotonic() + DELIVERY_S
    # what the screen shows is not asked: before it is drawn it shows nothing that waits, either
    while waiting := sum("unsent" in row for row in log_of(phone)):
        assert time.monotonic() < deadline, f"{waiting} records still wait"
        phone.page.wait_for_timeout(100)
    expect(phone.page.get_by_role("heading", level=1, name=phone.w("log.title"))).to_be_visible()
    expect(phone.page.get_by_text(phone.w("log.here"), exact=True)).to_have_count(0)


def hashes_of(phone: Pocket, notes: list[str]) -> set[str]:
    """Return the hashes of the records with these notes."""
    return {row["hash"] for row in log_of(phone) if row["private"].get("note", {}).get("value") in set(notes)}


def log_of(phone: Pocket) -> list[dict[str, Any]]:
    """Return the rows of the phone's log in their order."""
    text = phone.page.evaluate(
        """() => new Promise((done, failed) => {
          const opening = indexedDB.open("roundsman");
          opening.onerror = () => failed(opening.error);
          opening.onsuccess = () => {
            const reading = opening.result.transaction("log").objectStore("log").index("place").getAll();
            reading.onsuccess = () => { opening.result.close(); done(JSON.stringify(reading.result)); };
          };
        })"""
    )
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


_SAVING = """({ prefix }) => {
  const until = async (find) => {
    for (;;) {
      const found = find();
      if (found) return found;
      await new Promise((next) => setTimeout(next, 5));
    }
  };
  const type = (area, text) => {
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const save = async () => {
    for (let n = 1; ; n += 1) {
      const note = `${prefix}${n}`;
      location.hash = "#/finding";
      const area = await until(() => document.querySelector("textarea"));
      (await until(() => document.querySelector("input[type=radio]"))).click();
      type(area, note);
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
