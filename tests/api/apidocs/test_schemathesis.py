"""Schemathesis over every operation: what the description allows is answered, what it forbids is refused.

An administrator asks for what the console asks for, a phone with a good proof for what phones ask for.
`FUZZ=200` tries so many requests of each operation and kind instead of a few (`make fuzz`).
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core import NOT_SET
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.apidocs import document
from server.ledger.models import Device
from server.people.access import COOKIE
from server.rounds.models import Plan, Route, Visit
from sync.proof import authorization
from tests.api.field import Garden, Handset
from tests.api.rounds.conftest import Estate, estate
from tests.api.rounds.night import Room
from tests.conftest import PUBLIC_URL, FakeClock
from tests.logins import begin_session

__all__ = ["estate"]

EXAMPLES = int(os.environ.get("FUZZ", "2"))
SEED = int(os.environ.get("SEED", "20261129"))
NOBODY = "00000000-0000-4000-8000-000000000000"
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schemathesis.serializer.alias("application/x-ndjson", "application/octet-stream")

SORRY = {
    "negative_data_rejection": "it knows too few refusals (412, 413 …); any 4xx is one here",
    "positive_data_acceptance": "what a member means (a zone of this site, a free number) no schema says",
    "ignored_auth": "it asks again over a network; tests/access asks every route without a log-in",
}
"""The checks that are left out, and why."""


@dataclass
class Everything:
    """The estate with one of each thing, somebody who may everything, and a phone that may."""

    app: Flask
    session: Session
    ada: UUID
    now_ms: int
    known: dict[str, str]
    """Name of a part of an address → the id of something that is there."""
    phone: Handset
    statuses: Counter[int] = field(default_factory=Counter)
    token: str = ""

    def ask(self, case: Case[Any]) -> TestResponse:
        """Send a case as whoever may."""
        path, method = case.operation.path, case.method.upper()
        headers = {str(n): str(v) for n, v in (case.headers or {}).items() if _is_header(str(v))}
        kind = headers.pop("Content-Type", case.media_type)
        body = b"" if case.body is NOT_SET else _bytes(self._at_home(case))
        query = {n: v if isinstance(v, str) else json.dumps(v) for n, v in (case.query or {}).items()}
        if case.operation.definition.raw["x-by"] == "phone":
            headers["Authorization"] = authorization(
                self.phone.key, method=method, path=path, nonce=self.phone.nonce(), body=body
            )
        else:
            headers |= {"Origin": PUBLIC_URL, "Cookie": f"{COOKIE}={self.token}"}
        answer = self.app.test_client(use_cookies=False).open(
            path,
            method=method,
            query_string=query,
            data=body,
            content_type=kind if body else None,
            headers=headers,
        )
        answer.get_data()
        answer.close()
        self.statuses[answer.status_code] += 1
        return answer

    def _at_home(self, case: Case[Any]) -> Any:
        """Put the phone's own log into a good message: one of nobody's is refused at once. 1.0 becomes 1."""
        if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
            return case.body
        body = _whole(case.body)
        if case.operation.definition.raw["x-by"] == "phone" and isinstance(body, dict) and "log" in body:
            body["log"] = self.phone.log
        return body

    def part(self, name: re.Match[str]) -> str:
        """Return what stands for a part of an address."""
        return self.known.get(name.group(1)) or (NOBODY if name.group(1).endswith("_id") else "x")

    def log_in(self) -> None:
        """Begin a session: an operation may have ended the one before."""
        with Session(self.session.get_bind().execution_options(deferred=False)) as session:
            self.token = begin_session(session, self.ada, now_ms=self.now_ms)
            session.commit()


def _whole(value: Any) -> Any:
    """Return a value with its numbers as JSON of ours has them."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    return value


