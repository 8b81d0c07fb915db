"""Projects scans, answers and findings into visits, readings and findings.

The ledger calls this in the order of each phone's log. Between logs no order is assumed: a
projection looks only at its own log, at the site's tables and at what the record says, so records
that come late, twice or in another order end in the same rows.

Marks that are set here: `tag_unproven` (the record does not prove that the code was read),
`unknown_tag`, `retired_tag` (the place was taken down), `stale_tag` (it was printed anew),
`not_here` (no stop of the round it names), `out_of_order`, `early`, `after_grace`, `too_fast`,
`burst`, `incomplete` (something that the form asks for is not there), `no_certificate` (the stop asks
for one that the person did not hold, as far as was known), `no_location` (the person did not agree
that records say where they were made: a note, which asks nothing). A mark refuses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.bulk import as_uuid
from server.forms import service as forms
from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.meters.service import Taken
from server.people.certificates import Held
from server.rounds import service
from server.rounds.apply_batch import Rows, VisitRow
from server.rounds.apply_readings import (
    Defined,
    Meters,
    Named,
    answers_told,
    is_incomplete,
    kept_of,
    named_in,
    number_of,
    points_of,
    readings_of,
)
from server.rounds.service.found import Found
from server.rounds.service.matching import Match, Rounds
from server.rounds.service.terms import StopTerms
from server.sites import service as sites
from server.sites.service import Printed
from sync import payloads
from sync.forms import Judgement, judge
from sync.tags import tag_proof

OWN_MARKS = frozenset(
    {
        "tag_unproven",
        "unknown_tag",
        "retired_tag",
        "stale_tag",
        "not_here",
        "out_of_order",
        "early",
        "after_grace",
        "too_fast",
        "burst",
        "incomplete",
        "no_certificate",
        "no_location",
    }
)
"""The marks that are set here, and by nobody else."""

Edition = tuple[UUID, UUID, int]
"""Site, form, number of the edition."""


def register_all() -> None:
    """Register with the ledger who projects which record type, and with sites who uses places."""
    for name, tv in (("scan", 2), ("answers", 1), ("finding", 1)):
        appliers.register(name, tv, apply_records)
    if service.count_use not in sites.Usage.counters:
        sites.Usage.counters.append(service.count_use)


def apply_records(session: Session, arrivals: Sequence[Arrival]) -> list[set[str]]:
    """Project scans, answers and findings of one organisation; return the marks of each."""
    batch = _Batch.of(session, arrivals)
    marks = [_apply(batch, arrival) for arrival in arrivals]
    batch.rows.write()
    if found := batch.rows.found():
        Found.tell(session, found, max(arrival.now_ms for arrival in arrivals))
    return marks


@dataclass(slots=True)
class _Batch:
    """What the records of a batch ask for, read once."""

    session: Session
    rows: Rows
    rounds: Rounds
    tags: Mapping[str, Printed]
    definitions: Mapping[Edition, Mapping[str, Any]]
    meters: Meters
    actors: frozenset[UUID]
    """Who made them."""
    held: Held | None = None
    """Their certificates, once a stop asks for one."""

    @classmethod
    def of(cls, session: Session, arrivals: Sequence[Arrival]) -> _Batch:
        """Read it."""
        first = arrivals[0]
        rows, rounds = Rows(session, first.organisation_id), Rounds(session)
        tags: set[str] = set()
        editions: set[tuple[UUID, int]] = set()
        read: set[Named] = set()
        earlier: set[str] = set()
        walks: dict[str, list[int]] = {}
        rounds.expect({arrival.payload.occurrence for arrival in arrivals})  # type: ignore[union-attr]
        for arrival in arrivals:
            payload = arrival.payload
            if isinstance(payload, payloads.PlacedScan):
                walks.setdefault(arrival.log, []).append(arrival.seq)
                if payload.tag is not None:
                    tags.add(payload.tag.hash)
            elif isinstance(payload, payloads.Answers):
                editions.add((as_uuid(payload.form.id), payload.form.edition))
                read |= named_in(payload.values)
                if payload.scan is not None:
                    earlier.add(payload.scan)
        for log, numbers in walks.items():
            rows.expect_walk(log, low=min(numbers), high=max(numbers))
        rows.expect(earlier - {arrival.hash for arrival in arrivals})
        return cls(
            session,
            rows,
            rounds,
            sites.printed_by_hash(session, organisation_id=first.organisation_id, hashes=tags),
            forms.shared_definitions(session, editions=editions),
            Meters.named_by(session, read),
            frozenset(actor for arrival in arrivals if (actor := _actor(arrival))),
        )

    def holds(self, arrival: Arrival, kind: str) -> bool:
        """Tell whether who made a record held a certificate on the site's day, as was known when it came."""
        if self.held is None:
            self.held = Held(self.session, self.actors)
        site = sites.site_of(self.session, organisation_id=arrival.organisation_id, site_id=arrival.site_id)
        at = datetime.fromtimestamp(arrival.interval.estimate / 1000, ZoneInfo(site.time_zone))
        return self.held.holds(_actor(arrival), kind, day=at.date(), known_ms=arrival.received_ms)

    def asks_answers(self, stop: StopTerms, at_ms: int) -> bool:
        """Tell whether the form of a stop, in the edition in force at a moment, has a field to be filled."""
        if stop.form_id is None:
            return False
        definition = forms.in_force_at(self.session, form_id=stop.form_id, at_ms=at_ms)
        return any(field.get("required", False) for field in definition["fields"])


