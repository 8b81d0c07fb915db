"""The report of a period: sums by clause, plan, team and day, and the rounds behind each figure."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.rounds.conftest import As, Estate, H
from tests.api.rounds.night import Night
from tests.conftest import FakeClock

NOVEMBER = "2026-11"
HEARD = 61 + 120
"""So many minutes into the window its grace is over."""


class Month:
    """Three nights: the first walked, the second walked late, the third missed; then the phone was heard."""

    def __init__(self, estate: Estate, clock: FakeClock) -> None:
        self.night = Night(estate, clock)
        nights = estate.occurrences(self.night.plan)
        for n in (1, 2, 3):
            self.night.scan(n, 10 * n)
        self.night.push(40)
        for n in (1, 2, 3):
            self.night.scan(n, 24 * 60 + 90 + 15 * n, occurrence=nights[1].id)
        self.night.push(24 * 60 + 140)
        self.night.push(2 * 24 * 60 + HEARD)


@pytest.fixture
def month(estate: Estate, clock: FakeClock) -> Month:
    return Month(estate, clock)


def sums_of(body: dict[str, Any], *names: str) -> list[int]:
    return [body[name] for name in ("due", *names)]


def test_a_month_is_summed_by_clause_plan_route_team_and_day(month: Month, as_: As, at: str) -> None:
    body = as_("Li").get(f"{at}/report?period={NOVEMBER}").get_json()
    assert sums_of(body["sums"], "done", "late", "missed") == [3, 1, 1, 1]
    assert (body["sums"]["low"], body["sums"]["high"]) == ("0.667", "0.667")
    [score] = body["demands"]
    assert score["demand"]["id"] == "P1-35"
    assert score["demand"]["text"]["zh"]
    assert (score["verdict"], score["lacking"]) == ("short", 1)
    for table in ("plans", "routes", "teams"):
        assert [row["sums"] for row in body[table]] == [body["sums"]]
    assert body["plans"][0]["name"] == {"zh": "园区夜巡", "en": "Night grounds"}
    assert body["teams"][0]["key"] is None
    due = [(day["day"], day["sums"]["due"]) for day in body["days"] if day["sums"]["due"]]
    assert due == [("2026-11-23", 1), ("2026-11-24", 1), ("2026-11-25", 1)]
    assert body["period"]["over"] is False
    assert body["closed"] == {"revisions": [], "changed": False}


def test_the_month_now_is_the_default_and_a_night_belongs_to_the_day_it_began(
    month: Month, as_: As, at: str
) -> None:
    li = as_("Li")
    assert li.get(f"{at}/report").get_json()["period"]["key"] == NOVEMBER
    day = li.get(f"{at}/report?period=2026-11-24").get_json()
    assert sums_of(day["sums"], "late") == [1, 1]


def test_a_silent_phone_makes_an_interval_and_no_verdict(
    estate: Estate, clock: FakeClock, as_: As, at: str
) -> None:
    night = Night(estate, clock)
    clock.ms = night.start + 4 * H
    body = as_("Li").get(f"{at}/report?period=2026-11-23").get_json()
    assert sums_of(body["sums"], "unheard", "missed") == [1, 1, 0]
    assert (body["sums"]["low"], body["sums"]["high"]) == ("0.000", "1.000")
    assert body["demands"][0]["verdict"] == "open"
    assert body["demands"][0]["gap"]["unsure"] == 1


def test_two_periods_stand_beside_each_other(month: Month, as_: As, at: str) -> None:
    body = as_("Li").get(f"{at}/report?period=2026-11-25&against=2026-11-23").get_json()
    assert sums_of(body["against"]["sums"], "done") == [1, 1]
    assert sums_of(body["demands"][0]["sums"], "missed") == [1, 1]
    assert sums_of(body["demands"][0]["against"], "done") == [1, 1]
    assert sums_of(body["plans"][0]["against"], "done") == [1, 1]


def test_each_figure_opens_its_rounds(month: Month, as_: As, at: str) -> None:
    li = as_("Li")
    body = li.get(f"{at}/report?period={NOVEMBER}").get_json()
    keys = {"demand": "P1-35", "plan": body["plans"][0]["key"], "route": body["routes"][0]["key"], "all": ""}
    for axis, key in keys.items():
        for state in ("done", "late", "missed", "upcoming", "unheard"):
            asked = f"period={NOVEMBER}&axis={axis}&state={state}" + (f"&key={key}" if key else "")
            found = li.get(f"{at}/report/rounds?{asked}").get_json()
            assert found["count"] == len(found["rounds"]) == body["sums"][state], (axis, state)
            assert {row["state"] for row in found["rounds"]} <= {state}
    day = li.get(f"{at}/report/rounds?period={NOVEMBER}&axis=day&key=2026-11-24").get_json()
    assert [row["state"] for row in day["rounds"]] == ["late"]
    nobody = li.get(f"{at}/report/rounds?period={NOVEMBER}&axis=team").get_json()
    assert nobody["count"] == len(li.get(f"{at}/report/rounds?period={NOVEMBER}").get_json()["rounds"])
    seen = li.get(f"{at}/occurrences/{day['rounds'][0]['occurrence']}").get_json()
    assert seen["state"] == "late"


def test_rounds_come_page_by_page_and_each_once(month: Month, as_: As, at: str) -> None:
    li = as_("Li")
    whole = li.get(f"{at}/report/rounds?period={NOVEMBER}").get_json()["rounds"]
    seen: list[dict[str, Any]] = []
    after = ""
    while True:
        page = li.get(f"{at}/report/rounds?period={NOVEMBER}&limit=2{after}").get_json()
        seen += page["rounds"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == whole
    assert len(whole) == 8


def test_people_are_told_by_what_they_did_and_missed_rounds_are_nobodys(
    month: Month, as_: As, at: str
) -> None:
    [row] = as_("Li").get(f"{at}/report/people?period={NOVEMBER}").get_json()["people"]
    assert row["person"]["name"] == "Wang"
    assert row["visits"] == 6
    assert (row["rounds"]["done"], row["rounds"]["late"], row["rounds"]["missed"]) == (1, 1, 0)


def test_each_figure_of_a_person_opens_the_rounds_that_it_counts(
    month: Month, estate: Estate, as_: As, at: str
) -> None:
    li = as_("Li")
    [row] = li.get(f"{at}/report/people?period={NOVEMBER}").get_json()["people"]
    path = f"{at}/report/people/{row['person']['id']}/rounds"
    for state in ("done", "late", "partial", "unproven", "missed"):
        found = li.get(f"{path}?period={NOVEMBER}&state={state}").get_json()
        assert found["count"] == len(found["rounds"]) == row["rounds"][state], state
        assert {one["state"] for one in found["rounds"]} <= {state}
    whole = li.get(f"{path}?period={NOVEMBER}").get_json()
    assert (whole["person"], whole["count"]) == (row["person"], 2), "the missed one is nobody's"
    first = li.get(f"{path}?period={NOVEMBER}&limit=1").get_json()
    second = li.get(f"{path}?period={NOVEMBER}&limit=1&after={first['next']}").get_json()
    assert [*first["rounds"], *second["rounds"]] == whole["rounds"]
    assert li.get(f"{path}?after=x").status_code == 422
    liu = estate.people["Liu"].id
    assert li.get(f"{at}/report/people/{liu}/rounds").get_json()["count"] == 0


def test_rounds_of_a_person_are_for_who_may_see_people_there(
    month: Month, estate: Estate, as_: As, at: str
) -> None:
    path = f"report/people/{estate.people['Wang'].id}/rounds"
    assert as_("Vera").get(f"{at}/{path}").status_code == 403
    for name in ("Chen", "Otto"):
        assert as_(name).get(f"{at}/{path}").status_code == 404
    assert as_("Chen").get(f"/api/v1/sites/{estate.north.id}/{path}").status_code == 404
    assert as_("Li").get(f"{at}/report/people/{month.night.id}/rounds").status_code == 404


def test_places_that_nobody_scanned(month: Month, estate: Estate, clock: FakeClock, as_: As, at: str) -> None:
    li = as_("Li")
    assert li.get(f"{at}/report/places?days=2").get_json()["places"] == []
    clock.forward(hours=24 * 3)
    body = as_("Li").get(f"{at}/report/places?days=2").get_json()
    assert [row["place"]["number"] for row in body["places"]] == ["01", "02", "03"]
    assert [row["days"] for row in body["places"]] == [4, 4, 4]
    assert body["in_use"] == 3


def test_months_in_a_row_and_one_without_rounds_has_no_share(month: Month, as_: As, at: str) -> None:
    body = as_("Li").get(f"{at}/report/trend?months=3").get_json()
    assert [m["key"] for m in body["months"]] == ["2026-09", "2026-10", "2026-11"]
    assert [m["sums"]["low"] for m in body["months"]] == [None, None, "0.667"]
    other = as_("Li").get(f"{at}/report/trend?months=1&demand=P1-36").get_json()
    assert other["months"][0]["sums"]["due"] == 0


def test_a_withdrawn_window_is_nobodys(month: Month, estate: Estate, as_: As, at: str) -> None:
    li = as_("Li")
    before = li.get(f"{at}/report/rounds?period={NOVEMBER}").get_json()["count"]
    assert li.patch(f"{at}/plans/{month.night.plan.id}", {"paused": True}).status_code == 200
    after = li.get(f"{at}/report/rounds?period={NOVEMBER}").get_json()["count"]
    assert (before, after) == (8, 3)


@pytest.mark.parametrize(
    "query",
    [
        "period=yesterday", "period=2026-11-23..2026-11-01", "period=1600..2000",
        "period=2026-01-01..2027-12-31",
        "period=2026-02-30", "period=", "against=2026-W54", "from=1", "period=2026-11&period=2026-12",
    ],
)  # fmt: skip
def test_what_is_no_period_is_told_and_nothing_else(estate: Estate, as_: As, at: str, query: str) -> None:
    for path in ("report", "report/rounds"):
        answer = as_("Li").get(f"{at}/{path}?{query}")
        assert answer.status_code == 422, path
        assert answer.get_json()["type"].endswith("/invalid-body")


@pytest.mark.parametrize(
    "query",
    [
        "axis=plan&key=x", "axis=day&key=2026-02-30", "axis=person", "state=lost", "after=x", "after=1.x",
        "after=--1.00000000-0000-0000-0000-000000000000", "limit=0", "limit=501",
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_refused(estate: Estate, as_: As, at: str, query: str) -> None:
    assert as_("Li").get(f"{at}/report/rounds?{query}").status_code == 422


PATHS = ("report", "report/rounds", "report/places", "report/trend", "closings")


@pytest.mark.parametrize("path", [*PATHS, "report/people"])
def test_somebody_of_another_site_sees_nothing(month: Month, as_: As, at: str, path: str) -> None:
    for name in ("Chen", "Otto"):
        assert as_(name).get(f"{at}/{path}").status_code == 404


def test_another_site_counts_none_of_it(month: Month, estate: Estate, as_: As) -> None:
    north = f"/api/v1/sites/{estate.north.id}"
    body = as_("Chen").get(f"{north}/report?period={NOVEMBER}").get_json()
    assert (body["sums"]["due"], body["plans"], body["demands"]) == (0, [], [])
    plan = month.night.plan.id
    assert as_("Chen").get(f"{north}/report/rounds?axis=plan&key={plan}").get_json()["count"] == 0


def test_a_viewer_sees_completion_and_no_names(month: Month, as_: As, at: str) -> None:
    vera = as_("Vera")
    for path in PATHS:
        answer = vera.get(f"{at}/{path}")
        assert answer.status_code == 200, path
        assert "Wang" not in answer.text
    assert vera.get(f"{at}/report/people").status_code == 403
