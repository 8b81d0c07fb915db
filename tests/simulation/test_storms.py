"""Random storms: phones that save, send, die and come back on a network that does its worst.

Each seed is a different storm and always the same one; a failure names its seed.
"""

from __future__ import annotations

import random

import pytest

from sync.chain import missing_ranges
from sync.messages import STORED_OUTCOMES
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.saving import Picture
from sync.phone.store import Store
from tests.simulation import network as faults
from tests.simulation.conftest import GUARD, ROUND, TOKENS, World
from tests.simulation.reference import PIN

WORST = (
    faults.lost_request,
    faults.lost_answer,
    faults.doubled,
    faults.cut_answer,
    faults.cut_request,
    faults.captive_portal,
    faults.liar,
    faults.server_error,
)
STEPS = 60


def another_phone(world: World, seed: str) -> Phone:
    store = Store()
    randomness = SeededRandomness(seed)
    ports = Ports(store, world.network, world.clock, randomness, StoredKeys(store, randomness), OwnLocks())
    phone = Phone(ports, app="0.1.0")
    phone.enrol(world.server.enrolment_code())
    phone.confirm()
    assert phone.sync().complete
    assert phone.sign_in(GUARD, PIN).ok
    return phone


def assert_nothing_false(world: World, phone: Phone) -> None:
    """I1: what a phone holds as stored is on the server, byte for byte."""
    for record in phone.store.records():
        if record.stored:
            assert record.outcome in STORED_OUTCOMES
            raw = world.server.raw.get(record.hash, b"").decode()
            kept = world.server.records.get(record.hash)
            assert record.wire.body in (raw, kept and kept.body)
    for _log, sha256 in phone.store.uploads(state="done"):
        assert sha256 in world.server.photos


@pytest.mark.parametrize("seed", range(25))
def test_after_any_storm_everything_is_where_it_belongs(world: World, seed: int) -> None:
    dice = random.Random(seed)
    phones = [world.phone, another_phone(world, f"second {seed}")]
    saved: set[str] = set()
    version = 1

    for step in range(STEPS):
        i = dice.randrange(len(phones))
        phone = phones[i]
        world.pass_time(dice.randrange(1, 900_000))
        match dice.choice(["scan", "finding", "sync", "sync", "kill", "publish"]):
            case "scan":
                saved.add(phone.scan(dice.choice(TOKENS), occurrence=ROUND).hash)
            case "finding":
                photo = Picture(dice.randbytes(40))
                saved.add(phone.finding("dirt", note=f"{step}", photos=[photo]).hash)
            case "sync":
                world.network.faults = [
                    ("/", dice.choice(WORST)) for _ in range(dice.choice([0, 0, 1, 2, 4]))
                ]
                phone.sync()
                world.network.faults = []
            case "kill":
                phones[i] = world.another_phone_on(phone.store, f"{seed} {step}")
            case "publish":
                version += 1
                body = None if dice.random() < 0.3 else {"id": GUARD, "name": f"{version}"}
                world.server.publish("team", GUARD, version, body)
        for each in phones:
            assert_nothing_false(world, each)

    for phone in phones:
        for _ in range(3):
            report = phone.sync()
        assert report.complete, report
        assert phone.all_sent()
        assert_nothing_false(world, phone)
        assert len(phone.store.heads()) == 1
        seqs = [record.seq for record in phone.store.records()]
        assert missing_ranges(seqs, upto=len(seqs)) == []
    on_phones = {record.hash for phone in phones for record in phone.store.records()}
    assert saved <= on_phones
    assert on_phones == set(world.server.records) | set(world.server.raw)
    assert phones[0].store.all_rows() == phones[1].store.all_rows()
