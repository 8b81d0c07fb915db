"""Closing a period: one number with footnotes, and visible revisions of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server.audit.models import AuditRow
from server.jobs import JOBS
from server.reports.service.closing import CLOSE_AFTER_DAYS
from tests.api.rounds.conftest import As, Console, Estate, H
from tests.api.rounds.night import Night
from tests.conftest import FakeClock

DAY = 24 * H
WEEK = {"period": "2026-W48"}
"""From 23 to 29 November 2026: the first seven nights."""


class Week(Night):
    """Seven nights of which the first was walked; the phone that carries the others is silent."""

    def __init__(self, estate: Estate, clock: FakeClock) -> None:
        super().__init__(estate, clock)
        self.nights = estate.occurrences(self.plan)
        for n in (1, 2, 3):
            self.scan(n, 10 * n)
        self.push(40)

    def over(self, days: float = CLOSE_AFTER_DAYS + 0.1) -> None:
        """Let the week be over, and some days more."""
        self.clock.ms = self.nights[6].from_ms + 8 * H + int(days * DAY)


@pytest.fixture
def week(estate: Estate, clock: FakeClock) -> Week:
    return Week(estate, clock)


def close(li: Console, at: str) -> dict[str, Any]:
    answer = li.post(f"{at}/closings", WEEK)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def work(app: Flask, now_ms: int) -> None:
    """Do the periodic work."""
    from server.db import db
    from server.tenancy import enter_installation

    with app.app_context():
        session = db.session()
        enter_installation(session)
        JOBS["tally reports"](session, now_ms)
        session.commit()
        db.session.remove()


def test_a_closed_week_has_one_number_and_footnotes_with_the_phones(week: Week, as_: As, at: str) -> None:
    week.over()
    body = close(as_("Li"), at)
    assert (body["revision"], body["share"]) == (1, "0.143"), "1 of 7 is proven; silence is not done"
    assert (body["sums"]["unheard"], body["sums"]["missed"]) == (6, 0), "nor is it missed"
    [note] = body["footnotes"]
    assert (note["kind"], note["count"]) == ("unheard", 6)
    assert [phone["name"] for phone in note["phones"]] == ["4 号手机"]
    assert body["by"] == "Li"
    assert body["received_ms"] == week.start + 40 * 60_000
    assert body["received_pos"] > 0
    report = as_("Li").get(f"{at}/report?period=2026-W48").get_json()
    assert [one["revision"] for one in report["closed"]["revisions"]] == [1]
    assert report["closed"]["changed"] is False


def test_a_late_record_is_a_visible_revision_and_the_old_number_stays(
    app: Flask, week: Week, as_: As, at: str
) -> None:
    week.over()
    first = close(as_("Li"), at)
    for n in (1, 2, 3):
        week.scan(n, 24 * 60 + 10 * n, occurrence=week.nights[1].id)
    week.phone.push(now_ms=week.clock.ms)
    seen = as_("Li").get(f"{at}/report?period=2026-W48").get_json()
    assert seen["closed"]["changed"] is True
    work(app, week.clock.ms)
    revisions = as_("Li").get(f"{at}/report?period=2026-W48").get_json()["closed"]["revisions"]
    assert [(r["revision"], r["share"]) for r in revisions] == [(1, "0.143"), (2, "0.286")]
    assert revisions[0] == first
    assert (revisions[1]["itself"], revisions[1]["by"]) == (True, None)
    assert revisions[1]["sums"]["missed"] == 5, "the phone was heard by now"
    assert revisions[1]["footnotes"] == []
    [listed] = as_("Li").get(f"{at}/closings").get_json()["closings"]
    assert listed == revisions[1]
    work(app, week.clock.ms + 2 * H)
    again = as_("Li").get(f"{at}/report?period=2026-W48").get_json()["closed"]["revisions"]
    assert len(again) == 2, "nothing changed, so nothing is revised"


def test_an_excuse_after_closing_is_a_revision_too(week: Week, as_: As, at: str) -> None:
    week.over()
    li = as_("Li")
    close(li, at)
    assert li.post(f"{at}/occurrences/{week.nights[3].id}/excuse", {"why": "台风"}).status_code == 200
    body = close(li, at)
    assert (body["revision"], body["share"], body["sums"]["due"]) == (2, "0.167", 6)
    assert {note["kind"]: note["count"] for note in body["footnotes"]} == {"unheard": 5, "excused": 1}


def test_a_period_that_is_not_over_long_enough_cannot_be_closed(week: Week, as_: As, at: str) -> None:
    week.over(CLOSE_AFTER_DAYS - 1)
    answer = as_("Li").post(f"{at}/closings", WEEK)
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/too-early")
    report = as_("Li").get(f"{at}/report?period=2026-W48").get_json()
    assert answer.get_json()["from_ms"] == report["closable_ms"]
    assert as_("Li").patch(f"{at}/reporting", {"close_after_days": 2}).status_code == 200
    close(as_("Li"), at)


def test_how_a_site_closes_is_changed_part_by_part_and_noted(
    week: Week, estate: Estate, as_: As, at: str
) -> None:
    li = as_("Li")
    assert li.get(f"{at}/closings").get_json()["settings"] == {"close_after_days": 5, "closes_itself": False}
    assert li.patch(f"{at}/reporting", {"closes_itself": True}).status_code == 200
    assert li.patch(f"{at}/reporting", {"close_after_days": 0}).status_code == 200
    wanted = {"close_after_days": 0, "closes_itself": True}
    assert li.get(f"{at}/closings").get_json()["settings"] == wanted
    row = estate.session.query(AuditRow).order_by(AuditRow.pos.desc()).first()
    assert row is not None
    assert (row.action, row.detail["close_after_days"]) == ("reporting.changed", 0)
    odd: list[dict[str, Any]] = [
        {"close_after_days": None},
        {"close_after_days": -1},
        {"close_after_days": 91},
        {"close_after_days": 1.5},
        {"closes_itself": "yes"},
        {"closes_itself": None},
        {"days": 3},
    ]
    for body in odd:
        assert li.patch(f"{at}/reporting", body).status_code == 422, body
    assert li.get(f"{at}/closings").get_json()["settings"] == wanted
    assert as_("Chen").patch(f"{at}/reporting", {"close_after_days": 1}).status_code == 404


def test_nothing_is_closed_twice(week: Week, as_: As, at: str) -> None:
    week.over()
    li = as_("Li")
    close(li, at)
    answer = li.post(f"{at}/closings", WEEK)
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/nothing-changed")
    assert len(li.get(f"{at}/closings").get_json()["closings"]) == 1


@pytest.mark.parametrize("period", ["2026-11-23", "2026-11-23..2026-11-29", "1999", 2026, None])
def test_only_whole_periods_are_closed(week: Week, as_: As, at: str, period: Any) -> None:
    week.over()
    assert as_("Li").post(f"{at}/closings", {"period": period}).status_code == 422


def test_months_close_themselves_where_the_site_wants_it(
    app: Flask, week: Week, estate: Estate, as_: As, at: str, clock: FakeClock
) -> None:
    week.over(6)
    estate.session.rollback()
    work(app, clock.ms)
    assert as_("Li").get(f"{at}/closings").get_json()["closings"] == []
    assert (
        as_("Li").patch(f"{at}/reporting", {"closes_itself": True}).get_json()["close_after_days"]
        == CLOSE_AFTER_DAYS
    )
    work(app, clock.ms + 2 * H)
    [closing] = as_("Li").get(f"{at}/closings").get_json()["closings"]
    assert (closing["period"], closing["itself"], closing["revision"]) == ("2026-11", True, 1)
    work(app, clock.ms + 4 * H)
    assert len(as_("Li").get(f"{at}/closings").get_json()["closings"]) == 1


def test_what_was_closed_cannot_be_changed_and_stands_in_the_audit_log(
    week: Week, estate: Estate, as_: As, at: str
) -> None:
    week.over()
    close(as_("Li"), at)
    row = estate.session.query(AuditRow).order_by(AuditRow.pos.desc()).first()
    assert row is not None
    assert (row.action, row.detail["period"], row.detail["share"]) == ("period.closed", "2026-W48", "0.143")
    estate.session.rollback()
    for change in ("UPDATE closing SET revision = 9", "DELETE FROM closing"):
        with pytest.raises(DatabaseError, match="insert-only"):
            estate.session.execute(text(change))
        estate.session.rollback()


def test_the_months_of_a_trend_show_what_was_stated(week: Week, as_: As, at: str) -> None:
    week.over(7)
    li = as_("Li")
    assert li.post(f"{at}/closings", {"period": "2026-11"}).status_code == 201
    for query, share in (("", "0.125"), ("&demand=P1-35", "0.125"), ("&demand=P1-36", None)):
        body = li.get(f"{at}/report/trend?until=2026-11&months=2{query}").get_json()
        assert body["months"][0]["closed"] is None
        assert body["months"][1]["closed"] == {"revision": 1, "share": share}


def test_who_may_not_close_does_not(week: Week, as_: As, at: str) -> None:
    week.over()
    assert as_("Vera").post(f"{at}/closings", WEEK).status_code == 403
    assert as_("Vera").patch(f"{at}/reporting", {"close_after_days": 0}).status_code == 403
    for name in ("Chen", "Otto"):
        assert as_(name).post(f"{at}/closings", WEEK).status_code == 404
    close(as_("Li"), at)
    seen = as_("Vera").get(f"{at}/closings").get_json()["closings"][0]
    assert (seen["share"], seen["by"]) == ("0.143", None)


def test_another_site_has_no_closing_of_ours(week: Week, estate: Estate, as_: As, at: str) -> None:
    week.over()
    close(as_("Li"), at)
    assert as_("Chen").get(f"/api/v1/sites/{estate.north.id}/closings").get_json()["closings"] == []
