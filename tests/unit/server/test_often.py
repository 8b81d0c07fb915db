"""A recurrence in words, as the console says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server.reports.paper import yearplan
from server.reports.service.recurring import in_force
from server.rounds import recurrence
from server.rounds.often import WORDS, recurrence_words, when_words, windows_words
from tests.unit.sync.vectors import each, vectors

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("case", each(vectors("recurrence")["words"]))
def test_when_a_plan_comes_is_said_as_the_console_says_it(case: dict[str, Any]) -> None:
    said = {
        lang: [recurrence_words(case["recurrence"], lang), windows_words(case["recurrence"], lang)]
        for lang in ("zh", "en")
    }

    assert said == {"zh": case["zh"], "en": case["en"]}
    if case["recurrence"].get("windows") != []:
        recurrence.read(case["recurrence"])


@pytest.mark.parametrize(("lang", "n"), [("zh", 0), ("en", 1)])
def test_the_words_are_those_of_the_console(lang: str, n: int) -> None:
    catalogue = json.loads((ROOT / f"pwa/src/i18n/console.{lang}.json").read_text("utf-8"))

    assert {key: words[n] for key, words in WORDS.items()} == {key: catalogue[key] for key in WORDS}
    assert {key for key in catalogue if key.startswith("often.")} <= WORDS.keys()


def test_days_and_windows_stand_together() -> None:
    assert when_words({"kind": "count", "times": 2, "per": "week"}, "zh") == "每周 2 次 期内任何时候"


def test_a_paper_tells_what_held_in_its_period_and_when_it_changed() -> None:
    daily, weekly = {"kind": "calendar", "rule": "FREQ=DAILY"}, {"kind": "calendar", "rule": "FREQ=WEEKLY"}

    assert in_force([(1, daily), (5, weekly)], 9) == [(5, weekly)]
    assert in_force([(1, daily), (5, daily), (12, weekly)], 9) == [(5, daily), (12, weekly)]
    assert in_force([(1, daily), (12, daily), (15, weekly)], 9) == [(1, daily), (15, weekly)]
    assert in_force([(12, daily)], 9) == [(12, daily)]


def test_a_plan_of_maintenance_says_how_often_by_calendar_counter_or_both() -> None:
    half = {"kind": "count", "times": 1, "per": "half_year"}

    assert yearplan.when({"recurrence": half, "every": None, "unit": ""}, "zh") == "每半年 1 次"
    assert yearplan.when({"recurrence": None, "every": "250", "unit": "h"}, "en") == "every 250 h"
    assert (
        yearplan.when({"recurrence": half, "every": "250", "unit": "h"}, "zh")
        == "每半年 1 次或每 250 h，先到为准"
    )
