"""What a harness breaks a server with: a site, phones that walk and send, an office that changes things.

Every phone keeps a journal of what the server acknowledged to it. The journal is the truth that the
server's data are compared with, whatever was done to the server.
"""

from __future__ import annotations

import io
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from PIL import Image
from sqlalchemy import create_engine, update
from sqlalchemy.pool import NullPool

from server import clock, migrate
from server.app import create_app
from server.config import Settings
from server.db import db
from server.feed import service as feed
from server.ledger.models import Device
from server.people import passwords
from server.people import service as people
from server.people.access import COOKIE
from server.sites import service as sites
from sync.encoding import sha256_hex
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.ports import NetError
from sync.phone.saving import Picture
from tests.faults.journals import TIMEOUT_S, Gate, Journal, JournalStore, Wire
from tests.logins import begin_session

PIN = "240617"


class SystemClock:
    """The machine's clocks."""

    def wall(self) -> int:
        return clock.system_ms()

    def mono(self) -> int:
        return time.monotonic_ns() // 1_000_000


def picture(dice: random.Random, kib: int) -> Picture:
    """Return a JPEG of about so many KiB that no other picture equals."""
    side = max(16, int((kib * 1024 / 1.6) ** 0.5))
    data = io.BytesIO()
    Image.frombytes("L", (side, side), dice.randbytes(side * side)).save(data, "JPEG", quality=90)
    return Picture(data.getvalue())


@dataclass(frozen=True)
class Founded:
    """The site, as it was set up."""

    organisation: UUID
    site: UUID
    worker: UUID
    cookie: str
    """The cookie of somebody who may change everything in the console."""
    codes: list[str]
    """Enrolment codes, one per phone."""


def found(*, data_dir: Path, database_url: str, url: str, phones: int) -> Founded:
    """Migrate the database and set up a site with one worker; no server runs yet."""
    settings = Settings(data_dir=data_dir, database_url=database_url, public_url=url, pwa_dir=data_dir)
    app = create_app(settings)
    now = clock.system_ms()
    with app.app_context():
        migrate.upgrade(db.engine)
        session = db.session()
        company = people.make_organisation(session, name="Green Estates", now_ms=now)
        site = sites.make_site(
            session,
            organisation_id=company.id,
            name={"zh": "花园", "en": "Garden"},
            time_zone="Asia/Shanghai",
        )
        cast = []
        for number, (name, administrator, login) in enumerate((("ada", True, "ada"), ("wang", False, None))):
            person = people.make_person(
                session,
                organisation=company.id,
                name=name,
                number=str(number + 1),
                trade=None if administrator else "guard",
                administrator=administrator,
                login=login,
                now_ms=now,
            )
            person.pin_hash = None if administrator else passwords.make_hash(PIN)
            cast.append(person)
        session.flush()
        people.join(session, person=cast[1], site=site.id, role="worker")
        token = begin_session(session, cast[0].id, now_ms=now)
        codes = [
            people.start_enrolment(
                session,
                organisation=company.id,
                site=site.id,
                name=f"phone {number}",
                made_by=None,
                public_url=url,
                now_ms=now,
            ).code
            for number in range(phones)
        ]
        made = Founded(company.id, site.id, cast[1].id, f"{COOKIE}={token}", codes)
        feed.commit(session, now_ms=now)
        db.session.remove()
        db.engine.dispose()
    return made


MOST_UNSENT = 200
"""A phone with so many records waiting captures no more: an outage must not become a test of patience."""

_JOINING = threading.Lock()
"""Phones of one address join one after the other: the server counts codes that were not right yet."""


