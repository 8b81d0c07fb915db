"""How a phone joins, how a person signs in on it, how it leaves."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.ledger.models import Device
from server.people.models import Person, Shift
from sync.enrolment import check_word, sign_enrolment
from sync.keys import SigningKey
from tests.api.field import PIN, SAME_ORIGIN, Garden, Handset, data, slug
from tests.conftest import FakeClock


def enrolments(garden: Garden) -> str:
    return f"/api/v1/sites/{garden.site}/enrolments"


def start(garden: Garden, who: str = "li") -> dict[str, Any]:
    answer = garden.client(who).post(enrolments(garden), json={"name": "3 号手机"}, headers=SAME_ORIGIN)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told: dict[str, Any] = answer.get_json()
    return told


def stranger(garden: Garden) -> Handset:
    return Handset(garden.app.test_client(), garden.clock, str(garden.site), actor=str(garden.people["wang"]))


def test_a_phone_joins_when_the_supervisor_confirms_its_check_word(garden: Garden, clock: FakeClock) -> None:
    started, phone, li = start(garden), stranger(garden), garden.client("li")
    assert started["url"] == f"http://localhost/app/#enrol={started['code']}"
    assert started["expires_ms"] == clock.ms + 600_000
    assert len(started["qr"]) == len(started["qr"][0]) >= 21
    assert set("".join(started["qr"])) == {"0", "1"}
    page = f"{enrolments(garden)}/{started['id']}"
    assert li.get(page).get_json() == {
        "id": started["id"],
        "state": "open",
        "check_word": None,
        "device": None,
        "expires_ms": started["expires_ms"],
    }

    joined = data(phone.ask_to_join(started["code"]))
    word = check_word(started["code"], phone.key.public_key)
    assert joined["check_word"] == word
    assert joined["state"] == "waiting"
    assert joined["log"] == phone.log
    assert joined["device"]["name"] == "3 号手机"
    assert joined["organisation"]["name"] == "Green Estates"
    assert joined["site"] == {"id": str(garden.site), "name": {"zh": "花园", "en": "Garden"}}
    assert joined["server_key"]["public_key"] == garden.secrets.receipt.public_key
    assert data(phone.post("enrol-state", {}))["state"] == "waiting"
    refused = phone.hello()
    assert (refused.status_code, slug(refused)) == (403, "device-waiting")
    shown = li.get(page).get_json()
    assert (shown["state"], shown["check_word"]) == ("waiting", word)
    assert shown["device"] == {
        "id": joined["device"]["id"],
        "name": "3 号手机",
        "capabilities": {"camera": True},
    }

    assert li.post(f"{page}/confirm", headers=SAME_ORIGIN).get_json()["state"] == "active"
    assert li.post(f"{page}/confirm", headers=SAME_ORIGIN).status_code == 200
    assert data(phone.post("enrol-state", {}))["state"] == "active"
    phone.device = joined["device"]["id"]
    assert phone.outcomes(phone.open()) == [("applied", None)]
    actions = garden.all(select(AuditRow.action).order_by(AuditRow.pos))
    assert [action for action in actions if action.startswith("enrolment")] == [
        "enrolment.start",
        "enrolment.confirm",
        "enrolment.confirm",  # asked for again
    ]


def test_a_phone_that_nobody_named_gets_its_number(garden: Garden) -> None:
    started = garden.client("li").post(enrolments(garden), json={"name": ""}, headers=SAME_ORIGIN).get_json()

    joined = data(stranger(garden).ask_to_join(started["code"], name=""))

    assert joined["device"]["name"] == "1 号手机"


def test_a_refused_phone_stays_outside(garden: Garden) -> None:
    started, phone, li = start(garden), stranger(garden), garden.client("li")
    phone.ask_to_join(started["code"])
    page = f"{enrolments(garden)}/{started['id']}"
    assert li.post(f"{page}/refuse", headers=SAME_ORIGIN).get_json()["state"] == "refused"
    assert data(phone.post("enrol-state", {}))["state"] == "refused"
    assert slug(phone.hello()) == "device-revoked"
    confirm = li.post(f"{page}/confirm", headers=SAME_ORIGIN)
    assert (confirm.status_code, slug(confirm)) == (409, "not-waiting")


def test_nothing_is_confirmed_before_a_phone_waits(garden: Garden) -> None:
    page = f"{enrolments(garden)}/{start(garden)['id']}"
    answer = garden.client("li").post(f"{page}/confirm", headers=SAME_ORIGIN)
    assert (answer.status_code, slug(answer)) == (409, "not-waiting")


def test_a_code_is_used_once_and_by_one_phone(garden: Garden) -> None:
    code, phone = start(garden)["code"], stranger(garden)
    first = data(phone.ask_to_join(code))
    assert data(phone.ask_to_join(code))["device"] == first["device"]  # its answer may have been lost
    answer = stranger(garden).ask_to_join(code)
    assert (answer.status_code, slug(answer)) == (410, "enrolment-over")
    assert len(garden.all(select(Device.id))) == 1


def test_a_code_lives_ten_minutes(garden: Garden, clock: FakeClock) -> None:
    started = start(garden)
    clock.forward(minutes=10)
    answer = stranger(garden).ask_to_join(started["code"])
    assert (answer.status_code, slug(answer)) == (410, "enrolment-over")
    shown = garden.client("li").get(f"{enrolments(garden)}/{started['id']}").get_json()
    assert shown["state"] == "over"


def test_a_request_must_be_signed_by_the_key_that_it_names(garden: Garden) -> None:
    code, phone = start(garden)["code"], stranger(garden)
    for over in (
        {"sig": sign_enrolment(SigningKey.generate(), code)},
        {"public_key": "AAAA"},
        {"sig": ""},
    ):
        answer = phone.ask_to_join(code, **over)
        assert (answer.status_code, slug(answer)) == (400, "bad-key")
    assert phone.ask_to_join(code).status_code == 200


def test_guessing_codes_is_slowed_down(garden: Garden) -> None:
    phone = stranger(garden)
    statuses = [phone.ask_to_join("A" * 22).status_code for _ in range(21)]
    assert statuses == [410] * 20 + [429]


def test_enrolling_and_revoking_need_a_fresh_log_in(garden: Garden, clock: FakeClock) -> None:
    phone, li = garden.handset(), garden.client("li")
    clock.forward(minutes=11)
    revoke = f"/api/v1/sites/{garden.site}/devices/{phone.device}/revoke"
    for answer in (
        li.post(enrolments(garden), json={"name": ""}, headers=SAME_ORIGIN),
        li.post(revoke, json={"why": "lost"}, headers=SAME_ORIGIN),
    ):
        assert (answer.status_code, slug(answer)) == (403, "fresh-login")


def test_chen_of_another_site_sees_nothing_of_the_gardens_phones(garden: Garden) -> None:
    started, phone, chen = start(garden), garden.handset(), garden.client("chen")
    page = f"{enrolments(garden)}/{started['id']}"
    north = f"/api/v1/sites/{garden.north}"
    for answer in (
        chen.post(enrolments(garden), json={"name": ""}, headers=SAME_ORIGIN),
        chen.get(page),
        chen.post(f"{page}/confirm", headers=SAME_ORIGIN),
        chen.post(f"{page}/refuse", headers=SAME_ORIGIN),
        chen.get(f"/api/v1/sites/{garden.site}/devices"),
        chen.get(f"{north}/enrolments/{started['id']}"),
        chen.post(f"{north}/devices/{phone.device}/revoke", json={"why": "x"}, headers=SAME_ORIGIN),
    ):
        assert (answer.status_code, slug(answer)) == (404, "not-found")
    assert chen.get(f"{north}/devices").get_json() == {"devices": []}


def test_a_phone_that_waits_is_found_among_the_phones(garden: Garden) -> None:
    started, phone, li = start(garden), stranger(garden), garden.client("li")
    phone.ask_to_join(started["code"])
    devices = f"/api/v1/sites/{garden.site}/devices"
    (device,) = li.get(devices).get_json()["devices"]
    assert (device["state"], device["enrolment"]) == ("waiting", started["id"])
    li.post(f"{enrolments(garden)}/{started['id']}/confirm", headers=SAME_ORIGIN)
    (device,) = li.get(devices).get_json()["devices"]
    assert (device["state"], device["enrolment"]) == ("active", None)


def test_a_viewer_neither_sees_nor_touches_phones(garden: Garden) -> None:
    phone, vera = garden.handset(), garden.client("vera")
    devices = f"/api/v1/sites/{garden.site}/devices"
    for answer in (
        vera.get(devices),
        vera.post(enrolments(garden), json={"name": ""}, headers=SAME_ORIGIN),
        vera.post(f"{devices}/{phone.device}/revoke", json={"why": "x"}, headers=SAME_ORIGIN),
    ):
        assert (answer.status_code, slug(answer)) == (403, "not-allowed")


def test_the_list_says_how_every_phone_is_doing(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    phone.push(phone.record("shift.start", {"method": "pin", "online": True, "failed_tries": 0}))
    clock.forward(minutes=4)
    phone.hello(unsent={"records": 2, "photos": 1, "oldest_wall": clock.ms})
    (device,) = garden.client("li").get(f"/api/v1/sites/{garden.site}/devices").get_json()["devices"]
    assert device["person"] == {"id": str(garden.people["wang"]), "name": "wang"}
    assert (device["state"], device["heard_ms"]) == ("active", clock.ms)
    assert (device["unsent_records"], device["unsent_photos"], device["app"]) == (2, 1, "0.1.0")
    assert device["clear_ms"] == clock.ms - 240_000
    phone.push(phone.record("shift.end", {"reason": "person"}))
    (device,) = garden.client("li").get(f"/api/v1/sites/{garden.site}/devices").get_json()["devices"]
    assert device["person"] is None


def test_a_shift_ends_when_somebody_else_signs_in(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    signed = {"method": "pin", "online": False, "failed_tries": 3}
    first = phone.record("shift.start", signed)
    clock.forward(hours=1)
    phone.actor = str(garden.people["liu"])
    phone.push(first, phone.record("shift.start", signed))
    shifts = garden.all(select(Shift).order_by(Shift.started_ms))
    assert [(shift.person_id, shift.ended_ms) for shift in shifts] == [
        (garden.people["wang"], clock.ms),
        (garden.people["liu"], None),
    ]
    assert {(shift.online, shift.failed_tries) for shift in shifts} == {(False, 3)}


def test_a_revoked_phone_is_out_and_what_it_has_is_kept(garden: Garden) -> None:
    phone, li = garden.handset(), garden.client("li")
    url = f"/api/v1/sites/{garden.site}/devices/{phone.device}/revoke"
    assert li.post(url, json={"why": ""}, headers=SAME_ORIGIN).status_code == 422
    assert (
        li.post(url, json={"why": "lost in the pond"}, headers=SAME_ORIGIN).get_json()["state"] == "revoked"
    )
    assert phone.outcomes(phone.record()) == [("quarantined", "scope_denied")]
    assert slug(phone.post("pull", {"cursor": None, "limit": 1})) == "device-revoked"
    assert slug(phone.post("sign-in", {"person": phone.actor, "pin": PIN})) == "device-revoked"
    row = garden.one(select(AuditRow).where(AuditRow.action == "device.revoke"))
    assert (row.person_id, row.detail["why"]) == (garden.people["li"], "lost in the pond")


# -- signing in ------------------------------------------------------------------------


def sign_in(phone: Handset, pin: str = PIN, person: str | None = None) -> dict[str, Any]:
    told = data(phone.post("sign-in", {"person": person or phone.actor, "pin": pin}))
    return {name: told[name] for name in ("ok", "tries_left", "wait_s")}


OK = {"ok": True, "tries_left": None, "wait_s": 0}


def test_the_right_pin_signs_in(garden: Garden) -> None:
    assert sign_in(garden.handset()) == OK


def test_wrong_pins_are_counted_and_cost_a_wait_that_doubles(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    assert [sign_in(phone, "000000")["tries_left"] for _ in range(4)] == [4, 3, 2, 1]
    assert sign_in(phone, "000000") == {"ok": False, "tries_left": 0, "wait_s": 60}
    assert sign_in(phone) == {"ok": False, "tries_left": None, "wait_s": 60}
    clock.forward(s=60)
    assert sign_in(phone, "000000") == {"ok": False, "tries_left": 0, "wait_s": 120}
    clock.forward(s=120)
    assert sign_in(phone) == OK
    assert sign_in(phone, "000000")["tries_left"] == 4


def test_the_wait_is_never_more_than_an_hour(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    waits = []
    for _ in range(13):
        waits.append(sign_in(phone, "000000")["wait_s"])
        clock.forward(hours=1)
    assert max(waits) == waits[-1] == 3_600


def test_one_persons_pin_is_throttled_on_every_phone(garden: Garden) -> None:
    phone, other = garden.handset(), garden.handset(actor="liu")
    for _ in range(5):
        sign_in(phone, "000000")
    assert sign_in(other, person=phone.actor)["wait_s"] == 60
    assert sign_in(other) == OK


def test_a_phone_that_tries_many_people_is_throttled(garden: Garden) -> None:
    phone = garden.handset()
    for name in ("wang", "liu", "wang", "liu", "wang"):
        sign_in(phone, "000000", str(garden.people[name]))
    assert sign_in(phone, person=str(garden.people["liu"]))["wait_s"] == 60


def test_nobody_else_signs_in(garden: Garden, clock: FakeClock) -> None:
    """People of another site, of the console only, without a PIN, or nobody at all."""
    liu = garden.session.get_one(Person, garden.people["liu"])
    liu.pin_hash = None
    garden.session.commit()
    phone = garden.handset()
    for person in ("zhao", "li", "liu"):
        assert sign_in(phone, person=str(garden.people[person]))["ok"] is False
    assert sign_in(phone, person=phone.device)["ok"] is False
    clock.forward(hours=1)
    assert sign_in(phone) == OK


@pytest.mark.parametrize("pin", ["12345", "1234567", "abcdef", "", 123456, None])
def test_a_pin_has_six_digits(garden: Garden, pin: Any) -> None:
    answer = garden.handset().post("sign-in", {"person": str(garden.people["wang"]), "pin": pin})
    assert (answer.status_code, slug(answer)) == (400, "bad-message")
