"""The matrix of what phones send: every route × the phone's state × whose log, whose site, whose person.

One row per route and method. The columns are the states of a phone; a number is the status of the answer. 403
says that the state does not let the phone do this; what it hands over is refused in no state but the two in
which it never belonged to the site. A dash is not asked: a phone that says twice that it is wiped changes
nothing and leaves no row in the audit log.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from server.feed import service as feed
from server.ledger.models import Device, Record
from server.people import service
from server.people.models import Person
from server.sites import service as sites
from sync.encoding import sha256_hex
from sync.keys import SigningKey
from sync.messages import MEDIA_TYPE
from sync.records import Blob
from tests.access.world import picture
from tests.api.field import PIECE_TYPE, PIN, Garden, Handset, b64encode, data, new_nonce, slug, stored

STATES = ("waiting", "active", "refused", "draining", "revoked", "wiped")

#                                    waiting active refused draining revoked wiped
TABLE = """
POST   /api/v1/sync/hello                403    200     403      200     403   403
POST   /api/v1/sync/have                 403    200     403      200     200   200
POST   /api/v1/sync/push                 403    200     403      200     200   200
POST   /api/v1/sync/raw                  403    200     403      200     200   200
POST   /api/v1/sync/pull                 403    200     403      403     403   403
POST   /api/v1/sync/snapshot             403    200     403      403     403   403
POST   /api/v1/sync/picture              403    404     403      403     403   403
POST   /api/v1/sync/sign-in              403    200     403      403     403   403
POST   /api/v1/sync/enrol-state          200    200     200      200     200   200
POST   /api/v1/sync/leave                403    200     403      200     200   200
POST   /api/v1/sync/wiped                403    200     403      200     200   -
POST   /api/v1/blobs/<log>               403    409     403      409     409   409
HEAD   /api/v1/blobs/<log>/<sha256>      403    404     403      404     404   404
PATCH  /api/v1/blobs/<log>/<sha256>      403    404     403      404     404   404
POST   /api/v1/blobs/<log>/<sha256>      403    404     403      404     404   404
"""

OPEN = {
    ("POST", "/api/v1/sync/nonce"),
    ("POST", "/api/v1/sync/enrol"),
    ("OPTIONS", "/api/v1/blobs/<log>"),
    ("OPTIONS", "/api/v1/blobs/<log>/<sha256>"),
}
"""For phones that have nothing to prove yet; `enrol` asks for a code."""

ROWS = {
    (method, rule): {s: int(n) for s, n in zip(STATES, statuses, strict=True) if n != "-"}
    for method, rule, *statuses in (line.split() for line in TABLE.strip().splitlines())
}

TYPES = {
    "/api/v1/sync/raw": "application/octet-stream",
    "/api/v1/blobs/<log>": PIECE_TYPE,
    "/api/v1/blobs/<log>/<sha256>": PIECE_TYPE,
}

NO_PHOTO = "0" * 64
TUS = {
    "Tus-Resumable": "1.0.0",
    "X-HTTP-Method-Override": "PATCH",
    "Upload-Length": "1",
    "Upload-Offset": "0",
    "Upload-Metadata": f"sha256 {b64encode(NO_PHOTO)},type {b64encode('image/jpeg')}",
}

UNSENT = {"records": 0, "photos": 0, "oldest_wall": None}


@dataclass
class Field:
    """A phone of the garden, one of the site next door, one of another company."""

    garden: Garden
    phone: Handset
    neighbour: Handset
    stranger: Handset

    def is_now(self, state: str) -> None:
        """Put the garden's phone into a state."""
        device = UUID(self.phone.device)
        self.garden.session.execute(update(Device).where(Device.id == device).values(state=state))
        self.garden.session.commit()

    def records(self) -> int:
        return int(self.garden.one(select(func.count()).select_from(Record)))