def _apply(batch: _Batch, arrival: Arrival) -> set[str]:
    payload = arrival.payload
    if isinstance(payload, payloads.PlacedScan):
        return _apply_scan(batch, arrival, payload)
    if isinstance(payload, payloads.Answers):
        return _apply_answers(batch, arrival, payload)
    assert isinstance(payload, payloads.Finding)  # noqa: S101  registered for these three
    return _apply_finding(batch, arrival, payload)


# -- scans ----------------------------------------------------------------------------


def _apply_scan(batch: _Batch, arrival: Arrival, scan: payloads.PlacedScan) -> set[str]:
    """Make the visit of a scan."""
    target = scan.target if scan.result in ("known", "retired", "not_here") else None
    tag = batch.tags.get(scan.tag.hash) if scan.tag is not None else None
    match = batch.rounds.match(arrival, scan.occurrence, target)
    proof = _proof(arrival, scan, tag)
    marks = {*match.marks, *_tag_marks(batch.session, arrival, scan, tag, proof)}
    if scan.result == "not_here":
        marks.add("not_here")
    if scan.out_of_order:
        marks.add("out_of_order")
    if scan.walk_on and match.stop and batch.asks_answers(match.stop, arrival.interval.estimate):
        marks.add("incomplete")
    if match.stop and match.stop.certificate and not batch.holds(arrival, match.stop.certificate):
        marks.add("no_certificate")
    if scan.location == "refused":
        marks.add("no_location")
    visit = _visit(arrival, match, target)
    visit.scanned, visit.result, visit.walk_on = True, scan.result, scan.walk_on
    visit.tag_id, visit.tag_proof = tag.id if tag else None, proof
    if match.stop is not None:
        visit.walk_from, visit.walk_s = match.stop.walk_from, match.stop.walk_s
    visit.mark(marks | _others(arrival))
    marks |= batch.rows.walk(visit)
    batch.rows.add(visit)
    return marks


def _proof(arrival: Arrival, scan: payloads.Scan, tag: Printed | None) -> str:
    """Return whether the scan proves that the place's own code was read."""
    if scan.tag is None:
        return "none"
    if tag is None or scan.target is None:
        return "unproven"
    fits = scan.tag.proof == tag_proof(log=arrival.log, seq=arrival.seq, token=tag.token)
    is_here = tag.site_id == arrival.site_id and str(tag.target_id) == scan.target.id
    return "proven" if fits and is_here else "unproven"


def _tag_marks(
    session: Session, arrival: Arrival, scan: payloads.Scan, tag: Printed | None, proof: str
) -> set[str]:
    if scan.result == "unknown":
        return {"unknown_tag"}
    if scan.result == "no_tag":
        return set()
    marks = set() if proof == "proven" else {"tag_unproven"}
    if tag is None:
        return marks
    # strictly: what came in the very ms in which the tag was retired is the same at a rebuild
    retired_before = tag.retired_ms is not None and tag.retired_ms < arrival.interval.estimate
    if retired_before or scan.result == "retired":
        newer = sites.has_newer_print(session, tag=tag, by_ms=arrival.interval.estimate)
        marks.add("stale_tag" if newer else "retired_tag")
    return marks


# -- answers --------------------------------------------------------------------------


def _apply_answers(batch: _Batch, arrival: Arrival, answers: payloads.Answers) -> set[str]:
    """Add the answers to the visit of their scan, with readings and findings.

    Answers without a scan of the same place are a visit of their own that proves no presence.
    """
    form_id, edition = as_uuid(answers.form.id), answers.form.edition
    definition = batch.definitions.get((arrival.site_id, form_id, edition))
    visit = _scan_of(batch.rows, arrival, answers)
    marks: set[str] = set()
    if visit is None:
        match = batch.rounds.match(arrival, answers.occurrence, answers.target)
        marks |= match.marks
        visit = _visit(arrival, match, answers.target)
        batch.rows.add(visit)
    values: dict[str, Any] = answers.values
    defined = batch.meters.of(arrival, values)
    judgement = judge(definition, values, kept_of(arrival), defined) if definition is not None else None
    if judgement is None or is_incomplete(batch.session, visit, definition or {}, judgement):
        marks.add("incomplete")
    readings: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    points: list[Taken] = []
    if definition is not None and judgement is not None:
        told = answers_told(definition, values, defined)
        readings = readings_of(visit, told, definition, judgement, defined)
        points = points_of(arrival, visit, values, definition, judgement, defined)
        findings = _answer_findings(arrival, visit, told, definition, judgement, defined)
    batch.rows.answer(visit, readings, findings, points)
    visit.answers_hash, visit.answers = arrival.hash, values
    visit.form_id, visit.form_edition = form_id, edition
    visit.faulty = judgement is not None and judgement.faulty
    if batch.rounds.asks_stay(visit.occurrence_id, visit.stop_id):
        visit.left_ms = arrival.interval.estimate
    visit.mark(marks | _others(arrival))
    batch.rows.change(visit)
    return marks


