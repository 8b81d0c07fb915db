"""The store and the upkeep of the demo estate: parts, moves, a stock-take, rules. All invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.demo.estate import TIME_ZONE, label
from server.demo.setting_up import Made
from server.stock import service as stock
from server.stock.models import Part
from server.upkeep import service as upkeep
from server.upkeep.service.making import DEFAULTS

DAY_MS: Final = 86_400_000
ON_PAPER: Final = "本期已做，见纸质台账 Done on paper before Roundsman"

PARTS: Final = (
    # number, name, unit, category, place, minimum, order size, price in fen, received, used each time
    ("S-01", label("机械密封 DN32", "Mechanical seal DN32"), "个", "水泵", "B1 库 A-1", 2, 4, 18_600, 6, 1),
    ("S-02", label("轴承 6206", "Bearing 6206"), "个", "水泵", "B1 库 A-1", 4, 10, 3_200, 12, 2),
    ("S-03", label("止回阀 DN50", "Check valve DN50"), "个", "水泵", "B1 库 A-2", 1, 2, 24_500, 3, 1),
    ("S-04", label("球阀 DN25", "Ball valve DN25"), "个", "给排水", "B1 库 A-2", 4, 10, 4_800, 14, 2),
    ("S-05", label("PPR 管 DN25", "PPR pipe DN25"), "m", "给排水", "B1 库 A-3", 20, 50, 1_250, 80, 6),
    ("S-06", label("生料带", "Thread tape"), "卷", "给排水", "B1 库 A-3", 10, 30, 150, 40, 3),
    ("S-07", label("角阀", "Angle valve"), "个", "给排水", "B1 库 A-3", 6, 12, 2_600, 16, 2),
    ("S-08", label("LED 灯管 18W", "LED tube 18 W"), "支", "照明", "B1 库 B-1", 20, 50, 1_450, 60, 9),
    ("S-09", label("声控灯泡 7W", "Sound-switched bulb"), "个", "照明", "B1 库 B-1", 15, 40, 1_100, 50, 6),
    ("S-10", label("应急灯", "Emergency lamp"), "个", "消防", "B1 库 B-2", 4, 8, 6_800, 10, 1),
    ("S-11", label("疏散指示牌", "Exit sign"), "个", "消防", "B1 库 B-2", 3, 6, 5_400, 8, 1),
    ("S-12", label("灭火器 4kg", "Extinguisher 4 kg"), "具", "消防", "B1 库 B-3", 6, 10, 8_900, 12, 1),
    ("S-13", label("空气开关 C32", "Breaker C32"), "个", "电气", "B1 库 C-1", 5, 10, 3_900, 12, 1),
    ("S-14", label("接触器 CJX2-25", "Contactor CJX2-25"), "个", "电气", "B1 库 C-1", 2, 4, 11_800, 5, 1),
    ("S-15", label("电缆 BV 2.5", "Cable BV 2.5"), "m", "电气", "B1 库 C-2", 100, 200, 320, 300, 25),
    ("S-16", label("绝缘胶布", "Insulating tape"), "卷", "电气", "B1 库 C-2", 10, 30, 260, 30, 2),
    ("S-17", label("机油 15W-40", "Engine oil 15W-40"), "L", "发电机", "B1 库 D-1", 18, 36, 3_600, 36, 9),
    ("S-18", label("机油滤芯", "Oil filter"), "个", "发电机", "B1 库 D-1", 1, 2, 9_500, 2, 1),
    ("S-19", label("门磁", "Door contact"), "个", "门禁", "B1 库 E-1", 4, 8, 4_200, 10, 1),
    ("S-20", label("闭门器", "Door closer"), "个", "门禁", "B1 库 E-1", 3, 6, 9_800, 6, 1),
)  # fmt: skip
NEGATIVE: Final = "S-18"
"""The last one was taken twice: the book says one less than nothing until somebody counts."""

RULES: Final[tuple[dict[str, Any], ...]] = (
    {
        "key": "pump",
        "name": label("生活水泵保养", "Booster pump service"),
        "asset": "E1",
        "recurrence": {"kind": "after", "every": {"months": 6}, "open_days": 14},
        "meter": {"key": "hours", "every": 250_000_000, "origin": "completion", "open_days": 7},
        "form": "booster_pump",
        "parts": (("S-01", 1), ("S-02", 2)),
        "class": "water",
        "demand": "P1-27",
        "signed": True,
    },
    {
        "key": "genset",
        "name": label("发电机试机", "Genset test run"),
        "asset": "E7",
        "recurrence": {"kind": "count", "times": 1, "per": "month"},
        "form": "genset",
        "class": "power",
    },
    {
        "key": "lift",
        "name": label("电梯半月维保", "Lift service, twice a month"),
        "asset": "E8",
        "recurrence": {"kind": "count", "times": 1, "per": "half_month"},
        "form": "lift",
        "class": "lift",
        "signed": True,
    },
    {
        "key": "fire",
        "name": label("消防稳压泵保养", "Fire pressure set service"),
        "asset": "E6",
        "recurrence": {"kind": "count", "times": 1, "per": "quarter"},
        "form": "fire_pressure",
        "class": "fire",
        "left_out": True,
    },
)
TEMPLATES: Final = ("wells", "septic_check", "lightning", "tanks")


def enter(session: Session, *, made: Made, technician: UUID, supervisor: UUID, until_ms: int) -> None:
    """Fill the store and make the rules; what is due by them is opened. The caller commits."""
    parts = _parts(session, made, technician, supervisor, until_ms)
    _rules(session, made, parts, supervisor, until_ms)
    upkeep.run(session, now_ms=until_ms)


def _parts(
    session: Session, made: Made, technician: UUID, supervisor: UUID, until_ms: int
) -> Mapping[str, Part]:
    chance = Random(7)  # noqa: S311  an invented store
    found: dict[str, Part] = {}
    begin = until_ms - 60 * DAY_MS
    for number, name, unit, category, place, minimum, size, price, received, _ in PARTS:
        part = stock.make_part(
            session,
            site=made.site,
            number=number,
            name=name,
            unit=unit,
            category=category,
            minimum=minimum * 1000,
            reorder=size * 1000,
            price=price,
            places=[place],
            by=supervisor,
            now_ms=begin,
        )
        found[number] = part
        stock.enter(
            session,
            part=part,
            why="received",
            milli=received * 1000,
            by=supervisor,
            note="期初入库",
            now_ms=begin,
        )
    pump = made.places["E1"][1]
    for week in range(8):
        for number, _, _, category, _, _, _, _, _, used in PARTS:
            if chance.random() < 0.45:
                stock.enter(
                    session,
                    part=found[number],
                    why="used",
                    milli=used * 1000,
                    by=technician,
                    asset_id=pump if category == "水泵" else None,
                    now_ms=begin + (7 * week + chance.randrange(6)) * DAY_MS + 36_000_000,
                )
        if week == 5:
            _count(session, made, found, technician, supervisor, begin + 41 * DAY_MS)
    last = found[NEGATIVE]
    if last.stock_milli > 0:
        stock.enter(
            session,
            part=last,
            why="used",
            milli=last.stock_milli,
            by=technician,
            now_ms=until_ms - 2 * DAY_MS,
        )
    if last.stock_milli == 0:
        stock.enter(session, part=last, why="used", milli=1000, by=technician, now_ms=until_ms - DAY_MS)
    return found


def _count(
    session: Session,
    made: Made,
    parts: Mapping[str, Part],
    technician: UUID,
    supervisor: UUID,
    now_ms: int,
) -> None:
    """Count everything; of two parts one is missing."""
    take = stock.begin_take(session, site=made.site, category="", by=supervisor, now_ms=now_ms)
    for n, (number, part) in enumerate(parts.items()):
        lies = max(0, part.stock_milli - (1000 if number in ("S-07", "S-09") else 0))
        stock.tally(
            session, take=take, part_id=part.id, milli=lies, by=technician, now_ms=now_ms + (n + 1) * 60_000
        )
    stock.settle_take(session, take=take, confirm=True, by=supervisor, now_ms=now_ms + 3_600_000)


def _rules(session: Session, made: Made, parts: Mapping[str, Part], supervisor: UUID, until_ms: int) -> None:
    begin = until_ms - 60 * DAY_MS
    starts_on = datetime.fromtimestamp(begin / 1000, ZoneInfo(TIME_ZONE)).date()
    team = {"kind": "team", "id": made.teams["engineering"]}
    for one in RULES:
        asset = made.places[one["asset"]][1]
        rule = upkeep.make_rule(
            session,
            site=made.site,
            now_ms=begin,
            **DEFAULTS
            | {
                "name": one["name"],
                "target": {"kind": "asset", "id": asset},
                "recurrence": one["recurrence"],
                "meter": one.get("meter"),
                "form": made.forms[one["form"]],
                "parts": [{"part": parts[n].id, "quantity": k * 1000} for n, k in one.get("parts", ())],
                "class": one["class"],
                "demand": one.get("demand"),
                "asks_signature": one.get("signed", False),
                "starts_on": starts_on if one["key"] in ("pump", "fire") else starts_on + timedelta(days=59),
                "assignee": team,
            },
        )
        if one["key"] == "pump" or one.get("left_out"):
            upkeep.skip(
                session, site=made.site, rule=rule, thing=asset, why=ON_PAPER, by=supervisor, now_ms=begin
            )
    for key in TEMPLATES:
        rule = upkeep.from_template(
            session,
            site=made.site,
            key=key,
            starts_on=starts_on.replace(month=1, day=1),
            assignee=team,
            now_ms=begin,
        )
        upkeep.skip(
            session, site=made.site, rule=rule, thing=made.site.id, why=ON_PAPER, by=supervisor, now_ms=begin
        )
