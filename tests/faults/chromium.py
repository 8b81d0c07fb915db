"""The app in a real Chromium: killed while it saves, and its disk cut off from the power.

    python -m tests.faults.chromium kill --kills 30 [--seed 1]
    python -m tests.faults.chromium powercut --cuts 3 [--seed 1]

What the screen showed as saved is in the phone's database after every death, its chain is whole, and
in the end the server has all of it. SIGKILL alone cannot tell strict from relaxed durability: the
kernel keeps what the browser wrote. So the power is cut too, with the profile on an ext4 image.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, Playwright, sync_playwright

from tests.browser import saving
from tests.browser.chromium import DESK, PHONE, Chromium
from tests.browser.desk import Desk
from tests.browser.pocket import Pocket
from tests.browser.served import Served
from tests.browser.words import Words
from tests.faults.disks import Image, image, why_no_mounts
from tests.faults.engines import Failed
from tests.faults.truth import OUTCOMES, read

GUARD = "王海生"
IMAGE_MIB = 512
FIRST_S = 60.0
"""So long the first note of a cut may take to be shown as saved, on a machine with other work."""

RELAXED = """(() => {
  const right = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    return right.call(this, stores, mode, { ...options, durability: "relaxed" });
  };
})()"""
"""The negative control: every transaction is done before it is on the disk."""


@dataclass
class Phone:
    """A guard's phone whose profile lies where it is told, and its server."""

    served: Served
    pocket: Pocket

    def finish(self) -> str:
        """Deliver everything and return the conservation equation.

        :raises Failed: something that was saved is not at the server
        """
        saving.deliver(self.pocket)
        captured = {row["hash"] for row in saving.log_of(self.pocket)}
        var = self.served.folder / "var"
        held = read(database_url=f"sqlite:///{var / 'roundsman.db'}", data_dir=var)
        outcomes = list(held.records.values())
        parts = " + ".join(f"{outcomes.count(name)} {name}" for name in OUTCOMES)
        text = f"captured {len(captured)} = {parts} + {len(captured - held.records.keys())} pending"
        if captured != held.records.keys() or held.wrong:
            raise Failed(f"{text}; {held.wrong}")
        return text


@contextmanager
def phone(playwright: Playwright, folder: Path, profile: Path) -> Iterator[Phone]:
    """Lend a phone that has joined, is signed in and has lost its network."""
    served = Served(folder / "served")
    desk_browser = Chromium(playwright, folder / "desk", DESK, "en-GB")
    browser = Chromium(playwright, profile, PHONE, "en-GB")
    try:
        served.start()
        desk = Desk(desk_browser.open(), Words("en"), served.url)
        desk.first_run(served.found(r"first-run\?code=(\S+)"))
        desk.make_site("幸福花园", "Happiness Garden")
        desk.make_guard(GUARD, "G01")
        pocket = Pocket.open(browser, Words("en"), served.url)
        desk.open("phones")
        pocket.join(desk.start_enrolment("Phone"))
        desk.confirm_phone("Phone")
        pocket.sign_in(GUARD)
        pocket.wait_until_ready()
        browser.context.set_offline(True)
        # it joined yesterday: what the browser keeps of the app itself has been on the disk since then
        pocket.page.wait_for_timeout(2_000)
        subprocess.run(["sync", "-f", str(profile)], check=True)
        yield Phone(served, pocket)
    finally:
        for each in (browser, desk_browser):
            with contextlib.suppress(Error):
                each.close()
        served.kill()


def kill(playwright: Playwright, folder: Path, *, kills: int, seed: int, say: bool = False) -> str:
    """Kill so often while it saves; return the conservation equation."""
    journal = saving.Journal()
    with phone(playwright, folder, folder / "profile") as lent:
        for number in range(kills):
            saving.save_until_killed(lent.pocket, journal, seed=seed * 1_000 + number)
            saving.reopen(lent.pocket)
            saving.judge(lent.pocket, journal)
            if say and (number + 1) % 10 == 0:
                print(f"  {number + 1} kills, {len(journal.seen)} shown as saved", flush=True)
        return f"{lent.finish()}; {len(journal.seen)} were shown as saved"


