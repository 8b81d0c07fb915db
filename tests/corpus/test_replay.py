"""Everything that a release ever wrote is taken by this server, with the effect that it had then."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.forms import service as forms
from server.ledger import appliers, logs
from server.ledger.models import Device, Verdict
from server.people import service as people
from server.people.models import Enrolment, Shift
from server.rounds.models import Finding, Reading, Visit
from server.sites import service as sites
from sync import payloads
from sync import records as sync_records
from sync.encoding import sha256_hex
from sync.enrolment import make_code
from sync.keys import SigningKey
from sync.order_payloads import ORDER_PAYLOADS
from sync.payloads import PAYLOADS
from tests.api.field import PIN, Handset, data, stored
from tests.conftest import FakeClock
from tests.corpus.make import FIELDS, FOLDER
from tests.simulation import conftest as garden
from tests.simulation import reference

RELEASES = sorted(path.name for path in FOLDER.iterdir() if (path / "records.json").exists())
ENVELOPE = (
    ("visit", Visit, Visit.id, ("result", "target_id", "tag_proof", "walk_on", "person_id", "estimate_ms",
                                "quality", "marks", "form_edition", "answers")),
    ("finding", Finding, Finding.id, ("kind", "urgency", "marks")),
    ("shift", Shift, Shift.started_hash, ("person_id", "online", "failed_tries", "started_ms", "ended_ms")),
)  # fmt: skip


def read(release: str, name: str) -> Any:
    return json.loads((FOLDER / release / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def site(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make the garden of the corpus, under the very ids that its records name."""
    app.extensions["roundsman.secrets"] = dataclasses.replace(
        app.extensions["roundsman.secrets"], receipt=reference.KEY
    )

    def ids(module: str, *found: str) -> None:
        names: Iterator[UUID] = iter([UUID(one) for one in found])
        monkeypatch.setattr(f"server.{module}.uuid4", lambda: next(names))

    now = garden.T0
    company = people.make_organisation(session, name="示例物业", now_ms=now, id=UUID(reference.ORGANISATION))
    ids("sites.service.places", reference.SITE, *garden.CHECKPOINTS)
    ids("sites.service.tags", *(f"6f1e5a3e-aaaa-4c1a-9d8e-00000000000{i}" for i in (1, 2, 3)))
    ids("forms.service", garden.FORM)
    tokens = iter(garden.TOKENS)
    monkeypatch.setattr("server.sites.service.tags.make_token", lambda _random: next(tokens))
    made = sites.make_site(
        session, organisation_id=company.id, name={"zh": "花园", "en": "Garden"}, time_zone="Asia/Shanghai"
    )
    session.flush()
    for number in (1, 2, 3):
        name = {"zh": f"点位 {number}", "en": f"Point {number}"}
        sites.make_place(session, "checkpoint", site=made, number=f"0{number}", name=name, now_ms=now)
    form = {"zh": "泵房", "en": "Pump room"}
    fields: list[dict[str, Any]] = [dict(FIELDS[0])]
    forms.make_form(
        session, organisation_id=company.id, site_id=made.id, name=form, fields=fields, now_ms=now
    )
    session.flush()
    forms.change_form(
        session, site_id=made.id, form_id=UUID(garden.FORM), changes={"fields": FIELDS}, now_ms=now
    )
    guard = people.make_person(
        session,
        organisation=company.id,
        name="魏强",
        number="07",
        trade="guard",
        administrator=False,
        login=None,
        now_ms=now,
        id=UUID(garden.GUARD),
    )
    guard.pin_hash = stored(PIN)
    session.flush()
    people.join(session, person=guard, site=made.id, role="worker")
    feed.commit(session, now_ms=now)
    return str(made.id)


def handset(
    app: Flask, session: Session, clock: FakeClock, site: str, key: SigningKey, known: bool
) -> Handset:
    """Return the phone of a log; `known` makes the server know it."""
    phone = Handset(app.test_client(), clock, site, key=key, actor=garden.GUARD, device=reference.DEVICE)
    device = session.get(Device, UUID(reference.DEVICE))
    if device is None:
        device = Device(
            id=UUID(reference.DEVICE),
            organisation_id=UUID(reference.ORGANISATION),
            site_id=UUID(site),
            name="4 号手机",
            state="active",
            public_key=key.public_key,
            check_word="AAAA-BBBB",
            made_ms=clock.ms,
        )
        session.add(device)
        session.flush()
    if known:
        logs.add(session, device=device, public_key=key.public_key, log=key.log, previous=None, trusted=True)
    session.commit()
    return phone


