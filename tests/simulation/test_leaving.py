"""The phone's side of leaving, against the real server: what it hands over, and when it wipes itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit.models import AuditRow
from server.ledger.models import Device
from server.people import leaving
from server.sites.models import Site
from sync.encoding import sha256_hex
from sync.keys import SigningKey
from sync.leaving import sign_order
from sync.phone.phone import NotReady
from tests.simulation import machine, truths
from tests.simulation.installation import Installation
from tests.simulation.network import Answer, Send
from tests.simulation.play import Play
from tests.simulation.pocket import Pocket

Deed = Callable[..., object]


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with machine.furnishing(None) as server:
        yield server


@pytest.fixture
def play(installation: Installation) -> Play:
    installation.begin_anew()
    return Play(installation)


def office(play: Play, pocket: Pocket, deed: Deed, **members: object) -> None:
    """Have a supervisor decide something about a phone."""
    device = pocket.store.meta("device")
    assert device is not None

    def work(session: Session, site: Site) -> None:
        person = play.server.furnished.people["li"]
        common = {"site": site.id, "device": UUID(device), "person": person, "now_ms": play.server.clock.ms}
        deed(session, **common, **members)

    play.server.change(work)


def state(play: Play, device: str) -> str:
    with play.server.session() as session:
        return str(session.scalar(select(Device.state).where(Device.id == UUID(device))))


def test_a_draining_phone_sends_everything_and_nobody_signs_in(play: Play) -> None:
    pocket = play.pocket(0)
    play.finding(0, 1)
    office(play, pocket, leaving.drain, why="worn out")

    report = play.sync(0)

    assert (report.complete, report.device_state, report.rows) == (True, "draining", 0)
    assert pocket.phone.all_sent()
    with pytest.raises(NotReady):
        pocket.phone.sign_in(str(play.server.furnished.people["wang"]), "240617")
    # whoever is signed in goes on, and it counts
    play.finding(0, 0)
    assert play.sync(0).complete
    office(play, pocket, leaving.keep)
    assert play.sync(0).device_state == "active"
    play.end()


def test_a_phone_wipes_itself_once_it_is_empty_and_says_so(play: Play) -> None:
    pocket = play.pocket(0)
    device = str(pocket.store.meta("device"))
    office(play, pocket, leaving.drain, why="goes back")
    office(play, pocket, leaving.order_wipe, why="goes back", records=0, photos=0)
    play.finding(0, 1)  # saved after the order was given

    report = pocket.phone.sync()  # the phone's own: after a wipe the play gives it to somebody else

    assert report.wiped
    assert report.pushed > 0
    assert pocket.store.heads() == []
    assert pocket.store.meta("server_key") is None
    assert state(play, device) == "wiped"
    assert not play.captured.keys() - play.somewhere(), "what it had went up first"


def saving_meanwhile(play: Play, pocket: Pocket) -> None:
    """Have a person save something while the phone asks what is wanted of it: after the last push."""

    def save(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        answer = send(method, path, headers, body)
        play.finding(0, 1)
        return answer

    pocket.network.faults = [("leave", save)]


def test_what_is_saved_while_the_order_travels_keeps_the_phone_from_wiping_itself(play: Play) -> None:
    pocket = play.pocket(0)
    office(play, pocket, leaving.revoke, why="lost")
    office(play, pocket, leaving.order_wipe, why="lost", records=0, photos=0)
    saving_meanwhile(play, pocket)

    report = pocket.phone.sync()

    assert not report.wiped
    assert pocket.store.left_behind() == (1, 1)
    play.assert_nothing_vanished()
    assert play.sync(0).wiped, "once that has gone up too"
    play.assert_nothing_vanished()


def test_what_a_person_said_may_be_lost_is_lost_and_reported(play: Play) -> None:
    pocket = play.pocket(0)
    device = str(pocket.store.meta("device"))
    office(play, pocket, leaving.revoke, why="lost")
    office(play, pocket, leaving.order_wipe, why="lost", records=1, photos=1)
    saving_meanwhile(play, pocket)
    assert pocket.phone.sync().wiped
    assert state(play, device) == "wiped"
    assert len(play.captured.keys() - play.somewhere()) == 1
    with play.server.session() as session:
        noted = session.scalars(select(AuditRow.detail).where(AuditRow.action == "device.wiped")).one()
    assert (noted["records"], noted["photos"]) == (1, 1)


def test_an_order_for_another_phone_or_by_another_key_is_none(play: Play) -> None:
    pocket = play.pocket(0)
    office(play, pocket, leaving.drain, why="worn out")
    office(play, pocket, leaving.order_wipe, why="worn out", records=0, photos=0)
    key = SigningKey.generate()

    def forge(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        status, told, content = send(method, path, headers, body)
        message = json.loads(content)
        message["wipe"]["sig"] = sign_order(key, message["wipe"]["body"])
        forged = json.dumps(message).encode()
        return status, {**told, "Fieldsync-Digest": sha256_hex(forged)}, forged

    pocket.network.faults = [("leave", forge)]
    assert not pocket.phone.sync().wiped
    pocket.store.set_meta("device", str(play.server.furnished.site))
    assert not pocket.phone.sync().wiped
    assert pocket.store.heads() != []


@pytest.mark.parametrize("announced", [False, True])
def test_a_phone_that_is_to_wipe_itself_first_sends_again_what_a_server_lost_that_was_set_back(
    play: Play, announced: bool
) -> None:
    """A revoked phone is not greeted: with nobody saying so, only asking for all of it shows the loss."""
    pocket = play.pocket(0)
    play.finding(0, 1)
    office(play, pocket, leaving.revoke, why="lost")
    play.back_up_server()
    play.sync(0)
    assert pocket.phone.all_sent()
    play.set_server_back(0, announced=announced)
    office(play, pocket, leaving.order_wipe, why="lost", records=0, photos=0)

    assert play.sync(0).wiped

    play.assert_nothing_vanished()
    with play.server.session() as session:
        assert truths.pending_photos(session) == set()


@pytest.mark.parametrize("announced", [False, True])
def test_a_revoked_phone_sends_again_what_a_server_lost_that_was_set_back(
    play: Play, announced: bool
) -> None:
    play.finding(0, 1)
    play.revoke(0)
    play.back_up_server()
    play.sync(0)
    play.set_server_back(0, announced=announced)
    play.end()
