"""Brings together what the judgement of occurrences needs: a fixed number of queries for any number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.ledger.devices import phones_of as phones_of_site
from server.ledger.lifecycle import GREETED
from server.ledger.models import Device
from server.people.models import Membership, Shift
from server.people.roles import ON_ROSTER
from server.rounds import state
from server.rounds.models import Occurrence, Visit
from server.rounds.rules import occurrence_id
from server.rounds.said import StandIn
from server.rounds.service.said import takes_of
from server.rounds.service.sharing import Groups, everyone, groups_of, share
from server.rounds.service.sheets import claims, sheets_for
from server.rounds.service.skipping import skips_for
from server.rounds.service.terms import StopTerms, Terms, bounds_of, terms_for
from server.rounds.shared import Said
from server.rounds.state import Bounds, Carrier, Judgement, Quality, Use


@dataclass(frozen=True, slots=True)
class Judged:
    """An occurrence with everything that its state follows from."""

    occurrence: Occurrence
    terms: Terms
    bounds: Bounds
    judgement: Judgement
    visits: tuple[Visit, ...]
    """Every visit that belongs to it, whether it counts or not, by time."""
    carriers: frozenset[UUID]
    """The phones that carry it."""
    taken: tuple[StandIn, ...] = ()
    """Who took it over, by time."""
    papers: tuple[state.Visit, ...] = ()
    """What paper sheets claim of it."""

    def reached(self, stop: StopTerms) -> bool:
        """Whether a visit counts for the stop."""
        return any(
            v.stop_id == stop.id
            and does(v, stop)
            and state.counts(_facts(v, stop), state.bounds_at(_asked(stop), self.bounds))
            for v in self.visits
        )


@dataclass(frozen=True, slots=True)
class Phones:
    """The site's phones, who used them, and who may walk what."""

    devices: dict[UUID, Device]
    uses: dict[UUID, list[Use]]
    open_shifts: dict[UUID, Shift]
    """Of each phone, the shift that is open as far as known."""
    teams: dict[UUID, UUID | None]
    """Of everybody who works in the field at the site, the team."""
    contractors: frozenset[UUID] = frozenset()
    """Those of other companies: a plan that is nobody's is not theirs."""
    companies: dict[UUID, UUID | None] = field(default_factory=dict)
    """Of each contractor, the company."""

    def may_walk(self, terms: Terms) -> frozenset[UUID]:
        """Return who may walk a round: whom it is given to, or everybody but contractors."""
        if terms.person_id is not None:
            return frozenset(p for p in self.teams if p == terms.person_id)
        if terms.company_id is not None:
            return frozenset(p for p in self.contractors if self.companies.get(p) == terms.company_id)
        if terms.team_id is not None:
            return frozenset(p for p, team in self.teams.items() if team == terms.team_id)
        return frozenset(self.teams) - self.contractors


def phones_of(session: Session, *, site_id: UUID, since_ms: int) -> Phones:
    """Return the site's phones with their shifts that were not over before `since_ms`."""
    devices = phones_of_site(session, site_id)
    in_order = (Shift.started_ms, Shift.started_seq)
    # of a month's shifts, hundreds, only what a use is made of
    shifts = session.execute(
        select(Shift.device_id, Shift.person_id, Shift.started_ms, Shift.ended_ms)
        .where(Shift.site_id == site_id, or_(Shift.ended_ms.is_(None), Shift.ended_ms >= since_ms))
        .order_by(*in_order)
    )
    uses: dict[UUID, list[Use]] = {}
    for device, person, started_ms, ended_ms in shifts:
        uses.setdefault(device, []).append(Use(person, started_ms, ended_ms))
    still_open = select(Shift).where(Shift.site_id == site_id, Shift.ended_ms.is_(None))
    open_shifts = {shift.device_id: shift for shift in session.scalars(still_open.order_by(*in_order))}
    workers = session.execute(
        select(Membership.person_id, Membership.team_id, Membership.role, Membership.company_id).where(
            Membership.site_id == site_id, Membership.role.in_(ON_ROSTER)
        )
    ).all()
    return Phones(
        devices,
        uses,
        open_shifts,
        teams={row.person_id: row.team_id for row in workers},
        contractors=frozenset(row.person_id for row in workers if row.role == "contractor"),
        companies={row.person_id: row.company_id for row in workers if row.role == "contractor"},
    )