def replay(app: Flask, session: Session, clock: FakeClock, site: str, release: str) -> list[dict[str, Any]]:
    """Push the whole corpus of a release and return what became of each record."""
    records = read(release, "records")
    keys = {log: SigningKey.from_pkcs8(base64.b64decode(key)) for log, key in read(release, "keys").items()}
    clock.ms = garden.T0 + 3_600_000
    for log, key in keys.items():
        mine = [record for record in records if json.loads(record["body"])["log"] == log]
        is_rotated = "sig_prev" in mine[0]
        phone = handset(app, session, clock, site, key, known=not is_rotated)
        answer = phone.push(*mine)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert [o["hash"] for o in data(answer)["outcomes"]] == [sha256_hex(r["body"].encode()) for r in mine]
        clock.forward(s=1)
    session.rollback()
    return [became(session, record) for record in records]


def became(session: Session, record: dict[str, Any]) -> dict[str, Any]:
    """Return outcome, marks and effect of a record, as JSON has it."""
    found = sha256_hex(record["body"].encode())
    verdict = session.execute(
        select(Verdict.outcome, Verdict.code, Verdict.marks).where(Verdict.hash == found)
    ).one()
    effect: dict[str, Any] = {}
    for name, model, key, columns in ENVELOPE:
        table = model.__table__.c
        row = session.execute(select(*(table[c] for c in columns)).where(key == found)).one_or_none()
        if row is not None:
            effect[name] = dict(zip(columns, row, strict=True))
    effect["readings"] = [
        list(row)
        for row in session.execute(
            select(Reading.field, Reading.value)
            .join(Visit, Visit.id == Reading.visit_id)
            .where(Visit.answers_hash == found)
            .order_by(Reading.field)
        )
    ]
    told = {
        "type": json.loads(record["body"])["type"],
        "outcome": verdict.outcome,
        "code": verdict.code,
        "marks": verdict.marks,
        "effect": effect,
    }
    plain: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return plain


@pytest.mark.parametrize("release", RELEASES)
def test_every_record_of_a_release_has_the_effect_that_it_had(
    app: Flask, session: Session, clock: FakeClock, site: str, release: str
) -> None:
    found = replay(app, session, clock, site, release)

    expected = read(release, "expected")
    for number, (now, then) in enumerate(zip(found, expected, strict=True)):
        assert now == then, f"record {number}"


SINCE = {
    ("asset.state", 1),
    ("consent", 1),
    ("explain", 1),
    ("meter.exchange", 1),
    ("round.take", 1),
    ("scan", 2),
    ("stock.count", 1),
    ("stock.move", 1),
    ("stop.skip", 1),
    *ORDER_PAYLOADS,
}
"""What no release has written yet. The corpus of the next one holds it, and this is empty again."""


@pytest.mark.parametrize("release", RELEASES)
def test_the_corpus_holds_every_type_that_the_release_knew(release: str) -> None:
    bodies = [json.loads(record["body"]) for record in read(release, "records")]

    assert {(body["type"], body["tv"]) for body in bodies} <= set(PAYLOADS)
    if release == RELEASES[-1]:
        assert {(body["type"], body["tv"]) for body in bodies} == set(PAYLOADS) - SINCE


@pytest.mark.parametrize("release", RELEASES)
def test_every_request_of_a_release_is_answered(
    app: Flask, session: Session, clock: FakeClock, site: str, release: str
) -> None:
    keys = read(release, "keys")
    log, key = next(iter(keys.items()))
    phone = handset(app, session, clock, site, SigningKey.from_pkcs8(base64.b64decode(key)), known=False)
    session.add(_enrolment(site, clock))
    session.commit()
    requests = read(release, "requests")
    assert {"nonce", "enrol", "enrol-state", "hello", "have", "push-packed", "pull", "snapshot"} <= set(
        requests
    )
    for name, request in requests.items():
        body = base64.b64decode(request["body"])
        headers = dict(request["headers"])
        content_type = headers.pop("Content-Type")
        if name in ("nonce", "enrol"):
            answer = phone.client.post(request["path"], data=body, content_type=content_type, headers=headers)
            if name == "enrol":
                [joined] = session.scalars(select(Device).where(Device.id != UUID(reference.DEVICE)))
                joined.state = "active"
                session.commit()
        else:
            answer = phone.send("", body, path=request["path"], content_type=content_type, headers=headers)
        assert answer.status_code == 200, (name, answer.get_data(as_text=True))
    assert phone.log == log


