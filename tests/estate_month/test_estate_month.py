"""Three days of the month: four of its phones at both sites. The whole of it is `make estate-month`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server.app import create_app
from server.db import set_up_engine
from tests.conftest import FakeClock, settings_for
from tests.estate_month.field import Field
from tests.estate_month.oracle import Journal
from tests.estate_month.places import HOSPITAL, RESIDENTIAL, Place
from tests.estate_month.play import Month, eve
from tests.estate_month.story import Round, Span

WEEK = Span("2026-W45", date(2026, 11, 2), days=7, walked=3)
SEED = 11


def part(place: Place, phones: str, plans: str) -> Place:
    """Return a site with some of its phones, and plans of theirs."""
    return replace(
        place,
        phones=tuple(phone for phone in place.phones if phone.key in phones.split()),
        plans=tuple(plan for plan in place.plans if plan.key in plans.split()),
    )


PLACES = (
    part(RESIDENTIAL, "R2 R4", "refuse_collected refuse_hauled stairs"),
    part(HOSPITAL, "H1 H2", "grounds_day grounds_night"),
)


@pytest.fixture
def field(tmp_path: Path, sqlite_template: Path) -> Iterator[Field]:
    shutil.copy(sqlite_template, tmp_path / "month.db")
    url = f"sqlite:///{tmp_path / 'month.db'}"
    clock = FakeClock(eve(WEEK))
    app = create_app(settings_for(tmp_path / "var", url), now_ms=clock)
    engine = create_engine(url, poolclass=NullPool)
    set_up_engine(engine)
    with Session(engine.execution_options(deferred=True)) as session:
        yield Field(app, session, clock)


def test_the_report_of_three_days_is_what_really_happened(field: Field) -> None:
    found = Month(field, WEEK, SEED, PLACES, say=lambda _: None).play()
    assert found.looks == 12
    for state in ("done", "late", "partial", "missed", "excused", "unproven"):
        assert found.states[state], f"the story has none that is {state}"
    assert found.weak > 0
    assert found.said_less > 0


def test_a_report_that_says_more_than_happened_is_noticed(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Journal.told

    def stricter(journal: Journal, one: Round, now_ms: int) -> str:
        """Judge as if one late round had been missed."""
        told = judge(journal, one, now_ms)
        return "missed" if told == "late" else told

    monkeypatch.setattr(Journal, "told", stricter)
    with pytest.raises(AssertionError, match="said late, told missed"):
        Month(field, WEEK, SEED, PLACES[:1], say=lambda _: None).play()