def _scan_of(rows: Rows, arrival: Arrival, answers: payloads.Answers) -> VisitRow | None:
    if answers.scan is None or answers.target is None:
        return None
    if "dep_missing" in arrival.marks:
        return None  # also when it has come since: what was given up is not judged again
    visit = rows.visit(answers.scan)
    if visit is None or visit.log != arrival.log or visit.target_id != as_uuid(answers.target.id):
        return None
    return visit


def _answer_findings(
    arrival: Arrival,
    visit: VisitRow,
    values: Mapping[str, Any],
    definition: Mapping[str, Any],
    judgement: Judgement,
    defined: Defined,
) -> list[dict[str, Any]]:
    rows = []
    by_id = {field["id"]: field for field in definition["fields"]} if judgement.faults else {}
    for fault in judgement.faults:
        field = by_id[fault.field]
        value, unit = number_of(field, values[fault.field], defined)
        rows.append(
            _finding(
                arrival,
                id=f"{arrival.hash}.{fault.field}",
                visit_id=visit.id,
                field=fault.field,
                occurrence_id=visit.occurrence_id,
                target_kind=visit.target_kind,
                target_id=visit.target_id,
                kind="answer",
                level=fault.level,
                urgency="urgent" if fault.level == "alarm" else "normal",
                label=field["label"],
                value=value,
                unit=unit,
            )
        )
    return rows


# -- findings -------------------------------------------------------------------------


def _apply_finding(batch: _Batch, arrival: Arrival, report: payloads.Finding) -> set[str]:
    """Make a finding that somebody reported."""
    match = batch.rounds.match(arrival, report.occurrence, report.target, by_time=False)
    target = report.target
    batch.rows.report(
        _finding(
            arrival,
            id=arrival.hash,
            visit_id=None,
            field=None,
            occurrence_id=match.occurrence,
            target_kind=target.kind if target else None,
            target_id=as_uuid(target.id) if target else None,
            kind=report.kind,
            level=None,
            urgency=report.urgency,
            label=None,
            value=None,
            unit=None,
        )
    )
    return set()


def _finding(arrival: Arrival, **columns: Any) -> dict[str, Any]:
    interval = arrival.interval
    return {
        "organisation_id": arrival.organisation_id,
        "record_hash": arrival.hash,
        "site_id": arrival.site_id,
        "device_id": arrival.device_id,
        "person_id": _actor(arrival),
        "lower_ms": interval.lower,
        "estimate_ms": interval.estimate,
        "upper_ms": interval.upper,
        "quality": interval.quality,
        "received_ms": arrival.received_ms,
        "marks": sorted(_others(arrival)),
        **columns,
    }


# -- shared ---------------------------------------------------------------------------


def _visit(arrival: Arrival, match: Match, target: payloads.Target | None) -> VisitRow:
    """Return a visit with what is known of it from any record, as one that proves no presence."""
    interval = arrival.interval
    return VisitRow(
        organisation_id=arrival.organisation_id,
        id=arrival.hash,
        site_id=arrival.site_id,
        device_id=arrival.device_id,
        log=arrival.log,
        seq=arrival.seq,
        person_id=_actor(arrival),
        occurrence_id=match.occurrence,
        stop_id=match.stop.id if match.stop else None,
        target_kind=target.kind if target else None,
        target_id=as_uuid(target.id) if target else None,
        scanned=False,
        result="known",
        walk_on=False,
        tag_id=None,
        tag_proof="none",
        lower_ms=interval.lower,
        estimate_ms=interval.estimate,
        upper_ms=interval.upper,
        quality=interval.quality,
        received_ms=arrival.received_ms,
    )


def _others(arrival: Arrival) -> set[str]:
    """Return the marks that were set elsewhere: at a replay the verdict holds ours as well."""
    return {*arrival.marks} - OWN_MARKS if arrival.marks else set()


def _actor(arrival: Arrival) -> UUID | None:
    actor = arrival.body.envelope.actor
    return as_uuid(actor) if actor else None
