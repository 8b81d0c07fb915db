"""The meters of the demo estate, and what the old register said of the two months before.

Values that a phone reads on the demo's rounds come by records; these here were taken over from paper,
and say so. Among them are an alarm, a water meter that rolled over, and a power meter that was exchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sin
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from server.demo import readings
from server.demo.estate import Label, label
from server.meters import service as meters
from server.sites.models import Site

DAY_MS: Final = 86_400_000
HOUR_MS: Final = 3_600_000
DAYS: Final = 61
ENTERED: Final = "每月抄表 Read by the office"
WHY: Final = "从旧台账转入 Taken over from the old register"


@dataclass(frozen=True, slots=True)
class Demo:
    """A meter of the demo: the asset's number, its key, its definition, and how it goes."""

    asset: str
    key: str
    name: Label
    definition: Mapping[str, Any]
    middle: float
    spread: float = 0
    """Of a gauge: how far it goes up and down. Of a counter: how much an hour's rise differs."""
    per_hour: float = 0
    medium: str = ""
    feeds: str = ""
    team: str = ""
    odd: Mapping[int, float] = field(default_factory=dict)
    """Days before now → another value in the morning."""
    follows: tuple[str, str] | None = None
    """Form and field of a counter of the demo's rounds, with which it has to agree."""


def _gauge(unit: str, decimals: int, *, jump: str | None = None, **limits: str) -> dict[str, Any]:
    return {"kind": "gauge", "unit": unit, "decimals": decimals, "jump": jump, "limits": limits}


def _counter(unit: str, decimals: int, highest: str, jump: str) -> dict[str, Any]:
    return {"kind": "counter", "unit": unit, "decimals": decimals, "max": highest, "jump": jump}


PRESSURE = _gauge("MPa", 2, alarm_low="0.25", warn_low="0.30", warn_high="0.60", alarm_high="0.65")
WINTER = {"from": "11-15", "to": "03-15", "limits": {"alarm_low": "5", "warn_low": "8", "warn_high": "35"}}

