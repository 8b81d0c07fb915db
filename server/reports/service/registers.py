"""What stands in a register: every stop of every round of a route, visited or not, in the order of time.

What a paper sheet claims is a line of its own and says so, and a stop that was skipped says why and
what a supervisor made of it: none of them passes for a visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders import service as orders
from server.people import doubles
from server.problems import Problem
from server.reports.paper.marks import mark_word, skip_word
from server.reports.paper.register import Entry
from server.reports.paper.report import Paper
from server.reports.paper.words import label, order_word
from server.reports.service.report import Report
from server.rounds import state
from server.rounds.models import Finding, Occurrence, Reading, Visit
from server.rounds.office import PaperSheet
from server.rounds.service.judging import Judged, judge_all, phones_of
from server.rounds.service.names import Names, names_of
from server.rounds.service.said import words_of
from server.rounds.service.sheets import sheets_for
from server.rounds.service.skipping import decisions_for
from server.rounds.service.terms import StopTerms
from server.rounds.service.two_phones import on_two_phones
from server.rounds.skips import Skip, SkipDecision

MOST_LINES = 20_000
"""A paper has no more: some 700 pages. A longer register comes in parts of so many lines."""

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
    """A register of so many lines is no single paper: it comes in parts."""

    slug, status, title = "too-long", HTTPStatus.UNPROCESSABLE_ENTITY, "Too long for a paper"
    carries: ClassVar = {
        "parts": {"type": "integer", "minimum": 1, "description": "How many papers the register makes."}
    }


def part_of(lines: Iterator[Entry], *, part: int | None, most: int) -> tuple[list[Entry], int]:
    """Return the lines of one part, numbered as in the whole, and how many parts there are.

    The register is read to its end, for only that tells how long it is; one part is in memory at a time.

    :param part: from 1 on; None: the whole, which then has to fit
    :param most: how many lines a part has at most
    :raises TooLong: there is no such part, or the whole does not fit into one; it says how many there are
    """
    begin = ((part or 1) - 1) * most
    found: list[Entry] = []
    count = 0
    for count, entry in enumerate(lines, start=1):
        if begin < count <= begin + most:
            found.append(entry)
    parts = max(1, -(-count // most))
    if (part is None and parts > 1) or (part or 1) > parts:
        raise TooLong(f"It has {count} lines, and a paper {most} at most", parts=parts)
    return found, parts


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
    """What was found, read and said at the stops of some rounds, in words."""

    def __init__(self, session: Session, judged: Sequence[Judged], names: Names, paper: Paper) -> None:
        self._names, self._paper = names, paper
        visits = [visit for one in judged for visit in one.visits]
        rounds = {one.occurrence.id for one in judged}
        organisation, site = judged[0].occurrence.organisation_id, judged[0].occurrence.site_id
        self._double = on_two_phones(session, visits)
        self._readings: dict[str, list[str]] = {}
        self._findings: dict[str, list[str]] = {}
        ids = [visit.id for visit in visits]
        readings = select(Reading).where(Reading.organisation_id == organisation, Reading.visit_id.in_(ids))
        for reading in session.scalars(readings.order_by(Reading.visit_id, Reading.position)):
            value = "—" if reading.value is None else f"{reading.value} {reading.unit}".strip()
            self._readings.setdefault(reading.visit_id, []).append(
                f"{label(reading.label, paper.lang)} {value}"
            )
        found_at: dict[str, list[str]] = {}
        findings = select(Finding).where(Finding.organisation_id == organisation, Finding.visit_id.in_(ids))
        for finding in session.scalars(findings.order_by(Finding.estimate_ms, Finding.id)):
            if finding.visit_id is not None:
                self._findings.setdefault(finding.visit_id, []).append(self._finding(finding))
                # an order names the answer that was wrong, or on a phone the record that says so
                found_at.setdefault(finding.visit_id, []).extend((finding.id, finding.record_hash))
        self._handled = self._orders(session, site, found_at)
        records = [record for visit in visits for record in (visit.id, visit.answers_hash) if record]
        self._words = words_of(session, organisation=organisation, site_id=site, records=records)
        self._sheets: dict[UUID, list[PaperSheet]] = {}
        for sheet in sheets_for(session, site_id=site, occurrences=rounds):
            self._sheets.setdefault(sheet.occurrence_id, []).append(sheet)
        self._skips: dict[UUID, dict[UUID, Skip]] = {}
        skips = select(Skip).where(Skip.site_id == site, Skip.occurrence_id.in_(rounds))
        for skip in session.scalars(skips.order_by(Skip.estimate_ms, Skip.hash)):
            self._skips.setdefault(skip.occurrence_id, {})[skip.stop_id] = skip  # the last one is told
        self._decisions = decisions_for(session, occurrences=rounds)

    def _orders(self, session: Session, site: UUID, found_at: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Return visit → its work orders, as they stand; nothing without any: it is written by hand."""
        every = [finding for ids in found_at.values() for finding in ids]
        if not every:
            return {}
        opened = orders.orders_from(session, site_id=site, source_kind="finding", source_ids=every)
        handled: dict[str, str] = {}
        for visit, ids in found_at.items():
            of_visit = {order.id: order for one in ids for order in opened.get(one, ())}
            handled[visit] = self._join(
                f"{order.name} {order_word(order.state, self._paper.lang)}" for order in of_visit.values()
            )
        return handled

    def lines(self, one: Judged, within: AbstractSet[UUID] | None) -> Iterator[tuple[str, ...]]:
        """Yield the lines of a round: what was recorded by time, then the stops of which nothing was."""
        zone = self._paper.zone
        start, end = (
            datetime.fromtimestamp(ms / 1000, zone) for ms in (one.occurrence.from_ms, one.occurrence.to_ms)
        )
        name = label(self._names.plans[one.occurrence.plan_id].name, self._paper.lang)
        until = "24:00" if f"{end:%H:%M}" == "00:00" else f"{end:%H:%M}"
        round_ = f"{name} {start:%H:%M}–{until}"
        stops = {stop.id: stop for stop in one.terms.stops}
        timed = [
            (visit.estimate_ms, self._visit(one, visit, stops[visit.stop_id], round_))
            for visit in one.visits
            if visit.stop_id in stops and (within is None or visit.person_id in within)
        ]
        told = {stop.id for stop in stops.values() if one.reached(stop)}
        for sheet in self._sheets.get(one.occurrence.id, ()):
            for claim in sheet.stops:
                stop_id, at_ms = UUID(claim["stop"]), int(claim["at_ms"])
                told.add(stop_id)
                if stop_id in stops and (within is None or sheet.person_id in within):
                    timed.append((at_ms, self._claim(one, sheet, at_ms, stops[stop_id], round_)))
        for stop_id, skip in self._skips.get(one.occurrence.id, {}).items():
            if stop_id not in stops or stop_id in told:  # reached after all, so it was not skipped
                continue
            told.add(stop_id)
            if within is None or skip.person_id in within:
                timed.append((skip.estimate_ms, self._skip(one, skip, stops[stop_id], round_)))
        yield from (line for _, line in sorted(timed, key=lambda each: each[0]))
        if within is not None or one.judgement.state == "progress":
            return
        for stop in stops.values():
            if stop.id not in told:
                yield (
                    f"{start:%Y-%m-%d}", round_, "—", self._place(stop), "—",
                    self._paper.say("not_reached"), "—", "", self._why(one),
                )  # fmt: skip

    def _visit(self, one: Judged, visit: Visit, stop: StopTerms, round_: str) -> tuple[str, ...]:
        found = [*self._findings.get(visit.id, ()), *self._readings.get(visit.id, ())]
        say = self._paper.say
        remarks = []
        if visit.estimate_ms >= one.bounds.to_ms:
            remarks.append(say("late"))
        if stop.id in one.judgement.claimed:
            remarks.append(say("claimed"))
        marks = [*visit.marks, *([doubles.MARK] if visit.id in self._double else [])]
        if visit.marked or visit.id in self._double:
            words = dict.fromkeys(word for mark in marks if (word := mark_word(mark, self._paper.lang)))
            remarks.append(self._colon(say("marked"), self._join(words)))
        return (
            *self._when(visit.estimate_ms, round_), self._place(stop), self._person(visit.person_id),
            self._join(found) or say("fine"), say("faulty" if visit.faulty else "fine"),
            self._handled.get(visit.id) or self._answer(one, visit),
            self._join([*remarks, *self._excuse(one)]),
        )  # fmt: skip

    def _answer(self, one: Judged, visit: Visit) -> str:
        """Return what stands for a work order where there is none: the person's own words, or the excuse."""
        said = [
            words
            for record in (visit.id, visit.answers_hash)
            if record
            for words in self._words.get((record, visit.person_id), ())  # type: ignore[arg-type]  # nobody's: none
        ]
        if said:
            return self._join(said)
        return self._join(self._excuse(one)) if visit.faulty or visit.marked else ""

    def _claim(
        self, one: Judged, sheet: PaperSheet, at_ms: int, stop: StopTerms, round_: str
    ) -> tuple[str, ...]:
        """Return a line of what a paper sheet claims: nothing of it is proven, nor was anything read."""
        paper = self._colon(self._paper.say("paper"), sheet.why)
        entered = self._paper.say("entered", who=self._person(sheet.entered_by))
        return (
            *self._when(at_ms, round_), self._place(stop), self._person(sheet.person_id), "—", "—", "",
            self._join([paper, entered, *self._excuse(one)]),
        )  # fmt: skip

    def _skip(self, one: Judged, skip: Skip, stop: StopTerms, round_: str) -> tuple[str, ...]:
        say = self._paper.say
        decision = self._decisions.get((one.occurrence.id, stop.id))
        accepted = decision is not None and decision.accepted
        remarks = [
            self._colon(say("skipped"), skip_word(skip.reason, self._paper.lang)),
            self._said(decision),
        ]
        if not accepted:
            remarks.append(self._why(one))
        return (
            *self._when(skip.estimate_ms, round_), self._place(stop), self._person(skip.person_id),
            say("skipped" if accepted else "not_reached"), "—", "",
            self._join(remarks if not accepted else [*remarks, *self._excuse(one)]),
        )  # fmt: skip

    def _said(self, decision: SkipDecision | None) -> str:
        if decision is None:
            return self._paper.say("skip.open")
        words = self._paper.say(
            "skip.accepted" if decision.accepted else "skip.refused", who=self._person(decision.decided_by)
        )
        return self._colon(words, decision.why) if decision.why else words

    def _excuse(self, one: Judged) -> list[str]:
        return [self._why(one)] if one.judgement.state == "excused" else []

    def _when(self, at_ms: int, round_: str) -> tuple[str, str, str]:
        at = datetime.fromtimestamp(at_ms / 1000, self._paper.zone)
        return f"{at:%Y-%m-%d}", round_, f"{at:%H:%M}"

    def _person(self, person_id: UUID | None) -> str:
        return self._names.persons.get(person_id, "") if person_id else ""

    def _join(self, texts: Iterable[str]) -> str:
        return ("；" if self._paper.lang == "zh" else "; ").join(text for text in texts if text)

    def _colon(self, head: str, text: str) -> str:
        return f"{head}{'：' if self._paper.lang == 'zh' else ': '}{text}" if text else head

    def _place(self, stop: StopTerms) -> str:
        place: Any = self._names.places.get(stop.target_id)
        return f"{stop.number} {label(place.name, self._paper.lang)}" if place else str(stop.number)

    def _why(self, one: Judged) -> str:
        words = _STATES.get(one.judgement.state)
        if words is None:
            return ""
        word = words[0 if self._paper.lang == "zh" else 1]
        if one.judgement.state != "excused":
            return word
        who = self._person(one.occurrence.excused_by)
        by = self._paper.say("by", who=who) if who else ""
        return self._colon(f"{word}{by}", one.occurrence.excused_why or "")

    def _finding(self, finding: Finding) -> str:
        paper = self._paper
        name = label(finding.label, paper.lang, paper.say("faulty"))
        value = f" {finding.value} {finding.unit or ''}".rstrip() if finding.value else ""
        return f"{name}{value} {paper.say('faulty')}" if finding.label else name
