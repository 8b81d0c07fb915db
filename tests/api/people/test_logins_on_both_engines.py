"""What log-ins ask of the database: that of many at the same moment one wins, and that all are counted."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import select

from server.audit.models import AuditRow
from server.people.login_models import Ceremony, Invitation, RecoveryCode, Totp
from server.people.models import ConsoleSession
from tests.api.field import PASSWORD, SAME_ORIGIN, Garden
from tests.api.people.authenticator import Device
from tests.api.people.test_commands import Run, accept, run
from tests.api.people.test_commands import code_of as code_printed
from tests.api.people.test_factors import (
    SESSION,
    add_passkey,
    code_of,
    first_step,
    second_step,
    set_up_app,
    with_passkey,
)
from tests.api.people.test_invitations import NEW, hu, invite
from tests.api.people.test_invitations import code_of as code_invited
from tests.conftest import FakeClock

__all__ = ["run"]


def test_of_the_same_code_at_the_same_moment_one_goes_through(garden: Garden, clock: FakeClock) -> None:
    secret, _ = set_up_app(garden.client("li"), clock)
    clock.forward(minutes=5)
    ready = [first_step(garden) for _ in range(4)]
    statuses = at_once(
        [lambda c=c, b=b: second_step(c, b["attempt"], code_of(secret, clock)) for c, b in ready]
    )
    assert sorted(statuses) == [200, 401, 401, 401]


def test_guesses_at_the_same_moment_are_all_counted(garden: Garden, clock: FakeClock) -> None:
    set_up_app(garden.client("li"), clock)
    _, begun = first_step(garden)
    guesses = [
        lambda n=n: second_step(garden.app.test_client(), begun["attempt"], f"00000{n}") for n in range(8)
    ]
    assert sorted(at_once(guesses)) == [401] * 5 + [429] * 3


def test_of_twenty_who_use_one_invitation_one_wins(garden: Garden) -> None:
    hu(garden)
    code = code_invited(invite(garden, "hu"))
    barrier, statuses = threading.Barrier(20), []

    def use(n: int) -> None:
        client = garden.app.test_client()
        barrier.wait()
        # each from an address of its own: it is the code that must hold, not the count of tries
        answer = client.post(
            "/api/v1/invitation/accept",
            json={"code": code, "login": f"hu{n}", "password": f"{NEW} {n}"},
            headers=SAME_ORIGIN,
            environ_base={"REMOTE_ADDR": f"192.0.2.{n}"},
        )
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=use, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(statuses) == [200] + [410] * 19
    assert (
        len(garden.all(select(ConsoleSession.id).where(ConsoleSession.person_id == garden.people["hu"]))) == 1
    )


def test_a_recovery_code_lets_in_once_however_it_is_typed(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("li")
    _, codes = set_up_app(client, clock)
    kept = garden.all(select(RecoveryCode.hash))
    assert len(kept) == 10
    assert not {code.replace("-", "") for code in codes} & set(kept)
    other, begun = first_step(garden)
    typed = codes[3].upper().replace("-", " ").replace("1", "l").replace("0", "O")
    assert second_step(other, begun["attempt"], typed).status_code == 200
    assert other.get(SESSION).get_json()["factors"]["recovery_left"] == 9
    other, begun = first_step(garden)
    assert second_step(other, begun["attempt"], codes[3]).status_code == 401
    assert second_step(other, begun["attempt"], codes[4]).status_code == 200
    assert "recovery.used" in garden.all(select(AuditRow.action))


def test_a_passkey_is_a_second_step_or_the_only_one(garden: Garden) -> None:
    device = Device()
    made = add_passkey(garden.client("li"), device)
    assert made.status_code == 201
    assert len(made.get_json()["codes"]) == 10
    client, begun = first_step(garden)
    assert (begun["totp"], begun["passkey"]) == (False, True)
    assert with_passkey(client, device, attempt=begun["attempt"]).status_code == 200
    alone = garden.client()
    answer = with_passkey(alone, device)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json()["person"]["login"] == "li"
    assert garden.all(select(Ceremony.kind)) == ["register"]  # what was used is gone


def test_who_lost_every_way_back_is_let_in_again(garden: Garden, run: Run, clock: FakeClock) -> None:
    li = garden.client("li")
    set_up_app(li, clock)
    code = code_printed(run("recover", "LI"))
    assert li.get("/api/v1/session").status_code == 401
    assert garden.all(select(Totp.person_id).where(Totp.person_id == garden.people["li"])) == []
    body = {"login": "li", "password": PASSWORD}
    old = garden.client().post("/api/v1/session", json=body, headers=SAME_ORIGIN)
    assert old.status_code == 401  # whoever knew it sets no factor up
    assert accept(garden.app, code, "ignored")["person"]["login"] == "li"  # type: ignore[index]
    rows = garden.all(select(AuditRow).order_by(AuditRow.pos))
    assert [
        (row.action, row.person_id) for row in rows if row.action in ("factors.reset", "login.recovered")
    ] == [
        ("factors.reset", None),
        ("login.recovered", None),
    ]
    assert code not in str([row.detail for row in rows])
    assert garden.one(select(Invitation.made_by)) is None


def at_once(calls: list[Any]) -> list[int]:
    """Make calls at the same moment; return their statuses."""
    barrier, statuses = threading.Barrier(len(calls)), []

    def run(call: Any) -> None:
        barrier.wait()
        statuses.append(call().status_code)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return statuses