@pytest.fixture
def out(garden: Garden) -> Field:
    """The phones; every one has opened its log."""
    now = garden.clock.ms
    other = service.make_organisation(garden.session, name="Other Estates", now_ms=now)
    abroad = sites.make_site(
        garden.session, organisation_id=other.id, name={"zh": "外", "en": ""}, time_zone="Asia/Shanghai"
    )
    garden.session.flush()
    guard = service.make_person(garden.session, organisation=other.id, name="otto", number="1", now_ms=now)
    service.join(garden.session, person=guard, site=abroad.id, role="worker")
    feed.commit(garden.session, now_ms=now)
    garden.people["otto"] = guard.id
    theirs = Garden(garden.app, garden.session, garden.clock, other.id, abroad.id, abroad.id, garden.people)
    return Field(
        garden,
        garden.handset(),
        garden.handset(actor="zhao", site=garden.north),
        theirs.handset(actor="otto"),
    )


def whole(site: str) -> dict[str, Any]:
    """Return the question for a site as it stands."""
    return {"scope": site, "cursor": None, "scopes": [], "resume": None, "limit": 10}


Ask = Callable[[Handset], TestResponse]


def asks(garden: Garden) -> dict[tuple[str, str], Ask]:
    """Return how a phone asks each route for what is its own."""
    wang = str(garden.people["wang"])

    def patch(phone: Handset) -> TestResponse:
        return phone.patch(NO_PHOTO, 0, b"x")

    def post_for_patch(phone: Handset) -> TestResponse:
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": "0",
            "Content-Type": PIECE_TYPE,
            "X-HTTP-Method-Override": "PATCH",
        }
        path = f"/api/v1/blobs/{phone.log}/{NO_PHOTO}"
        return phone.send("", b"x", path=path, content_type=None, headers=headers)

    def messages(name: str, message: Callable[[Handset], dict[str, Any]]) -> Ask:
        return lambda phone: phone.post(name, message(phone))

    def push(phone: Handset) -> TestResponse:
        before = phone.seq, phone.head
        answer = phone.push(phone.record())
        if answer.status_code != 200:
            phone.seq, phone.head = before
        return answer

    def raw(phone: Handset) -> TestResponse:
        return phone.send("raw", uuid4().bytes, content_type="application/octet-stream")

    sync = "/api/v1/sync/"
    return {
        ("POST", sync + "hello"): lambda phone: phone.hello(),
        ("POST", sync + "have"): messages("have", lambda p: {"log": p.log, "hashes": [p.head]}),
        ("POST", sync + "push"): push,
        ("POST", sync + "raw"): raw,
        ("POST", sync + "pull"): messages("pull", lambda _: {"cursor": None, "scopes": [], "limit": 10}),
        ("POST", sync + "snapshot"): messages("snapshot", lambda p: whole(p.site)),
        ("POST", sync + "picture"): messages("picture", lambda _: {"sha256": NO_PHOTO}),
        ("POST", sync + "sign-in"): messages("sign-in", lambda _: {"person": wang, "pin": "999999"}),
        ("POST", sync + "enrol-state"): messages("enrol-state", lambda _: {}),
        ("POST", sync + "leave"): messages("leave", lambda _: {"unsent": UNSENT}),
        ("POST", sync + "wiped"): messages(
            "wiped", lambda _: {"order": str(uuid4()), "records": 0, "photos": 0}
        ),
        ("POST", "/api/v1/blobs/<log>"): lambda phone: phone.create(NO_PHOTO, 3, b"xyz"),
        ("HEAD", "/api/v1/blobs/<log>/<sha256>"): lambda phone: phone.standing(NO_PHOTO),
        ("PATCH", "/api/v1/blobs/<log>/<sha256>"): patch,
        ("POST", "/api/v1/blobs/<log>/<sha256>"): post_for_patch,
    }


on_sqlite = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)


@on_sqlite
def test_every_route_of_phones_has_a_row_and_every_row_a_route(app: Flask) -> None:
    served = set()
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        if rule.rule.startswith(("/api/v1/sync/", "/api/v1/blobs/")) or view.policy == "phone":
            methods = set(rule.methods or ())
            served |= {(m, rule.rule) for m in methods - ({"OPTIONS"} if len(methods) > 1 else set())}
    assert served == ROWS.keys() | OPEN


@on_sqlite
def test_a_phone_may_do_what_its_state_lets_it(out: Field) -> None:
    wrong = []
    for (method, rule), ask in asks(out.garden).items():
        for state, status in ROWS[method, rule].items():
            out.is_now(state)
            before = out.records()
            answer = ask(out.phone)
            if answer.status_code != status:
                told = answer.get_data(as_text=True)[:200]
                wrong.append(f"{method} {rule} {state}: {status} expected, {answer.status_code} {told}")
            if answer.status_code >= 400 and out.records() != before:
                wrong.append(f"{method} {rule} {state}: was refused and kept something")
    assert not wrong, "\n".join(wrong)