def _enrolment(site: str, clock: FakeClock) -> Enrolment:
    code = make_code((0).to_bytes(16, "big"))
    return Enrolment(
        id=UUID(int=5),
        organisation_id=UUID(reference.ORGANISATION),
        site_id=UUID(site),
        code_hash=hashlib.sha256(code.encode()).hexdigest(),
        name="",
        made_by=None,
        made_ms=clock.ms,
        expires_ms=clock.ms + 600_000,
        used_ms=None,
        state="open",
        log=None,
        check_word=None,
        device_id=None,
    )


# -- a version of tomorrow -------------------------------------------------------------


class Finding2(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An invented second version of `finding`: how bad it is, in place of two words."""

    occurrence: str | None
    stop: str | None
    target: payloads.Target | None
    level: int
    kind: str


def finding_2(old: payloads.Finding) -> Finding2:
    level = 3 if old.urgency == "urgent" else 1
    return Finding2(old.occurrence, old.stop, old.target, level, old.kind)


def upgrade(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Let the server learn the second version; return where its projections go: (level, kind)."""
    seen: list[tuple[int, str]] = []

    def apply(_session: Session, arrivals: Any) -> list[list[str]]:
        seen.extend((arrival.payload.level, arrival.payload.kind) for arrival in arrivals)
        return [[] for _ in arrivals]

    monkeypatch.setitem(PAYLOADS, ("finding", 2), Finding2)
    monkeypatch.setitem(sync_records._PAYLOAD, ("finding", 2), msgspec.json.Decoder(Finding2))
    monkeypatch.setitem(payloads.UPCONVERTERS, ("finding", 1), finding_2)
    monkeypatch.setitem(appliers._appliers, ("finding", 2), apply)
    return seen


FINDING_1 = {"occurrence": None, "stop": None, "target": None, "urgency": "urgent", "kind": "dirt"}
FINDING_2 = {"occurrence": None, "stop": None, "target": None, "level": 2, "kind": "hazard"}


def a_phone(app: Flask, session: Session, clock: FakeClock, site: str) -> Handset:
    phone = handset(app, session, clock, site, SigningKey.from_number(4711), known=True)
    assert phone.outcomes(phone.open()) == [("applied", None)]
    return phone


def test_both_versions_of_a_payload_are_projected_in_the_newest(
    app: Flask, session: Session, clock: FakeClock, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = a_phone(app, session, clock, site)
    seen = upgrade(monkeypatch)
    old, new = phone.record("finding", FINDING_1), phone.record("finding", FINDING_2, tv=2)

    assert phone.outcomes(old, new) == [("applied", None)] * 2

    assert seen == [(3, "dirt"), (2, "hazard")]


def test_a_version_of_tomorrow_is_kept_and_has_its_effect_after_the_upgrade(
    app: Flask, session: Session, clock: FakeClock, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.ledger import service as ledger

    phone = a_phone(app, session, clock, site)
    new, after = phone.record("finding", FINDING_2, tv=2), phone.record("finding", FINDING_1)
    assert phone.outcomes(new, after) == [("quarantined", "unknown_type"), ("applied", None)]

    seen = upgrade(monkeypatch)
    key = app.extensions["roundsman.secrets"].receipt.public_key
    assert ledger.learn(session, receipt_key=key, now_ms=clock.ms) == 1
    session.commit()

    assert seen == [(2, "hazard")]
    assert phone.outcomes(new) == [("duplicate", None)]


def test_a_reader_passes_over_members_that_came_after_its_release() -> None:
    """N−2: an older phone reads the answers of a newer server; only answers may grow."""
    from sync.messages import HelloAnswer, decode_answer
    from tests.vectors.cases.common import T0

    vectors = json.loads(Path("tests/vectors/messages.json").read_text("utf-8"))
    answers = [case for case in _cases(vectors) if "advice" in json.dumps(case)]
    assert answers
    assert T0 == garden.T0
    grown = {
        **answers[0],
        "tomorrow": {"a": [1]},
        "log": {**answers[0]["log"], "tomorrow": 1},
        "limits": {**answers[0]["limits"], "tomorrow": 1},
    }

    read_again = decode_answer(json.dumps(grown).encode(), HelloAnswer, nonce=grown["nonce"])

    assert read_again.limits.push_records == grown["limits"]["push_records"]


def _cases(found: Any) -> Iterator[dict[str, Any]]:
    """Yield the answers of `hello` wherever they stand in the vectors."""
    if isinstance(found, dict):
        if {"epoch", "limits", "advice", "nonce"} <= found.keys():
            yield found
        for value in found.values():
            yield from _cases(value)
    elif isinstance(found, list):
        for value in found:
            yield from _cases(value)
    elif isinstance(found, str) and found.startswith('{"proto"'):
        try:
            yield from _cases(json.loads(found))
        except ValueError:
            return