class Walker:
    """One phone and the thread in which it lives: captures, sends, and goes on whatever happens."""

    def __init__(
        self, founded: Founded, number: int, port: int, gate: Gate, *, seed: int, photo_kib: int
    ) -> None:
        self.journal = Journal()
        self.wire = Wire(port, gate, self.journal)
        self.dice = random.Random(f"{seed} {number}")
        self._founded = founded
        self.number = number
        self._photo_kib = photo_kib
        self._stop = threading.Event()
        self._drain = threading.Event()
        self.failed: BaseException | None = None
        self.unsent = 0
        """What it still has to send, as of its last round."""
        self.checkpoints: set[str] = set()
        """The ids of the checkpoints that it knows at its end."""
        self.joined = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"phone {number}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def drain(self) -> None:
        """Capture nothing more; send what is there, and end."""
        self._drain.set()

    def stop(self) -> None:
        """End after the round in hand."""
        self._stop.set()

    def join(self, within_s: float) -> None:
        """Wait for its end."""
        self._thread.join(within_s)
        assert not self._thread.is_alive(), f"{self._thread.name} is not drained: {self.journal.statuses}"
        if self.failed is not None:
            raise self.failed

    @property
    def is_done(self) -> bool:
        """Whether it has ended."""
        return not self._thread.is_alive()

    def _live(self) -> None:
        try:
            phone = self.make_phone()
            self.enrol(phone)
            self.begin(phone)
            self.joined.set()
            while not self._stop.is_set():
                draining = self._drain.is_set()
                if not draining and self.unsent < MOST_UNSENT:
                    self._capture(phone)
                pulled = self.wire.pulled
                report = phone.sync()
                self.unsent = phone.store.count_unsent()
                if draining and report.complete and phone.all_sent() and self.wire.pulled > pulled:
                    break
                if not report.complete:
                    time.sleep(self.dice.uniform(0.05, 0.3))
            self.checkpoints = {row.id for row in phone.rows("checkpoint")}
        except BaseException as error:  # told by `join`
            self.failed = error
            self.joined.set()
        finally:
            self.wire.close()

    def make_phone(self) -> Phone:
        """Return the phone; it lives in this thread alone."""
        store = JournalStore()
        store.journal = self.journal
        randomness = SeededRandomness(f"{self.dice.random()}")
        ports = Ports(store, self.wire, SystemClock(), randomness, StoredKeys(store, randomness), OwnLocks())
        return Phone(ports, app="0.1.0")

    def enrol(self, phone: Phone) -> None:
        """Ask to join; somebody has to confirm it."""
        with _JOINING:
            phone.enrol(self._founded.codes[self.number])
        self.device = UUID(phone.store.meta("device"))

    def begin(self, phone: Phone) -> None:
        """Wait until it is confirmed, and begin the log and the shift."""
        while phone.confirm() != "active":
            time.sleep(0.05)
        phone.store.set_meta("person", str(self._founded.worker))
        self.note_captured(phone)

    def note_captured(self, phone: Phone) -> None:
        """Write down every record that the phone has."""
        self.journal.captured.update(record.hash for record in phone.store.records())

    def _capture(self, phone: Phone) -> None:
        before = phone.store.heads()[-1]
        self._do_something(phone)
        log = phone.store.records(before.log)
        self.journal.captured.update(record.hash for record in log if record.seq > before.seq)

    def _do_something(self, phone: Phone) -> None:
        for _ in range(self.dice.randint(1, 4)):
            match self.dice.choice(["scan", "scan", "finding", "photo"]):
                case "scan":
                    phone.scan("https://x/t/0000000000000000")
                case "finding":
                    phone.finding("dirt", note="积水 🚰", urgency="urgent")
                case "photo":
                    kib = self.dice.choice([2, self._photo_kib])
                    photo = picture(self.dice, kib)
                    phone.finding("damage", photos=[photo])
                    self.journal.named.add(sha256_hex(photo.data))


