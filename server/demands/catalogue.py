"""The demands of the service plans: what a customer was promised, clause by clause.

They are data of the repository (`data/catalogue`, one file per service plan) and are read once. An
id never changes: plans, reports and templates name demands by it.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

DATA = Path(__file__).with_name("data") / "catalogue"

Kind = Literal["R", "M", "W", "S", "L", "A"]
"""Which mechanism carries a demand: rounds, maintenance, work orders, shifts, other logs, assessment."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both screen languages."""

    zh: str
    en: str

    def label(self) -> dict[str, str]:
        """Return it as it travels."""
        return {"zh": self.zh, "en": self.en}


class Demand(msgspec.Struct, frozen=True):
    """One clause of a service plan."""

    id: str
    plan: str
    """The service plan it stands in, such as ``P1``."""
    chapter: Words
    text: Words
    figure: Words
    """What it sets, such as "3 by day and 4 by night, every day"."""
    kinds: tuple[Kind, ...]


class ServicePlan(msgspec.Struct, frozen=True):
    """A service plan with its demands, in the order of its chapters."""

    id: str
    version: int
    """Rises with every change of its words or figures."""
    name: Words
    demands: tuple[Demand, ...]


class _Clause(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    kinds: tuple[Kind, ...]
    text: Words
    figure: Words


class _Chapter(msgspec.Struct, forbid_unknown_fields=True):
    name: Words
    demand: list[_Clause]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    name: Words
    chapter: list[_Chapter]


@functools.cache
def service_plans() -> tuple[ServicePlan, ...]:
    """Return the service plans, P1 to P9."""
    return tuple(_read(path) for path in sorted(DATA.glob("P*.toml")))


@functools.cache
def _by_id() -> dict[str, Demand]:
    return {found.id: found for plan in service_plans() for found in plan.demands}


def demands() -> tuple[Demand, ...]:
    """Return all demands: by service plan, then in the order of its chapters."""
    return tuple(_by_id().values())


def demand(demand_id: str) -> Demand | None:
    """Return the demand of this id, such as ``P1-35``, or None when the catalogue has none such."""
    return _by_id().get(demand_id)


def _read(path: Path) -> ServicePlan:
    file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    found = [
        Demand(clause.id, path.stem, chapter.name, clause.text, clause.figure, clause.kinds)
        for chapter in file.chapter
        for clause in chapter.demand
    ]
    return ServicePlan(path.stem, file.version, file.name, tuple(found))
