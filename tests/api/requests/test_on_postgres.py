"""What the desk asks the database, once on PostgreSQL: with row security, as the role of the application."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from server.requests import service
from tests.api.requests.conftest import As, Garden, Resident, picture
from tests.api.requests.test_desk import do, enter
from tests.postgres import Cluster, as_role


@pytest.fixture
def database_url(postgres: Cluster) -> Iterator[str]:
    with postgres.database("template") as url:
        yield as_role(url)


def test_from_the_scan_to_the_end(garden: Garden, resident: Resident, as_: As, at: str) -> None:
    photo = (io.BytesIO(picture()), "a.jpg")
    link = resident.report(garden.token(garden.lamp), text="Out", phone="13800138000", photos=photo)
    dora = as_("Dora")
    request = str(garden.requests()[0].id)
    do(dora, at, request, "take")
    double = enter(dora, at, text="The lamp again", contact={"phone": "13800138000"})["id"]
    do(dora, at, double, "merge", into=request)
    do(dora, at, request, "order")
    do(dora, at, request, "answer", text="Done")

    for text in ("out", "13800", "R-0001", "east"):
        assert dora.get(f"{at}/requests?text={text}&state=all").status_code == 200
    assert len((dora.get(f"{at}/requests/callers?phone=13800138000").json or {})["requests"]) == 2
    assert (dora.get(f"{at}/requests/month?month=2026-11").json or {})["requests"] == 1
    assert dora.get(f"{at}/complaints/csv?period=2026-11").status_code == 200
    assert resident.get(f"{link}/photo/1").status_code == 200
    resident.send(link, act="satisfied")
    assert garden.requests()[0].state == "closed"

    session, clock = garden.estate.session, garden.estate.clock
    clock.forward(hours=24 * 91)
    session.rollback()
    assert service.forget_contacts(session, now_ms=clock.ms) == 2
    do(as_("Dora"), at, request, "erase")
    assert resident.get(link).status_code == 404
