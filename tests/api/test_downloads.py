"""A long answer is read from the database while it goes out: it keeps nobody from writing, then or later."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.people.access import COOKIE
from server.people.models import Person
from tests.api.rounds.conftest import Estate, estate
from tests.conftest import FakeClock
from tests.logins import begin_session

__all__ = ["estate"]


@pytest.mark.parametrize(
    "what", ["/api/v1/audit/csv", "{site}/audit/csv", "{site}/people/{person}/data/copy"]
)
def test_a_download_keeps_nobody_from_writing(
    app: Flask, session: Session, estate: Estate, clock: FakeClock, what: str
) -> None:
    ada = estate.people["Ada"].id
    path = what.format(site=f"/api/v1/sites/{estate.site.id}", person=estate.people["Wang"].id)
    token = begin_session(session, ada, now_ms=clock.ms)
    session.commit()

    def write(engine: Session) -> None:
        engine.execute(update(Person).where(Person.id == ada).values(name="Ada"))
        engine.commit()

    client = app.test_client(use_cookies=False)
    kept = []
    with Session(session.get_bind().execution_options(deferred=False)) as other:
        answer = client.get(path, headers={"Cookie": f"{COOKIE}={token}"})
        pieces = answer.iter_encoded()
        kept.append(next(iter(pieces)))
        write(other)  # half of it is on its way
        kept += pieces
        answer.close()
        write(other)
    assert answer.status_code == 200
    assert b"".join(kept)