METERS: Final[tuple[Demo, ...]] = (
    Demo(
        "E1", "pressure", label("出水压力", "Outlet pressure"), PRESSURE, 0.46, 0.03, odd={24: 0.68, 23: 0.61}
    ),
    Demo(
        "E1",
        "current",
        label("运行电流", "Current"),
        _gauge("A", 1, warn_high="21", alarm_high="23"),
        18.4,
        0.9,
    ),
    Demo(
        "E1",
        "hours",
        label("累计运行", "Running hours"),
        _counter("h", 0, "99999", "2"),
        0,
        per_hour=0.42,
        follows=("booster_pump", "hours"),
    ),
    Demo(
        "E2",
        "level",
        label("液位", "Level"),
        _gauge("m", 2, alarm_low="1.0", warn_low="1.5", warn_high="2.6", alarm_high="2.8"),
        2.1,
        0.18,
    ),
    Demo("E2", "chlorine", label("余氯", "Free chlorine"), _gauge("mg/L", 2, alarm_low="0.05"), 0.22, 0.05),
    Demo("E2", "turbidity", label("浊度", "Turbidity"), _gauge("NTU", 2, alarm_high="1"), 0.34, 0.08),
    Demo(
        "E2",
        "water_main",
        label("总水表", "Main water meter"),
        _counter("m³", 0, "99999", "90"),
        83_900,
        per_hour=15.6,
        spread=5,
        medium="water",
    ),
    Demo(
        "E2",
        "water_garden",
        label("绿化水表", "Garden water meter"),
        _counter("m³", 0, "9999", "20"),
        4_120,
        per_hour=2.1,
        spread=1,
        medium="water",
        feeds="water_main",
        team="cleaning",
    ),
    Demo(
        "E2",
        "water_home",
        label("入户水表合计", "Homes, all water meters"),
        _counter("m³", 0, "999999", "80"),
        212_640,
        per_hour=12.2,
        spread=4,
        medium="water",
        feeds="water_main",
    ),
    Demo(
        "E3",
        "winding",
        label("绕组温度", "Winding"),
        _gauge("°C", 0, warn_high="100", alarm_high="130"),
        68,
        5,
    ),
    Demo(
        "E3",
        "current",
        label("低压电流", "LV current"),
        _gauge("A", 0, warn_high="1155", alarm_high="1443"),
        640,
        60,
    ),
    Demo(
        "E3",
        "energy",
        label("总电度", "Energy, main"),
        _counter("kWh", 0, "9999999", "700"),
        0,
        per_hour=96,
        medium="power",
        follows=("transformer", "energy"),
    ),
    Demo(
        "E3",
        "power_home",
        label("入户电表合计", "Homes, all power meters"),
        _counter("kWh", 0, "9999999", "300"),
        4_418_300,
        per_hour=70,
        spread=9,
        medium="power",
        feeds="energy",
    ),
    Demo(
        "E4", "voltage", label("线电压", "Voltage"), _gauge("V", 0, alarm_low="354", alarm_high="406"), 389, 3
    ),
    Demo(
        "E4",
        "power_factor",
        label("功率因数", "Power factor"),
        _gauge("", 2, alarm_low="0.85", warn_low="0.90"),
        0.94,
        0.01,
    ),
    Demo(
        "E4",
        "room",
        label("室温", "Room temperature"),
        _gauge("°C", 0, warn_high="35", alarm_high="40") | {"seasons": [WINTER]},
        27,
        2,
    ),
    Demo(
        "E4",
        "public_light",
        label("公共照明电表", "Public lighting"),
        _counter("kWh", 1, "999999.9", "60"),
        98_214,
        per_hour=14.5,
        spread=4,
        medium="power",
        feeds="energy",
        team="engineering",
    ),
    Demo(
        "E5", "level", label("液位", "Level"), _gauge("m", 2, warn_high="1.0", alarm_high="1.3"), 0.55, 0.12
    ),
    Demo(
        "E5",
        "hours",
        label("累计运行", "Running hours"),
        _counter("h", 0, "99999", "2"),
        0,
        per_hour=0.03,
        follows=("sump_pump", "hours"),
    ),
    Demo(
        "E6",
        "roof_test",
        label("屋顶试验栓压力", "Roof test pressure"),
        _gauge("MPa", 2, alarm_low="0.07", warn_low="0.10", warn_high="0.35"),
        0.22,
        0.02,
    ),
    Demo(
        "E7",
        "battery",
        label("电池电压", "Battery"),
        _gauge("V", 1, alarm_low="23.5", warn_low="24", warn_high="28"),
        26.4,
        0.3,
    ),
    Demo("E7", "fuel", label("油位", "Fuel"), _gauge("%", 0, alarm_low="50", warn_low="60"), 82, 1),
    Demo(
        "E7",
        "hours",
        label("累计运行", "Running hours"),
        _counter("h", 0, "99999", "2"),
        0,
        per_hour=0.002,
        follows=("genset", "hours"),
    ),
    Demo(
        "E8",
        "machine_room",
        label("机房温度", "Machine room"),
        _gauge("°C", 0, alarm_low="5", warn_low="5", warn_high="38", alarm_high="40"),
        29,
        2,
    ),
    Demo(
        "E8",
        "energy",
        label("电梯电表", "Lift energy"),
        _counter("kWh", 0, "99999", "40"),
        31_240,
        per_hour=6.5,
        spread=2,
        medium="power",
        feeds="energy",
    ),
)

SILENCE: Final = range(14, 19)
"""The days before now on which nobody read the pump: the chart shows that nothing is known."""
EXCHANGED: Final = ("public_light", 33)
"""The meter that was exchanged, and how many days before now."""
TARGETS: Final = (("water", "11800"), ("power", "72000"))


