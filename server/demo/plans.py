"""The demo's routes and plans as data.

The counts are those of the service plan's clauses (`P1-35` …); the hours are trade judgement. What
comes once a quarter or once a year counts from a day that is soon, so that it can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from server.demo.estate import Label, label

Windows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Stops in walking order: number of the place, and key of the form or None for walk-on."""

    key: str
    name: Label
    stops: tuple[tuple[str, str | None], ...]
    order: Literal["free", "advised"] = "advised"


@dataclass(frozen=True, slots=True)
class Plan:
    """What recurs. `route` and `team` are keys; it comes for the first time in `starts_in` days."""

    key: str
    name: Label
    route: str
    demand: str
    team: str
    windows: Windows
    rule: str = "FREQ=DAILY"
    crew: Literal[1, 2] = 1
    grace_min: int = 15
    starts_in: int | None = None
    also: tuple[str, ...] = ()
    """Further demands that the same rounds serve."""

    @property
    def recurrence(self) -> dict[str, Any]:
        """When it recurs, as a plan says it."""
        windows = [{"from": start, "to": end} for start, end in self.windows]
        return {"kind": "calendar", "rule": self.rule, "days": "all", "shift": "none", "windows": windows}


def _walk_on(*numbers: str) -> tuple[tuple[str, None], ...]:
    return tuple((number, None) for number in numbers)


def _filled(form: str, *numbers: str) -> tuple[tuple[str, str], ...]:
    return tuple((number, form) for number in numbers)


ROUTES: tuple[Route, ...] = (
    Route("grounds", label("园区巡逻", "Grounds"),
          _walk_on("01", "03", "04", "05", "06", "07", "02", "15", "17", "16", "14")),
    Route("buildings", label("楼内巡逻", "Buildings"),
          (("10", None), ("11", None), ("12", None), ("13", "corridor"))),
    Route("plant", label("设备房巡检", "Plant rooms"), (
        ("E1", "booster_pump"), ("E2", "water_tank"), ("E4", "switch_room"), ("E3", "transformer"),
        ("E5", "sump_pump"), ("E7", "genset"), ("E8", "lift"), ("E6", "fire_pressure"))),
    Route("facilities", label("设施日巡", "Facilities"),
          _filled("facilities", "01", "02", "03", "04", "05", "06", "07"), "free"),
    Route("roads", label("道路、垃圾清运", "Roads and refuse"), _filled("cleaning", "01", "03", "08")),
    Route("lobbies", label("大堂、轿厢保洁", "Lobbies and lift cars"), _filled("cleaning", "10", "12", "E8")),
    Route("mopping", label("大堂拖洗", "Lobbies mopped"), _filled("cleaning", "10", "12"), "free"),
    Route("stairs", label("楼梯清扫", "Stairs swept"), _filled("cleaning", "10", "13"), "free"),
    Route("a1", label("A1 区 1–3 栋", "Zone A1, buildings 1–3"), _walk_on("10", "04", "12", "13")),
    Route("control", label("监控中心值守", "Control centre"), (("18", "control_centre"),)),
    Route("handover", label("交接班", "Handover"), (("18", "handover"),)),
    Route("septic", label("化粪池检查", "Septic tank"), _filled("facilities", "09")),
    Route("lightning", label("防雷检测", "Lightning protection"), _filled("facilities", "11")),
)  # fmt: skip

PLANS: tuple[Plan, ...] = (
    Plan("grounds_day", label("园区巡逻 · 白", "Grounds, day"), "grounds", "P1-35", "security",
         (("08:00", "10:00"), ("12:00", "14:00"), ("16:00", "18:00")), grace_min=20, also=("P1-38", "P1-59")),
    Plan("grounds_night", label("园区夜巡 · 两人", "Grounds, night, two"), "grounds", "P1-35", "security",
         (("19:30", "21:00"), ("22:30", "24:00"), ("01:00", "02:30"), ("04:00", "05:30")),
         crew=2, grace_min=20, also=("P1-37", "P1-38", "P1-59")),
    Plan("buildings", label("楼内巡逻", "Buildings"), "buildings", "P1-36", "security",
         (("10:00", "12:00"), ("20:00", "22:00")), grace_min=30, also=("P1-11", "P1-38")),
    Plan("plant", label("设备房巡检", "Plant rooms"), "plant", "P1-27", "engineering",
         (("08:00", "10:00"), ("16:00", "18:00")), grace_min=30),
    Plan("facilities", label("设施日巡", "Facilities"), "facilities", "P1-29", "engineering",
         (("09:00", "11:00"),), grace_min=60),
    Plan("a1", label("A1 区中班 · 每小时", "Zone A1, hourly"), "a1", "P4-01", "a1",
         tuple((f"{hour}:00", f"{hour + 1}:00") for hour in range(15, 23)), grace_min=10),
    Plan("roads", label("道路、垃圾清运", "Roads and refuse"), "roads", "P1-44a", "cleaning",
         (("06:30", "08:30"), ("14:00", "16:00")), grace_min=30, also=("P1-43",)),
    Plan("lobbies", label("大堂、轿厢保洁", "Lobbies and lift cars"), "lobbies", "P1-44b", "cleaning",
         (("08:30", "11:00"),), grace_min=60, also=("P1-44c",)),
    Plan("mopping", label("大堂拖洗", "Lobbies mopped"), "mopping", "P1-44b", "cleaning",
         (("11:00", "12:30"),), rule="FREQ=WEEKLY;BYDAY=WE", grace_min=60),
    Plan("stairs", label("楼梯清扫", "Stairs swept"), "stairs", "P1-44d", "cleaning",
         (("12:30", "14:00"),), rule="FREQ=WEEKLY;BYDAY=TU,FR", grace_min=60),
    Plan("control", label("监控中心值守", "Control centre manned"), "control", "P1-40", "control",
         (("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00"))),
    Plan("handover", label("交接班", "Handover"), "handover", "P1-23", "control",
         (("05:45", "06:30"), ("13:45", "14:30"), ("21:45", "22:30"))),
    Plan("septic", label("化粪池检查 · 每季", "Septic tank, quarterly"), "septic", "P1-26", "engineering",
         (("13:00", "15:30"),), grace_min=60, rule="FREQ=MONTHLY;INTERVAL=3", starts_in=5),
    Plan("lightning", label("防雷检测 · 每年", "Lightning, yearly"), "lightning", "P1-16", "engineering",
         (("13:00", "15:30"),), grace_min=60, rule="FREQ=YEARLY", starts_in=19),
)  # fmt: skip
