"""Who is on duty with which phone, how a plan is walked, and which rounds go otherwise. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from server.demo.estate import TIME_ZONE
from server.demo.people import CLEANER, DESK, EARLY, LATE, LEADER, MIDDLE, NIGHT, RESERVE, TECHNICIAN
from server.rounds import rules

SILENT_PHONE = "5"
"""It lies somewhere without power: what it holds nobody has heard of yet."""


RESERVE_PHONE = "7"
"""With it a round was walked of which its own team's phones know nothing: told as missed, then corrected."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody has a phone every day from `start` to `end`; `leaves`: nobody takes it over."""

    phone: str
    person: str
    start: str
    end: str
    leaves: bool = False


DUTIES: tuple[Duty, ...] = (
    Duty("1", NIGHT[0], "22:10", "06:10"),
    Duty("1", EARLY[0], "06:10", "14:25"),
    Duty("1", LATE[0], "14:25", "22:10"),
    Duty("2", NIGHT[1], "22:10", "06:10"),
    Duty("2", EARLY[1], "06:10", "10:05"),
    Duty("2", LEADER, "10:05", "12:15"),
    Duty("2", EARLY[1], "12:15", "14:25"),
    Duty("2", LATE[1], "14:25", "22:10"),
    Duty("3", TECHNICIAN, "07:40", "18:45", leaves=True),
    Duty("4", CLEANER, "06:20", "13:00"),
    Duty("4", "C02", "13:00", "16:50", leaves=True),
    Duty("5", MIDDLE[0], "14:50", "19:00"),
    Duty("5", MIDDLE[1], "19:00", "23:15", leaves=True),
    Duty("7", RESERVE, "07:30", "19:30", leaves=True),
    Duty("6", DESK[2], "22:00", "06:00"),
    Duty("6", DESK[0], "06:00", "14:00"),
    Duty("6", DESK[1], "14:00", "22:00"),
)

IDLE_MIN: Mapping[str, int] = {"1": 470, "2": 530, "3": 290, "4": 230, "6": 170}
"""Every how many minutes a phone finds the network between rounds; the silent one never does."""


def on_duty(phone: str, at_ms: int) -> str | None:
    """Return the staff number of who has the phone, or None."""
    local = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(TIME_ZONE))
    minute = local.hour * 60 + local.minute
    for duty in DUTIES:
        times = rules.read_times(duty.start, duty.end)
        if duty.phone == phone and any(
            times.from_min <= m < times.to_min for m in (minute, minute + rules.DAY_MIN)
        ):
            return duty.person
    return None


@dataclass(frozen=True, slots=True)
class Walk:
    """How a plan is walked: by which phones, how long after the window's start, seconds per stop."""

    phones: tuple[str, ...]
    after_min: int
    pace_s: int


WALKS: Mapping[str, Walk] = {
    "grounds_day": Walk(("1",), 14, 210),
    "grounds_night": Walk(("1", "2"), 6, 200),
    "buildings": Walk(("2",), 72, 300),
    "plant": Walk(("3",), 10, 340),
    "facilities": Walk(("3",), 18, 380),
    "a1": Walk(("5",), 7, 260),
    "roads": Walk(("4",), 16, 900),
    "lobbies": Walk(("4",), 12, 1_100),
    "mopping": Walk(("4",), 12, 1_500),
    "stairs": Walk(("4",), 34, 1_400),
    "control": Walk(("6",), 42, 60),
    "handover": Walk(("6",), 16, 60),
}

Told = tuple[Mapping[str, Any], str | None]


@dataclass(frozen=True, slots=True)
class Fate:
    """How a round went.

    `stops` is how many were reached (None: all); `answers` by number of the place what was found
    there and a note; `report_at` and `foreign_at` are stops after which something was seen.
    """

    kind: Literal["done", "late", "part", "missed", "excused", "clock"] = "done"
    stops: int | None = None
    why: str = ""
    answers: Mapping[str, Told] = field(default_factory=dict)
    report_at: int | None = None
    foreign_at: int | None = None


_SECURITY = ("grounds_day", "grounds_night", "buildings")

GROUPS: tuple[tuple[str, ...], ...] = (
    _SECURITY,
    *((key,) for key in WALKS if key not in _SECURITY),
)
"""Plans whose rounds are counted together, the last one first, to choose fates."""

_BLOCKED: Told = (
    {"escape_way": "fault", "lamps_out": "2"},
    "9 层楼道堆了两辆电动车，已拍照，通知业主",
)
_SWING: Told = ({"fitness": "fault"}, "秋千一侧链环开焊，已围挡")
_PUMP: Told = ({"pressure": "0.68", "leaks": "fault"}, "出水压力偏高，止回阀处有滴水")
_WARM: Told = ({"power_factor": "0.88"}, None)
_DARK: Told = ({"downtime": {"cannot_read": "broken"}}, None)

FATES: Mapping[tuple[str, int], Fate] = {
    ("security", 0): Fate(report_at=5, why="北围墙外立面瓷砖松动，约 2 平方米", answers={"13": _BLOCKED}),
    ("security", 1): Fate("late"),
    ("security", 2): Fate("part", stops=3),
    ("security", 3): Fate("missed"),
    ("security", 4): Fate(foreign_at=2),
    ("security", 8): Fate(answers={"13": _BLOCKED}, report_at=3, why="水景岸边栏杆松动一处"),
    ("security", 10): Fate("late"),
    ("security", 13): Fate("part", stops=2),
    ("security", 16): Fate("missed"),
    ("plant", 0): Fate(answers={"E1": _PUMP, "E4": _WARM, "E8": _DARK}),
    ("plant", 2): Fate(answers={"E5": ({"level": "1.12"}, None)}),
    ("facilities", 0): Fate("clock", answers={"04": _SWING}),
    ("facilities", 1): Fate(answers={"06": ({"fence": "fault"}, "北围栏一根立杆弯了")}),
    ("roads", 0): Fate("excused", why="暴雨橙色预警，室外作业停"),
    ("roads", 2): Fate("part", stops=2),
    ("lobbies", 1): Fate("late"),
    ("a1", 3): Fate("part", stops=3),
    ("a1", 6): Fate("late"),
    ("a1", 9): Fate("missed"),
    ("control", 1): Fate(answers={"18": ({"offline": "3"}, None)}),
}


def fate(plan: str, recent: int | None) -> Fate:
    """Return how the round of `plan` went that is the `recent`-th of its group that is over."""
    if recent is None:
        return Fate()
    return FATES.get(("security" if plan in _SECURITY else plan, recent), Fate())
