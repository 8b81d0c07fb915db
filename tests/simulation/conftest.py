"""A phone that walks in a garden, a server, and the network between them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sync.ids import occurrence_id
from sync.phone.phone import Phone, Ports
from sync.phone.plain import ManualClock, OwnLocks, SeededRandomness, StoredKeys
from sync.phone.store import Store
from sync.tags import tag_hash
from tests.api.field import garden
from tests.simulation.network import Network
from tests.simulation.reference import PIN, SITE, Server

__all__ = ["garden"]  # a fixture of the real server, used by its name

T0 = 1_795_438_800_000
GUARD = "6f1e5a3e-2222-4c1a-9d8e-0a0b0c0d0e02"
ROUTE = "6f1e5a3e-9999-4c1a-9d8e-0a0b0c0d0e09"
PLAN = "6f1e5a3e-7777-4c1a-9d8e-0a0b0c0d0e07"
FORM = "6f1e5a3e-6666-4c1a-9d8e-0a0b0c0d0e06"
ROUND = occurrence_id(PLAN, T0)
TOKENS = ["7F3K92QD0ABCDEF0", "7F3K92QD0ABCDEF1", "7F3K92QD0ABCDEF2"]
CHECKPOINTS = [f"6f1e5a3e-4444-4c1a-9d8e-00000000000{i}" for i in range(3)]
STOPS = [f"6f1e5a3e-5555-4c1a-9d8e-00000000000{i}" for i in range(3)]


@dataclass
class World:
    """Everything of a scenario."""

    server: Server
    network: Network
    clock: ManualClock
    phone: Phone

    def another_phone_on(self, store: Store, seed: str) -> Phone:
        """Return the phone that lives in `store`: restarted, restored or cloned."""
        randomness = SeededRandomness(seed)
        keys = StoredKeys(store, randomness)
        return Phone(Ports(store, self.network, self.clock, randomness, keys, OwnLocks()), app="0.1.0")

    def pass_time(self, ms: int) -> None:
        """Let time pass for phone and server alike."""
        self.clock.advance(ms)
        self.server.now_ms += ms

    def assert_everything_arrived(self, phone: Phone) -> None:
        """Stored on the phone means identical bytes on the server, each once (I1 to I4)."""
        assert phone.all_sent()
        for record in phone.store.records():
            assert self.server.records[record.hash].body == record.wire.body
        for state in ("waiting", "corrupt"):
            assert phone.store.uploads(state=state) == []
        for _log, sha256 in phone.store.uploads(state="done"):
            assert sha256 in self.server.photos


def furnish(server: Server) -> None:
    """Publish a garden: three checkpoints with tags, a form at the second, a route, a round."""
    for i, (checkpoint, token) in enumerate(zip(CHECKPOINTS, TOKENS, strict=True), start=1):
        name = {"zh": f"点位 {i}", "en": f"Point {i}"}
        body = {"id": checkpoint, "number": f"0{i}", "name": name, "zone": None, "retired": False}
        server.publish("checkpoint", checkpoint, 1, body)
        tag = f"6f1e5a3e-aaaa-4c1a-9d8e-00000000000{i}"
        target = {"kind": "checkpoint", "id": checkpoint}
        tag_body = {"id": tag, "hash": tag_hash(token), "target": target, "version": 1, "retired": False}
        server.publish("tag", tag, 1, tag_body)
    fields = [
        {
            "id": "pressure",
            "kind": "number",
            "label": {"zh": "压力", "en": "Pressure"},
            "required": True,
            "decimals": 2,
        },
        {"id": "remark", "kind": "text", "label": {"zh": "备注", "en": "Remark"}},
    ]
    name = {"zh": "泵房", "en": "Pump room"}
    server.publish("form", FORM, 1, {"id": FORM, "name": name, "edition": 1, "fields": fields})
    stops = [
        {"id": stop, "number": i, "target": {"kind": "checkpoint", "id": checkpoint}, "form": form}
        for i, (stop, checkpoint, form) in enumerate(
            zip(STOPS, CHECKPOINTS, [None, FORM, None], strict=True), start=1
        )
    ]
    server.publish("route", ROUTE, 1, {"id": ROUTE, "name": name, "order": "free", "stops": stops})
    plan = {
        "id": PLAN,
        "name": name,
        "route": ROUTE,
        "demand": None,
        "crew": 1,
        "grace_min": 60,
        "team": None,
    }
    server.publish("plan", PLAN, 1, plan)
    window = {"from_ms": T0, "to_ms": T0 + 3_600_000, "grace_ms": T0 + 7_200_000}
    server.publish("occurrence", ROUND, 1, {"id": ROUND, "plan": PLAN, **window, "excused": None})
    person = {"id": GUARD, "name": "魏强", "number": "07", "role": "worker", "team": None}
    server.publish("person", GUARD, 1, {**person, "site": SITE})


@pytest.fixture
def world() -> World:
    """Return a world in which the guard's phone has joined and pulled, and the guard is signed in."""
    server = Server(T0)
    furnish(server)
    network = Network(server.request)
    clock = ManualClock(T0)
    store = Store()
    randomness = SeededRandomness("the guard's phone")
    ports = Ports(store, network, clock, randomness, StoredKeys(store, randomness), OwnLocks())
    world = World(server, network, clock, Phone(ports, app="0.1.0"))
    world.phone.enrol(server.enrolment_code(), name="4 号手机")
    server.state = "active"
    assert world.phone.confirm() == "active"
    assert world.phone.sync().complete
    assert world.phone.sign_in(GUARD, PIN).ok
    return world
