"""The demo's teams, people and phones as data. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server.demo.estate import Label, label
from server.people.roles import Role

PIN = "135790"
"""The PIN of every demo worker. It opens nothing without a phone that a supervisor let in."""


@dataclass(frozen=True, slots=True)
class Team:
    """Who may walk a plan's rounds together."""

    key: str
    name: Label


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the estate; `team` is a team's key. Whoever works in the field has `PIN`."""

    number: str
    name: str
    role: Role
    trade: Literal["guard", "cleaner", "technician"] | None = None
    team: str | None = None
    login: str | None = None
    company: str | None = None
    """Of a contractor, whose company it is."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone of the estate, whoever carries it."""

    key: str
    name: str


TEAMS: tuple[Team, ...] = (
    Team("security", label("秩序维护队", "Security")),
    Team("a1", label("A1 区中班", "Zone A1, middle shift")),
    Team("control", label("监控中心", "Control centre")),
    Team("engineering", label("工程组", "Engineering")),
    Team("cleaning", label("保洁组", "Cleaning")),
)

LEADER, NIGHT, EARLY, LATE = "G01", ("G06", "G07"), ("G02", "G03"), ("G04", "G05")
"""Staff numbers: the team leader and the pairs of guards of the three shifts."""
MIDDLE = ("G08", "G09")
CLEANER, TECHNICIAN, CONTRACTOR = "C01", "T01", "L01"
DESK = ("D01", "D02", "D03")
RESERVE = "G10"
"""He is of no team and helps out: nobody expects a team's rounds on his phone."""

PEOPLE: tuple[Person, ...] = (
    Person("A01", "方守正", "administrator", login="admin"),
    Person("S01", "林晓岚", "supervisor", login="supervisor"),
    Person("V01", "沈知秋", "viewer", login="viewer"),
    Person("K01", "苏文静", "desk", login="desk"),
    Person("G01", "陈立冬", "team_leader", "guard", "security", login="leader"),
    Person("G02", "刘大川", "worker", "guard", "security"),
    Person("G03", "王海生", "worker", "guard", "security"),
    Person("G04", "赵永福", "worker", "guard", "security"),
    Person("G05", "孙国柱", "worker", "guard", "security"),
    Person("G06", "马建平", "worker", "guard", "security"),
    Person("G07", "郭小山", "worker", "guard", "security"),
    Person("G08", "何文斌", "worker", "guard", "a1"),
    Person("G09", "郑小龙", "worker", "guard", "a1"),
    Person("G10", "周海", "worker", "guard"),
    Person("D01", "徐静怡", "worker", "guard", "control"),
    Person("D02", "高敏之", "worker", "guard", "control"),
    Person("D03", "罗承宇", "worker", "guard", "control"),
    Person("C01", "李桂兰", "worker", "cleaner", "cleaning"),
    Person("C02", "张秋菊", "worker", "cleaner", "cleaning"),
    Person("T01", "吴明远", "worker", "technician", "engineering"),
    Person("L01", "黄志远", "contractor", "technician", "engineering", company="捷达电梯维保"),
)

PHONES: tuple[Phone, ...] = (
    Phone("1", "1 号手机"),
    Phone("2", "2 号手机"),
    Phone("3", "3 号手机"),
    Phone("4", "4 号手机"),
    Phone("5", "5 号手机"),
    Phone("6", "6 号手机"),
    Phone("7", "7 号手机"),
)