@on_sqlite
def test_nothing_is_answered_without_a_proof_that_holds(out: Field) -> None:
    unknown = Handset(out.garden.app.test_client(), out.garden.clock, out.phone.site, actor=out.phone.actor)
    forged = Handset(out.garden.app.test_client(), out.garden.clock, out.phone.site, actor=out.phone.actor)
    for (method, rule), ask in asks(out.garden).items():
        path = rule.replace("<log>", out.phone.log).replace("<sha256>", NO_PHOTO)
        bare = out.phone.client.open(
            path,
            method=method,
            data=json.dumps({"proto": 1, "nonce": new_nonce()})
            if "/sync/" in path
            else b"x" * (method != "HEAD"),
            content_type=TYPES.get(rule, MEDIA_TYPE),
            headers=TUS,
        )
        assert bare.status_code == 401, (method, rule, bare.get_data(as_text=True))
        assert method == "HEAD" or slug(bare) == "proof-missing"
        strange = ask(unknown)
        assert strange.status_code == 401, (method, rule, strange.get_data(as_text=True))
    # the right log, signed by another phone's key
    forged.key = SigningKey.generate()
    real = out.phone.key.log
    answer = forged.post("have", {"log": real, "hashes": []})
    assert (answer.status_code, slug(answer)) == (401, "unknown-log")


@on_sqlite
@pytest.mark.parametrize("other", ["neighbour", "stranger"])
def test_a_phone_speaks_for_its_own_log_alone(out: Field, other: str) -> None:
    theirs: Handset = getattr(out, other)
    before = out.records()
    for name, message in (
        ("hello", {"log": theirs.log, "head": {"seq": 1, "hash": theirs.head}, "oldest": 1, "app": "0.1.0",
                   "clock": out.phone.clocks(), "unsent": UNSENT,
                   "storage": {"persisted": True, "usage": 1, "quota": 2}}),
        ("have", {"log": theirs.log, "hashes": []}),
        ("push", {"log": theirs.log, "clock": out.phone.clocks(), "remaining": 0, "records": []}),
    ):  # fmt: skip
        answer = out.phone.post(name, message)
        assert (answer.status_code, slug(answer)) == (400, "bad-message"), name
    assert out.records() == before


@on_sqlite
def test_no_state_of_another_site_comes_down(out: Field) -> None:
    for theirs in (out.neighbour, out.stranger):
        asked = out.phone.post("snapshot", whole(theirs.site))
        assert (asked.status_code, slug(asked)) == (409, "reset")
        page = data(out.phone.post("pull", {"cursor": None, "scopes": [theirs.site], "limit": 1000}))
        assert theirs.site in page["scopes"]["remove"]
        assert {row["scope"] for row in page["rows"]} <= {out.phone.site}


@on_sqlite
def test_nobody_of_another_site_signs_in(out: Field) -> None:
    others = [out.garden.people[name] for name in ("zhao", "otto", "li", "vera")]
    out.garden.session.execute(update(Person).where(Person.id.in_(others)).values(pin_hash=stored(PIN)))
    out.garden.session.commit()
    for person in others:
        asked = out.phone.post("sign-in", {"person": str(person), "pin": PIN})
        assert data(asked)["ok"] is False


@on_sqlite
def test_a_photo_of_another_company_is_neither_taken_nor_told_of(out: Field) -> None:
    """Of the same company a colleague's phone may bring it: it may be carrying it."""
    photo = picture("green")
    sha256 = sha256_hex(photo)
    record = out.stranger.record(blobs=[Blob(sha256, len(photo), "image/jpeg", "photo", None)])
    assert out.stranger.outcomes(record) == [("applied", None)]
    refused = out.phone.create(sha256, len(photo), photo, log=out.stranger.log)
    assert (refused.status_code, slug(refused)) == (409, "blob-unknown")
    assert out.phone.standing(sha256, log=out.stranger.log).status_code == 404
    assert out.stranger.create(sha256, len(photo), photo).status_code == 201
    assert out.phone.standing(sha256, log=out.stranger.log).status_code == 404
