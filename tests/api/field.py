"""Who and what tests of phones need: a garden with guards, a site next door, and handsets.

Li supervises the garden, Wang and Liu guard it, Vera may look, Ada administers the company; Chen
supervises the site next door and must see nothing of the garden.
"""

from __future__ import annotations

import base64
import gzip
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.feed import service as feed
from server.ledger.models import Device
from server.people import passwords, service
from server.people.access import COOKIE
from server.secrets import Secrets
from server.sites import service as sites
from sync.encoding import ZERO_HASH, b64url_encode, sha256_hex
from sync.enrolment import sign_enrolment
from sync.ids import uuid7
from sync.keys import SigningKey
from sync.messages import MEDIA_TYPE
from sync.proof import NONCE_HEADER, authorization
from sync.records import Time, build_body, private_hash, record_hash, sign_record
from tests.conftest import PUBLIC_URL, FakeClock, LayOut
from tests.logins import begin_session

PIN = "240617"
PASSWORD = "four words in a row"
SAME_ORIGIN = {"Origin": PUBLIC_URL}


@cache
def stored(secret: str) -> str:
    """Return the hash of a password or PIN; made once, for it takes its time."""
    return passwords.make_hash(secret)


@dataclass
class Handset:
    """A phone as the server sees it: a key, a chain, clocks, and requests made by hand."""

    client: FlaskClient
    clock: FakeClock
    site: str
    key: SigningKey = field(default_factory=SigningKey.generate)
    device: str = ""
    seq: int = 0
    head: str = ZERO_HASH
    actor: str | None = None
    skew_ms: int = 0
    boot: str = "b7c1d2e3"
    booted_ms: int = 0
    anchor: str | None = None
    proof_nonce: str | None = None

    @property
    def log(self) -> str:
        return self.key.log

    def clocks(self) -> dict[str, Any]:
        """Return the phone's clocks."""
        return {
            "wall": self.clock.ms + self.skew_ms,
            "mono": self.clock.ms - self.booted_ms,
            "boot": self.boot,
            "tz": "Asia/Shanghai",
        }

    # -- records

    def record(
        self,
        type: str = "finding",  # noqa: A002  the member's name
        p: Mapping[str, Any] | None = None,
        *,
        private: Mapping[str, str] | None = None,
        **over: Any,
    ) -> dict[str, Any]:
        """Seal the next record of the chain and return it as it travels."""
        parts = {
            name: {"salt": b64url_encode(secrets.token_bytes(16)), "value": v}
            for name, v in (private or {}).items()
        }
        clocks = self.clocks()
        members: dict[str, Any] = {
            "log": self.log,
            "seq": self.seq + 1,
            "prev": self.head,
            "id": uuid7(self.clock.ms, secrets.token_bytes(10)),
            "type": type,
            "actor": None if type == "log.open" else self.actor,
            "site": self.site,
            "app": "0.1.0",
            "t": Time(clocks["wall"], clocks["mono"], clocks["boot"], clocks["tz"], self.anchor),
            "p": p if p is not None else FINDING,
            "private": {name: private_hash(part["salt"], part["value"]) for name, part in parts.items()},
        }
        body = build_body(**{**members, **over})
        self.seq, self.head = int(json.loads(body)["seq"]), record_hash(body)
        wire: dict[str, Any] = {"body": body, "sig": sign_record(self.key, body), "alg": "ES256"}
        if parts:
            wire["private"] = parts
        return wire

    def open(self, **over: Any) -> dict[str, Any]:
        """Seal record 1."""
        p = {
            "public_key": self.key.public_key,
            "device": self.device,
            "previous_log": None,
            "previous_head": None,
            "reason": "enrolled",
            "capabilities": {"camera": True},
        }
        return self.record("log.open", {**p, **over})

    # -- requests

    def nonce(self) -> str:
        if self.proof_nonce is None or int(self.proof_nonce.partition(".")[0]) < self.clock.ms - 200_000:
            answer = self.client.post(
                "/api/v1/sync/nonce",
                data=json.dumps({"proto": 1, "nonce": new_nonce()}),
                content_type=MEDIA_TYPE,
            )
            self.proof_nonce = answer.headers[NONCE_HEADER]
        return self.proof_nonce

    def send(
        self,
        name: str,
        body: bytes,
        *,
        content_type: str | None = MEDIA_TYPE,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        path: str | None = None,
    ) -> TestResponse:
        """Send bytes with a proof."""
        path = path or f"/api/v1/sync/{name}"
        proof = authorization(self.key, method=method, path=path, nonce=self.nonce(), body=body)
        return self.client.open(
            path,
            method=method,
            data=body,
            content_type=content_type,
            headers={"Authorization": proof, **(headers or {})},
        )

    def post(self, name: str, message: Mapping[str, Any], *, packed: bool = False) -> TestResponse:
        """Send a message with a proof."""
        body = json.dumps({"proto": 1, "nonce": new_nonce(), **message}).encode()
        if packed:
            return self.send(name, gzip.compress(body), headers={"Content-Encoding": "gzip"})
        return self.send(name, body)

    def push(self, *records: Mapping[str, Any], remaining: int = 0, packed: bool = False) -> TestResponse:
        return self.post(
            "push",
            {"log": self.log, "clock": self.clocks(), "remaining": remaining, "records": list(records)},
            packed=packed,
        )

    def outcomes(self, *records: Mapping[str, Any], remaining: int = 0) -> list[tuple[str, str | None]]:
        """Push and return (outcome, code) per record."""
        answer = self.push(*records, remaining=remaining)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return [(o["outcome"], o.get("code")) for o in data(answer)["outcomes"]]

    def hello(self, **over: Any) -> TestResponse:
        message = {
            "log": self.log,
            "head": {"seq": self.seq, "hash": self.head},
            "oldest": 1,
            "app": "0.1.0",
            "clock": self.clocks(),
            "unsent": {"records": 0, "photos": 0, "oldest_wall": None},
            "storage": {"persisted": True, "usage": 1, "quota": 2},
        }
        return self.post("hello", {**message, **over})

    def create(
        self, sha256: str, length: int | str, first: bytes = b"", *, log: str = "", **over: str | None
    ) -> TestResponse:
        """Begin an upload, with its first piece if there is one. A header is left out by giving it None."""
        metadata = {"sha256": sha256, "type": "image/jpeg"}
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(length),
            "Upload-Metadata": ",".join(f"{key} {b64encode(value)}" for key, value in metadata.items()),
            **({"Content-Type": PIECE_TYPE} if first else {}),
        }
        return self._tus("POST", f"/api/v1/blobs/{log or self.log}", first, headers, over)

    def patch(
        self, sha256: str, offset: int | str, piece: bytes, *, log: str = "", **over: str | None
    ) -> TestResponse:
        """Send a piece."""
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": PIECE_TYPE}
        return self._tus("PATCH", f"/api/v1/blobs/{log or self.log}/{sha256}", piece, headers, over)

    def standing(self, sha256: str, *, log: str = "", **over: str | None) -> TestResponse:
        """Ask where an upload stands."""
        headers = {"Tus-Resumable": "1.0.0"}
        return self._tus("HEAD", f"/api/v1/blobs/{log or self.log}/{sha256}", b"", headers, over)

    def upload(self, photo: bytes, *, sha256: str | None = None) -> TestResponse:
        """Send a photo in one request."""
        return self.create(sha256 or sha256_hex(photo), len(photo), photo)

    def _tus(
        self, method: str, path: str, body: bytes, headers: dict[str, str], over: Mapping[str, str | None]
    ) -> TestResponse:
        changed = {**headers, **{name.replace("_", "-"): value for name, value in over.items()}}
        kept = {name: value for name, value in changed.items() if value is not None}
        return self.send("", body, method=method, path=path, content_type=None, headers=kept)

    # -- joining

    def ask_to_join(self, code: str, **over: Any) -> TestResponse:
        message = {
            "proto": 1,
            "nonce": new_nonce(),
            "code": code,
            "public_key": self.key.public_key,
            "sig": sign_enrolment(self.key, code),
            "name": "4 号手机",
            "app": "0.1.0",
            "clock": self.clocks(),
            "capabilities": {"camera": True},
            **over,
        }
        return self.client.post("/api/v1/sync/enrol", data=json.dumps(message), content_type=MEDIA_TYPE)


