"""Write the corpus of a release, once: ``python -m tests.corpus.make 0.1.0``.

Every record type and every request as the release's phone writes it, from fixed keys and a fixed
clock. What stands there is never written again: a phone in somebody's drawer may still send it.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.geo import Geo
from sync.phone.phone import Phone, Ports
from sync.phone.plain import ManualClock, OwnLocks, SeededRandomness, StoredKeys
from sync.phone.saving import Draft, Picture
from sync.phone.store import Store
from sync.records import Base
from tests.simulation import conftest as garden
from tests.simulation import reference
from tests.simulation.network import Answer

FOLDER = Path(__file__).parent
LABEL = {"zh": "项", "en": "Item"}
FIELDS: list[dict[str, Any]] = [
    {"id": "pressure", "kind": "number", "label": LABEL, "required": True, "decimals": 2},
    {"id": "leaks", "kind": "check", "label": LABEL},
    {
        "id": "valve",
        "kind": "choice",
        "label": LABEL,
        "options": [
            {"id": "open", "label": LABEL, "fault": False},
            {"id": "stuck", "label": LABEL, "fault": True},
        ],
    },
    {"id": "remark", "kind": "text", "label": LABEL, "max": 200},
    {"id": "gauge", "kind": "photo", "label": LABEL, "min": 0},
]
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////"
    "////////////////////2wBDAf//////////////////////////////////////////////////////////////////////////"
    "////////////wAARCAABAAEDASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAAv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAU"
    "AQEAAAAAAAAAAAAAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AP//Z"
)


@dataclass
class Recorder:
    """The network to the reference server; it keeps the bytes of every kind of request."""

    server: reference.Server
    seen: dict[str, dict[str, object]] = field(default_factory=dict)

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        kind = path.rsplit("/", 1)[1] if "/sync/" in path else "blobs"
        kept = {name: value for name, value in headers.items() if name != "Authorization"}
        if kind != "blobs":
            sent = base64.b64encode(body).decode()
            packed = "-packed" if "Content-Encoding" in headers else ""
            self.seen.setdefault(
                kind + packed, {"method": method, "path": path, "headers": kept, "body": sent}
            )
        return self.server.request(method, path, headers, body)


def _corrupt(why: str) -> Callable[[str, int], dict[str, Any]]:
    """Return what makes the payload of a photo that was found damaged."""
    return lambda _log, _seq: {"sha256": "ab" * 32, "why": why}


def phone_on(recorder: Recorder, clock: ManualClock, seed: str, release: str, store: Store) -> Phone:
    """Return the phone of the corpus: its key comes from the seed."""
    randomness = SeededRandomness(seed)
    ports = Ports(store, recorder, clock, randomness, StoredKeys(store, randomness), OwnLocks())
    return Phone(ports, app=release)


def write_everything(phone: Phone, clock: ManualClock, server: reference.Server) -> None:
    """Save every record type in every variant that the app can make."""

    def later(ms: int = 30_000) -> None:
        clock.advance(ms)
        server.now_ms += ms

    round_id, tokens = garden.ROUND, garden.TOKENS
    later()
    phone.scan(tokens[0], occurrence=round_id, geo=Geo(251_234_567, 1_027_654_321, 8), frame=JPEG)
    later()
    visit = phone.scan(f"HTTPS://XJ.EXAMPLE/T/{tokens[1]}", occurrence=round_id, out_of_order=True)
    photo = Picture(JPEG, field="gauge")
    fault = Picture(JPEG + b"\0", field="leaks")
    phone.answers(
        visit,
        {"pressure": "0.45", "leaks": "fault", "valve": "stuck", "gauge": {"photos": 1}},
        texts={"remark": "地面潮湿", "leaks": "法兰渗水"},
        note="再看一次",
        photos=[photo, fault],
    )
    later()
    visit = phone.scan(tokens[1], occurrence=round_id, method="photo")
    phone.answers(visit, {"pressure": {"cannot_read": "dark"}, "leaks": "na"})
    later()
    phone.scan(tokens[2], method="typed", geo=Geo(-900_000_000, 1_800_000_000, None))
    phone.scan("https://x/t/0000000000000000")
    phone.scan("WIFI:S:guest;;", method="photo")
    for kind in ("damage", "hazard", "dirt", "blocked", "other"):
        later(5_000)
        phone.finding(kind, note="门坏了", urgency="urgent" if kind == "hazard" else "normal", scan=visit)
    phone.finding("other", photos=[Picture(JPEG + b"lost")])
    site, person = phone.store.meta("site") or "", phone.person
    entity = Base(garden.CHECKPOINTS[0], 4)
    finding = {"occurrence": None, "stop": None, "target": None, "urgency": "normal", "kind": "dirt"}
    phone.saver.save(Draft("finding", lambda _l, _s: finding, person, site, base=entity, deps=(visit.hash,)))
    for why in ("hash", "missing", "unreadable"):
        phone.saver.save(Draft("photo.corrupt", _corrupt(why), None, site))
    for reason in ("quiet", "switch"):
        phone.sign_out(reason)
        phone.sign_in(garden.GUARD, "000000")
        phone.sign_in(garden.GUARD, reference.PIN)
    phone.sign_out()
    clock.skew_ms = -3_650 * 24 * 3_600_000
    phone.saver.tz = "Europe/Berlin"
    phone.sign_in(garden.GUARD, reference.PIN)
    phone.finding("dirt")


def make(release: str) -> None:
    """Write the corpus of a release.

    :raises FileExistsError: it is there; what phones once wrote does not change
    """
    folder = FOLDER / release
    folder.mkdir()
    server = reference.Server(garden.T0)
    garden.furnish(server)
    name = {"zh": "泵房", "en": "Pump room"}
    server.publish("form", garden.FORM, 2, {"id": garden.FORM, "name": name, "edition": 2, "fields": FIELDS})
    recorder = Recorder(server)
    clock = ManualClock(garden.T0)
    phone = phone_on(recorder, clock, f"corpus {release}", release, Store())
    phone.enrol(server.enrolment_code(), name="4 号手机", capabilities={"camera": True, "storage": "kept"})
    server.state = "active"
    phone.confirm()
    phone.sync()
    phone.sign_in(garden.GUARD, reference.PIN)
    backup = phone.store.copy()
    write_everything(phone, clock, server)
    phone.sync()
    restored = phone_on(recorder, clock, f"corpus {release}, restored", release, backup)
    restored.finding("blocked")
    restored.sync()
    weak = phone_on(recorder, clock, f"corpus {release}, weak", release, Store())
    weak.enrol(server.enrolment_code(), weak=True)
    weak.confirm()
    weak.store.set_meta("person", garden.GUARD)
    weak.finding("dirt", note="没有密钥")
    records = [
        {"body": r.wire.body, "sig": r.wire.sig, "alg": r.wire.alg}
        | ({"sig_prev": r.wire.sig_prev} if r.wire.sig_prev else {})
        | ({"private": {n: {"salt": p.salt, "value": p.value} for n, p in r.wire.private.items()}})
        for owner in (phone, restored, weak)
        for r in owner.store.records(owner.log)
    ]
    fork = [r for r in restored.store.records() if r.log == phone.log and r.outcome == "forked"]
    records += [{"body": r.wire.body, "sig": r.wire.sig, "alg": r.wire.alg} for r in fork]
    recorder.seen["raw"] = {
        "method": "POST",
        "path": "/api/v1/sync/raw",
        "headers": {"Content-Type": "application/octet-stream"},
        "body": base64.b64encode(str(records[-1]["body"]).encode() + b" ").decode(),
    }
    keys = {
        log.log: base64.b64encode(owner.store.secret(f"key:{log.log}") or b"").decode()
        for owner in (phone, restored, weak)
        for log in owner.store.heads()
    }
    _write(folder / "keys.json", keys)
    _write(folder / "records.json", records)
    _write(folder / "requests.json", recorder.seen)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    make(sys.argv[1])
