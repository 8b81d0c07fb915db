"""The catalogue holds every demand of the nine service plans, once and in both languages."""

from __future__ import annotations

import re

import pytest

from server.demands.catalogue import Demand, Words, demand, demands, service_plans

IDS = {
    *(f"P1-{n:02}" for n in range(1, 60) if n != 44),
    *(f"P1-44{letter}" for letter in "abcdefghi"),
    *(f"P2-{n:02}" for n in range(1, 8)),
    "P3-01",
    *(f"P4-{n:02}" for n in range(1, 9)),
    *(f"P5-{n:02}" for n in range(1, 11)),
    *(f"P6-{n:02}" for n in range(1, 4)),
    "P7-01",
    *(f"P8-{n:02}" for n in range(1, 9)),
    *(f"P9-{n:02}" for n in range(1, 8)),
}  # fmt: skip

ROUNDS = [
    "P1-09", "P1-10", "P1-11", "P1-15", "P1-22", "P1-24", "P1-25", "P1-26", "P1-27", "P1-29",
    "P1-32", "P1-35", "P1-36", "P1-37", "P1-38", "P1-43", "P1-44a", "P1-44b", "P1-44c", "P1-44d",
    "P1-44e", "P1-44f", "P1-44g", "P1-44h", "P1-44i", "P1-45", "P1-46", "P1-47", "P1-48", "P1-49",
    "P1-57", "P1-59", "P2-01", "P2-02", "P2-06", "P4-01", "P4-04", "P4-07", "P4-08", "P5-10",
    "P6-03", "P8-08",
]  # fmt: skip

HAN = re.compile(r"[一-鿿]")
TIGHT = re.compile(r"[一-鿿][0-9A-Za-z]|[0-9A-Za-z%][一-鿿]")
ASCII_MARK = re.compile(r"[,;?!()]|:(?!\d)")


def test_every_demand_is_there_once() -> None:
    listed = [found.id for plan in service_plans() for found in plan.demands]

    assert sorted(listed) == sorted(IDS)
    assert [plan.id for plan in service_plans()] == [f"P{n}" for n in range(1, 10)]
    assert all(found.plan == found.id.split("-", maxsplit=1)[0] for found in demands())


def test_the_demands_of_rounds_are_those_that_templates_have_to_schedule() -> None:
    assert sorted(found.id for found in demands() if "R" in found.kinds) == sorted(ROUNDS)


@pytest.mark.parametrize("found", demands(), ids=lambda found: found.id)
def test_a_demand_speaks_both_languages(found: Demand) -> None:
    for words in (found.chapter, found.text):
        _speaks(words)
    assert found.figure.zh
    assert found.figure.en
    assert not HAN.search(found.figure.en)
    assert not ASCII_MARK.search(found.figure.zh)
    assert not TIGHT.search(found.figure.zh), "a space between Chinese and digits or Latin"
    assert len(set(found.kinds)) == len(found.kinds) > 0


def test_a_service_plan_has_a_name() -> None:
    for plan in service_plans():
        _speaks(plan.name)
        assert plan.version >= 1


def test_an_id_of_no_demand_is_none() -> None:
    assert demand("P1-35") is not None
    assert demand("P1-99") is None


def _speaks(words: Words) -> None:
    assert HAN.search(words.zh)
    assert words.en
    assert not HAN.search(words.en)
    assert not ASCII_MARK.search(words.zh)
    assert not TIGHT.search(words.zh), "a space between Chinese and digits or Latin"
