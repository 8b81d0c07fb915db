"""What an office says of days, beside what the library knows."""

from __future__ import annotations

from datetime import date

from server.sites.holidays import (
    CHINESE,
    LIBRARY_YEARS,
    days_of,
    differing,
    faults,
    is_unusual,
    with_words,
)

NEXT = LIBRARY_YEARS[-1] + 1
NEW_YEAR = date(NEXT, 1, 1)


def weekend(year: int) -> date:
    return next(day for day in days_of(year) if day.weekday() == 5)


def test_without_a_word_it_is_the_librarys_calendar() -> None:
    assert with_words({}, editions=0) is CHINESE


def test_a_word_of_a_day_goes_before_the_librarys_and_before_the_ordinary_week() -> None:
    festival = date(LIBRARY_YEARS[-1], 4, 20)  # a Monday that a province alone has off
    while not CHINESE.works(festival):
        festival = festival.replace(day=festival.day + 1)
    said = with_words({festival: False, NEW_YEAR: False, weekend(NEXT): True}, editions=3)

    assert not said.works(festival)
    assert not said.works(NEW_YEAR)
    assert said.works(weekend(NEXT))
    assert differing(CHINESE, said, days_of(LIBRARY_YEARS[-1])) == [festival]
    assert is_unusual(said, weekend(NEXT))


def test_days_that_nobody_named_stay_the_librarys() -> None:
    national_day = date(LIBRARY_YEARS[-1], 10, 1)
    said = with_words({date(LIBRARY_YEARS[-1], 12, 28): False}, editions=1)

    assert not said.works(national_day)


def test_a_year_is_known_when_a_day_off_was_named_in_it() -> None:
    assert with_words({NEW_YEAR: False}, editions=1).known_until == date(NEXT, 12, 31)
    assert with_words({weekend(NEXT): True}, editions=1).known_until == CHINESE.known_until
    beyond = {date(NEXT + 1, 1, 1): False}
    assert with_words(beyond, editions=1).known_until == CHINESE.known_until, "a year between is not known"
    assert with_words({NEW_YEAR: False} | beyond, editions=2).known_until == date(NEXT + 1, 12, 31)


def test_every_word_is_an_edition_of_its_own() -> None:
    editions = {with_words({NEW_YEAR: False}, editions=n).edition for n in (1, 2)}

    assert len(editions | {CHINESE.edition}) == 3


def test_what_cannot_be_meant_is_named_where_it_stands() -> None:
    other = date(NEXT - 1, 12, 31)

    assert faults(NEXT, [NEW_YEAR], [weekend(NEXT)]) == {}
    assert faults(NEXT, [NEW_YEAR, other], [weekend(NEXT), NEW_YEAR]) == {
        "free": {1: [f"Not a day of {NEXT}"]},
        "working": {1: ["Both off and worked"]},
    }
