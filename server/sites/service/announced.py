"""What an office said of a year's days off and working days, beside what the library knows.

It holds for the organisation's sites that follow China's calendar. See `docs/plans.md`, Holidays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any, ClassVar, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import Invalid
from server.sites.holidays import (
    CHINESE,
    LIBRARY_YEARS,
    Holidays,
    days_of,
    differing,
    faults,
    holidays_of,
    is_unusual,
    with_words,
)
from server.sites.models import AnnouncedYear, Site

_WALL: Final = ZoneInfo("Asia/Shanghai")
"""Where the calendar holds: what has passed there has passed."""


class Announced:
    """Who reckons anew when days count otherwise: features above this one register here."""

    listeners: ClassVar[list[Callable[[Session, Site, int], None]]] = []
    """Each is told of every site that follows the calendar, and of the moment."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year of an organisation's calendar.

    :param said: the word that holds; None where nobody said anything, or it was taken back
    :param unusual: days off from Monday to Friday, and days that are worked at a weekend
    :param differs: days of which the office says otherwise than the library, which knows the year
    """

    year: int
    said: AnnouncedYear | None
    unusual: list[tuple[date, bool]]
    differs: list[date]

    @property
    def in_library(self) -> bool:
        """Whether the library knows the year."""
        return self.year in LIBRARY_YEARS


def calendar_of(session: Session, site: Site) -> Holidays:
    """Return by which working days a site goes."""
    if site.holidays != CHINESE.name:
        return holidays_of(site.holidays)
    return _calendar(_rows(session, site.organisation_id))


def years(session: Session, *, organisation_id: UUID, now_ms: int) -> list[Year]:
    """Return the years of which something may be said: the running one, and the next."""
    rows = _rows(session, organisation_id)
    first = _today(now_ms).year
    return [_year(year, rows) for year in (first, first + 1)]


def look(
    session: Session, *, organisation_id: UUID, year: int, free: list[date], working: list[date], now_ms: int
) -> Year:
    """Return what the year would be by these days, without saying it.

    :raises Invalid: another year than this or the next, a day of another one, off and worked, or a day
        that has passed and would count otherwise
    """
    return _tried(session, organisation_id, _word(organisation_id, year, free, working), now_ms)


def announce(
    session: Session,
    *,
    organisation_id: UUID,
    year: int,
    free: list[date],
    working: list[date],
    person_id: UUID,
    now_ms: int,
) -> Year:
    """Say a year's days off and working days; what was said of it before holds no more.

    What has begun stays as it was cut; what comes is cut anew within a minute.

    :raises Invalid: as `look`
    """
    word = _word(organisation_id, year, free, working)
    found = _tried(session, organisation_id, word, now_ms)
    word.person_id, word.at_ms = person_id, now_ms
    session.add(word)
    session.flush()
    follow = select(Site).where(Site.organisation_id == organisation_id, Site.holidays == CHINESE.name)
    for site in session.scalars(follow.order_by(Site.id)).all():
        for listener in Announced.listeners:
            listener(session, site, now_ms)
    return found


def _word(organisation_id: UUID, year: int, free: list[date], working: list[date]) -> AnnouncedYear:
    if wrong := faults(year, free, working):
        raise Invalid(errors={"json": wrong})
    return AnnouncedYear(
        organisation_id=organisation_id,
        year=year,
        free=[day.isoformat() for day in dict.fromkeys(free)],
        working=[day.isoformat() for day in dict.fromkeys(working)],
    )


def _tried(session: Session, organisation_id: UUID, word: AnnouncedYear, now_ms: int) -> Year:
    rows, today = _rows(session, organisation_id), _today(now_ms)
    if word.year not in (today.year, today.year + 1):
        raise Invalid(errors={"json": {"year": ["This year or the next"]}})
    word.number = max((row.number for row in rows if row.year == word.year), default=0) + 1
    after = [*rows, word]
    passed = takewhile(lambda day: day < today, days_of(word.year))
    if moved := differing(_calendar(rows), _calendar(after), passed):
        raise Invalid(errors={"json": _passed(word, moved)})
    return _year(word.year, after)


def _passed(word: AnnouncedYear, moved: Iterable[date]) -> dict[str, Any]:
    """Name the days that have passed where they stand in the lists, and those that are missing there."""
    wrong: dict[str, Any] = {}
    for day in moved:
        text = day.isoformat()
        member = next((name for name in ("free", "working") if text in getattr(word, name)), None)
        if member is None:
            wrong.setdefault("year", []).append(f"{text} has passed, and counts as was said of it")
        else:
            wrong.setdefault(member, {})[getattr(word, member).index(text)] = ["This day has passed"]
    return wrong


def _rows(session: Session, organisation_id: UUID) -> list[AnnouncedYear]:
    """Return every word that was said, a later one after those before it."""
    query = select(AnnouncedYear).where(AnnouncedYear.organisation_id == organisation_id)
    return list(session.scalars(query.order_by(AnnouncedYear.year, AnnouncedYear.number)))


def _calendar(rows: Iterable[AnnouncedYear]) -> Holidays:
    rows = list(rows)
    last = {row.year: row for row in rows}
    words: dict[date, bool] = {}
    for row in last.values():
        words |= _days(row)
    return with_words(words, editions=len(rows))


def _days(row: AnnouncedYear) -> Mapping[date, bool]:
    off = {date.fromisoformat(day): False for day in row.free}
    return off | {date.fromisoformat(day): True for day in row.working}


def _year(year: int, rows: list[AnnouncedYear]) -> Year:
    said = next((row for row in reversed(rows) if row.year == year), None)
    if said is not None and not said.free and not said.working:
        said = None
    calendar = _calendar(rows)
    days = list(days_of(year))
    return Year(
        year=year,
        said=said,
        unusual=[(day, calendar.works(day)) for day in days if is_unusual(calendar, day)],
        differs=differing(CHINESE, calendar, days) if year in LIBRARY_YEARS else [],
    )


def _today(now_ms: int) -> date:
    return datetime.fromtimestamp(now_ms / 1000, _WALL).date()
