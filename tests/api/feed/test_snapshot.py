"""A whole site comes down page by page while the site changes: nothing missing, nothing too many."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.feed import reading
from server.feed import service as feed
from server.feed.models import FeedHead, FeedRow
from sync.feed import Resume, make_resume, open_cursor, open_resume, scope_hash
from tests.api.feed.fetching import Fetched, fetch, step
from tests.api.field import Garden, Handset, data, slug

KINDS = ("asset", "team", "zzz_to_come")


class Book:
    """What the office has written, entity by entity, through the feed's one writer."""

    def __init__(self, garden: Garden) -> None:
        self.garden = garden
        self.now: dict[tuple[str, UUID], tuple[UUID, int, bool]] = {}
        """Kind and entity → site, version and whether it is there."""

    def write(self, *changes: tuple[str, UUID, UUID, bool]) -> None:
        """Write changes (kind, entity, site, is there) in one transaction; a move leaves first."""
        for kind, entity, site, is_there in changes:
            before = self.now.get((kind, entity))
            version = before[1] if before else 0
            if before and before[0] != site and before[2]:
                version += 1
                self._queue(kind, entity, before[0], version, is_there=False)
            version += 1
            self._queue(kind, entity, site, version, is_there=is_there)
            self.now[kind, entity] = (site, version, is_there)
        feed.commit(self.garden.session, now_ms=self.garden.clock.ms)

    def _queue(self, kind: str, entity: UUID, site: UUID, version: int, *, is_there: bool) -> None:
        body = {"id": str(entity), "v": version} if is_there else None
        op: Any = "upsert" if is_there else "leave"
        feed.queue(
            self.garden.session,
            feed.Change(self.garden.organisation, site, kind, entity, version, op, body),
        )

    def at(self, site: UUID) -> dict[tuple[str, str], int]:
        """Return kind and entity → version of what is at a site."""
        return {
            (kind, str(entity)): version
            for (kind, entity), (where, version, is_there) in self.now.items()
            if where == site and is_there
        }


def held(fetched: Fetched) -> dict[tuple[str, str], int]:
    return {key: row["version"] for key, row in fetched.rows.items() if key[0] in KINDS}


def fill(garden: Garden, count: int) -> Book:
    book = Book(garden)
    book.write(*((KINDS[number % 3], uuid4(), garden.site, True) for number in range(count)))
    return book


def test_the_first_sync_is_a_snapshot_and_then_what_changed(garden: Garden) -> None:
    book = fill(garden, 10)
    for key in list(book.now)[:5]:
        for _ in range(4):
            book.write((*key, garden.site, True))
    phone = garden.handset()
    told = data(phone.post("pull", {"cursor": None, "scopes": [], "limit": 10}))
    assert told["scopes"] == {"add": [str(garden.site)], "remove": []}
    assert (told["cursor"], told["rows"], told["more"]) == (None, [], True)
    fetched = fetch(phone)
    assert held(fetched) == book.at(garden.site)
    assert fetched.pages == 3  # the difference, the site as it stands, and that nothing changed since


def test_a_snapshot_gives_the_stored_bytes_of_each_newest_version_once(garden: Garden) -> None:
    book = fill(garden, 7)
    book.write(*((*key, garden.site, True) for key in list(book.now)[:3]))
    book.write((*list(book.now)[6], garden.site, False))
    phone = garden.handset()
    answer = phone.post("snapshot", {**start(garden), "limit": 1_000})
    rows = data(answer)["rows"]
    newest = {(row["kind"], row["id"]): row["version"] for row in rows}
    assert len(newest) == len(rows)
    assert {key: version for key, version in newest.items() if key[0] in KINDS} == book.at(garden.site)
    stored = garden.all(select(FeedRow.row).where(FeedRow.site_id == garden.site))
    import gzip

    body = gzip.decompress(answer.get_data()) if answer.content_encoding == "gzip" else answer.get_data()
    assert sum(body.count(row) for row in stored) == len(rows)


def start(garden: Garden) -> dict[str, Any]:
    return {"scope": str(garden.site), "cursor": None, "scopes": [], "resume": None}


def test_a_phone_killed_after_each_page_goes_on_where_it_was(garden: Garden) -> None:
    book = fill(garden, 12)
    phone = garden.handset()
    fetched, written = Fetched(), 0
    while not step(phone, fetched, limit=2):
        # between any two pages the phone dies, and the site changes
        written += 1
        key = list(book.now)[written % len(book.now)]
        if written < 12:
            book.write((*key, garden.site, written % 3 != 0), ("team", uuid4(), garden.site, True))
    assert held(fetched) == book.at(garden.site)
    assert fetched.pages > 10


