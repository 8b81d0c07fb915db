"""What comes down to a phone: every row of its site and no other, and a cursor that never lies."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from server.feed import service as feed
from server.feed.models import Epoch, FeedHead, FeedRow
from server.people import service as people
from server.people.models import Membership, Person
from server.sites import service as sites
from server.sites.models import Site, Team
from sync.encoding import ZERO_HASH
from sync.feed import Cursor, chain_step, digest, make_cursor, open_cursor, scope_hash
from tests.api.field import Garden, Handset, data, slug


def pull(phone: Handset, cursor: str | None = None, limit: int = 1_000) -> dict[str, Any]:
    answer = phone.post("pull", {"cursor": cursor, "limit": limit})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return data(answer)


def rename_team(garden: Garden, name: str) -> None:
    """Make a team of the garden, or give it another name."""
    team = garden.session.scalars(select(Team).where(Team.site_id == garden.site)).one_or_none()
    label = {"zh": name, "en": name}
    site = garden.session.get_one(Site, garden.site)
    if team is None:
        sites.make_team(garden.session, site=site, name=label)
    else:
        team.name_zh = team.name_en = name
        team.version += 1
        feed.queue(
            garden.session,
            feed.Change(
                organisation_id=garden.organisation,
                site_id=garden.site,
                kind="team",
                entity=team.id,
                version=team.version,
                op="upsert",
                body={"id": str(team.id), "name": label},
            ),
        )
    feed.commit(garden.session, now_ms=garden.clock.ms)


def test_a_phone_gets_its_sites_rows_and_no_others(garden: Garden) -> None:
    phone = garden.handset()
    page = pull(phone)
    assert {row["scope"] for row in page["rows"]} == {str(garden.site)}
    assert {(row["kind"], row["id"]) for row in page["rows"] if row["op"] == "upsert"} == {
        ("site", str(garden.site)),
        ("person", str(garden.people["wang"])),
        ("person", str(garden.people["liu"])),
    }
    assert not page["more"]
    assert page["server_ms"] == garden.clock.ms


def test_a_row_travels_in_its_stored_bytes(garden: Garden) -> None:
    import gzip

    phone = garden.handset()
    answer = phone.post("pull", {"cursor": None, "limit": 1_000})
    body = answer.get_data()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    for row in garden.all(select(FeedRow.row).where(FeedRow.site_id == garden.site)):
        assert row in body


def test_the_next_pull_brings_only_what_is_new(garden: Garden) -> None:
    phone = garden.handset()
    first = pull(phone)
    assert pull(phone, first["cursor"])["rows"] == []
    rename_team(garden, "早班")
    rows = pull(phone, first["cursor"])["rows"]
    assert [(row["kind"], row["version"]) for row in rows] == [("team", 1)]


def test_small_pages_bring_the_same_rows(garden: Garden) -> None:
    phone = garden.handset()
    rename_team(garden, "早班")
    whole = pull(phone)["rows"]
    cursor, rows, pages = None, [], 0
    while True:
        page = pull(phone, cursor, limit=1)
        rows += page["rows"]
        cursor, pages = page["cursor"], pages + 1
        if not page["more"]:
            break
    assert rows == whole
    assert pages >= len(whole)


def test_a_version_that_was_replaced_is_left_out_and_the_cursor_moves_over_it(garden: Garden) -> None:
    phone = garden.handset()
    start = pull(phone)["cursor"]
    for name in ("一", "二", "三"):
        rename_team(garden, name)
    page = pull(phone, start, limit=1)
    assert (page["rows"], page["more"]) == ([], True)
    rest = pull(phone, page["cursor"])
    assert [row["version"] for row in rest["rows"]] == [3]


def test_a_feed_full_of_other_sites_moves_the_cursor_on(garden: Garden) -> None:
    phone = garden.handset()
    start = pull(phone)["cursor"]
    person = garden.session.get_one(Person, garden.people["zhao"])
    for _ in range(5):
        membership = garden.session.get_one(Membership, (person.id, garden.north))
        people.change_person(
            garden.session,
            person=person,
            membership=membership,
            changes={"name": person.name},
            now_ms=garden.clock.ms,
        )
        feed.commit(garden.session, now_ms=garden.clock.ms)
    page = pull(phone, start)
    moved = open_cursor(garden.secrets.cursor, page["cursor"])
    assert page["rows"] == []
    assert moved is not None
    assert moved.pos == garden.one(select(FeedHead.pos))


def test_who_leaves_is_taken_off_the_phones(garden: Garden) -> None:
    phone = garden.handset()
    start = pull(phone)["cursor"]
    person = garden.session.get_one(Person, garden.people["liu"])
    membership = garden.session.get_one(Membership, (person.id, garden.site))
    people.change_person(
        garden.session, person=person, membership=membership, changes={"left": True}, now_ms=garden.clock.ms
    )
    feed.commit(garden.session, now_ms=garden.clock.ms)
    rows = pull(phone, start)["rows"]
    assert [(row["op"], row["id"], row["body"]) for row in rows] == [("leave", str(person.id), None)]


def test_the_chain_follows_from_the_rows(garden: Garden) -> None:
    chain = ZERO_HASH
    rows = garden.session.execute(select(FeedRow.pos, FeedRow.row, FeedRow.chain).order_by(FeedRow.pos)).all()
    assert [row.pos for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        chain = chain_step(chain, digest(row.row))
        assert row.chain == chain
    assert garden.session.scalar(select(FeedHead.chain)) == chain


def test_only_a_cursor_that_fits_is_taken(garden: Garden) -> None:
    phone = garden.handset()
    key = garden.secrets.cursor
    good = open_cursor(key, pull(phone)["cursor"])
    assert good is not None
    scopes = scope_hash([str(garden.site)])
    cases = {
        "cursor": ["nonsense", pull(phone)["cursor"][:-2] + "AA", make_cursor(b"x" * 32, good)],
        "epoch": [make_cursor(key, Cursor("another", good.pos, good.chain, scopes))],
        "scope": [make_cursor(key, Cursor(good.epoch, good.pos, good.chain, scope_hash(["x"])))],
        "chain": [
            make_cursor(key, Cursor(good.epoch, good.pos, "ab" * 32, scopes)),
            make_cursor(key, Cursor(good.epoch, good.pos + 100, good.chain, scopes)),
        ],
    }
    for reason, cursors in cases.items():
        for cursor in cursors:
            answer = phone.post("pull", {"cursor": cursor, "limit": 10})
            assert (answer.status_code, slug(answer)) == (409, "reset"), reason
            assert answer.get_json()["reason"] == reason
    assert pull(phone, make_cursor(key, good))["rows"] == []


def test_a_restored_server_has_another_history(garden: Garden) -> None:
    phone = garden.handset()
    cursor = pull(phone)["cursor"]
    garden.session.execute(update(Epoch).values(epoch="restored"))
    garden.session.commit()
    answer = phone.post("pull", {"cursor": cursor, "limit": 10})
    assert answer.get_json()["reason"] == "epoch"


def test_a_revoked_phone_gets_nothing_more(garden: Garden) -> None:
    from server.ledger.models import Device

    phone = garden.handset()
    garden.session.execute(update(Device).values(state="revoked"))
    garden.session.commit()
    answer = phone.post("pull", {"cursor": None, "limit": 10})
    assert (answer.status_code, slug(answer)) == (403, "device-revoked")


@pytest.mark.parametrize("limit", [0, 1_001, -1, "10", None])
def test_a_page_has_a_bound(garden: Garden, limit: Any) -> None:
    answer = garden.handset().post("pull", {"cursor": None, "limit": limit})
    assert (answer.status_code, slug(answer)) == (400, "bad-message")


# -- a change cannot forget the feed ---------------------------------------------------


def test_a_change_that_nobody_queued_does_not_commit(garden: Garden) -> None:
    membership = garden.session.get_one(Membership, (garden.people["wang"], garden.site))
    membership.version += 1
    with pytest.raises(IntegrityError):
        garden.session.commit()
    garden.session.rollback()


def test_a_change_that_keeps_its_version_is_refused_by_the_database(garden: Garden) -> None:
    with pytest.raises(DatabaseError, match="version must rise"):
        garden.session.execute(text("UPDATE membership SET role = 'viewer'"))
    garden.session.rollback()


def test_a_rollback_forgets_what_was_queued(garden: Garden) -> None:
    before = garden.one(select(FeedHead.pos))
    change = feed.Change(garden.organisation, garden.site, "team", garden.site, 1, "upsert", {})
    feed.queue(garden.session, change)
    garden.session.execute(text("SELECT 1"))
    garden.session.rollback()
    feed.commit(garden.session, now_ms=garden.clock.ms)
    assert garden.one(select(FeedHead.pos)) == before


def test_a_savepoint_that_is_rolled_back_forgets_its_own_changes_only(garden: Garden) -> None:
    from uuid import uuid4

    before = garden.one(select(FeedHead.pos))
    kept, lost = uuid4(), uuid4()

    def change(entity: Any) -> feed.Change:
        return feed.Change(garden.organisation, garden.site, "team", entity, 1, "leave", None)

    feed.queue(garden.session, change(kept))

    def break_down() -> None:
        with feed.savepoint(garden.session):
            feed.queue(garden.session, change(lost))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_down()
    feed.commit(garden.session, now_ms=garden.clock.ms)
    assert garden.all(select(FeedRow.entity).where(FeedRow.pos > before)) == [kept]
