"""The feed forgets what was replaced long ago; a phone that was away for longer begins anew."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from server.feed import compaction
from server.feed import service as feed
from server.feed.models import FeedHead, FeedRow
from server.people import service as people
from server.people.models import Membership, Person
from server.sites.models import Site
from sync.feed import open_cursor
from tests.api.feed.fetching import Fetched, fetch, step
from tests.api.feed.test_snapshot import fill, held
from tests.api.field import Garden, slug

DAYS_90 = 90 * 24


def compact(garden: Garden) -> int:
    gone = feed.compact(garden.session, before_ms=garden.clock.ms - DAYS_90 * 3_600_000)
    garden.session.commit()
    return gone


def positions(garden: Garden) -> list[int]:
    return garden.all(
        select(FeedRow.pos).where(FeedRow.organisation_id == garden.organisation).order_by(FeedRow.pos)
    )


def horizon(garden: Garden) -> int:
    return int(garden.one(select(FeedHead.horizon)))


def test_what_was_replaced_goes_after_its_days_and_not_earlier(garden: Garden) -> None:
    book = fill(garden, 3)
    key = next(iter(book.now))
    for _ in range(4):
        book.write((*key, garden.site, True))
    before = positions(garden)
    garden.clock.forward(hours=DAYS_90 - 1)
    book.write((*key, garden.site, True))
    assert compact(garden) == 0
    garden.clock.forward(hours=2)
    assert compact(garden) == 4
    assert horizon(garden) == before[-1]
    garden.clock.forward(hours=DAYS_90)
    assert compact(garden) == 1
    assert feed.first_altered(garden.session, organisation=garden.organisation) is None
    assert held(fetch(garden.handset())) == book.at(garden.site)


def test_a_phone_that_was_away_longer_than_the_tombstones_are_kept_begins_anew_and_has_no_zombie(
    garden: Garden,
) -> None:
    book = fill(garden, 4)
    gone = next(iter(book.now))
    phone = garden.handset()
    fetched = fetch(phone)
    book.write((*gone, garden.site, False))
    fill(garden, 2)
    garden.clock.forward(hours=DAYS_90 + 24)
    compact(garden)
    answer = phone.post("pull", {"cursor": fetched.cursor, "scopes": fetched.scopes, "limit": 10})
    assert (answer.status_code, slug(answer), answer.get_json()["reason"]) == (409, "reset", "horizon")
    anew = fetch(phone)
    assert (gone[0], str(gone[1])) in fetched.rows
    assert (gone[0], str(gone[1])) not in anew.rows


def test_a_cursor_at_the_horizon_is_still_good_and_one_below_is_not(garden: Garden) -> None:
    book = fill(garden, 3)
    phone = garden.handset()
    below = fetch(phone)
    key = next(iter(book.now))
    book.write((*key, garden.site, True))
    at = fetch(phone, Fetched(**vars(below)))
    garden.clock.forward(hours=DAYS_90 + 1)
    book.write((*key, garden.site, True))
    compact(garden)
    opened = open_cursor(garden.secrets.cursor, at.cursor or "")
    assert opened is not None
    assert opened.pos == horizon(garden)
    assert held(fetch(phone, at)) == book.at(garden.site)
    answer = phone.post("pull", {"cursor": below.cursor, "scopes": below.scopes, "limit": 10})
    assert answer.get_json()["reason"] == "horizon"


def test_a_snapshot_that_the_horizon_has_passed_begins_anew(garden: Garden) -> None:
    book = fill(garden, 6)
    phone = garden.handset()
    fetched = Fetched()
    step(phone, fetched, limit=2)
    step(phone, fetched, limit=2)
    book.write((*next(iter(book.now)), garden.site, False))
    fill(garden, 1)
    garden.clock.forward(hours=DAYS_90 + 1)
    compact(garden)
    answer = phone.post(
        "snapshot",
        {"scope": fetched.coming, "cursor": None, "scopes": [], "resume": fetched.resume, "limit": 2},
    )
    assert answer.get_json()["reason"] == "horizon"


def test_a_tombstone_stays_until_the_horizon_and_as_long_as_something_refers_to_it(garden: Garden) -> None:
    book = fill(garden, 2)
    book.write((*next(iter(book.now)), garden.site, False))
    person = garden.session.get_one(Person, garden.people["liu"])
    people.change_person(
        garden.session,
        person=person,
        membership=garden.session.get_one(Membership, (person.id, garden.site)),
        changes={"left": True},
        now_ms=garden.clock.ms,
    )
    feed.commit(garden.session, now_ms=garden.clock.ms)
    fill(garden, 1)
    leaves = select(FeedRow.kind).where(FeedRow.op == "leave")
    assert "asset" in garden.all(leaves)
    compact(garden)
    assert "asset" in garden.all(leaves)
    garden.clock.forward(hours=DAYS_90 + 1)
    compact(garden)
    # Liu's membership still stands at the version with which he left
    assert "asset" not in garden.all(leaves)
    assert "person" in garden.all(leaves)
    assert garden.session.get_one(Membership, (garden.people["liu"], garden.site)).version == 2
    if garden.session.get_bind().dialect.name == "sqlite":
        assert garden.session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_the_horizon_moves_in_bounded_steps(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "BATCH", 4)
    book = fill(garden, 3)
    for key in list(book.now) * 3:
        book.write((*key, garden.site, True))
    garden.clock.forward(hours=DAYS_90 + 1)
    steps: list[int] = []
    while not steps or steps[-1] != horizon(garden):
        steps.append(horizon(garden))
        compact(garden)
    assert all(after - before <= 4 for before, after in pairwise(steps))
    assert len(positions(garden)) == len({*garden.all(select(FeedRow.entity))})
    assert held(fetch(garden.handset())) == book.at(garden.site)


def test_each_organisation_has_a_horizon_of_its_own(garden: Garden) -> None:
    other = people.make_organisation(garden.session, name="Other Estates", now_ms=garden.clock.ms)
    garden.session.commit()
    garden.clock.forward(hours=DAYS_90 + 1)
    feed.queue(garden.session, feed.Change(other.id, UUID(int=7), "team", uuid4(), 1, "upsert", {}))
    feed.commit(garden.session, now_ms=garden.clock.ms)
    compact(garden)
    found = dict(garden.session.execute(select(FeedHead.organisation_id, FeedHead.horizon)).all())
    assert found[other.id] == 0
    assert found[garden.organisation] > 0


# -- the database keeps what must stay -------------------------------------------------


def test_no_row_from_the_horizon_on_can_be_deleted(garden: Garden) -> None:
    fill(garden, 2)
    with pytest.raises(DatabaseError, match="keeps every row from its horizon on"):
        garden.session.execute(delete(FeedRow).where(FeedRow.kind == "asset"))
    garden.session.rollback()
    with pytest.raises(DatabaseError, match="insert-only"):
        garden.session.execute(update(FeedRow).values(version=99))
    garden.session.rollback()


def test_the_newest_version_of_what_exists_can_never_be_deleted(garden: Garden) -> None:
    site = garden.session.get_one(Site, garden.site)
    fill(garden, 2)
    garden.session.execute(update(FeedHead).values(horizon=FeedHead.pos))

    def forget() -> None:
        garden.session.execute(delete(FeedRow).where(FeedRow.entity == site.id))
        garden.session.commit()

    with pytest.raises(IntegrityError):
        forget()
    garden.session.rollback()


def test_an_altered_row_is_found_also_behind_a_gap(garden: Garden) -> None:
    book = fill(garden, 2)
    for key in list(book.now) * 2:
        book.write((*key, garden.site, True))
    garden.clock.forward(hours=DAYS_90 + 1)
    assert compact(garden) > 0
    organisation = garden.organisation
    assert feed.first_altered(garden.session, organisation=organisation) is None
    last = positions(garden)[-1]
    engine = garden.session.get_bind().dialect.name
    guard = (
        'DROP TRIGGER "feed_no_update"' if engine == "sqlite" else 'ALTER TABLE "feed" DISABLE TRIGGER ALL'
    )
    garden.session.execute(text(guard))
    garden.session.execute(update(FeedRow).where(FeedRow.pos == last).values(row=b"{}"))
    assert feed.first_altered(garden.session, organisation=organisation) == last
    garden.session.rollback()
