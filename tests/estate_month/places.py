"""The two sites as the story knows them: which demands they chose, and what follows from them.

The figures are worked out by hand from the templates and the service plans, and not asked of the server:
a day from 06:00 to 22:00 whose thirds are 320 minutes has its rounds in the middle 120 of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MIN_MS = 60_000
DAY = {"from_min": 6 * 60, "to_min": 22 * 60}
ZONE_MIN = 8 * 60
"""Both sites lie in Shanghai: eight hours before UTC, summer and winter."""


@dataclass(frozen=True)
class Plan:
    """A plan of a template. `windows` are minutes after midnight; without any it is a count."""

    key: str
    demands: tuple[str, ...]
    craft: str
    stops: tuple[str, ...]
    windows: tuple[tuple[int, int], ...] = ()
    grace_min: int = 0
    crew: int = 1
    times: int = 0
    per: Literal["", "week", "month"] = ""


@dataclass(frozen=True)
class Phone:
    """A phone, who carries it, and whose work it does."""

    key: str
    craft: str
    skew_min: int = 0
    """How far its clock is off from the first day on."""


@dataclass(frozen=True)
class Place:
    """A site."""

    key: str
    day_start_min: int
    plans: tuple[Plan, ...]
    phones: tuple[Phone, ...]
    more: Mapping[str, int] = field(default_factory=dict)

    @property
    def demands(self) -> tuple[str, ...]:
        """What is chosen of the template."""
        return tuple(dict.fromkeys(each for plan in self.plans for each in plan.demands))

    def phones_of(self, plan: Plan) -> list[Phone]:
        """Return the phones of those whose work the plan is."""
        return [phone for phone in self.phones if phone.craft == plan.craft]


INSIDE = ("lobby.1", "stairs.1", "roof.1")
GROUNDS = ("main_gate", "emergency", "parking", "oxygen", "refuse")
BY_DAY = ((460, 580), (780, 900), (1100, 1220))
BY_NIGHT = ((15, 105), (135, 225), (255, 345), (1335, 1425))
TWICE = ((540, 660), (1020, 1140))

RESIDENTIAL = Place(
    "residential",
    0,
    (
        Plan("inside_day", ("P1-36",), "security", INSIDE, ((750, 930),), 30),
        Plan("inside_night", ("P1-36",), "security", INSIDE, ((30, 210),), 30),
        Plan(
            "refuse_collected", ("P1-43",), "cleaning", ("lobby.1", "refuse"), ((390, 540), (900, 1050)), 60
        ),
        Plan("refuse_hauled", ("P1-43",), "cleaning", ("refuse",), ((540, 660), (1050, 1170)), 60),
        Plan("stairs", ("P1-44d",), "cleaning", ("stairs.1",), times=2, per="week"),
        Plan(
            "plant_rooms",
            ("P1-22",),
            "engineering",
            ("switchboard", "sump", "tank", "control"),
            times=1,
            per="week",
        ),
        Plan("plant", ("P1-27",), "engineering", ("switchboard", "sump"), TWICE, 30),
    ),
    (
        Phone("R1", "security", -3 * 60),
        Phone("R2", "cleaning"),
        Phone("R3", "engineering", 26 * 60),
        Phone("R4", "cleaning"),
    ),
)
HOSPITAL = Place(
    "hospital",
    6 * 60,
    (
        Plan("grounds_day", ("P1-35", "P1-59"), "security", GROUNDS, BY_DAY, 20),
        Plan("grounds_night", ("P1-35", "P1-37", "P1-59"), "security", GROUNDS, BY_NIGHT, 20, crew=2),
        Plan("plant", ("P1-27",), "engineering", ("switchboard", "sump"), TWICE, 30),
        Plan(
            "fire", ("P1-32",), "security", ("oxygen", "control", "lobby.1", "ward.1"), times=1, per="month"
        ),
        Plan("lifts", ("P1-44c",), "cleaning", ("lift.1",), ((360, 540),), 60),
        Plan("pests", ("P1-47",), "cleaning", ("refuse", "wells", "lobby.1"), times=1, per="week"),
    ),
    (
        Phone("H1", "security", 90),
        Phone("H2", "security"),
        Phone("H3", "engineering"),
        Phone("H4", "cleaning"),
    ),
)