class Office:
    """Somebody in the console who makes checkpoints: the rows of the feed."""

    def __init__(self, founded: Founded, url: str, gate: Gate) -> None:
        self.journal = Journal()
        self._founded = founded
        self._url = url
        self._wire = Wire(int(url.rpartition(":")[2]), gate, self.journal)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live, name="office", daemon=True)
        self.made = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End after the request in hand."""
        self._stop.set()
        self._thread.join(TIMEOUT_S + 20)

    def _live(self) -> None:
        headers = {
            "Content-Type": "application/json",
            "Cookie": self._founded.cookie,
            "Origin": self._url,
            "Sec-Fetch-Site": "same-origin",
        }
        while not self._stop.wait(0.05):
            self.made += 1
            body = {"number": f"{self.made}", "name": {"zh": f"点位 {self.made}", "en": ""}, "zone": None}
            path = f"/api/v1/sites/{self._founded.site}/checkpoints"
            try:
                status, _, answer = self._wire.request("POST", path, headers, json.dumps(body).encode())
            except NetError:
                continue
            if status == 201:
                self.journal.places.add(str(json.loads(answer)["id"]))
        self._wire.close()


@dataclass
class Field:
    """All phones, the office, and the gate before which they stand when something is done to the server."""

    founded: Founded
    url: str
    seed: int
    phones: int
    photo_kib: int = 60
    gate: Gate = field(default_factory=Gate)
    walkers: list[Walker] = field(default_factory=list)
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        port = int(self.url.rpartition(":")[2])
        self.office = Office(self.founded, self.url, self.gate)
        self.walkers = [
            Walker(self.founded, n, port, self.gate, seed=self.seed, photo_kib=self.photo_kib)
            for n in range(self.phones)
        ]

    def start(self, confirm: Callable[[], None]) -> None:
        """Let everybody join and begin.

        :param confirm: confirms every phone that waits, as a supervisor does
        """
        for walker in self.walkers:
            walker.start()
        while not all(walker.joined.is_set() for walker in self.walkers):
            confirm()
            time.sleep(0.05)
        for walker in self.walkers:
            if walker.failed:
                raise walker.failed
        self.office.start()

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Hold back every request while something is looked at or put in order."""
        self.gate.close()
        try:
            yield
        finally:
            self.gate.open()

    def wait_until_all_wait(self) -> None:
        """Wait until nobody has a request out: what was acknowledged is in the journals."""
        self.gate.wait_for(sum(not walker.is_done for walker in self.walkers) + 1)

    def drain(self, within_s: float = 120) -> None:
        """End the office, and wait until every phone has sent everything."""
        self.office.stop()
        for walker in self.walkers:
            walker.drain()
        for walker in self.walkers:
            walker.join(within_s)

    def who_missed_rows(self, places: set[str]) -> list[str]:
        """Return which phones do not know just those checkpoints, after `drain`."""
        return [
            f"phone {walker.number} lacks {len(places - walker.checkpoints)} rows, "
            f"has {len(walker.checkpoints - places)} that are gone"
            for walker in self.walkers
            if walker.checkpoints != places
        ]

    def abandon(self) -> None:
        """Let everybody go home as they are: for the end of a failed run."""
        for walker in self.walkers:
            walker.stop()
        self.office._stop.set()
        self.gate.open()

    @property
    def journal(self) -> Journal:
        """Everything that was acknowledged, to anybody."""
        whole = Journal()
        for journal in [*(walker.journal for walker in self.walkers), self.office.journal]:
            whole.captured |= journal.captured
            whole.records |= journal.records
            whole.photos |= journal.photos
            whole.named |= journal.named
            whole.places |= journal.places
            whole.statuses.update(journal.statuses)
            whole.unfriendly.extend(journal.unfriendly)
        return whole


def confirm_all(database_url: str, *, device: UUID | None = None) -> None:
    """Confirm every phone that waits, or one."""
    engine = create_engine(database_url, poolclass=NullPool)
    waiting = Device.state == "waiting"
    with engine.begin() as connection:
        connection.execute(
            update(Device).where(waiting if device is None else Device.id == device).values(state="active")
        )
