"""Second factors: six digits of an app, recovery codes, passkeys, and who must have one."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.people import access, factor_keys, totp
from server.people.access import COOKIE
from server.people.login_models import Passkey, Totp
from server.people.models import ConsoleSession, Organisation
from tests.api.field import PASSWORD, SAME_ORIGIN, Garden, slug
from tests.api.people.authenticator import Device
from tests.conftest import FakeClock

SESSION, ME = "/api/v1/session", "/api/v1/me"

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
"""What depends on the engine is in `test_logins_on_both_engines.py`."""


def post(client: FlaskClient, path: str, **body: Any) -> TestResponse:
    return client.post(path, json=body, headers=SAME_ORIGIN)


def delete(client: FlaskClient, path: str) -> TestResponse:
    return client.delete(path, headers=SAME_ORIGIN)


def set_up_app(client: FlaskClient, clock: FakeClock) -> tuple[bytes, list[str]]:
    """Set up an authenticator app; return its secret and the recovery codes."""
    started = post(client, f"{ME}/totp").get_json()
    secret = base64.b32decode(started["secret"])
    done = post(client, f"{ME}/totp/confirm", code=code_of(secret, clock))
    assert done.status_code == 200, done.get_data(as_text=True)
    return secret, done.get_json()["codes"]


def add_passkey(client: FlaskClient, device: Device, name: str = "office") -> TestResponse:
    asked = post(client, f"{ME}/passkeys/ask").get_json()
    return post(
        client,
        f"{ME}/passkeys",
        attempt=asked["attempt"],
        credential=device.create(asked["options"]),
        name=name,
    )


def code_of(secret: bytes, clock: FakeClock, *, later: int = 0) -> str:
    return totp.code_at(secret, clock.ms // 30_000 + later)


def first_step(garden: Garden, login: str = "li") -> tuple[FlaskClient, dict[str, Any]]:
    client = garden.client()
    answer = post(client, SESSION, login=login, password=PASSWORD)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return client, answer.get_json()


def second_step(client: FlaskClient, attempt: str, code: str) -> TestResponse:
    return post(client, f"{SESSION}/code", attempt=attempt, code=code)


def with_passkey(client: FlaskClient, device: Device, **body: Any) -> TestResponse:
    asked = post(client, f"{SESSION}/passkey/ask", **body).get_json()
    return post(
        client, f"{SESSION}/passkey", attempt=asked["attempt"], credential=device.get(asked["options"])
    )


# -- who must have one -----------------------------------------------------------------


def test_an_administrator_without_a_factor_may_only_set_one_up(garden: Garden, clock: FakeClock) -> None:
    client = garden.client()
    told = post(client, SESSION, login="ada", password=PASSWORD).get_json()
    assert told["factors"]["needed"] is True
    for path in ("/api/v1/sites", f"/api/v1/sites/{garden.site}/people"):
        refused = client.get(path)
        assert (refused.status_code, slug(refused)) == (403, "needs-factor")
    assert client.get(f"{ME}/login").get_json()["required"] is True
    before = client.get_cookie(COOKIE)
    _, codes = set_up_app(client, clock)
    assert len(set(codes)) == 10
    after = client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value  # rights rose: another name, and the earlier one is nobody's
    fixed = garden.client()
    fixed.set_cookie(COOKIE, before.value, secure=True)
    assert fixed.get(SESSION).status_code == 401
    assert client.get(f"/api/v1/sites/{garden.site}/people").status_code == 200
    assert client.get(SESSION).get_json()["factors"] == {
        "totp": True,
        "passkeys": 0,
        "recovery_left": 10,
        "needed": False,
    }


def test_a_further_factor_lets_what_is_under_way_be_answered(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("ada")
    set_up_app(client, clock)
    before = client.get_cookie(COOKIE)
    assert before is not None
    assert add_passkey(client, Device()).status_code == 201
    other_page = garden.client()
    other_page.set_cookie(COOKIE, before.value, secure=True)
    assert other_page.get(SESSION).status_code == 200  # nobody is thrown out, and no recovery codes with them
    assert slug(post(other_page, f"{ME}/recovery-codes")) == "fresh-login"
    clock.forward(s=access.GRACE_MS / 1000)
    assert other_page.get(SESSION).status_code == 401


def test_the_demo_asks_nobody_for_a_factor(garden: Garden) -> None:
    garden.session.get_one(Organisation, garden.organisation).demo = True
    garden.session.commit()
    client = garden.client()
    told = post(client, SESSION, login="ada", password=PASSWORD).get_json()
    assert (told["factors"]["needed"], told["organisation"]["demo"]) == (False, True)
    assert client.get(f"/api/v1/sites/{garden.site}/people").status_code == 200


def test_whoever_becomes_administrator_sets_a_factor_up_at_the_next_request(garden: Garden) -> None:
    li = garden.client("li")
    assert li.get(f"/api/v1/sites/{garden.site}/people").status_code == 200
    raised = garden.client("ada").patch(
        f"/api/v1/sites/{garden.site}/people/{garden.people['li']}",
        json={"role": "administrator"},
        headers=SAME_ORIGIN,
    )
    assert raised.status_code == 200
    assert slug(li.get(f"/api/v1/sites/{garden.site}/people")) == "needs-factor"


def test_an_administrator_keeps_the_last_factor_and_others_need_none(
    garden: Garden, clock: FakeClock
) -> None:
    ada = garden.client()
    post(ada, SESSION, login="ada", password=PASSWORD)
    set_up_app(ada, clock)
    refused = delete(ada, f"{ME}/totp")
    assert (refused.status_code, slug(refused)) == (409, "last-factor")
    assert add_passkey(ada, Device()).status_code == 201
    assert delete(ada, f"{ME}/totp").status_code == 204
    [key] = ada.get(f"{ME}/login").get_json()["passkeys"]
    refused = delete(ada, f"{ME}/passkeys/{key['id']}")
    assert (refused.status_code, slug(refused)) == (409, "last-factor")
    li = garden.client("li")
    set_up_app(li, clock)
    assert delete(li, f"{ME}/totp").status_code == 204
    assert delete(li, f"{ME}/totp").status_code == 404


# -- six digits ------------------------------------------------------------------------


def test_a_log_in_takes_two_steps_and_the_first_opens_nothing(garden: Garden, clock: FakeClock) -> None:
    secret, _ = set_up_app(garden.client("li"), clock)
    clock.forward(s=30)
    client, begun = first_step(garden)
    assert (begun["totp"], begun["passkey"]) == (True, False)
    assert client.get(SESSION).status_code == 401
    thief = garden.client()
    thief.set_cookie(COOKIE, begun["attempt"], secure=True)  # what is under way is no session
    assert thief.get(SESSION).status_code == 401
    wrong = second_step(client, begun["attempt"], "000000")
    assert (wrong.status_code, slug(wrong)) == (401, "wrong-factor")
    right = second_step(client, begun["attempt"], code_of(secret, clock))
    assert right.status_code == 200
    assert right.get_json()["person"]["login"] == "li"
    assert client.get(SESSION).status_code == 200


def test_a_wrong_password_tells_nothing_of_a_factor(garden: Garden, clock: FakeClock) -> None:
    set_up_app(garden.client("li"), clock)
    answer = post(garden.client(), SESSION, login="li", password="wrong")
    assert (answer.status_code, slug(answer)) == (401, "wrong-login")


def test_a_code_is_taken_once_and_none_before_it(garden: Garden, clock: FakeClock) -> None:
    secret, _ = set_up_app(garden.client("li"), clock)
    clock.forward(minutes=5)
    client, begun = first_step(garden)
    assert second_step(client, begun["attempt"], code_of(secret, clock)).status_code == 200
    again, other = first_step(garden)
    for later in (0, -1):
        assert second_step(again, other["attempt"], code_of(secret, clock, later=later)).status_code == 401
    assert second_step(again, other["attempt"], code_of(secret, clock, later=1)).status_code == 200


def test_a_code_one_step_off_is_taken_and_two_steps_off_is_not(garden: Garden, clock: FakeClock) -> None:
    secret, _ = set_up_app(garden.client("li"), clock)
    clock.forward(minutes=5)
    client, begun = first_step(garden)
    for later in (-2, 2):
        assert second_step(client, begun["attempt"], code_of(secret, clock, later=later)).status_code == 401
    assert second_step(client, begun["attempt"], code_of(secret, clock, later=-1)).status_code == 200


def test_guessing_codes_is_counted_for_the_person_whatever_is_begun_anew(
    garden: Garden, clock: FakeClock
) -> None:
    secret, codes = set_up_app(garden.client("li"), clock)
    clock.forward(minutes=5)
    statuses = []
    for _ in range(5):
        client, begun = first_step(garden)
        statuses.append(second_step(client, begun["attempt"], "000000").status_code)
        clock.forward(minutes=3)  # what the password's own count would make one wait
    clock.forward(minutes=-3)
    assert statuses == [401] * 5
    for code in (code_of(secret, clock), codes[0]):
        waiting = second_step(client, begun["attempt"], code)
        assert (waiting.status_code, slug(waiting)) == (429, "slow-down")
        assert waiting.headers["Retry-After"] == "60"
    clock.forward(s=61)
    assert second_step(client, begun["attempt"], code_of(secret, clock)).status_code == 200


def test_the_second_step_is_over_after_five_minutes_and_after_its_use(
    garden: Garden, clock: FakeClock
) -> None:
    secret, _ = set_up_app(garden.client("li"), clock)
    clock.forward(minutes=1)
    client, begun = first_step(garden)
    clock.forward(minutes=5)
    late = second_step(client, begun["attempt"], code_of(secret, clock))
    assert (late.status_code, slug(late)) == (410, "login-over")
    client, begun = first_step(garden)
    assert second_step(client, begun["attempt"], code_of(secret, clock)).status_code == 200
    clock.forward(s=30)
    assert second_step(client, begun["attempt"], code_of(secret, clock)).status_code == 410
    assert second_step(client, "A" * 43, code_of(secret, clock)).status_code == 410


def test_the_secret_is_shown_once_and_lies_encrypted(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("li")
    started = post(client, f"{ME}/totp").get_json()
    secret = base64.b32decode(started["secret"])
    assert len(secret) == 20
    assert started["url"].startswith("otpauth://totp/Roundsman:li?")
    assert set("".join(started["qr"])) == {"0", "1"}
    row = garden.one(select(Totp).where(Totp.person_id == garden.people["li"]))
    assert (row.secret, row.pending is None) == (None, False)
    assert secret not in row.pending
    assert factor_keys.unseal(row.pending, person=garden.people["li"], key=garden.secrets.factor) == secret
    assert factor_keys.unseal(row.pending, person=garden.people["ada"], key=garden.secrets.factor) is None
    assert factor_keys.unseal(row.pending, person=garden.people["li"], key=garden.secrets.session) is None


def test_an_app_counts_only_after_its_first_code_and_the_old_one_until_then(
    garden: Garden, clock: FakeClock
) -> None:
    client = garden.client("li")
    secret, _ = set_up_app(client, clock)
    clock.forward(minutes=1)
    post(client, f"{ME}/totp")
    wrong = post(client, f"{ME}/totp/confirm", code="000000")
    assert (wrong.status_code, slug(wrong)) == (401, "wrong-factor")
    other, begun = first_step(garden)
    assert second_step(other, begun["attempt"], code_of(secret, clock)).status_code == 200


# -- recovery codes --------------------------------------------------------------------


def test_new_recovery_codes_take_the_place_of_the_old_ones(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("li")
    assert post(client, f"{ME}/recovery-codes").status_code == 404  # there is nothing to recover
    _, codes = set_up_app(client, clock)
    again = post(client, f"{ME}/recovery-codes").get_json()["codes"]
    assert not set(codes) & set(again)
    other, begun = first_step(garden)
    assert second_step(other, begun["attempt"], codes[0]).status_code == 401
    assert second_step(other, begun["attempt"], again[0]).status_code == 200


# -- passkeys --------------------------------------------------------------------------


def test_a_person_may_have_several_passkeys_names_them_and_removes_one(
    garden: Garden, clock: FakeClock
) -> None:
    client, first, second = garden.client("li"), Device(), Device()
    add_passkey(client, first, "办公室电脑")
    clock.forward(s=1)
    assert add_passkey(client, second, "my own phone").get_json()["codes"] == []
    known = add_passkey(client, first)
    assert (known.status_code, slug(known)) == (409, "passkey-known")
    own = client.get(f"{ME}/login").get_json()["passkeys"]
    assert [key["name"] for key in own] == ["办公室电脑", "my own phone"]
    chen = garden.client("chen")
    assert delete(chen, f"{ME}/passkeys/{own[0]['id']}").status_code == 404
    assert delete(client, f"{ME}/passkeys/{own[0]['id']}").status_code == 204
    assert with_passkey(garden.client(), first).status_code == 401
    assert with_passkey(garden.client(), second).status_code == 200


@pytest.mark.parametrize(
    "cheat",
    [{"verified": False}, {"origin": "http://evil.example"}, {"rp": "evil.example"}],
    ids=["nobody verified", "another page", "another party"],
)
def test_what_a_passkey_must_prove(garden: Garden, cheat: dict[str, Any]) -> None:
    refused = add_passkey(garden.client("li"), Device(**cheat))
    assert (refused.status_code, slug(refused)) == (400, "bad-passkey")
    device = Device()
    add_passkey(garden.client("li"), device)
    for name, value in cheat.items():
        setattr(device, name, value)
    refused = with_passkey(garden.client(), device)
    assert (refused.status_code, slug(refused)) == (401, "wrong-factor")


def test_a_challenge_is_answered_once_and_by_whom_it_was_asked(garden: Garden) -> None:
    device = Device()
    li = garden.client("li")
    add_passkey(li, device)
    client = garden.client()
    asked = post(client, f"{SESSION}/passkey/ask").get_json()
    answer = {"attempt": asked["attempt"], "credential": device.get(asked["options"])}
    assert post(client, f"{SESSION}/passkey", **answer).status_code == 200
    again = post(client, f"{SESSION}/passkey", **answer)
    assert (again.status_code, slug(again)) == (410, "login-over")
    # a wrong answer spends it too
    asked = post(client, f"{SESSION}/passkey/ask").get_json()
    good = device.get(asked["options"])
    bad = {**good, "response": {**good["response"], "signature": "AAAA"}}
    assert post(client, f"{SESSION}/passkey", attempt=asked["attempt"], credential=bad).status_code == 401
    assert post(client, f"{SESSION}/passkey", attempt=asked["attempt"], credential=good).status_code == 410
    # and what one session asked is not for another, nor for a log-in
    asked = post(li, f"{SESSION}/refresh/ask").get_json()
    answer = {"attempt": asked["attempt"], "credential": device.get(asked["options"])}
    assert post(garden.client("chen"), f"{SESSION}/refresh", **answer).status_code == 410
    assert post(client, f"{SESSION}/passkey", **answer).status_code == 410
    assert post(li, f"{SESSION}/refresh", **answer).status_code == 200


def test_a_copied_passkey_is_noticed_by_its_counter(garden: Garden) -> None:
    device = Device()
    add_passkey(garden.client("li"), device)
    copy = Device(key=device.key, id=device.id)
    assert with_passkey(garden.client(), device).status_code == 200
    assert with_passkey(garden.client(), copy).status_code == 401  # its counter stands where it was
    assert garden.one(select(Passkey.sign_count)) == 1
    assert with_passkey(garden.client(), device).status_code == 200


def test_a_passkey_without_a_counter_works_again_and_again(garden: Garden) -> None:
    device = Device(counts=False)
    add_passkey(garden.client("li"), device)
    assert [with_passkey(garden.client(), device).status_code for _ in range(2)] == [200, 200]


def test_somebody_elses_passkey_is_no_second_step(garden: Garden) -> None:
    lis, chens = Device(), Device()
    add_passkey(garden.client("li"), lis)
    add_passkey(garden.client("chen"), chens)
    client, begun = first_step(garden, "li")
    refused = with_passkey(client, chens, attempt=begun["attempt"])
    assert (refused.status_code, slug(refused)) == (401, "wrong-factor")
    assert with_passkey(client, lis, attempt=begun["attempt"]).status_code == 200


@pytest.mark.parametrize(
    "credential", [{}, {"id": "!"}, {"id": "AAAA"}, {"id": 7, "response": []}, {"id": "AAAA", "response": {}}]
)
def test_nonsense_is_refused_and_not_a_bug(garden: Garden, credential: dict[str, Any]) -> None:
    client = garden.client("li")
    asked = post(client, f"{ME}/passkeys/ask").get_json()
    refused = post(client, f"{ME}/passkeys", attempt=asked["attempt"], credential=credential, name="x")
    assert (refused.status_code, slug(refused)) == (400, "bad-passkey")
    asked = post(client, f"{SESSION}/passkey/ask").get_json()
    refused = post(client, f"{SESSION}/passkey", attempt=asked["attempt"], credential=credential)
    assert (refused.status_code, slug(refused)) == (401, "wrong-factor")


def test_who_left_does_not_log_in_with_a_passkey(garden: Garden, clock: FakeClock) -> None:
    device = Device()
    add_passkey(garden.client("li"), device)
    left = garden.client("ada").patch(
        f"/api/v1/sites/{garden.site}/people/{garden.people['li']}", json={"left": True}, headers=SAME_ORIGIN
    )
    assert left.status_code == 200
    assert with_passkey(garden.client(), device).status_code == 401


# -- a session is fresh, or not --------------------------------------------------------


def test_a_factor_takes_a_fresh_log_in_and_ends_the_sessions_made_without_it(
    garden: Garden, clock: FakeClock
) -> None:
    client, other = garden.client("li"), garden.client("li")
    clock.forward(minutes=11)
    assert slug(post(client, f"{ME}/totp")) == "fresh-login"
    assert slug(post(client, f"{ME}/passkeys/ask")) == "fresh-login"
    post(client, f"{SESSION}/refresh", password=PASSWORD)
    set_up_app(client, clock)
    assert client.get(SESSION).status_code == 200
    assert other.get(SESSION).status_code == 401


def test_a_passkey_makes_a_session_fresh_under_a_new_name(garden: Garden, clock: FakeClock) -> None:
    client, device = garden.client("li"), Device()
    assert post(client, f"{SESSION}/refresh/ask").status_code == 404  # they have none
    add_passkey(client, device)
    clock.forward(minutes=11)
    assert client.get(SESSION).get_json()["fresh"] is False
    before = client.get_cookie(COOKIE)
    asked = post(client, f"{SESSION}/refresh/ask").get_json()
    answer = {"attempt": asked["attempt"], "credential": device.get(asked["options"])}
    assert post(client, f"{SESSION}/refresh", **answer).get_json()["fresh"] is True
    assert client.get(SESSION).get_json()["fresh"] is True
    # a request that was under way with the earlier name still works for a minute, with what it had
    assert before is not None
    late = garden.client()
    late.set_cookie(COOKIE, before.value, secure=True)
    assert late.get(SESSION).get_json()["fresh"] is False
    clock.forward(s=61)
    assert late.get(SESSION).status_code == 401
    assert len(garden.all(select(ConsoleSession.id).where(ConsoleSession.ended_ms.is_(None)))) == 1
