"""Twelve writers at once and readers that poll: no row is ever skipped, on either engine.

The same harness with schemes that look right shows that it would notice. `make race` runs it long.
"""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.feed.models import FeedHead
from tests.api.feed import race
from tests.api.feed.race import Race
from tests.api.field import Garden

SEED = 20_261_124
EACH = 6


def a_race(garden: Garden, *, organisations: int = 3, each: int = EACH) -> Race:
    others = [uuid4() for _ in range(organisations - 1)]
    return Race([garden.organisation, *others], garden.site, each, SEED)


def test_twelve_writers_in_three_organisations_and_not_one_row_is_skipped(garden: Garden) -> None:
    it = a_race(garden)
    with race.engine_for(garden.session.get_bind().engine.url) as engine:
        finish = race.run(engine, it, "counter")
        with Session(engine) as session:
            assert all(race.positions_are_whole(session, one) for one in it.organisations)
            assert all(feed.first_altered(session, organisation=one) is None for one in it.organisations)
    assert finish.written > 100
    assert finish.skipped == 0


def test_the_harness_notices_every_scheme_that_skips(garden: Garden) -> None:
    it = a_race(garden, organisations=1)
    with race.engine_for(garden.session.get_bind().engine.url) as engine:
        for scheme in race.WRONG[engine.dialect.name]:
            finish = race.run(engine, it, scheme)
            assert finish.skipped > 0, f"{scheme} should have hidden rows that committed late"


@pytest.mark.parametrize("crash", ["before", "after"])
def test_a_crash_around_the_counter_leaves_no_gap(garden: Garden, crash: str) -> None:
    before = garden.one(select(FeedHead.pos))

    def publish(session: Session) -> None:
        change = feed.Change(garden.organisation, garden.site, "team", uuid4(), 1, "leave", None)
        feed.publish(session, organisation=garden.organisation, changes=[change], now_ms=0)

    with race.engine_for(garden.session.get_bind().engine.url) as engine:
        with Session(engine) as session:
            if crash == "after":
                publish(session)
            session.rollback()
        assert garden.one(select(FeedHead.pos)) == before
        with Session(engine) as session:
            publish(session)
            session.commit()
    assert garden.one(select(FeedHead.pos)) == before + 1