PIECE_TYPE = "application/offset+octet-stream"


def b64encode(text: str) -> str:
    """Return a text as tus has it in its metadata."""
    return base64.b64encode(text.encode()).decode()


FINDING: dict[str, Any] = {
    "occurrence": None,
    "stop": None,
    "target": None,
    "urgency": "normal",
    "kind": "damage",
}


def new_nonce() -> str:
    return b64url_encode(secrets.token_bytes(16))


def data(answer: TestResponse) -> dict[str, Any]:
    """Return what an answer of the protocol says."""
    body = answer.get_data()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    told: dict[str, Any] = json.loads(body)
    return told


def slug(answer: TestResponse) -> str:
    """Return what kind of refusal an answer is."""
    assert answer.mimetype == "application/problem+json", answer.get_data(as_text=True)
    return str(json.loads(answer.get_data())["type"]).rpartition("/")[2]


@dataclass
class Garden:
    """The company, its sites and people. Ids only: every request has a session of its own."""

    app: Flask
    session: Session
    clock: FakeClock
    organisation: UUID
    site: UUID
    north: UUID
    people: dict[str, UUID]

    def client(self, name: str | None = None) -> FlaskClient:
        """Return a browser in which `name` is logged in."""
        client = self.app.test_client()
        if name is not None:
            token = begin_session(self.session, self.people[name], now_ms=self.clock.ms)
            self.session.commit()
            client.set_cookie(COOKIE, token, secure=True)
        return client

    def code(self, *, site: UUID | None = None, name: str = "1 号手机") -> str:
        """Return an enrolment code of the garden."""
        started = service.start_enrolment(
            self.session,
            organisation=self.organisation,
            site=site or self.site,
            name=name,
            made_by=None,
            public_url=PUBLIC_URL,
            now_ms=self.clock.ms,
        )
        self.session.commit()
        return started.code

    def handset(
        self,
        *,
        actor: str = "wang",
        site: UUID | None = None,
        begun: bool = True,
        key: SigningKey | None = None,
    ) -> Handset:
        """Return a phone that has joined; `begun` has pushed its `log.open`."""
        site = site or self.site
        phone = Handset(
            self.app.test_client(),
            self.clock,
            str(site),
            key or SigningKey.generate(),
            actor=str(self.people[actor]),
            booted_ms=self.clock.ms - 5_000,
        )
        joined = phone.ask_to_join(self.code(site=site))
        assert joined.status_code == 200, joined.get_data(as_text=True)
        phone.device = data(joined)["device"]["id"]
        device = self.session.get_one(Device, UUID(phone.device))
        device.state = "active"
        self.session.commit()
        if begun:
            assert phone.outcomes(phone.open()) == [("applied", None)]
        return phone

    @property
    def secrets(self) -> Secrets:
        held: Secrets = self.app.extensions["roundsman.secrets"]
        return held

    def one(self, query: Any) -> Any:
        """Return the only value of a query, from a transaction of its own."""
        self.session.rollback()
        found = self.session.execute(query).scalars().one()
        self.session.rollback()
        return found

    def all(self, query: Any) -> list[Any]:
        """Return the values of a query, from a transaction of its own."""
        self.session.rollback()
        found = list(self.session.execute(query).scalars())
        self.session.rollback()
        return found


