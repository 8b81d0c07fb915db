"""Meters at the console: made, charted, entered, corrected, exported; and nothing for other sites."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.feed import service as feed
from server.meters import service as meters
from server.meters.models import Meter
from server.sites.models import Place
from tests.api.field import slug
from tests.api.meters.conftest import PRESSURE, WATER, As, Estate, make
from tests.api.meters.test_series import taken
from tests.conftest import FakeClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
H = 3_600_000
NAME = {"zh": "出水压力", "en": "Pressure"}


def told(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def test_a_meter_is_made_changed_and_comes_to_phones(as_: As, at: str, pump: Place) -> None:
    li = as_("Li")
    body = {"asset": str(pump.id), "key": "pressure", "name": NAME, **PRESSURE}

    made = told(li.post(f"{at}/meters", body), 201)
    changed = told(li.patch(f"{at}/meters/{made['id']}", {"limits": {"alarm_high": "0.90"}}))

    assert (made["edition"], changed["edition"], changed["limits"]) == (1, 2, {"alarm_high": "0.90"})
    assert made["asset"]["number"] == "SB-02"
    assert slug(li.post(f"{at}/meters", body)) == "meter-key-taken"
    refused = told(li.post(f"{at}/meters", {**body, "key": "b", "limits": {"warn_high": "２"}}), 422)
    assert "limits" in refused["errors"]["json"]
    order = {"warn_high": "9", "alarm_high": "8"}
    refused = told(li.patch(f"{at}/meters/{made['id']}", {"limits": order}), 422)
    assert refused["errors"]["json"] == {"limits": ["order"]}
    assert [one["edition"] for one in told(li.get(f"{at}/meters"))["meters"]] == [2]


def test_no_thinning_loses_an_alarm_and_silence_is_told(
    session: Session, as_: As, at: str, pressure: Meter, clock: FakeClock
) -> None:
    begin = clock.ms - 90 * 24 * H
    rows = [
        taken(pressure, begin + i * H, "0.70" if i == 777 else "0.50", id=f"r{i}")
        for i in range(2_000)
        if not 1_000 <= i < 1_100
    ]
    meters.take_readings(session, rows)
    feed.commit(session, now_ms=clock.ms)

    chart = told(as_("Li").get(f"{at}/meters/{pressure.id}/chart?from_ms={begin}&to_ms={clock.ms}"))

    assert chart["points"] == []
    assert len(chart["stretches"]) <= 600
    assert chart["readings"] == 1_900
    alarms = [one for one in chart["stretches"] if one["level"] == "alarm"]
    assert [(one["low"], one["high"]) for one in alarms] == [("0.5", "0.7")]
    moments = [one["at_ms"] for one in chart["stretches"]]
    gaps = [b - a for a, b in pairwise(moments) if b - a > chart["gap_ms"]]
    assert len(gaps) == 1
    assert chart["bands"] == [{"from_ms": begin, "to_ms": clock.ms, "limits": PRESSURE["limits"]}]


def test_what_the_office_enters_is_marked_so_and_both_values_are_seen(
    as_: As, at: str, water: Meter, clock: FakeClock
) -> None:
    li, one = as_("Li"), f"{at}/meters/{water.id}"
    for hours, value in ((9, "100"), (8, "１０９，５")):
        body = {"value": value, "unit": "m³", "at_ms": clock.ms - hours * H, "why": "paper"}
        told(li.post(f"{one}/readings", body), 201)
    [newest, _] = told(li.get(f"{one}/readings"))["readings"]
    told(li.post(f"{one}/corrections", {"reading": newest["id"], "value": "105", "why": "misread"}), 201)

    [after, first] = told(li.get(f"{one}/readings"))["readings"]

    assert (after["value"], after["counts"], after["step"], after["entered_by"]) == (
        "109.5",
        "105",
        "5",
        "Li",
    )
    assert [(c["value"], c["why"], c["by"]) for c in after["corrections"]] == [("105", "misread", "Li")]
    assert first["step"] is None
    ahead = {"value": "110", "at_ms": clock.ms + H, "why": "paper"}
    assert told(li.post(f"{one}/readings", ahead), 422)["errors"]["json"] == {
        "at_ms": ["It lies ahead of now"]
    }
    wrong = {"value": "1e400", "at_ms": clock.ms, "why": "paper"}
    assert told(li.post(f"{one}/readings", wrong), 422)["errors"]["json"] == {"value": ["not_a_number"]}
    assert len(told(li.get(f"{one}/readings"))["readings"]) == 2, "what was refused left nothing"
    page = told(li.get(f"{one}/readings?limit=1"))
    assert told(li.get(f"{one}/readings?limit=1&before={page['next']}"))["readings"] == [first]


def test_a_ledger_compares_months_teams_and_targets_and_tells_a_loss(
    estate: Estate, session: Session, as_: As, at: str, pump: Place, water: Meter
) -> None:
    sub = make(estate, pump, "sub", WATER, medium="water", feeds=water.id, team=estate.team.id)
    october, november = 1_790_870_400_000, 1_793_548_800_000  # days after the first, in Shanghai
    for meter, values in ((water, ("1000", "1300", "1700")), (sub, ("10", "250", "590"))):
        moments = (october - 48 * H, october + 29 * 24 * H, november + 28 * 24 * H)
        rows = [
            taken(meter, at_ms, value, id=f"{meter.key}{at_ms}")
            for at_ms, value in zip(moments, values, strict=True)
        ]
        meters.take_readings(session, rows)
    feed.commit(session, now_ms=november)
    li = as_("Li")
    target = {"medium": "water", "scope": "team", "scope_id": str(estate.team.id), "month": "2026-11"}
    told(li.post(f"{at}/ledger/targets", {**target, "amount": "３００"}))
    assert told(li.post(f"{at}/ledger/targets", {**target, "amount": "-3"}), 422)["errors"]["json"] == {
        "amount": ["not_a_number"]
    }

    ledger = told(li.get(f"{at}/ledger?medium=water&month=2026-11"))

    assert ledger["site"]["now"] == {"used": "400", "unsure": 0}
    assert (ledger["site"]["before"]["used"], ledger["site"]["year"]["used"]) == ("300", None)
    [team] = ledger["teams"]
    assert (team["now"]["used"], team["before"]["used"], team["target"]) == ("340", "240", "300")
    [loss] = ledger["losses"]
    assert (loss["lost"], loss["share"], loss["unread"]) == ("60", "0.1500", 0)
    december = told(li.get(f"{at}/ledger?medium=water&month=2026-12"))
    assert (december["site"]["now"]["used"], december["losses"][0]["lost"]) == (None, None)
    assert told(li.get(f"{at}/ledger?medium=water&month=2026-10"))["teams"][0]["target"] is None

    book = load_workbook(io.BytesIO(li.get(f"{at}/ledger/xlsx?medium=water&month=2026-11").data))
    rows_ = list(book.worksheets[1].iter_rows(values_only=True))
    assert [row[4] for row in rows_[1:]] == [400, 340, 400, 340, 60]
    assert li.get(f"{at}/ledger/pdf?medium=water&month=2026-11&lang=en").data.startswith(b"%PDF")
    lines = list(csv.reader(io.StringIO(li.get(f"{at}/meters/{water.id}/csv").data.decode("utf-8-sig"))))
    assert [line[3] for line in lines] == ["value", "1700", "1300", "1000"]


def test_somebody_of_another_site_sees_nothing(as_: As, at: str, water: Meter) -> None:
    chen = as_("Chen")
    for path in ("meters", f"meters/{water.id}/chart", f"meters/{water.id}/readings", "ledger", "lamps",
                 f"meters/{water.id}/csv", "ledger/pdf"):  # fmt: skip
        assert chen.get(f"{at}/{path}").status_code == 404, path
