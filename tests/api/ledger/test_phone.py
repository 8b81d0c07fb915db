"""The whole way with a phone that keeps the protocol: join, sign in, walk, lose the network, be restored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select

from server.ledger.models import Device, Log, Record, Verdict
from server.people.models import Enrolment, Shift
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.ports import NetError
from sync.phone.store import Store
from tests.api.field import PIN, SAME_ORIGIN, Garden


class Line:
    """The network between a phone and the application; `lose` swallows so many answers."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.lose = 0

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        answer = self._client.open(path, method=method, data=body, headers=dict(headers))
        if self.lose:
            self.lose -= 1
            raise NetError("the answer was lost")
        return answer.status_code, {name.lower(): value for name, value in answer.headers}, answer.get_data()


class Hands:
    """The phone's clocks, which follow the test's."""

    def __init__(self, garden: Garden) -> None:
        self._clock = garden.clock
        self._began = garden.clock.ms

    def wall(self) -> int:
        return self._clock.ms

    def mono(self) -> int:
        return self._clock.ms - self._began


def phone_in(garden: Garden, store: Store, seed: str) -> tuple[Phone, Line]:
    line, randomness = Line(garden.app.test_client()), SeededRandomness(seed)
    ports = Ports(store, line, Hands(garden), randomness, StoredKeys(store, randomness), OwnLocks())
    return Phone(ports, app="0.1.0"), line


def join(garden: Garden, phone: Phone) -> None:
    word = phone.enrol(garden.code())
    enrolment = garden.one(select(Enrolment).where(Enrolment.check_word == word))
    url = f"/api/v1/sites/{garden.site}/enrolments/{enrolment.id}/confirm"
    assert garden.client("li").post(url, headers=SAME_ORIGIN).status_code == 200
    assert phone.confirm() == "active"


def on_server(garden: Garden) -> set[bytes]:
    return set(garden.all(select(Record.body)))


def on_phone(phone: Phone) -> set[bytes]:
    return {record.wire.body.encode() for record in phone.store.records()}


def test_a_phone_joins_signs_in_and_everything_arrives(garden: Garden, tmp_path: Path) -> None:
    phone, line = phone_in(garden, Store(str(tmp_path / "phone.db")), "one")
    join(garden, phone)
    assert phone.sync().complete
    assert {entity.id for entity in phone.rows("person")} == {
        str(garden.people["wang"]),
        str(garden.people["liu"]),
    }
    assert phone.sign_in(str(garden.people["wang"]), PIN).ok
    for number in range(5):
        garden.clock.forward(minutes=5)
        phone.finding(kind="damage", note=f"note {number}")
    line.lose = 2
    while not phone.all_sent():
        garden.clock.forward(minutes=20)
        phone.sync()
    assert on_phone(phone) == on_server(garden)
    assert set(garden.all(select(Verdict.outcome))) == {"applied"}
    assert garden.one(select(Shift.person_id)) == garden.people["wang"]
    assert garden.one(select(Device.clear_ms)) is not None


def test_a_phone_restored_from_a_backup_goes_on_in_a_log_of_its_own(garden: Garden, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "phone.db"))
    phone, _line = phone_in(garden, store, "one")
    join(garden, phone)
    phone.sync()
    phone.sign_in(str(garden.people["wang"]), PIN)
    phone.sync()
    backup = store.copy(str(tmp_path / "backup.db"))
    phone.finding(kind="dirt")
    phone.sync()

    restored, _line = phone_in(garden, backup, "two")
    restored.finding(kind="damage")
    for _ in range(6):
        garden.clock.forward(minutes=20)
        restored.sync()
    assert restored.all_sent()
    assert restored.log != phone.log
    assert on_phone(phone) | on_phone(restored) == on_server(garden)
    assert garden.one(select(Log.state).where(Log.id == restored.log)) == "open"
    forked = garden.all(select(Verdict.seq).where(Verdict.outcome == "forked"))
    assert len(forked) == 1
