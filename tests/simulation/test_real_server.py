"""The same bad networks against the real server, on both databases."""

from __future__ import annotations

import contextvars
import io
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from server.feed import service as feed
from server.ledger.models import Blob, Device, Receipt, Record, Verdict
from server.people import service as people
from sync.encoding import ZERO_HASH
from sync.messages import STORED_OUTCOMES
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.saving import Draft, Picture
from sync.phone.store import Store
from sync.receipts import ledger_step, parse_receipt
from tests.api.field import PIN, Garden, stored
from tests.conftest import PUBLIC_URL, FakeClock
from tests.simulation.network import Answer, Fault, Network
from tests.simulation.test_rounds_and_networks import EVERY_FAULT, EVERY_STEP
from tests.simulation.test_storms import WORST

SEEDS = 4
STEPS = 40


def photo(number: int) -> Picture:
    """Return a small JPEG, another one for each number."""
    data = io.BytesIO()
    Image.new("RGB", (16, 16), (number % 256, number // 256 % 256, 9)).save(data, "JPEG")
    return Picture(data.getvalue())


def in_process(app: Flask) -> Network:
    """Return the network to an application in this very process."""
    client = app.test_client(use_cookies=False)

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        # A context of its own, as a request from outside has.
        response = contextvars.Context().run(
            client.open, path, method=method, base_url=PUBLIC_URL, headers=dict(headers), data=body
        )
        return response.status_code, dict(response.headers), response.get_data()

    return Network(send)


@dataclass
class PhoneClock:
    """A phone's clocks, which follow the server's time."""

    server: FakeClock
    began_ms: int = field(init=False)

    def __post_init__(self) -> None:
        self.began_ms = self.server.ms

    def wall(self) -> int:
        return self.server.ms

    def mono(self) -> int:
        return self.server.ms - self.began_ms


@dataclass
class Estate:
    """The garden, a network to its server, and phones."""

    garden: Garden
    network: Network

    def phone_on(self, store: Store, seed: str) -> Phone:
        """Return the phone that lives in `store`."""
        randomness = SeededRandomness(seed)
        keys = StoredKeys(store, randomness)
        clock = PhoneClock(self.garden.clock)
        return Phone(Ports(store, self.network, clock, randomness, keys, OwnLocks()), app="0.1.0")

    def new_phone(self, seed: str) -> Phone:
        """Return a phone that has joined and pulled; Wang is signed in."""
        phone = self.phone_on(Store(), seed)
        word = phone.enrol(self.garden.code())
        device = self.garden.session.get_one(Device, UUID(phone.store.meta("device")))
        assert device.check_word == word
        device.state = "active"
        self.garden.session.commit()
        assert phone.confirm() == "active"
        report = phone.sync()
        assert report.complete, report
        assert phone.sign_in(str(self.garden.people["wang"]), PIN).ok
        return phone

    def hire(self, number: int) -> None:
        """Let a guard begin at the site: rows for every phone."""
        session = self.garden.session
        person = people.make_person(
            session,
            organisation=self.garden.organisation,
            name=f"guard {number}",
            number=f"9{number}",
            trade="guard",
            administrator=False,
            login=None,
            now_ms=self.garden.clock.ms,
        )
        person.pin_hash = stored(PIN)
        session.flush()
        people.join(session, person=person, site=self.garden.site, role="worker")
        feed.commit(session, now_ms=self.garden.clock.ms)

    def bodies(self) -> dict[str, str]:
        """Return what the ledger holds: hash → body; a hash is there once."""
        records = self.garden.all(select(Record).order_by(Record.ledger_pos))
        found = {record.hash: record.body.decode() for record in records}
        assert len(found) == len(records)
        return found

    def assert_nothing_false(self, *phones: Phone) -> None:
        """What a phone holds as stored, the server has, byte for byte."""
        bodies = self.bodies()
        photos = set(self.garden.all(select(Blob.sha256)))
        for phone in phones:
            for record in phone.store.records():
                if record.stored:
                    assert record.outcome in STORED_OUTCOMES
                    assert bodies[record.hash] == record.wire.body
            for _log, sha256 in phone.store.uploads(state="done"):
                assert sha256 in photos

    def assert_whole(self, *phones: Phone) -> None:
        """Everything arrived, each record once, and the ledger's chain is that of the receipts."""
        self.assert_nothing_false(*phones)
        on_phones = {record.hash for phone in phones for record in phone.store.records()}
        assert all(phone.all_sent() for phone in phones)
        assert on_phones == set(self.bodies())
        chain = ZERO_HASH
        chains = {0: chain}
        for record in self.garden.all(select(Record).order_by(Record.ledger_pos)):
            chain = ledger_step(chain, record.hash)
            chains[record.ledger_pos] = chain
        for text in self.garden.all(select(Receipt.body)):
            receipt = parse_receipt(text)
            assert receipt is not None
            assert receipt.ledger_chain == chains[receipt.ledger_pos]


@pytest.fixture
def estate(garden: Garden, app: Flask) -> Estate:
    return Estate(garden, in_process(app))


@pytest.mark.parametrize("fault", EVERY_FAULT.values(), ids=EVERY_FAULT.keys())
def test_one_fault_anywhere_costs_a_round_and_nothing_else(estate: Estate, fault: Fault) -> None:
    phone = estate.new_phone("a")
    for number, step in enumerate(EVERY_STEP):
        phone.scan("https://x/t/0000000000000000")
        phone.finding("dirt", note="积水", photos=[photo(2 * number), photo(2 * number + 1)])
        estate.hire(number)
        estate.network.fail(step, fault)

        phone.sync()
        estate.assert_nothing_false(phone)

        report = phone.sync()
        assert report.complete, (step, report)
        assert estate.network.faults == []
        estate.assert_whole(phone)
        assert f"guard {number}" in [person.body["name"] for person in phone.rows("person")]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_any_storm_everything_is_where_it_belongs(estate: Estate, seed: int) -> None:
    dice = random.Random(seed)
    storm: tuple[Fault, ...] = WORST
    phones = [estate.new_phone(f"a {seed}"), estate.new_phone(f"b {seed}")]

    for step in range(STEPS):
        i = dice.randrange(2)
        phone = phones[i]
        estate.garden.clock.forward(s=dice.randrange(1, 900))
        match dice.choice(["scan", "finding", "sync", "sync", "kill", "hire"]):
            case "scan":
                phone.scan("https://x/t/0000000000000000")
            case "finding":
                phone.finding("dirt", note=f"{step}", photos=[photo(step)])
            case "sync":
                times = dice.choice([0, 0, 1, 2, 4])
                estate.network.faults = [("/", dice.choice(storm)) for _ in range(times)]
                phone.sync()
                estate.network.faults = []
            case "kill":
                phones[i] = estate.phone_on(phone.store, f"{seed} {step}")
            case "hire":
                estate.hire(step)
        estate.assert_nothing_false(*phones)

    for phone in phones:
        for _ in range(3):
            report = phone.sync()
        assert report.complete, report
    for phone in phones:
        assert phone.sync().complete
    estate.assert_whole(*phones)
    assert phones[0].store.all_rows() == phones[1].store.all_rows()
    open_verdicts = select(Verdict.outcome).where(Verdict.outcome.in_(["held", "forked"]))
    assert estate.garden.all(open_verdicts) == []


def test_a_phone_restored_from_a_backup_opens_a_new_log_and_sends_all_again(estate: Estate) -> None:
    phone = estate.new_phone("a")
    backup = phone.store.copy()
    phone.finding("dirt")
    phone.sync()
    old = phone.log

    restored = estate.phone_on(backup, "restored")
    restored.finding("hazard")
    first, second = restored.sync(), restored.sync()

    assert first.rotated
    assert second.complete, second
    assert restored.log != old
    estate.assert_whole(phone, restored)
    outcomes = {record.type: record.outcome for record in restored.store.records(restored.log)}
    assert outcomes == {"log.open": "applied"}


def test_of_two_clones_each_ends_with_a_log_of_its_own(estate: Estate) -> None:
    phone = estate.new_phone("a")
    clone = estate.phone_on(phone.store.copy(), "clone")
    phone.finding("dirt")
    clone.finding("hazard")
    clone.finding("blocked")

    for _ in range(3):
        phone.sync()
        clone.sync()

    assert phone.log != clone.log
    for each in (phone, clone):
        each.finding("other")
        report = each.sync()
        assert report.complete, report
        assert each.store.records(each.log)[-1].outcome == "applied"
    estate.assert_whole(phone, clone)


def test_a_fork_is_kept_beside_what_it_forks_from(estate: Estate) -> None:
    phone = estate.new_phone("a")
    clone = estate.phone_on(phone.store.copy(), "clone")
    mine, other = phone.finding("dirt"), clone.finding("hazard")
    assert mine.seq == other.seq

    phone.sync()
    clone.sync()

    bodies = estate.bodies()
    assert bodies[mine.hash] == mine.wire.body
    assert bodies[other.hash] == other.wire.body


def test_a_record_type_from_tomorrow_is_kept(estate: Estate) -> None:
    phone = estate.new_phone("a")
    site = phone.store.meta("site") or ""
    record = phone.saver.save(Draft("key.loan", lambda _log, _seq: {"key": 7}, phone.person, site))
    phone.finding("dirt")

    assert phone.sync().complete

    kept = phone.store.record(record.hash)
    assert kept is not None
    assert (kept.outcome, kept.code) == ("quarantined", "unknown_type")
    assert phone.store.records()[-1].outcome == "applied"
    estate.assert_whole(phone)


def test_the_server_takes_the_very_longest_body_and_one_more_goes_as_raw_bytes(estate: Estate) -> None:
    phone = estate.new_phone("a")
    site = phone.store.meta("site") or ""

    def long(size: int) -> str:
        draft = Draft("later", lambda _log, _seq: {"x": "x" * size}, phone.person, site)
        return phone.saver.save(draft).hash

    just, over = long(260_000), long(263_000)
    phone.finding("dirt")

    for _ in range(2):
        report = phone.sync()

    assert report.complete, report
    codes = {record.hash: record.code for record in phone.store.records()}
    assert (codes[just], codes[over]) == ("unknown_type", "too_large")
    estate.assert_whole(phone)