def set_up(
    session: Session,
    *,
    site: Site,
    assets: Mapping[str, UUID],
    teams: Mapping[str, UUID],
    by: UUID,
    begin_ms: int,
) -> dict[tuple[str, str], UUID]:
    """Make the meters with their history up to `begin_ms`; return asset number and key → meter."""
    made: dict[tuple[str, str], UUID] = {}
    ids: dict[str, UUID] = {}
    for one in METERS:
        meter = meters.make_meter(
            session,
            site=site,
            asset_id=assets[one.asset],
            key=one.key,
            name=one.name,
            medium=one.medium,
            feeds=ids.get(one.feeds),
            team=teams.get(one.team),
            since_ms=begin_ms - (DAYS + 1) * DAY_MS,
            now_ms=begin_ms,
            **one.definition,
        )
        made[one.asset, one.key] = ids[one.key] = meter.id
        history, end = _history(one, begin_ms=begin_ms), None
        at_ms = begin_ms // DAY_MS * DAY_MS - EXCHANGED[1] * DAY_MS + 4 * HOUR_MS
        if one.key == EXCHANGED[0]:
            history, end = _exchanged(history, at_ms)
        meters.take_over(session, meter=meter, readings=history, why=WHY, by=by, now_ms=begin_ms)
        if end is not None:
            meters.exchange(
                session, site_id=site.id, meter_id=meter.id, at_ms=at_ms, end=end, start="0.5",
                number="P-2261", why="到期换表 Due for exchange", by=by, now_ms=begin_ms,
            )  # fmt: skip
    for medium, amount in TARGETS:
        meters.set_target(
            session, site=site, medium=medium, scope="site", scope_id=site.id, month="2026-01", amount=amount,
            by=by, now_ms=begin_ms,
        )  # fmt: skip
    return made


def catch_up(
    session: Session,
    *,
    made: Mapping[tuple[str, str], UUID],
    site_id: UUID,
    by: UUID,
    begin_ms: int,
    now_ms: int,
) -> None:
    """Enter what the office read in the days of the story: the meters that no round of it reads."""
    for one in METERS:
        if not one.medium or one.follows is not None or one.key == EXCHANGED[0]:
            continue
        meter = meters.meter_of(session, site_id=site_id, meter_id=made[one.asset, one.key], lock=True)
        days = range(0, -(now_ms - begin_ms) // DAY_MS - 1, -1)
        read = [(at, value) for at, value in _history(one, begin_ms=begin_ms, days=days) if at < now_ms]
        meters.take_over(session, meter=meter, readings=read, why=ENTERED, by=by, now_ms=now_ms)


def _history(one: Demo, *, begin_ms: int, days: Iterable[int] = range(DAYS, 0, -1)) -> list[tuple[int, str]]:
    random = Random(f"{one.asset} {one.key} {days}")  # noqa: S311  a story, no secret
    found: list[tuple[int, str]] = []
    per_day = (9, 17) if one.definition["kind"] == "gauge" else (9,)
    for day in days:
        if one.asset == "E1" and day in SILENCE:
            continue
        for hour in per_day:
            at_ms = (
                begin_ms // DAY_MS * DAY_MS
                - day * DAY_MS
                + (hour - 8) * HOUR_MS
                + random.randrange(1_500) * 1_000
            )
            found.append((at_ms, _value(one, random, at_ms, day, hour, begin_ms)))
    return found


def _value(one: Demo, random: Random, at_ms: int, day: int, hour: int, begin_ms: int) -> str:
    decimals = one.definition["decimals"]
    if one.definition["kind"] == "gauge":
        wave = sin(day / 5) * one.spread / 2
        number = one.middle + wave + random.uniform(-one.spread, one.spread) / 2
        if hour == 9:
            number = one.odd.get(day, number)
    elif one.follows is not None:
        start, per_hour = readings.COUNTERS[one.follows]
        number = start + per_hour * (at_ms - readings.METERS_SINCE_MS) / HOUR_MS
    else:
        hours = (at_ms - begin_ms) / HOUR_MS + DAYS * 24
        number = one.middle + one.per_hour * hours + random.uniform(0, one.spread) * 3
        number %= float(one.definition["max"]) + 10.0**-decimals
    return f"{number:.{decimals}f}"


def _exchanged(history: list[tuple[int, str]], at_ms: int) -> tuple[list[tuple[int, str]], str]:
    """Return a history that goes on from a new meter's 0.5, and what the old one showed last."""
    before = [(at, value) for at, value in history if at < at_ms]
    end = float(before[-1][1]) + 40
    after = [(at, f"{float(value) - end + 0.5:.1f}") for at, value in history if at >= at_ms]
    return [*before, *after], f"{end:.1f}"
