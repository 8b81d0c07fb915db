"""A guard who uses two phones at once: marked in the log, found by the filter, told to the phone itself."""

from __future__ import annotations

from typing import Any

import pytest

from server.people.doubles import late_marks
from tests.api.rounds.conftest import MIN, As, Console, Estate
from tests.api.rounds.night import Night
from tests.conftest import FakeClock


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    return Night(estate, clock)


def rows(console: Console, at: str, query: str = "") -> dict[str, list[str]]:
    """Return visit → marks of the patrol log."""
    return {row["id"]: row["marks"] for row in told(console, f"{at}/visits{query}")["visits"]}


def told(console: Console, path: str) -> dict[str, Any]:
    """Return the answer to a question that is answered."""
    answer = console.get(path)
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json


def late(night: Night, phone: Any, *hashes: str) -> dict[str, list[str]]:
    """Return what a phone is told of its records."""
    device = phone.device_id
    return late_marks(night.estate.session, night.estate.site.organisation_id, device, hashes)


def two_at_once(night: Night) -> tuple[Any, str, str, str]:
    """Have Wang walk with one phone from 10 to 50 past, and scan once with another at 30 past."""
    other = night.estate.phone("5 号手机")
    night.push(5)
    first = night.scan(1, 10)
    night.push(11)
    other.sign_in(night.estate.people["Wang"], at_ms=night.start + 28 * MIN)
    night.push(29, phone=other)
    second = night.scan(2, 30, phone=other)
    night.push(31, phone=other)
    third = night.scan(3, 50)
    return other, first, second, third


def test_what_the_other_phone_brings_later_marks_a_visit_and_its_finding(
    as_: As, at: str, night: Night
) -> None:
    other, first, second, third = two_at_once(night)
    li = as_("Li")
    assert rows(li, at)[second] == []  # nothing proves yet that the first one was still in use
    assert rows(li, at, "?marked=true") == {}
    assert late(night, other, second) == {}

    night.push(51)
    assert rows(li, at)[second] == []  # nor yet: for all the server knows the third scan was made at 11 past
    fourth = night.scan(1, 52, occurrence=None)
    night.push(53)

    found = rows(li, at)
    assert found == {fourth: [], third: [], second: ["two_phones"], first: []}
    assert told(li, f"{at}/visits/{second}")["marks"] == ["two_phones"]
    assert late(night, other, second, third) == {second: ["two_phones"]}
    assert late(night, night.phone, first, second, third) == {}, "what it carried is not its own"


def test_marked_only_finds_it_and_not_marked_leaves_it_out(as_: As, at: str, night: Night) -> None:
    _, first, second, third = two_at_once(night)
    night.push(51)
    wrong = night.scan(1, 52, proof="0" * 64)
    night.push(53)
    li, wang = as_("Li"), night.estate.people["Wang"].id

    assert set(rows(li, at, "?marked=true")) == {second, wrong}
    assert set(rows(li, at, "?marked=false")) == {first, third}
    assert set(
        rows(li, at, f"?marked=true&person={wang}&from={night.start}&to={night.start + 40 * MIN}")
    ) == {second}
    assert rows(li, at, f"?marked=true&person={night.estate.people['Liu'].id}") == {}
    newest = told(li, f"{at}/visits?marked=true&limit=1")
    assert [row["id"] for row in newest["visits"]] == [wrong]
    older = told(li, f"{at}/visits?marked=true&limit=1&before={newest['next']}")
    assert ([row["id"] for row in older["visits"]], older["next"]) == ([second], None)


def test_chen_of_another_site_sees_nothing_of_it(as_: As, at: str, night: Night, estate: Estate) -> None:
    two_at_once(night)
    night.push(51)
    assert as_("Chen").get(f"{at}/visits?marked=true").status_code == 404
    assert rows(as_("Chen"), f"/api/v1/sites/{estate.north.id}", "?marked=true") == {}


def test_a_phone_that_nobody_signed_out_of_proves_no_second_day(as_: As, at: str, night: Night) -> None:
    """The first phone lies in a drawer, signed in, and is used again after two days."""
    other = night.estate.phone("5 号手机")
    night.scan(1, 10)
    night.push(11)
    day = 24 * 60
    other.sign_in(night.estate.people["Wang"], at_ms=night.start + (day + 60) * MIN)
    night.push(day + 61, phone=other)
    second = night.scan(2, day + 62, phone=other, occurrence=None)
    night.push(day + 63, phone=other)
    night.scan(3, 2 * day, occurrence=None)
    night.push(2 * day + 1)

    assert "two_phones" not in rows(as_("Li"), at)[second]