def judge_all(
    session: Session,
    *,
    site_id: UUID,
    occurrences: Sequence[Occurrence],
    now_ms: int,
    phones: Phones | None = None,
) -> list[Judged]:
    """Return the occurrences with their states at `now_ms`, in the order given."""
    if not occurrences:
        return []
    since_ms = min(o.from_ms for o in occurrences) - state.USED_BEFORE_MS
    phones = phones or phones_of(session, site_id=site_id, since_ms=since_ms)
    terms = terms_for(session, occurrences)
    groups = groups_of(session, occurrences)
    visits: dict[UUID, list[Visit]] = {one: [] for one in everyone(terms, groups)}
    found = session.scalars(
        select(Visit)
        .where(Visit.site_id == site_id, Visit.occurrence_id.in_(visits))
        .order_by(Visit.estimate_ms, Visit.id)
    )
    for visit in found:
        if visit.occurrence_id is not None:
            visits[visit.occurrence_id].append(visit)
    visits = share(visits, groups, _said_of(occurrences, terms, groups))
    taken = takes_of(session, site_id=site_id, occurrences=set(visits))
    papers = claims(sheets_for(session, site_id=site_id, occurrences=set(visits)))
    skips = skips_for(session, site_id=site_id, occurrences=set(visits))
    return [
        _judge(
            o,
            terms[o.id],
            visits[o.id],
            taken.get(o.id, ()),
            skips.get(o.id, ()),
            papers.get(o.id, ()),
            phones,
            now_ms,
        )
        for o in occurrences
    ]


def _said_of(
    occurrences: Sequence[Occurrence], terms: dict[UUID, Terms], groups: Groups
) -> Callable[[UUID, Visit], Said | None]:
    """Return what tells of a visit whether it counts in a shared window; all rounds of one have its terms."""
    known = {one: (terms[o.id], bounds_of(o)) for o in occurrences for one in groups.get(o.id, ())}

    def said(named: UUID, visit: Visit) -> Said | None:
        asked, bounds = known[named]
        stop = next((s for s in asked.stops if s.id == visit.stop_id), None)
        if stop is None or not does(visit, stop):
            return None
        facts, own = _facts(visit, stop), state.bounds_at(_asked(stop), bounds)
        if not state.counts(facts, own):
            return None
        return Said(visit.id, stop.id, visit.estimate_ms, not state.doubts_of(facts, own))

    return said


def drawn_by(occurrence: Occurrence) -> UUID:
    """Return by which occurrence the stops of a crew are drawn: the first of those that share its window.

    Which of them a walk is, nobody knows before it is over.
    """
    return occurrence_id(occurrence.plan_id, occurrence.from_ms)


def does(visit: Visit, stop: StopTerms) -> bool:
    """Whether a visit did what its stop asks: the code was read, and the form filled where it must be.

    Whether a form may be left out is what the phone said when it walked on (`walk_on`); a visit
    that walked on past required fields is marked `incomplete`.
    """
    if not visit.scanned or visit.result != "known":
        return False
    return stop.form_id is None or visit.walk_on or visit.answers_hash is not None


def _facts(visit: Visit, stop: StopTerms) -> state.Visit:
    return state.Visit(
        stop=stop.id,
        person=visit.person_id,
        lower_ms=visit.lower_ms,
        estimate_ms=visit.estimate_ms,
        upper_ms=visit.upper_ms,
        quality=cast("Quality", visit.quality),
        tag_proven=visit.tag_proof == "proven",
        does=does(visit, stop),
        left_ms=visit.left_ms,
    )


def _asked(stop: StopTerms) -> state.Stop:
    return state.Stop(stop.id, stop.window_ms, stop.stay_ms)


def _judge(
    occurrence: Occurrence,
    terms: Terms,
    visits: Sequence[Visit],
    taken: Sequence[StandIn],
    skips: Sequence[state.Skip],
    papers: Sequence[state.Visit],
    phones: Phones,
    now_ms: int,
) -> Judged:
    bounds = bounds_of(occurrence)
    may_walk = phones.may_walk(terms) | {take.person_id for take in taken}
    taken_on = {take.device_id for take in taken}
    carriers = [
        Carrier(device.id, device.clear_ms)
        for device in phones.devices.values()
        if state.carries(
            bounds,
            uses=phones.uses.get(device.id, ()),
            may_walk=may_walk,
            active=device.state in GREETED,
            taken=device.id in taken_on,
        )
    ]
    stops = {stop.id: stop for stop in terms.stops}
    judgement = state.judge(
        bounds,
        stops=[_asked(stop) for stop in stops.values()],
        crew=terms.crew_of(drawn_by(occurrence)),
        order=terms.order,
        skips=skips,
        visits=[*(_facts(v, stops[v.stop_id]) for v in visits if v.stop_id in stops), *papers],
        carriers=carriers,
        excused=occurrence.excused_ms is not None,
        now_ms=now_ms,
    )
    carrying = frozenset(c.device for c in carriers)
    return Judged(
        occurrence, terms, bounds, judgement, tuple(visits), carrying, tuple(taken), papers=tuple(papers)
    )
