"""What a phone and the server tell each other at the beginning of a round, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from server.config import ConfigError, Settings
from server.ledger import logs
from server.ledger.models import Device, Record, Verdict
from sync.encoding import ZERO_HASH, sha256_hex
from sync.records import record_hash
from tests.api.field import Garden, data, slug, verdicts
from tests.conftest import FakeClock


def test_hello_says_what_the_server_has(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    phone.push(phone.record(), phone.record())
    told = data(phone.hello())
    assert told["log"] == {"max_seq": 3, "head_hash": phone.head, "missing": [], "archived_through": 0}
    assert told["device"] == {
        "id": phone.device,
        "name": "1 号手机",
        "state": "active",
        "site": {"id": str(garden.site), "name": {"zh": "花园", "en": "Garden"}},
    }
    assert told["limits"] == {
        "push_records": 100,
        "push_bytes": 524_288,
        "body_bytes": 262_144,
        "blob_bytes": 12_582_912,
    }
    assert told["epoch"]
    assert told["anchor"].startswith(f"{clock.ms}.")


def test_a_new_log_has_nothing_yet(garden: Garden) -> None:
    told = data(garden.handset(begun=False).hello(head={"seq": 0, "hash": ZERO_HASH}))
    assert told["log"]["max_seq"] == 0
    assert told["log"]["head_hash"] == ZERO_HASH


def test_hello_asks_an_app_that_is_too_old_to_renew_itself_and_takes_what_it_sends(garden: Garden) -> None:
    phone = garden.handset()
    assert data(phone.hello())["advice"] == {"min_app": None, "pull": True}
    settings = garden.app.extensions["roundsman.settings"]
    garden.app.extensions["roundsman.settings"] = replace(settings, min_app="99.0")
    try:
        assert data(phone.hello())["advice"] == {"min_app": "99.0", "pull": True}
        assert [told["outcome"] for told in data(phone.push(phone.record()))["outcomes"]] == ["applied"]
    finally:
        garden.app.extensions["roundsman.settings"] = settings


@pytest.mark.parametrize("text", ["x", "1.", "1.2.3.4", "-1", "1,2"])
def test_an_oldest_app_that_is_no_version_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ConfigError, match="ROUNDSMAN_MIN_APP"):
        Settings.from_env({"ROUNDSMAN_MIN_APP": text})
    assert Settings.from_env({"ROUNDSMAN_MIN_APP": "0.2"}).min_app == "0.2"


def test_hello_notes_how_the_phone_is_doing(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    before = clock.ms
    clock.forward(minutes=2)
    phone.hello(unsent={"records": 3, "photos": 1, "oldest_wall": clock.ms - 60_000})
    device = garden.one(select(Device))
    assert (device.heard_ms, device.clear_ms) == (clock.ms, before)
    assert (device.unsent_records, device.unsent_photos, device.app) == (3, 1, "0.1.0")
    assert device.storage == {"persisted": True, "usage": 1, "quota": 2}
    phone.hello()
    assert garden.one(select(Device.clear_ms)) == clock.ms


def test_hello_for_another_log_is_refused(garden: Garden) -> None:
    phone, other = garden.handset(), garden.handset(actor="liu")
    answer = phone.hello(log=other.log)
    assert (answer.status_code, slug(answer)) == (400, "bad-message")


def test_have_names_what_the_server_lacks(garden: Garden) -> None:
    phone = garden.handset()
    stored, unsent = phone.record(), phone.record()
    phone.push(stored)
    hashes = [record_hash(unsent["body"]), record_hash(stored["body"])]
    assert data(phone.post("have", {"log": phone.log, "hashes": hashes}))["missing"] == hashes[:1]


def test_have_tells_nothing_of_what_other_phones_sent(garden: Garden) -> None:
    phone, other = garden.handset(), garden.handset(actor="liu")
    theirs = record_hash(garden.one(select(Record.body).where(Record.log == other.log)).decode())
    assert data(phone.post("have", {"log": phone.log, "hashes": [theirs]}))["missing"] == [theirs]


def test_have_takes_five_thousand_hashes(garden: Garden) -> None:
    phone = garden.handset()
    hashes = [sha256_hex(str(number).encode()) for number in range(5_000)]
    assert data(phone.post("have", {"log": phone.log, "hashes": hashes}))["missing"] == hashes
    assert phone.post("have", {"log": phone.log, "hashes": [*hashes, phone.head]}).status_code == 400


# -- raw -------------------------------------------------------------------------------


def test_raw_keeps_bytes_that_are_no_record(garden: Garden) -> None:
    phone = garden.handset()
    for bytes_, code in ((b"\xff\x00 not JSON", "schema"), (b"x" * 300_000, "too_large")):
        told = data(phone.send("raw", bytes_, content_type="application/octet-stream"))
        assert told == {
            "proto": 1,
            "nonce": "",
            "hash": sha256_hex(bytes_),
            "outcome": "quarantined",
            "code": code,
        }
        assert bytes_ in garden.all(select(Record.body))
        again = data(phone.send("raw", bytes_, content_type="application/octet-stream"))
        assert again["outcome"] == "duplicate"


def test_a_record_in_raw_holds_its_place_so_that_the_next_has_its_turn(garden: Garden) -> None:
    phone = garden.handset()
    sick, following = phone.record(), phone.record()
    phone.send("raw", sick["body"].encode(), content_type="application/octet-stream")
    assert phone.outcomes(following) == [("applied", None)]
    assert data(phone.hello())["log"]["missing"] == []


def test_raw_bytes_that_nobody_can_read_get_their_place_from_whoever_waits_for_them(garden: Garden) -> None:
    phone = garden.handset()
    phone.record()
    huge = b"z" * 300_000
    assert phone.outcomes(phone.record(prev=sha256_hex(huge))) == [("held", None)]
    phone.send("raw", huge, content_type="application/octet-stream")
    assert verdicts(garden, phone.log)[2] == ("quarantined", "too_large")
    assert verdicts(garden, phone.log)[3] == ("applied", None)
    assert data(phone.hello())["log"]["missing"] == []


def test_raw_bytes_that_came_first_get_their_place_from_their_successor(garden: Garden) -> None:
    phone = garden.handset()
    phone.record()
    huge = b"z" * 300_000
    phone.send("raw", huge, content_type="application/octet-stream")
    assert phone.outcomes(phone.record(prev=sha256_hex(huge))) == [("applied", None)]
    assert verdicts(garden, phone.log)[2] == ("quarantined", "too_large")
    assert data(phone.hello())["log"]["missing"] == []


def test_raw_refuses_what_it_cannot_keep(garden: Garden) -> None:
    phone = garden.handset()
    octets = "application/octet-stream"
    assert phone.send("raw", b"x" * 4_194_305, content_type=octets).status_code == 413
    assert phone.send("raw", b"", content_type=octets).status_code == 400
    assert phone.send("raw", b"x").status_code == 415
    packed = phone.send("raw", b"x", content_type=octets, headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 415


# -- judged again ----------------------------------------------------------------------


def test_a_record_that_waited_three_days_has_its_turn_with_a_mark(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    lost, later = phone.record(), phone.record()
    phone.push(later)
    key = garden.secrets.receipt.public_key
    clock.forward(hours=71)
    assert logs.give_up_gaps(garden.session, receipt_key=key, now_ms=clock.ms) == 0
    clock.forward(hours=2)
    assert logs.give_up_gaps(garden.session, receipt_key=key, now_ms=clock.ms) == 1
    garden.session.commit()
    assert verdicts(garden, phone.log)[3] == ("applied", None)
    assert "seq_gap" in garden.one(select(Verdict.marks).where(Verdict.seq == 3))
    assert data(phone.hello())["log"]["missing"] == [[2, 2]]
    assert phone.outcomes(lost) == [("applied", None)]
    assert "seq_gap" in garden.one(select(Verdict.marks).where(Verdict.seq == 2))
    assert data(phone.hello())["log"]["missing"] == []


def test_a_type_that_the_server_learns_later_is_projected_then(garden: Garden, clock: FakeClock) -> None:
    from server.ledger import appliers

    phone = garden.handset()
    seen: list[int] = []

    def note(session: Any, arrivals: Sequence[appliers.Arrival]) -> list[list[str]]:
        seen.extend(arrival.seq for arrival in arrivals)
        return [[]] * len(arrivals)

    finding = appliers._appliers.pop(("finding", 1))
    try:
        assert phone.outcomes(phone.record(), phone.record()) == [("quarantined", "unknown_type")] * 2
        appliers.register("finding", 1, note)
        key = garden.secrets.receipt.public_key
        assert logs.learn(garden.session, receipt_key=key, now_ms=clock.ms) == 2
        garden.session.commit()
    finally:
        appliers.register("finding", 1, finding)
    assert seen == [2, 3]
    assert verdicts(garden, phone.log)[3] == ("applied", None)
