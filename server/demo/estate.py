"""The demo estate as data: its zones, checkpoints and assets. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Label = dict[str, str]
PlaceKind = Literal["checkpoint", "asset"]


def label(zh: str, en: str) -> Label:
    """Return a name in both screen languages."""
    return {"zh": zh, "en": en}


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the estate; `parent` is the key of the zone around it."""

    key: str
    name: Label
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A checkpoint or an asset. Its number is its key too: unique among both."""

    kind: PlaceKind
    number: str
    name: Label
    zone: str
    category: str = ""


ORGANISATION = "幸福物业（演示） Happiness Property (demo)"
SITE_NAME = label("幸福花园（演示）", "Happiness Garden (demo)")
TIME_ZONE = "Asia/Shanghai"
DAY_START_MIN = 360
QUIET_LOCK_MIN = 15
DAYTIME = {"from_min": 7 * 60, "to_min": 19 * 60}

ZONES: tuple[Zone, ...] = (
    Zone("grounds", label("室外园区", "Grounds")),
    Zone("b1", label("1 栋", "Building 1")),
    Zone("b3", label("3 栋", "Building 3")),
    Zone("basement", label("地下室 B1", "Basement B1")),
    Zone("power", label("配电室", "Switch room"), parent="basement"),
    Zone("water", label("水泵房", "Pump room"), parent="basement"),
    Zone("control", label("监控中心", "Control centre")),
)


def _checkpoint(number: str, zh: str, en: str, zone: str) -> Place:
    return Place("checkpoint", number, label(zh, en), zone)


def _asset(number: str, zh: str, en: str, zone: str, category: str) -> Place:
    return Place("asset", number, label(zh, en), zone, category)


CHECKPOINTS: tuple[Place, ...] = (
    _checkpoint("01", "东门岗", "East gate", "grounds"),
    _checkpoint("02", "西门岗", "West gate", "grounds"),
    _checkpoint("03", "中心广场", "Plaza", "grounds"),
    _checkpoint("04", "儿童乐园", "Playground", "grounds"),
    _checkpoint("05", "水景岸边", "Pond", "grounds"),
    _checkpoint("06", "北围墙周界", "North perimeter", "grounds"),
    _checkpoint("07", "燃气调压箱", "Gas regulator", "grounds"),
    _checkpoint("08", "垃圾集中点", "Refuse point", "grounds"),
    _checkpoint("09", "化粪池 1#", "Septic tank 1", "grounds"),
    _checkpoint("10", "1 栋大堂", "Lobby 1", "b1"),
    _checkpoint("11", "1 栋屋面", "Roof 1", "b1"),
    _checkpoint("12", "3 栋大堂", "Lobby 3", "b3"),
    _checkpoint("13", "3 栋 9 层楼道", "Corridor 3-9", "b3"),
    _checkpoint("14", "B1 东", "Garage east", "basement"),
    _checkpoint("15", "B1 西", "Garage west", "basement"),
    _checkpoint("16", "配电室门外", "Switch-room door", "power"),
    _checkpoint("17", "水泵房门外", "Pump-room door", "water"),
    _checkpoint("18", "监控中心", "Control centre", "control"),
)

ASSETS: tuple[Place, ...] = (
    _asset("E1", "生活水泵", "Booster pump, 11 kW", "water", "水泵"),
    _asset("E2", "生活水箱", "Water tank", "water", "水箱"),
    _asset("E3", "干式变压器", "Dry transformer, 1000 kVA", "power", "变压器"),
    _asset("E4", "低压进线柜", "LV switchboard", "power", "配电柜"),
    _asset("E5", "排污泵", "Sump pump", "basement", "水泵"),
    _asset("E6", "消防稳压", "Fire pressure set", "b1", "消防"),
    _asset("E7", "柴油发电机", "Genset", "basement", "发电机"),
    _asset("E8", "1# 电梯", "Lift 1", "b1", "电梯"),
)

PLACES: tuple[Place, ...] = CHECKPOINTS + ASSETS
