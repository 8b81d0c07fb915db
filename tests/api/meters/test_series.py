"""A meter's series: the same whatever the order of arrival, and what becomes of odd readings."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.keeping.rebuild import differences
from server.meters import service as meters
from server.meters.models import Meter, MeterHour, MeterReading
from server.meters.service import Over, Taken, Turn
from server.problems import Invalid, NotFound
from server.sites.models import Place
from tests.api.meters.conftest import PRESSURE, WATER, Estate, make
from tests.api.rounds.test_sites import fed

H = 3_600_000
NO_METER = UUID(int=7)
HOUR0 = 1_795_000_000_000 // H * H


def taken(meter: Meter, at_ms: int, value: str, **more: Any) -> Taken:
    """Return a reading as a record brings it."""
    return Taken(
        organisation_id=meter.organisation_id,
        site_id=more.pop("site_id", meter.site_id),
        id=more.pop("id", f"{at_ms:064x}.m"),
        meter_id=meter.id,
        edition=more.pop("edition", meter.edition),
        value=value,
        estimate_ms=at_ms,
        received_ms=more.pop("received_ms", at_ms),
        **more,
    )


def take(session: Session, *rows: Taken, **more: Any) -> None:
    meters.take_readings(session, rows, **more)
    feed.commit(session, now_ms=rows[0].received_ms if rows else HOUR0)


def series(session: Session, meter: Meter) -> list[tuple[str | None, str | None, int | None]]:
    """Return value, mark and step (in whole millionths) of each point."""
    rows = session.scalars(
        select(MeterReading)
        .where(MeterReading.meter_id == meter.id)
        .order_by(MeterReading.estimate_ms, MeterReading.id)
        .execution_options(populate_existing=True)
    )
    return [(row.value, row.mark, row.step) for row in rows]


@pytest.fixture
def heard() -> Iterator[list[Turn]]:
    turns: list[Turn] = []

    def listen(_session: Session, _meter: Meter, turn: Turn, _now_ms: int) -> None:
        turns.append(turn)

    Over.listeners.append(listen)
    yield turns
    Over.listeners.remove(listen)


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_gives_the_same_series(
    estate: Estate, session: Session, pump: Place, seed: int
) -> None:
    chance = random.Random(seed)
    one, other = make(estate, pump, "a", WATER), make(estate, pump, "b", WATER)
    values = ["100.0", "103.5", "99999.0", "4.0", "4.0", "9.0", "2.0", "90.0", "91.0"]
    moments = [HOUR0 + i * H // 2 + chance.randrange(1_000) for i in range(len(values))]
    rows = list(zip(moments, values, strict=True))
    take(session, *(taken(one, at, value, id=f"{at}.a") for at, value in rows))
    chance.shuffle(rows)
    for at, value in rows:
        take(session, taken(other, at, value, id=f"{at}.b"))

    assert series(session, one) == series(session, other)
    hours = [
        [
            (h.hour, h.readings, h.low, h.high, h.last_ms, h.worst, h.marks)
            for h in session.scalars(
                select(MeterHour).where(MeterHour.meter_id == meter.id).order_by(MeterHour.hour)
            )
        ]
        for meter in (one, other)
    ]
    assert hours[0] == hours[1]
    assert (one.last_value, one.last_ms) == (other.last_value, other.last_ms) == ("91", moments[-1])


def test_a_late_reading_falls_into_its_place_and_its_neighbour_is_judged_anew(
    session: Session, water: Meter
) -> None:
    take(session, taken(water, HOUR0, "100.0"), taken(water, HOUR0 + 2 * H, "140.0"))
    assert series(session, water) == [("100.0", None, None), ("140.0", "jump", None)]

    take(session, taken(water, HOUR0 + H, "135.0"))

    assert series(session, water) == [
        ("100.0", None, None),
        ("135.0", "jump", None),
        ("140.0", None, 5_000_000),
    ]
    assert water.last_value == "140"


def test_a_lower_value_is_marked_and_no_roll_over_unless_it_plausibly_is_one(
    session: Session, water: Meter
) -> None:
    take(
        session,
        taken(water, HOUR0, "99995.0"),
        taken(water, HOUR0 + H, "3.0"),
        taken(water, HOUR0 + 2 * H, "1.0"),
    )

    assert series(session, water) == [
        ("99995.0", None, None),
        ("3.0", "rolled", 8_000_000),
        ("1.0", "lower", None),
    ]
    used = meters.usage(session, water.id, HOUR0, HOUR0 + 2 * H)
    assert (used.amount, used.unsure, used.readings) == (8_000_000, 1, 2)


def test_a_reading_is_judged_by_the_edition_it_was_taken_under(
    estate: Estate, session: Session, pressure: Meter
) -> None:
    wider = {"limits": {"alarm_high": "0.90"}}
    meters.change_meter(session, site=estate.site, meter_id=pressure.id, changes=wider, now_ms=HOUR0)
    take(
        session,
        taken(pressure, HOUR0 + 1, "0.72", edition=1),
        taken(pressure, HOUR0 + 2, "0.72", edition=2),
    )

    levels = session.scalars(select(MeterReading.level).order_by(MeterReading.estimate_ms)).all()
    assert levels == ["alarm", "normal"]


def test_a_season_over_new_year_has_its_own_limits(estate: Estate, session: Session, pump: Place) -> None:
    winter = {"from": "11-15", "to": "03-15", "limits": {"alarm_low": "5"}}
    room = make(estate, pump, "room", PRESSURE | {"limits": {"alarm_low": "1"}, "seasons": [winter]})
    new_year = 1_798_732_800_000  # 2027-01-01 00:00 in Shanghai
    take(session, taken(room, new_year, "3"), taken(room, new_year + 100 * 24 * H, "3"))

    levels = session.scalars(select(MeterReading.level).order_by(MeterReading.estimate_ms)).all()
    assert levels == ["alarm", "normal"]


def test_one_rule_is_open_until_the_value_returns(
    session: Session, pressure: Meter, heard: list[Turn]
) -> None:
    for i, value in enumerate(("0.50", "0.62", "0.72", "0.73", "0.61", "0.70", "0.50", "0.66")):
        take(session, taken(pressure, HOUR0 + i * H, value))
    take(session, taken(pressure, HOUR0 + 30 * 60_000, "0.99"))  # late: the value has returned since

    told = [(turn.what, turn.level, turn.value) for turn in heard]
    assert told == [
        ("over", "warning", "0.62"),
        ("worse", "alarm", "0.72"),
        ("worse", "alarm", "0.7"),
        ("returned", "normal", "0.5"),
        ("over", "alarm", "0.66"),
    ]
    assert pressure.over_ms == HOUR0 + 7 * H
    last = json.loads(fed(session, "meter")[-1])["body"]["last"]
    assert last == {"value": "0.66", "at_ms": HOUR0 + 7 * H, "level": "alarm"}


def test_answers_given_anew_replace_their_readings(session: Session, water: Meter) -> None:
    visit = "a" * 64
    take(session, taken(water, HOUR0, "100.0"))
    take(session, taken(water, HOUR0 + H, "910.0", id=f"{visit}.m", visit_id=visit))
    take(
        session,
        taken(water, HOUR0 + H, "109.0", id=f"{visit}.m", visit_id=visit),
        forgotten=[visit],
    )

    assert series(session, water) == [("100.0", None, None), ("109.0", None, 9_000_000)]
    assert water.last_value == "109"


def test_what_no_meter_of_the_site_can_show_does_not_count(
    estate: Estate, session: Session, water: Meter
) -> None:
    take(
        session,
        taken(water, HOUR0, "-3.0"),
        taken(water, HOUR0 + 1, "1e400"),
        taken(water, HOUR0 + 2, "7.00"),
        taken(water, HOUR0 + 3, "100000.0"),
        taken(water, HOUR0 + 4, "5.0", site_id=estate.north.id),
    )

    assert series(session, water) == [
        ("-3.0", None, None),
        ("1e400", None, None),
        ("7.00", None, None),
        ("100000.0", None, None),
    ]
    assert water.last_ms is None


# -- the office --------------------------------------------------------------------------


def test_the_office_enters_corrects_confirms_and_strikes_out(
    estate: Estate, session: Session, water: Meter
) -> None:
    ids: dict[str, Any] = {"site_id": estate.site.id, "meter_id": water.id, "by": estate.people["Li"].id}
    now = HOUR0 + 9 * H
    take(session, taken(water, HOUR0, "100.0"), taken(water, HOUR0 + H, "190.0", id="typo"))
    typed = meters.enter_reading(
        session, value="１２０，５", at_ms=HOUR0 + 2 * H, why="paper", now_ms=now, unit="m³", **ids
    )
    feed.commit(session, now_ms=now)
    assert typed.value == "120.5"
    assert [mark for _, mark, _ in series(session, water)] == [None, "jump", "lower"]

    meters.correct(session, reading_id="typo", value="109", why="misread", now_ms=now, **ids)
    feed.commit(session, now_ms=now)
    assert series(session, water) == [
        ("100.0", None, None),
        ("190.0", None, 9_000_000),
        ("120.5", "jump", None),
    ]
    meters.correct(session, reading_id=str(typed.id), value="120.5", why="a leak", now_ms=now, **ids)
    meters.correct(session, reading_id="typo", value=None, why="another meter", now_ms=now + 1, **ids)
    feed.commit(session, now_ms=now)

    assert series(session, water) == [
        ("100.0", None, None),
        ("190.0", None, None),
        ("120.5", None, 20_500_000),
    ]
    said = meters.corrections_of(session, meter_id=water.id, ids=["typo"])
    assert [(entry.value, entry.why) for entry in said] == [("109", "misread"), (None, "another meter")]


def test_an_exchange_ends_the_old_meter_and_begins_with_the_new_one(
    estate: Estate, session: Session, water: Meter
) -> None:
    take(session, taken(water, HOUR0, "100.0"), taken(water, HOUR0 + 3 * H, "4.0"))
    meters.exchange(
        session,
        site_id=estate.site.id,
        meter_id=water.id,
        at_ms=HOUR0 + H,
        end="107.0",
        start="1.0",
        number="P-2261",
        why="due",
        by=estate.people["Li"].id,
        now_ms=HOUR0 + 4 * H,
    )
    feed.commit(session, now_ms=HOUR0 + 4 * H)

    assert series(session, water) == [
        ("100.0", None, None),
        ("1.0", "exchanged", 7_000_000),
        ("4.0", None, 3_000_000),
    ]
    assert meters.usage(session, water.id, HOUR0, HOUR0 + 3 * H).amount == 10_000_000
    asked = {(water.id, HOUR0 + n * H - k, HOUR0 + 3 * H) for n in range(-1, 4) for k in (0, 1)}
    one_by_one = {(meter, a, b): meters.usage(session, meter, a, b).amount for meter, a, b in asked}
    assert meters.risen(session, asked | {(NO_METER, 0, 1)}) == one_by_one | {(NO_METER, 0, 1): 0}
    assert water.number == "P-2261"


def test_bad_values_are_refused_by_name(estate: Estate, session: Session, water: Meter) -> None:
    refusals = []
    for typed, unit in (("12,3,4", None), ("-1", None), ("1.25", None), ("100000", None), ("1", "kWh")):
        with pytest.raises(Invalid) as refused:
            meters.enter_reading(
                session,
                site_id=estate.site.id,
                meter_id=water.id,
                value=typed,
                unit=unit,
                at_ms=HOUR0,
                why="paper",
                by=estate.people["Li"].id,
                now_ms=HOUR0,
            )
        [(member, codes)] = refused.value.members["errors"]["json"].items()  # type: ignore[index]
        refusals.append((member, codes[0]))
    assert refusals == [
        ("value", "not_a_number"),
        ("value", "negative"),
        ("value", "too_many_decimals"),
        ("value", "over_max"),
        ("unit", "The meter counts in m³"),
    ]
    assert series(session, water) == []


def test_a_rebuild_brings_back_what_the_office_wrote(estate: Estate, session: Session, water: Meter) -> None:
    ids: dict[str, Any] = {
        "site_id": estate.site.id,
        "meter_id": water.id,
        "by": estate.people["Li"].id,
        "why": "paper",
    }
    for i, value in enumerate(("100", "190", "120")):
        entry = meters.enter_reading(session, value=value, at_ms=HOUR0 + i * H, now_ms=HOUR0 + 9 * H, **ids)
    meters.correct(session, reading_id=str(entry.id), value="195", now_ms=HOUR0 + 9 * H, **ids)
    meters.exchange(
        session, at_ms=HOUR0 + 3 * H, end="199", start=None, number=None, now_ms=HOUR0 + 9 * H, **ids
    )
    feed.commit(session, now_ms=HOUR0 + 9 * H)
    version = water.version

    assert differences(session, estate.site.organisation_id) == []
    assert water.version == version, "a replay is no news for phones"


def test_unit_and_kind_stay_once_there_are_readings(estate: Estate, session: Session, water: Meter) -> None:
    meters.change_meter(session, site=estate.site, meter_id=water.id, changes={"unit": "t"}, now_ms=HOUR0)
    take(session, taken(water, HOUR0, "100.0"))
    with pytest.raises(meters.MeterHasReadings):
        meters.change_meter(
            session, site=estate.site, meter_id=water.id, changes={"unit": "m³"}, now_ms=HOUR0
        )


def test_a_meter_does_not_lie_behind_itself_nor_on_another_site(
    estate: Estate, session: Session, pump: Place, water: Meter
) -> None:
    sub = make(estate, pump, "sub", WATER, medium="water", feeds=water.id)
    for feeds in (sub.id, water.id, uuid4()):
        with pytest.raises(Invalid):
            meters.change_meter(
                session, site=estate.site, meter_id=water.id, changes={"feeds": feeds}, now_ms=HOUR0
            )
    with pytest.raises(NotFound):
        meters.meter_of(session, site_id=estate.north.id, meter_id=water.id)
