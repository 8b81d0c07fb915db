"""Certificates of people: given, told to phones, asked for by stops, and never a reason to refuse."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from server.feed import service as feed
from server.feed.models import FeedRow
from server.keeping.rebuild import differences
from server.people import certificates
from server.people.models import Certificate
from tests.api.rounds.conftest import MIN, As, Estate, as_, at, estate
from tests.api.rounds.night import Night
from tests.conftest import FakeClock

__all__ = ["as_", "at", "estate"]

LOW = {"kind": "electrician_low", "number": "T320-1", "valid_until": "2026-12-31"}


def told(estate: Estate, person: str) -> Any:
    """Return what phones were told last of somebody's certificates."""
    entity = estate.people[person].id
    rows = estate.session.scalars(
        select(FeedRow.row).where(FeedRow.entity == entity).order_by(FeedRow.version.desc())
    ).all()
    return json.loads(rows[0])["body"].get("certificates")


def test_a_certificate_is_given_shown_told_to_phones_and_withdrawn(estate: Estate, as_: As, at: str) -> None:
    person = estate.people["Wang"].id
    path = f"{at}/people/{person}/certificates"
    assert told(estate, "Wang") is None, "who holds none travels as always"

    made = as_("Li").post(path, LOW)

    assert made.status_code == 201
    assert made.json is not None
    assert LOW.items() <= made.json.items()
    assert told(estate, "Wang") == [{"kind": "electrician_low", "until": "2026-12-31"}], "without its number"
    assert as_("Li").post(path, LOW).status_code == 409
    people = as_("Li").get(f"{at}/people").json
    assert people is not None
    assert {p["name"]: p["certificates"] for p in people["people"]}["Wang"] == [made.json]

    assert as_("Li").delete(f"{path}/{made.json['id']}").status_code == 204
    assert told(estate, "Wang") is None
    assert as_("Li").delete(f"{path}/{made.json['id']}").status_code == 404


def test_what_cannot_be_is_refused_and_another_sites_people_are_nobodys(
    estate: Estate, as_: As, at: str
) -> None:
    path = f"{at}/people/{estate.people['Wang'].id}/certificates"
    for wrong in ({"kind": "driving"}, {"number": ""}, {"number": "9" * 61}, {"valid_until": "2027-02-29"}):
        assert as_("Li").post(path, LOW | wrong).status_code == 422, wrong
    assert as_("Chen").post(path, LOW).status_code == 404
    assert as_("Vera").post(path, LOW).status_code == 403
    north = f"/api/v1/sites/{estate.north.id}/people/{estate.people['Wang'].id}/certificates"
    assert as_("Chen").post(north, LOW).status_code == 404
    made = as_("Li").post(path, LOW).json
    assert made is not None
    other = f"{at}/people/{estate.people['Liu'].id}/certificates/{made['id']}"
    assert as_("Li").delete(other).status_code == 404
    assert len(estate.session.scalars(select(Certificate)).all()) == 1


def give(estate: Estate, until: date | None) -> UUID:
    made = certificates.give(
        estate.session,
        person=estate.people["Wang"],
        kind="electrician_low",
        number="T320-1",
        valid_until=until,
        now_ms=estate.clock.ms,
    )
    feed.commit(estate.session, now_ms=estate.clock.ms)
    return made.id


@pytest.mark.parametrize(
    ("until", "marks"),
    [
        (None, []),
        ("last", []),
        ("before", ["no_certificate"]),
        ("none", ["no_certificate"]),
    ],
)
def test_a_visit_without_the_certificate_that_the_stop_asks_for_is_marked_and_counts(
    estate: Estate, clock: FakeClock, until: str | None, marks: list[str]
) -> None:
    night = Night(estate, clock, route=estate.route(certificate="electrician_low"))
    day = datetime.fromtimestamp(night.start / 1000, ZoneInfo("Asia/Shanghai")).date()
    if until != "none":
        give(estate, {"last": day, "before": day - timedelta(days=1)}.get(str(until)))
    clock.ms += 1
    for n in (1, 2, 3):
        night.scan(n, n * 10)

    assert night.push(31) == [marks] * 3
    assert night.state(31) == "done"


def test_what_is_noted_later_changes_no_mark_not_even_at_a_rebuild(estate: Estate, clock: FakeClock) -> None:
    night = Night(estate, clock, route=estate.route(certificate="electrician_low"))
    night.scan(1, 10)
    assert night.push(11) == [["no_certificate"]]
    clock.ms = night.start + 12 * MIN
    held = give(estate, None)
    night.scan(2, 20)
    assert night.push(21) == [[]]
    certificates.withdraw(
        estate.session, person=estate.people["Wang"], certificate_id=held, now_ms=night.start + 22 * MIN
    )
    feed.commit(estate.session, now_ms=clock.ms)
    night.scan(3, 30)
    assert night.push(31) == [["no_certificate"]]

    assert differences(estate.session, estate.site.organisation_id) == []
    estate.session.rollback()


def test_one_that_expires_within_a_month_needs_a_supervisor(estate: Estate, as_: As, at: str) -> None:
    today = datetime.fromtimestamp(estate.clock.ms / 1000, ZoneInfo("Asia/Shanghai")).date()
    give(estate, today + timedelta(days=29))

    def rows(who: str) -> list[dict[str, Any]]:
        board = as_(who).get(f"{at}/board").json
        assert board is not None
        return [row["certificate"] for row in board["attention"] if row["kind"] == "certificate"]

    until = (today + timedelta(days=29)).isoformat()
    wang = {"id": str(estate.people["Wang"].id), "name": "Wang"}
    assert rows("Li") == [{"person": wang, "kind": "electrician_low", "valid_until": until, "over": False}]
    assert rows("Vera") == [], "who looks after people is told, and nobody else"


def test_those_that_expire_are_found_and_those_that_were_renewed_are_not(estate: Estate) -> None:
    give(estate, date(2026, 12, 10))
    assert [
        (c.kind, person.name)
        for c, person in certificates.expiring(estate.session, site=estate.site.id, by=date(2026, 12, 11))
    ] == [("electrician_low", "Wang")]
    assert not certificates.expiring(estate.session, site=estate.site.id, by=date(2026, 12, 10))
    assert not certificates.expiring(estate.session, site=estate.north.id, by=date(2027, 1, 1))
    give(estate, date(2027, 12, 10))
    assert not certificates.expiring(estate.session, site=estate.site.id, by=date(2026, 12, 11))
