"""The cast of the rounds with a lift, a lamp, a desk clerk Dora and a desk that has numbers to call."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.feed import service as feed
from server.people import memberships, organisations
from server.requests import service
from server.requests.models import Request
from server.sites import service as sites
from server.sites.models import Place
from tests.api.rounds.conftest import As, Console, Estate, at, estate
from tests.conftest import PUBLIC_URL
from tests.logins import begin_session

__all__ = ["As", "Estate", "at", "estate"]


@dataclass
class Garden:
    """Garden Court as its residents know it."""

    estate: Estate
    lift: Place
    lamp: Place

    def token(self, place: Place) -> str:
        return self.estate.tag(place).token

    def requests(self) -> list[Request]:
        self.estate.session.rollback()
        return list(self.estate.session.scalars(select(Request).order_by(Request.number)))


@pytest.fixture
def garden(estate: Estate) -> Garden:
    now, session = estate.clock.ms, estate.session
    lift, lamp = (
        sites.make_place(
            session,
            "asset",
            site=estate.site,
            number=number,
            name={"zh": zh, "en": en},
            category=category,
            now_ms=now,
        )
        for number, zh, en, category in (
            ("E8", "1# 电梯", "Lift 1", "lift"),
            ("L1", "东门路灯", "East gate lamp", "lamp"),
        )
    )
    for name, role in (("Dora", "desk"), ("Dirk", "desk")):
        person = organisations.make_person(
            session,
            organisation=estate.site.organisation_id,
            name=name,
            number=name,
            login=name.lower(),
            now_ms=now,
        )
        memberships.join(session, person=person, site=estate.site.id, role=role)
        estate.people[name] = person
    service.change_desk(
        session, site=estate.site, changes={"phone": "0755 1000", "emergency_phone": "0755 1119"}
    )
    feed.commit(session, now_ms=now)
    return Garden(estate, lift, lamp)


class Resident:
    """Somebody's phone, of which nothing is known: a browser without cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers)

    def send(self, path: str, *, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        """Send a form as the page would."""
        data = {name.rstrip("_"): value for name, value in fields.items()}
        return self.client.post(
            path,
            data=data,
            content_type="multipart/form-data",
            headers={"Origin": PUBLIC_URL, **(headers or {})},
        )

    def report(self, token: str, **fields: Any) -> str:
        """Scan, write and send; return the path of the private link."""
        page = self.get(f"/T/{token}")
        assert page.status_code == 200
        form = forms_of(page.text)[-1]
        answer = self.send(
            f"/T/{token}", **{"form": form, "act": "report", "kind": "repair", "text": "Out", **fields}
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].split("?")[0]


def forms_of(page: str) -> list[str]:
    """Return the keys of the forms of a page."""
    return re.findall(r'name="form" value="([^"]+)"', page)


@pytest.fixture
def as_(app: Flask, estate: Estate) -> As:
    """Return the console of a person of the cast; the test's own transaction ends first."""

    def open_console(name: str) -> Console:
        estate.session.rollback()
        token = begin_session(estate.session, estate.people[name].id, now_ms=estate.clock.ms)
        estate.session.commit()
        return Console(app.test_client(use_cookies=False), estate.session, token)

    return open_console


@pytest.fixture
def resident(app: Flask) -> Resident:
    return Resident(app.test_client(use_cookies=False))


@pytest.fixture
def database_url(sqlite_template: Any, tmp_path: Any) -> str:
    """One database: the SQL of requests is the same for both; `test_on_postgres` says so once."""
    import shutil

    path = tmp_path / "test.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


def picture(width: int = 64, *, exif: bool = False, kind: str = "JPEG") -> bytes:
    """Return a photo."""
    made = Image.new("RGB", (width, width), "orange")
    file = io.BytesIO()
    extra: dict[str, Any] = {}
    if exif:
        tags = Image.Exif()
        tags[0x010E] = "secret place"
        extra["exif"] = tags
    made.save(file, kind, **extra)
    return file.getvalue()


Maker = Callable[[], bytes]