def _is_header(value: str) -> bool:
    return value.isascii() and value.isprintable()


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.fixture
def everything(app: Flask, estate: Estate, session: Session, clock: FakeClock) -> Everything:
    app.testing = False  # a bug is a 500 here, as in real life
    app.config["PROPAGATE_EXCEPTIONS"] = False
    # the same is asked twice here, and what changes nothing the second time leaves no second row
    hooks = app.after_request_funcs[None]
    app.after_request_funcs[None] = [hook for hook in hooks if hook.__module__ != "tests.audited"]
    room = Room(estate, clock)
    room.scan(1, 10)
    room.push(11)
    people = {name.lower(): person.id for name, person in estate.people.items()}
    garden = Garden(app, session, clock, estate.site.organisation_id, estate.site.id, estate.north.id, people)
    phone = garden.handset(actor="liu")
    known = {
        "site_id": estate.site.id,
        "place_id": estate.places[0].id,
        "team_id": estate.team.id,
        "person_id": people["wang"],
        "tag_id": estate.tag(estate.places[1]).id,
        "route_id": session.scalars(select(Route.id).limit(1)).one(),
        "plan_id": session.scalars(select(Plan.id).limit(1)).one(),
        "form_id": room.form,
        "occurrence_id": room.id,
        "visit_id": session.scalars(select(Visit.id).limit(1)).one(),
        "device_id": session.scalars(select(Device.id).where(Device.id != UUID(phone.device)).limit(1)).one(),
        "log": phone.log,
    }
    session.commit()
    return Everything(
        app, session, people["ada"], clock.ms, {name: str(value) for name, value in known.items()}, phone
    )


def operations(everything: Everything) -> Iterator[Any]:
    """Yield the operations at addresses that are there; who asks is settled, and no part of a case."""
    described = document.make(everything.app)
    paths: dict[str, Any] = {}
    for path, item in described["paths"].items():
        for operation in item.values():
            operation["parameters"] = [p for p in operation["parameters"] if p["in"] != "path"]
            operation["x-by"] = "phone" if {"proof": []} in operation.pop("security") else "person"
        paths[re.sub(r"\{([a-z0-9_]+)\}", everything.part, path)] = item
    for result in schemathesis.openapi.from_dict({**described, "paths": paths}).get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def test_what_is_left_out_are_checks_and_nothing_else() -> None:
    assert set(CHECKS.get_all_names()) > SORRY.keys()


@pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
def test_every_operation_keeps_its_description_whatever_comes(
    everything: Everything, mode: GenerationMode
) -> None:
    faults: list[str] = []
    left_out = [getattr(checks, name) for name in SORRY]
    for operation in operations(everything):
        if mode == GenerationMode.NEGATIVE and not _may_be_wrong(operation.definition.raw):
            continue
        everything.log_in()

        @seed(SEED)
        @settings(
            max_examples=EXAMPLES * (5 if "/sync/" in operation.path else 1),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def try_it(case: Case[Any]) -> None:
            if case.body is not NOT_SET and not _can_travel(case.body):
                return
            answer = everything.ask(case)
            case.validate_response(answer, excluded_checks=left_out)
            if mode == GenerationMode.NEGATIVE:
                assert answer.status_code >= 400, f"taken: {case.query} {case.headers} {case.body!r}"

        try:
            try_it()
        except (Exception, BaseExceptionGroup) as fault:
            faults.append(f"{operation.method.upper()} {operation.path}: {fault}"[:1_500])
    assert not faults, "\n\n".join(faults)
    assert sum(everything.statuses.values()) > 100
    if mode == GenerationMode.POSITIVE:
        assert everything.statuses[200] > 60


def _may_be_wrong(raw: dict[str, Any]) -> bool:
    """Tell whether a schema forbids anything: bare bytes are right whatever they are."""
    content = raw.get("requestBody", {}).get("content", {}).values()
    return bool(raw["parameters"]) or any(media["schema"].get("format") != "binary" for media in content)


def _can_travel(body: Any) -> bool:
    try:
        _bytes(body)
    except (TypeError, ValueError):
        return False
    return True
