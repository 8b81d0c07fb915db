"""Papers name marks and reasons in the words of the screens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.reports.paper.marks import MARKS, SKIPS, mark_word, skip_word
from server.rounds.apply import OWN_MARKS

WORDS = Path(__file__).parents[4] / "pwa/src/i18n"


@pytest.mark.parametrize(("place", "lang"), [(0, "zh"), (1, "en")])
def test_they_are_the_words_of_the_screens(place: int, lang: str) -> None:
    words = json.loads((WORDS / f"{lang}.json").read_text(encoding="utf-8"))
    assert {mark: both[place] for mark, both in MARKS.items()} == {m: words[f"mark.{m}"] for m in MARKS}
    assert {reason: both[place] for reason, both in SKIPS.items()} == {r: words[f"skip.{r}"] for r in SKIPS}


def test_every_mark_that_asks_for_an_explanation_has_a_word() -> None:
    assert OWN_MARKS - MARKS.keys() == {"no_location"}
    assert (mark_word("too_fast", "zh"), mark_word("no_location", "zh")) == ("走得太快", "")
    assert skip_word("weather", "en") == "Weather"