@pytest.fixture
def garden(app: Flask, session: Session, clock: FakeClock, laid: LayOut) -> Garden:
    ids = laid("garden", lambda: _lay_out(session, clock.ms))
    return Garden(app, session, clock, *ids)


def _lay_out(session: Session, now_ms: int) -> tuple[UUID, UUID, UUID, dict[str, UUID]]:
    """Lay the garden out; return the ids of the company, of its two sites and of the people."""
    company = service.make_organisation(session, name="Green Estates", now_ms=now_ms)
    made = [
        sites.make_site(
            session, organisation_id=company.id, name={"zh": zh, "en": en}, time_zone="Asia/Shanghai"
        )
        for zh, en in (("花园", "Garden"), ("北区", "North"))
    ]
    people: dict[str, UUID] = {}
    cast: Iterable[tuple[str, str, int | None, str | None]] = (
        ("ada", "administrator", None, "ada"),
        ("li", "supervisor", 0, "li"),
        ("vera", "viewer", 0, "vera"),
        ("wang", "worker", 0, None),
        ("liu", "worker", 0, None),
        ("chen", "supervisor", 1, "chen"),
        ("zhao", "worker", 1, None),
    )
    for number, (name, role, where, login) in enumerate(cast, start=1):
        person = service.make_person(
            session,
            organisation=company.id,
            name=name,
            number=str(number),
            trade="guard" if role == "worker" else None,
            administrator=role == "administrator",
            login=login,
            now_ms=now_ms,
        )
        person.password_hash = stored(PASSWORD) if login else None
        person.pin_hash = stored(PIN) if role == "worker" else None
        session.flush()
        if where is not None:
            service.join(session, person=person, site=made[where].id, role=role)
        people[name] = person.id
    ids = company.id, made[0].id, made[1].id, people
    feed.commit(session, now_ms=now_ms)
    return ids


Seal = Callable[..., dict[str, Any]]


def verdicts(garden: Garden, log: str) -> dict[int | None, tuple[str, str | None]]:
    """Return number → (outcome, code) of a log's records as they stand now."""
    from server.ledger.models import Verdict

    garden.session.rollback()
    rows = garden.session.execute(
        select(Verdict.seq, Verdict.outcome, Verdict.code)
        .where(Verdict.log == log)
        .order_by(Verdict.ledger_pos)
    ).all()
    garden.session.rollback()
    return {seq: (outcome, code) for seq, outcome, code in rows}
