"""What people agree to is a record like any other, and a scan without a place says why."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.privacy.models import Consent
from server.rounds.models import Visit
from tests.api.field import Garden
from tests.api.privacy.scene import HERE, SCAN, assert_whole


def test_each_answer_is_kept_and_the_last_one_counts(garden: Garden) -> None:
    phone = garden.handset()
    for location in (True, False):
        garden.clock.forward(minutes=1)
        said = phone.record("consent", {"version": 1, "language": "en", "location": location})
        assert phone.outcomes(said) == [("applied", None)]
    other = garden.handset(actor="liu")
    other.outcomes(other.record("consent", {"version": 1, "language": "zh", "location": True}))

    rows = garden.all(select(Consent).order_by(Consent.estimate_ms))
    assert [(row.person_id, row.text_version, row.language, row.location) for row in rows[:2]] == [
        (garden.people["wang"], 1, "en", True),
        (garden.people["wang"], 1, "en", False),
    ]
    told = garden.client("ada").get("/api/v1/retention").json
    assert told is not None
    assert (told["agreed"], told["declined"]) == (1, 1)
    assert_whole(garden)


def test_nonsense_is_kept_and_counts_for_nothing(garden: Garden) -> None:
    phone = garden.handset()
    bad: tuple[dict[str, Any], ...] = (
        {"version": 0, "language": "zh", "location": True},
        {"version": 1, "language": "fr", "location": True},
        {"version": 1, "language": "zh", "location": "yes"},
        {"version": 1, "language": "zh"},
    )
    for said in bad:
        assert phone.outcomes(phone.record("consent", said)) == [("quarantined", "schema")]
    nobody = phone.record("consent", {"version": 1, "language": "zh", "location": True}, actor=None)
    assert phone.outcomes(nobody) == [("quarantined", "schema")]
    assert garden.all(select(Consent)) == []


def test_a_scan_without_a_place_says_why_and_is_no_worse_for_it(garden: Garden) -> None:
    phone = garden.handset()
    refused = phone.record("scan", {**SCAN, "location": "refused"}, tv=2)
    unavailable = phone.record("scan", {**SCAN, "location": "unavailable"}, tv=2)
    given = phone.record("scan", {**SCAN, "location": "given"}, tv=2, private={"geo": HERE})
    old = phone.record("scan", SCAN)
    assert phone.outcomes(refused, unavailable, given, old) == [("applied", None)] * 4

    garden.session.rollback()
    visits = garden.session.execute(select(Visit.id, Visit.marks, Visit.marked).order_by(Visit.seq)).all()
    assert [visit.marks for visit in visits] == [["no_location"], [], [], []]
    assert [visit.marked for visit in visits] == [False] * 4
    garden.session.rollback()
    li, path = garden.client("li"), f"/api/v1/sites/{garden.site}/visits"
    seen = [li.get(f"{path}/{visit.id}").json for visit in visits]
    assert [one["location"] for one in seen if one] == ["refused", "unavailable", "given", "unsaid"]
    assert li.get(f"{path}?marked=true").json["visits"] == []  # type: ignore[index]
    assert garden.client("vera").get(f"{path}/{visits[2].id}").status_code == 403
    assert_whole(garden)
