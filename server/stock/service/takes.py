"""Stock-takes: counted blind on a phone or at the console, and confirmed by somebody who did not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import NotFound, Problem
from server.sites.models import Site
from server.stock.models import Part, StockCount, StockEntry, StockTake, StockTally
from server.stock.service.levels import levels, settle


class TakeRuns(Problem):
    """A stock-take of the site runs already; settle it first."""

    slug, status, title = "take-runs", HTTPStatus.CONFLICT, "A stock-take runs already"


class TakeSettled(Problem):
    """The stock-take is settled: its counts stay as they are."""

    slug, status, title = "take-settled", HTTPStatus.CONFLICT, "This stock-take is settled"


class SamePerson(Problem):
    """Who counted does not confirm the differences; somebody else looks at them."""

    slug, status, title = "same-person", HTTPStatus.CONFLICT, "Somebody else confirms a count"


class NothingCounted(Problem):
    """Nothing was counted since the stock-take began; it can be dropped."""

    slug, status, title = "nothing-counted", HTTPStatus.CONFLICT, "Nothing was counted yet"


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of a part, and what ought to have been there at that moment. Thousandths, ms."""

    part_id: UUID
    milli: int
    expected: int
    at_ms: int
    person_id: UUID | None
    source: str
    times: int
    """How often it was counted; the last time holds."""

    @property
    def difference(self) -> int:
        """How much more was there than ought to be."""
        return self.milli - self.expected


def takes_of(session: Session, *, site_id: UUID) -> Sequence[StockTake]:
    """Return the site's stock-takes, the newest first."""
    query = select(StockTake).where(StockTake.site_id == site_id)
    return session.scalars(query.order_by(StockTake.begun_ms.desc(), StockTake.id).limit(200)).all()


def take_of(session: Session, *, site_id: UUID, take_id: UUID, lock: bool = False) -> StockTake:
    """Return a stock-take of the site.

    :raises NotFound: there is none
    """
    take = session.get(StockTake, take_id, with_for_update=lock or None)
    if take is None or take.site_id != site_id:
        raise NotFound
    return take


def begin_take(session: Session, *, site: Site, category: str, by: UUID | None, now_ms: int) -> StockTake:
    """Begin a stock-take: from now on every count of the site belongs to it.

    :raises TakeRuns: one runs already
    """
    running = select(StockTake.id).where(StockTake.site_id == site.id, StockTake.settled_ms.is_(None))
    if session.scalars(running).first() is not None:
        raise TakeRuns
    take = StockTake(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        category=category,
        begun_ms=now_ms,
        begun_by=by,
    )
    session.add(take)
    session.flush()
    return take


def tally(
    session: Session, *, take: StockTake, part_id: UUID, milli: int, by: UUID, now_ms: int
) -> StockTally:
    """Note what somebody counted.

    :raises TakeSettled: it is over
    :raises NotFound: no such part in it
    """
    if take.settled_ms is not None:
        raise TakeSettled
    if all(part.id != part_id for part in parts_in(session, take)):
        raise NotFound
    counted = StockTally(
        id=uuid4(),
        organisation_id=take.organisation_id,
        site_id=take.site_id,
        take_id=take.id,
        part_id=part_id,
        milli=milli,
        at_ms=now_ms,
        person_id=by,
    )
    session.add(counted)
    session.flush()
    return counted


def parts_in(session: Session, take: StockTake) -> Sequence[Part]:
    """Return what is to be counted: parts in use, of one category or all, by number."""
    query = select(Part).where(Part.site_id == take.site_id, Part.retired_ms.is_(None))
    if take.category:
        query = query.where(Part.category == take.category)
    return session.scalars(query.order_by(Part.number, Part.id)).all()


def counts_of(session: Session, take: StockTake) -> dict[UUID, Counted]:
    """Return part id → its last count in the stock-take, with what ought to have been there then.

    What ought to be is summed now, so moves that a phone brings late but that happened before the count
    are in it.
    """
    until = take.settled_ms if take.settled_ms is not None else (1 << 62)
    raw: dict[UUID, list[tuple[int, str, int, UUID | None, str]]] = {}
    tallies = session.scalars(select(StockTally).where(StockTally.take_id == take.id))
    for one in tallies:
        row = (one.at_ms, str(one.id), one.milli, one.person_id, "office")
        raw.setdefault(one.part_id, []).append(row)
    counts = session.scalars(
        select(StockCount).where(
            StockCount.site_id == take.site_id,
            StockCount.estimate_ms >= take.begun_ms,
            StockCount.received_ms <= until,
        )
    )
    for count in counts:
        if count.estimate_ms <= until:
            from_phone = (count.estimate_ms, count.hash, count.milli, count.person_id, "phone")
            raw.setdefault(count.part_id, []).append(from_phone)
    wanted = {part.id for part in parts_in(session, take)}
    found = {}
    for part_id in sorted(raw.keys() & wanted):
        at_ms, _, milli, person_id, source = max(raw[part_id])
        expected = levels(session, [part_id], until_ms=at_ms - 1)[part_id]
        found[part_id] = Counted(part_id, milli, expected, at_ms, person_id, source, len(raw[part_id]))
    return found


def settle_take(session: Session, *, take: StockTake, confirm: bool, by: UUID, now_ms: int) -> StockTake:
    """Confirm a stock-take, so that what was counted is what there is, or drop it.

    :raises TakeSettled: somebody did so already
    :raises SamePerson: who counted something confirms it
    :raises NothingCounted: there is nothing to confirm
    """
    if take.settled_ms is not None:
        raise TakeSettled
    if confirm:
        counts = counts_of(session, take)
        if not counts:
            raise NothingCounted
        if any(count.person_id == by for count in counts.values()):
            raise SamePerson
        for count in counts.values():
            session.add(
                StockEntry(
                    id=uuid4(),
                    organisation_id=take.organisation_id,
                    site_id=take.site_id,
                    part_id=count.part_id,
                    why="counted",
                    milli=count.milli,
                    at_ms=count.at_ms,
                    noted_ms=now_ms,
                    person_id=count.person_id,
                    noted_by=by,
                    note="",
                    take_id=take.id,
                )
            )
        session.flush()
        settle(session, counts)
    take.settled_ms, take.settled_by = now_ms, by
    take.outcome = "confirmed" if confirm else "dropped"
    session.flush()
    return take
