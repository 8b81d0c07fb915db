"""How a phone leaves: drained, revoked, wiped, replaced; and that nothing it has is lost on the way."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from server.audit.models import AuditRow
from server.ledger import lifecycle
from server.ledger.models import Device, Record, Verdict
from server.people.models import Shift
from sync.leaving import verify_order
from tests.api.field import PIN, SAME_ORIGIN, Garden, Handset, data, slug
from tests.conftest import FakeClock

SIGNED = {"method": "pin", "online": True, "failed_tries": 0}


def act(garden: Garden, phone: Handset, verb: str, who: str = "li", **body: Any) -> TestResponse:
    url = f"/api/v1/sites/{garden.site}/devices/{phone.device}/{verb}"
    json = body or {"why": "because"}
    return garden.client(who).post(url, json={} if verb in ("keep", "accept") else json, headers=SAME_ORIGIN)


def wipe(garden: Garden, phone: Handset, records: int = 0, photos: int = 0) -> TestResponse:
    return act(garden, phone, "wipe", why="lost", lose_records=records, lose_photos=photos)


def leave(phone: Handset, records: int = 0, photos: int = 0) -> dict[str, Any]:
    unsent = {"records": records, "photos": photos, "oldest_wall": None}
    return data(phone.post("leave", {"unsent": unsent}))


def report(phone: Handset, order: str, records: int = 0, photos: int = 0) -> TestResponse:
    return phone.post("wiped", {"order": order, "records": records, "photos": photos})


def state(garden: Garden, phone: Handset) -> str:
    return str(garden.one(select(Device.state).where(Device.id == UUID(phone.device))))


def test_a_draining_phone_hands_over_what_it_has_and_gets_nothing_more(garden: Garden) -> None:
    phone = garden.handset()
    assert act(garden, phone, "drain").get_json()["state"] == "draining"
    greeted = data(phone.hello())["device"]
    assert (greeted["state"], greeted["uploads_only"]) == ("active", True)
    assert phone.outcomes(phone.record()) == [("applied", None)]
    assert data(phone.post("have", {"log": phone.log, "hashes": [phone.head]}))["missing"] == []
    for name, message in (
        ("pull", {"cursor": None, "limit": 1}),
        (
            "snapshot",
            {"scope": phone.site, "cursor": None, "scopes": [], "resume": None, "limit": 1},
        ),
        ("sign-in", {"person": phone.actor, "pin": PIN}),
    ):
        answer = phone.post(name, message)
        assert (answer.status_code, slug(answer)) == (403, "device-draining")
    told = leave(phone, 3)
    assert (told["state"], told["wipe"]) == ("draining", None)
    # nothing was decided that cannot be taken back
    assert act(garden, phone, "keep").get_json()["state"] == "active"
    assert "uploads_only" not in data(phone.hello())["device"]


def test_what_came_after_a_revocation_counts_once_a_supervisor_accepts_it(garden: Garden) -> None:
    phone = garden.handset()
    assert phone.outcomes(phone.record()) == [("applied", None)]
    act(garden, phone, "revoke")
    late = [phone.record("shift.start", SIGNED), phone.record()]
    assert phone.outcomes(*late) == [("quarantined", "scope_denied")] * 2
    url = f"/api/v1/sites/{garden.site}/devices/{phone.device}"
    assert garden.client("li").get(url).get_json()["apart"] == 2
    assert garden.all(select(Shift)) == []

    assert act(garden, phone, "accept").get_json()["accepted"] == 2

    assert [shift.person_id for shift in garden.all(select(Shift))] == [garden.people["wang"]]
    assert garden.client("li").get(url).get_json()["apart"] == 0
    assert act(garden, phone, "accept").get_json()["accepted"] == 0
    # the phone stays out: what comes now waits for the next word
    assert phone.outcomes(phone.record()) == [("quarantined", "scope_denied")]
    assert slug(phone.hello()) == "device-revoked"


def test_accepting_gives_a_record_its_turn_when_the_one_before_comes(garden: Garden) -> None:
    phone = garden.handset()
    act(garden, phone, "revoke")
    first, second = phone.record("shift.start", SIGNED), phone.record("shift.end", {"reason": "person"})
    assert phone.outcomes(second) == [("quarantined", "scope_denied")]
    assert act(garden, phone, "accept").get_json()["accepted"] == 1
    assert garden.all(select(Shift)) == []
    assert phone.outcomes(first) == [("quarantined", "scope_denied")]
    assert act(garden, phone, "accept").get_json()["accepted"] == 1
    (shift,) = garden.all(select(Shift))
    assert shift.ended_ms is not None


def test_what_no_site_of_the_phone_knows_is_not_accepted(garden: Garden) -> None:
    phone = garden.handset()
    act(garden, phone, "revoke")
    foreign = phone.record(site=str(garden.north))
    assert phone.outcomes(foreign) == [("quarantined", "scope_denied")]
    assert act(garden, phone, "accept").get_json()["accepted"] == 0
    assert (
        garden.one(select(Verdict.code).where(Verdict.log == phone.log, Verdict.seq == 2)) == "scope_denied"
    )


def test_a_wipe_is_ordered_only_of_a_phone_that_leaves_and_says_what_may_be_lost(garden: Garden) -> None:
    phone = garden.handset()
    answer = wipe(garden, phone)
    assert (answer.status_code, slug(answer)) == (409, "not-possible")
    act(garden, phone, "drain")
    assert leave(phone, 2, 1)["wipe"] is None
    answer = wipe(garden, phone)
    assert (answer.status_code, slug(answer)) == (409, "still-unsent")
    assert (answer.get_json()["records"], answer.get_json()["photos"]) == (2, 1)
    assert wipe(garden, phone, 2, 0).status_code == 409
    assert wipe(garden, phone, 2, 1).get_json()["wipe"]["records"] == 2
    # the order is for this phone, by the server's key
    signed = leave(phone, 2, 1)["wipe"]
    key = garden.secrets.receipt.public_key
    order = verify_order(key, signed["body"], signed["sig"], device=phone.device)
    assert order is not None
    assert (order.records, order.photos) == (2, 1)
    assert (
        verify_order(
            key, signed["body"].replace('"records":2', '"records":9'), signed["sig"], device=phone.device
        )
        is None
    )
    assert verify_order(key, signed["body"], signed["sig"], device=str(garden.site)) is None
    # until it did so, nothing has changed: it hands over what it has
    assert phone.outcomes(phone.record()) == [("applied", None)]
    assert data(report(phone, order.order, 2, 1)).keys() == {"proto", "nonce"}
    assert state(garden, phone) == "wiped"
    row = garden.one(select(AuditRow).where(AuditRow.action == "device.wiped"))
    assert (row.person_id, row.detail["records"], row.detail["photos"]) == (None, 2, 1)
    assert report(phone, order.order).status_code == 200  # its answer may have been lost
    rows = garden.all(select(AuditRow.detail).where(AuditRow.action == "device.wiped"))
    assert [row.get("again") for row in rows] == [None, True]
    # a copy of its store that still turns up is kept apart, not refused
    assert phone.outcomes(phone.record()) == [("quarantined", "scope_denied")]


def test_an_order_can_be_taken_back_and_an_earlier_report_is_believed(garden: Garden) -> None:
    phone = garden.handset()
    act(garden, phone, "revoke")
    wipe(garden, phone)
    assert leave(phone)["wipe"] is not None
    kept = act(garden, phone, "keep").get_json()
    assert (kept["state"], kept["wipe"]) == ("revoked", None)
    assert leave(phone)["wipe"] is None
    answer = act(garden, phone, "keep")
    assert (answer.status_code, slug(answer), answer.get_json()["state"]) == (409, "not-possible", "revoked")
    # it had asked before
    assert report(phone, str(garden.site)).status_code == 200
    assert state(garden, phone) == "wiped"


@pytest.mark.parametrize("verb", ["drain", "keep", "revoke", "wipe", "accept"])
def test_leaving_takes_a_supervisor_with_a_fresh_log_in(garden: Garden, clock: FakeClock, verb: str) -> None:
    phone, li = garden.handset(), garden.client("li")
    url = f"/api/v1/sites/{garden.site}/devices/{phone.device}/{verb}"
    body = {"why": "x"} if verb in ("drain", "revoke") else {}
    if verb == "wipe":
        body = {"why": "x", "lose_records": 0, "lose_photos": 0}  # type: ignore[dict-item]
    asked = {"json": body, "headers": SAME_ORIGIN}
    assert slug(garden.client("vera").post(url, **asked)) == "not-allowed"
    assert slug(garden.client("chen").post(url, **asked)) == "not-found"
    north = url.replace(str(garden.site), str(garden.north))
    assert slug(garden.client("chen").post(north, **asked)) == "not-found"
    clock.forward(minutes=11)
    assert slug(li.post(url, **asked)) == "fresh-login"
    assert state(garden, phone) == "active"


def test_the_page_of_a_lost_phone_says_who_had_it_last(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    phone.push(phone.record("shift.start", SIGNED), phone.record("shift.end", {"reason": "quiet"}))
    at = clock.ms
    clock.forward(hours=3)
    phone.hello(unsent={"records": 4, "photos": 2, "oldest_wall": at})
    url = f"/api/v1/sites/{garden.site}/devices/{phone.device}"
    told = garden.client("li").get(url).get_json()
    assert told["last_person"] == {"id": str(garden.people["wang"]), "name": "wang"}
    assert (told["last_ms"], told["heard_ms"]) == (at, clock.ms)
    assert (told["unsent_records"], told["unsent_photos"], told["unsent_oldest_wall"]) == (4, 2, at)
    assert slug(garden.client("chen").get(url)) == "not-found"
    assert slug(garden.client("vera").get(url)) == "not-allowed"


def test_a_new_phone_in_place_of_an_old_one_carries_the_person_on(garden: Garden) -> None:
    old, li = garden.handset(), garden.client("li")
    old.push(old.record("shift.start", SIGNED))
    enrolments = f"/api/v1/sites/{garden.site}/enrolments"
    asked = {"name": "", "replaces": old.device}
    assert (
        slug(
            garden.client("chen").post(
                enrolments.replace(str(garden.site), str(garden.north)), json=asked, headers=SAME_ORIGIN
            )
        )
        == "not-found"
    )
    started = li.post(enrolments, json=asked, headers=SAME_ORIGIN).get_json()
    new = Handset(garden.app.test_client(), garden.clock, str(garden.site), actor=old.actor)
    joined = data(new.ask_to_join(started["code"]))
    assert joined["device"]["name"] == "1 号手机"  # the old one's
    assert state(garden, old) == "active"  # until the word was compared
    li.post(f"{enrolments}/{started['id']}/confirm", headers=SAME_ORIGIN)

    answer = data(new.post("enrol-state", {}))
    assert (answer["state"], answer["person"]) == ("active", str(garden.people["wang"]))
    assert state(garden, old) == "draining"
    # what the old one still has is evidence of the same rounds, by the same person
    assert old.outcomes(old.record()) == [("applied", None)]
    url = f"/api/v1/sites/{garden.site}/devices"
    assert li.get(f"{url}/{old.device}").get_json()["replaced_by"]["id"] == joined["device"]["id"]
    assert li.get(f"{url}/{joined['device']['id']}").get_json()["replaces"] == old.device
    drained = garden.one(select(AuditRow).where(AuditRow.action == "device.drain"))
    assert drained.detail["replaced_by"] == joined["device"]["id"]


def test_replacing_a_phone_that_is_revoked_leaves_it_so(garden: Garden) -> None:
    old, li = garden.handset(), garden.client("li")
    act(garden, old, "revoke")
    enrolments = f"/api/v1/sites/{garden.site}/enrolments"
    started = li.post(enrolments, json={"name": "9", "replaces": old.device}, headers=SAME_ORIGIN).get_json()
    new = Handset(garden.app.test_client(), garden.clock, str(garden.site), actor=old.actor)
    assert data(new.ask_to_join(started["code"]))["device"]["name"] == "9"
    li.post(f"{enrolments}/{started['id']}/confirm", headers=SAME_ORIGIN)
    assert state(garden, old) == "revoked"
    assert "person" not in data(new.post("enrol-state", {}))


# -- the state machine ---------------------------------------------------------------------


class Held:
    """A phone that keeps what it has until the server says that it has it, and wipes itself as it is told."""

    def __init__(self, garden: Garden) -> None:
        self.garden, self.phone = garden, garden.handset()
        self.unsent: list[dict[str, Any]] = []
        self.saved = 1
        self.lost = 0
        self.is_wiped = False

    def save(self) -> None:
        if not self.is_wiped:
            self.unsent.append(self.phone.record())
            self.saved += 1

    def send(self) -> None:
        if self.unsent:
            outcomes = self.phone.outcomes(*self.unsent)
            expected = "scope_denied" if state(self.garden, self.phone) in lifecycle.APART else None
            assert {code for _, code in outcomes} == {expected}, "what a phone has is never refused"
            self.unsent.clear()

    def ask(self) -> None:
        if self.is_wiped:
            return
        signed = leave(self.phone, len(self.unsent))["wipe"]
        if signed is None:
            return
        key = self.garden.secrets.receipt.public_key
        order = verify_order(key, signed["body"], signed["sig"], device=self.phone.device)
        assert order is not None
        if len(self.unsent) <= order.records:
            self.lost += len(self.unsent)
            gone = len(self.unsent)
            self.unsent.clear()
            self.is_wiped = True
            assert report(self.phone, order.order, gone).status_code == 200


OFFICE = ("drain", "keep", "revoke", "wipe", "accept", "lose")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_decided_nothing_that_was_saved_is_lost_unsaid(garden: Garden, seed: int) -> None:
    """Random moves of the office with a phone that saves, sends and asks in between; then the equation."""
    dice, held = random.Random(seed), Held(garden)
    allowed = 0
    for _ in range(30):
        before = state(garden, held.phone)
        move = dice.choice((*OFFICE, "save", "save", "send", "ask"))
        if move in ("save", "send", "ask"):
            getattr(held, move)()
            continue
        if move in ("wipe", "lose"):
            known = garden.one(select(Device.unsent_records).where(Device.id == UUID(held.phone.device)))
            lose = known if move == "lose" else 0
            answer = wipe(garden, held.phone, lose)
            if answer.status_code == 200:
                assert before in lifecycle.LEAVING
                assert lose >= known
                allowed = max(allowed, lose)
            continue
        answer = act(garden, held.phone, move)
        if move in ("drain", "revoke", "keep"):
            led = lifecycle.after(before, move)  # type: ignore[arg-type]
            same = (before, move) in (("draining", "drain"), ("revoked", "revoke"), ("revoked", "keep"))
            assert (answer.status_code == 200) or not led or same, (before, move)
            assert state(garden, held.phone) == (led or before)
    held.send()
    stored = garden.one(select(func.count()).select_from(Record).where(Record.log == held.phone.log))
    assert stored + held.lost == held.saved, "captured = stored + what a person said may be lost"
    assert held.lost <= allowed
    if state(garden, held.phone) in lifecycle.APART:
        act(garden, held.phone, "accept")
        codes = garden.all(select(Verdict.code).where(Verdict.log == held.phone.log, Verdict.trunk))
        assert set(codes) == {None}, "everything that came can be made to count"


def test_every_state_takes_what_a_phone_hands_over() -> None:
    states = {state for state, _ in lifecycle.MOVES} | set(lifecycle.MOVES.values())
    assert states == lifecycle.ANY
    assert states - lifecycle.KEPT == {"waiting", "refused"}, "of whom nobody ever vouched"
    for (before, move), led in lifecycle.MOVES.items():
        if before in lifecycle.KEPT:
            assert led in lifecycle.KEPT, (before, move)


def test_a_revocation_works_at_the_next_request(garden: Garden) -> None:
    phone, other = garden.handset(), garden.handset()
    assert phone.hello().status_code == 200
    garden.session.execute(update(Device).where(Device.id == UUID(other.device)).values(name="2"))
    garden.session.commit()
    act(garden, phone, "revoke")
    assert [slug(phone.hello()), other.hello().status_code] == ["device-revoked", 200]
