"""What stands in a register: every stop of every round of a route, visited or not, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import Problem
from server.reports.paper.register import Entry
from server.reports.paper.report import Paper
from server.reports.paper.words import label
from server.reports.service.report import Report
from server.rounds import state
from server.rounds.models import Finding, Occurrence, Reading, Visit
from server.rounds.service.judging import Judged, judge_all, phones_of
from server.rounds.service.names import Names, names_of
from server.rounds.service.terms import StopTerms

MOST_LINES = 20_000
"""A paper has no more: some 700 pages."""

_AT_ONCE = 40
"""So many rounds are in memory at a time."""

_STATES = {
    "missed": ("漏巡", "Missed"),
    "partial": ("漏巡", "Missed"),
    "excused": ("免巡", "Excused"),
    "unheard": ("未回传", "Not heard yet"),
    "unproven": ("待核实", "Unproven"),
}


class TooLong(Problem):
    """A register of so many lines is no paper."""

    slug, status, title = "too-long", HTTPStatus.UNPROCESSABLE_ENTITY, "Too long for a paper"


def entries(
    session: Session, report: Report, *, route: UUID, paper: Paper, within: AbstractSet[UUID] | None
) -> Iterator[Entry]:
    """Yield the lines of a route's register in a period; a part of the rounds is read at a time.

    Rounds still to come have no line, nor have stops of a round that still runs and were not reached.

    :param within: the people whose visits may be shown; None: everybody's
    """
    wanted = [fact for fact in report.facts if fact.route == route and fact.state not in ("upcoming", "open")]
    names = names_of(session, site=report.site)
    number = 0
    for at in range(0, len(wanted), _AT_ONCE):
        part = [fact.occurrence for fact in wanted[at : at + _AT_ONCE]]
        occurrences = session.scalars(
            select(Occurrence).where(Occurrence.id.in_(part)).order_by(Occurrence.from_ms, Occurrence.id)
        ).all()
        phones = phones_of(
            session, site_id=report.site.id, since_ms=occurrences[0].from_ms - state.USED_BEFORE_MS
        )
        judged = judge_all(
            session, site_id=report.site.id, occurrences=occurrences, now_ms=report.now_ms, phones=phones
        )
        told = _Told(session, judged, names, paper)
        for one in judged:
            for entry in told.lines(one, within):
                number += 1
                yield Entry(number, *entry)
        session.expunge_all()


class _Told:
    """What was found and read at the visits of some rounds, in words."""

    def __init__(self, session: Session, judged: Sequence[Judged], names: Names, paper: Paper) -> None:
        self._names, self._paper = names, paper
        visits = [visit.id for one in judged for visit in one.visits]
        organisation = judged[0].occurrence.organisation_id
        self._readings: dict[str, list[str]] = {}
        self._findings: dict[str, list[str]] = {}
        readings = select(Reading).where(
            Reading.organisation_id == organisation, Reading.visit_id.in_(visits)
        )
        for reading in session.scalars(readings.order_by(Reading.visit_id, Reading.position)):
            value = "—" if reading.value is None else f"{reading.value} {reading.unit}".strip()
            self._readings.setdefault(reading.visit_id, []).append(
                f"{label(reading.label, paper.lang)} {value}"
            )
        findings = select(Finding).where(
            Finding.organisation_id == organisation, Finding.visit_id.in_(visits)
        )
        for finding in session.scalars(findings.order_by(Finding.estimate_ms, Finding.id)):
            if finding.visit_id is not None:
                self._findings.setdefault(finding.visit_id, []).append(self._finding(finding))

    def lines(self, one: Judged, within: AbstractSet[UUID] | None) -> Iterator[tuple[str, ...]]:
        """Yield the lines of a round: its visits by time, then the stops that were not reached."""
        zone = self._paper.zone
        start, end = (datetime.fromtimestamp(ms / 1000, zone) for ms in self._window(one))
        name = label(self._names.plans[one.occurrence.plan_id].name, self._paper.lang)
        until = "24:00" if f"{end:%H:%M}" == "00:00" else f"{end:%H:%M}"
        round_ = f"{name} {start:%H:%M}–{until}"
        stops = {stop.id: stop for stop in one.terms.stops}
        for visit in one.visits:
            if visit.stop_id in stops and (within is None or visit.person_id in within):
                yield self._visit(one, visit, stops[visit.stop_id], round_, zone)
        if within is not None or one.judgement.state == "progress":
            return
        for stop in stops.values():
            if not one.reached(stop):
                yield (
                    f"{start:%Y-%m-%d}", round_, "—", self._place(stop), "—",
                    self._paper.say("not_reached"), "—", "", self._why(one),
                )  # fmt: skip

    def _visit(
        self, one: Judged, visit: Visit, stop: StopTerms, round_: str, zone: ZoneInfo
    ) -> tuple[str, ...]:
        at = datetime.fromtimestamp(visit.estimate_ms / 1000, zone)
        found = [*self._findings.get(visit.id, ()), *self._readings.get(visit.id, ())]
        say = self._paper.say
        remarks = []
        if visit.estimate_ms >= one.bounds.to_ms:
            remarks.append(say("late"))
        if stop.id in one.judgement.claimed:
            remarks.append(say("claimed"))
        if visit.marked:
            remarks.append(say("marked"))
        person = self._names.persons.get(visit.person_id, "") if visit.person_id else ""
        between = "；" if self._paper.lang == "zh" else "; "
        return (
            f"{at:%Y-%m-%d}", round_, f"{at:%H:%M}", self._place(stop), person,
            between.join(found) or say("fine"), say("faulty" if visit.faulty else "fine"), "",
            between.join(remarks),
        )  # fmt: skip

    def _window(self, one: Judged) -> tuple[int, int]:
        return one.occurrence.from_ms, one.occurrence.to_ms

    def _place(self, stop: StopTerms) -> str:
        place: Any = self._names.places.get(stop.target_id)
        return f"{stop.number} {label(place.name, self._paper.lang)}" if place else str(stop.number)

    def _why(self, one: Judged) -> str:
        words = _STATES.get(one.judgement.state)
        if words is None:
            return ""
        word = words[0 if self._paper.lang == "zh" else 1]
        colon = "：" if self._paper.lang == "zh" else ": "
        excuse = one.occurrence.excused_why
        return f"{word}{colon}{excuse}" if one.judgement.state == "excused" and excuse else word

    def _finding(self, finding: Finding) -> str:
        paper = self._paper
        name = label(finding.label, paper.lang, paper.say("faulty"))
        value = f" {finding.value} {finding.unit or ''}".rstrip() if finding.value else ""
        return f"{name}{value} {paper.say('faulty')}" if finding.label else name