def test_what_was_removed_while_the_snapshot_ran_is_not_there_afterwards(garden: Garden) -> None:
    """A row of an early page that goes before the last page comes must go from the phone too."""
    book = fill(garden, 6)
    phone = garden.handset()
    fetched = Fetched()
    step(phone, fetched, limit=2)
    step(phone, fetched, limit=2)
    sent = next(key for key in fetched.rows if key[0] in KINDS)
    book.write((sent[0], UUID(sent[1]), garden.site, False))
    fetch(phone, fetched, limit=2)
    assert held(fetched) == book.at(garden.site)


def test_the_position_is_fixed_with_the_first_page(garden: Garden) -> None:
    fill(garden, 6)
    phone = garden.handset()
    first = data(phone.post("snapshot", {**start(garden), "limit": 2}))
    begun = garden.one(select(FeedHead.pos))
    fill(garden, 5)
    page = first
    while page["resume"] is not None:
        page = data(phone.post("snapshot", {**start(garden), "resume": page["resume"], "limit": 2}))
    opened = open_cursor(garden.secrets.cursor, page["cursor"])
    assert opened is not None
    assert (opened.pos, opened.scopes) == (begun, scope_hash([str(garden.site)]))


def test_a_page_looks_at_a_bounded_number_of_rows(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site whose feed is nearly all tombstones gives short pages, and an end."""
    monkeypatch.setattr(reading, "SNAPSHOT_SCAN", 5)
    book = fill(garden, 30)
    book.write(*((*key, garden.site, False) for key in list(book.now)[2:]))
    fetched = fetch(garden.handset())
    assert held(fetched) == book.at(garden.site)
    assert fetched.pages > 6


def test_only_a_place_that_fits_is_taken(garden: Garden) -> None:
    fill(garden, 6)
    phone = garden.handset()
    key = garden.secrets.cursor
    text = data(phone.post("snapshot", {**start(garden), "limit": 2}))["resume"]
    at = open_resume(key, text)
    assert at is not None
    rest = (at.scope, at.kind, at.entity, at.version)
    whole = fetch(phone).cursor
    cases: dict[str, list[dict[str, Any]]] = {
        "cursor": [
            {"resume": "nonsense"},
            {"resume": make_resume(b"x" * 32, at)},
            {"resume": whole},
            {"resume": make_resume(key, Resume(at.epoch, at.pos, at.chain, str(garden.north), *rest[1:]))},
            {"cursor": "nonsense"},
            {"cursor": text},
        ],
        "epoch": [{"resume": make_resume(key, Resume("another", at.pos, at.chain, *rest))}],
        "chain": [
            {"resume": make_resume(key, Resume(at.epoch, at.pos, "ab" * 32, *rest))},
            {"resume": make_resume(key, Resume(at.epoch, at.pos + 100, at.chain, *rest))},
        ],
        "scope": [{"scope": str(garden.north)}, {"scope": str(uuid4())}, {"cursor": whole, "scopes": []}],
    }
    for reason, variants in cases.items():
        for over in variants:
            answer = phone.post("snapshot", {**start(garden), "limit": 2, **over})
            assert (answer.status_code, slug(answer)) == (409, "reset"), (reason, over)
            assert answer.get_json()["reason"] == reason, over
    assert data(phone.post("snapshot", {**start(garden), "resume": text, "limit": 2}))["rows"]


def test_a_second_site_joins_under_one_cursor_that_misses_nothing(garden: Garden) -> None:
    """A phone with two open sites fetches one after the other; the cursor is the earlier of both."""
    from server.ledger.models import Device, DeviceSite

    book = fill(garden, 4)
    phone = garden.handset()
    fetched = fetch(phone)
    device = garden.one(select(Device.id))
    garden.session.add(
        DeviceSite(
            device_id=device,
            number=2,
            organisation_id=garden.organisation,
            site_id=garden.north,
            from_ms=garden.clock.ms,
            until_ms=None,
        )
    )
    garden.session.commit()
    book.write(("team", uuid4(), garden.north, True), ("team", uuid4(), garden.site, True))
    step(phone, fetched)
    assert fetched.coming == str(garden.north)
    assert fetched.scopes == [str(garden.site)]
    mover = next(iter(book.now))
    book.write((*mover, garden.north, True))  # from the one to the other, while it is fetched
    fetch(phone, fetched)
    assert held(fetched) == book.at(garden.site) | book.at(garden.north)


def test_an_entity_that_moves_leaves_one_site_and_comes_to_the_other_in_one_transaction(
    garden: Garden,
) -> None:
    book = fill(garden, 1)
    (key,) = book.now
    here, there = fetch(garden.handset()), fetch(garden.handset(site=garden.north, actor="zhao"))
    phones = garden.handset(), garden.handset(site=garden.north, actor="zhao")
    book.write((*key, garden.north, True))
    fetch(phones[0], here)
    fetch(phones[1], there)
    assert held(here) == {}
    assert held(there) == book.at(garden.north)


# -- nothing missing, nothing too many -------------------------------------------------

_OPS = st.lists(
    st.one_of(
        st.tuples(st.just("page"), st.integers(1, 3)),
        st.tuples(st.just("write"), st.integers(0, 7), st.booleans(), st.booleans()),
        st.tuples(st.just("compact"), st.integers(0, 30)),
    ),
    min_size=5,
    max_size=25,
)


@given(ops=_OPS)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_whatever_is_written_between_the_pages_the_phone_ends_with_the_site(
    garden: Garden, ops: list[tuple[Any, ...]]
) -> None:
    entities = [(KINDS[number % 3], uuid4()) for number in range(8)]
    mine = {(kind, str(entity)) for kind, entity in entities}  # the garden keeps those of earlier examples
    phone: Handset = garden.handset()
    book, fetched = Book(garden), Fetched()
    for op, *given_ in ops:
        if op == "page":
            if reset_or_step(phone, fetched, limit=given_[0]):
                continue
        elif op == "write":
            number, is_there, is_north = given_
            book.write((*entities[number], garden.north if is_north else garden.site, is_there))
        else:
            garden.clock.forward(minutes=given_[0])
            feed.compact(garden.session, before_ms=garden.clock.ms)
            garden.session.commit()
    while not reset_or_step(phone, fetched, limit=2):
        pass
    assert {key: version for key, version in held(fetched).items() if key in mine} == book.at(garden.site)


def reset_or_step(phone: Handset, fetched: Fetched, *, limit: int) -> bool:
    """Ask for a page; a reset begins anew with nothing held."""
    mark = {"cursor": fetched.cursor, "scopes": fetched.scopes, "limit": limit}
    if fetched.coming is not None:
        answer = phone.post("snapshot", {**mark, "scope": fetched.coming, "resume": fetched.resume})
    else:
        answer = phone.post("pull", mark)
    if answer.status_code == 409:
        fetched.__init__()  # type: ignore[misc]
        return False
    return step(phone, fetched, limit=limit)


# -- nobody else -----------------------------------------------------------------------


def test_a_phone_of_another_site_or_organisation_gets_nothing_of_this_one(garden: Garden) -> None:
    from server.ledger.models import Device
    from server.people import service as people
    from server.sites import service as sites

    fill(garden, 3)
    mine = fetch(garden.handset())
    other = people.make_organisation(garden.session, name="Other Estates", now_ms=garden.clock.ms)
    label = {"zh": "别处", "en": "Elsewhere"}
    elsewhere = sites.make_site(
        garden.session, organisation_id=other.id, name=label, time_zone="Asia/Shanghai"
    )
    feed.commit(garden.session, now_ms=garden.clock.ms)
    code = people.start_enrolment(
        garden.session,
        organisation=other.id,
        site=elsewhere.id,
        name="x",
        made_by=None,
        public_url="http://localhost",
        now_ms=garden.clock.ms,
    ).code
    garden.session.commit()
    stranger = Handset(garden.app.test_client(), garden.clock, str(elsewhere.id))
    stranger.device = data(stranger.ask_to_join(code))["device"]["id"]
    garden.session.rollback()
    garden.session.get_one(Device, UUID(stranger.device)).state = "active"
    garden.session.commit()
    neighbour = garden.handset(site=garden.north, actor="zhao")

    for phone in (stranger, neighbour):
        own = fetch(phone)
        assert str(garden.site) not in {row["scope"] for row in own.rows.values()}
        asked = {**start(garden), "limit": 10}
        for over in ({}, {"cursor": mine.cursor, "scopes": mine.scopes}):
            answer = phone.post("snapshot", {**asked, **over})
            assert (answer.status_code, answer.get_json()["reason"]) == (409, "scope")
        told = phone.post("pull", {"cursor": mine.cursor, "scopes": mine.scopes, "limit": 10})
        assert str(garden.people["wang"]) not in told.get_data(as_text=True)
        if told.status_code == 200:  # the same organisation: its own site is what it may have
            assert data(told)["rows"] == []
            assert data(told)["scopes"]["add"] == [str(garden.north)]
        else:
            assert told.get_json()["reason"] == "epoch"