@dataclass
class OnADisk:
    """A phone whose profile lies on a disk that loses its power."""

    phone: Phone
    disk: Image
    folder: Path
    cuts: int = 0

    def powercut(self, *, cuts: int, seed: int, for_s: float = 4.0) -> str:
        """Cut the power so often while it saves; return the conservation equation.

        :raises Failed: something that was shown as saved is gone
        """
        journal = saving.Journal()
        pocket = self.phone.pocket
        for number in range(cuts):
            self._cut(journal, prefix=f"cut {seed} {number} · ", for_s=for_s)
            saving.reopen(pocket)
            if gone := self._lost(journal):
                raise Failed(f"cut {number + 1}: shown as saved and gone: {gone}")
            saving.judge(pocket, journal)
        text = self.phone.finish()
        return f"{text}; {len(journal.seen)} were shown as saved"

    def lost_when_relaxed(self, *, for_s: float = 4.0) -> tuple[int, int]:
        """Return how many notes shown as saved one cut takes from a relaxed app, and how many there were."""
        journal = saving.Journal()
        pocket = self.phone.pocket
        pocket.browser.context.set_offline(True)
        pocket.browser.context.add_init_script(RELAXED)
        pocket.page.reload()
        self._cut(journal, prefix="relaxed · ", for_s=for_s)
        pocket.page = pocket.browser.open()
        pocket.browser.context.set_offline(True)
        pocket.page.goto(f"{pocket.url}/app/#/")
        pocket.page.wait_for_timeout(500)
        try:
            gone = len(self._lost(journal))
        except Error:  # not even the database is there
            gone = len(journal.seen)
        return gone, len(journal.seen)

    def _cut(self, journal: saving.Journal, *, prefix: str, for_s: float) -> None:
        """Save for a while, and cut the power; the browser is closed, and finds what the disk holds."""
        pocket = self.phone.pocket
        pocket.page.expose_function("journal", journal.note)
        pocket.page.evaluate(saving._SAVING, {"prefix": prefix})
        before, begun = len(journal.seen), time.monotonic()
        while (took := time.monotonic() - begun) < for_s or len(journal.seen) == before:
            assert took < FIRST_S, "nothing was saved"
            pocket.page.wait_for_timeout(20)
        # notes that are still on their way to the journal were shown before this moment, too
        pocket.browser.freeze()
        left = self.disk.cut(self.folder / f"cut{self.cuts}.img")
        pocket.browser.kill()
        self.disk.unmount()
        self.disk.file.unlink()
        self.disk, self.cuts = left, self.cuts + 1
        left.mount()

    def _lost(self, journal: saving.Journal) -> list[str]:
        """Return the notes that were shown as saved and are not in the database."""
        notes = {row["private"].get("note", {}).get("value") for row in saving.log_of(self.phone.pocket)}
        return [note for note in journal.seen if note not in notes]


@contextmanager
def on_a_disk(playwright: Playwright, folder: Path) -> Iterator[OnADisk]:
    """Lend a phone whose profile lies on an image in `folder`; nothing stays mounted."""
    with image(folder / "image", mib=IMAGE_MIB) as disk:
        held = None
        try:
            with phone(playwright, folder, disk.at / "profile") as lent:
                held = OnADisk(lent, disk, folder / "image")
                yield held
        finally:
            if held is not None:
                held.disk.unmount()


def main() -> None:
    """Kill or cut, and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("what", choices=("kill", "powercut"))
    asked.add_argument("--kills", type=int, default=30)
    asked.add_argument("--cuts", type=int, default=3)
    asked.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    told = asked.parse_args()
    name = f"{told.what}-chromium"
    if told.what == "powercut" and (why := why_no_mounts()):
        print(f"{name}: not done here: {why}")
        return
    print(f"{name}: seed {told.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="rm-web-", dir="/tmp") as root, sync_playwright() as playwright:
        try:
            if told.what == "kill":
                text = kill(playwright, Path(root), kills=told.kills, seed=told.seed, say=True)
                print(f"{name}, {told.kills} kills, seed {told.seed}: {text}", flush=True)
                return
            with on_a_disk(playwright, Path(root)) as held:
                text = held.powercut(cuts=told.cuts, seed=told.seed)
                print(f"{name}, {told.cuts} cuts, seed {told.seed}: {text}", flush=True)
                gone, seen = held.lost_when_relaxed()
            print(f"{name}, control with relaxed durability: {gone} of {seen} lost", flush=True)
            if not gone:
                sys.exit(f"{name}: the control lost nothing: this harness sees nothing")
        except AssertionError as failed:
            sys.exit(f"{name}, seed {told.seed}: FAILED: {failed}")


if __name__ == "__main__":
    main()
