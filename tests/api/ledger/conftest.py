import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.people import service as people
from server.sites import service as sites
from tests.api.field import Garden, garden
from tests.conftest import FakeClock

__all__ = ["garden"]


@pytest.fixture
def elsewhere(app: Flask, session: Session, clock: FakeClock) -> Garden:
    """Another company on the same server, with one site and one guard, called Wang like ours."""
    company = people.make_organisation(session, name="Other Estates", now_ms=clock.ms)
    site = sites.make_site(
        session,
        organisation_id=company.id,
        name={"zh": "别处", "en": "Elsewhere"},
        time_zone="Asia/Shanghai",
    )
    guard = people.make_person(
        session,
        organisation=company.id,
        name="wang",
        number="1",
        trade="guard",
        administrator=False,
        login=None,
        now_ms=clock.ms,
    )
    session.flush()
    people.join(session, person=guard, site=site.id, role="worker")
    found = Garden(app, session, clock, company.id, site.id, site.id, {"wang": guard.id})
    feed.commit(session, now_ms=clock.ms)
    return found
