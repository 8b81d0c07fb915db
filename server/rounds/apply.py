"""Projects scans, answers and findings into visits, readings and findings.

The ledger calls this in the order of each phone's log. Between logs no order is assumed: a
projection looks only at its own log, at the site's tables and at what the record says, so records
that come late, twice or in another order end in the same rows.

Marks that are set here: `tag_unproven` (the record does not prove that the code was read),
`unknown_tag`, `retired_tag` (the place was taken down), `stale_tag` (it was printed anew),
`not_here` (no stop of the round it names), `out_of_order`, `early`, `after_grace`, `too_fast`,
`incomplete` (something that the form asks for is not there). A mark refuses nothing.
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from server.forms import service as forms
from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.rounds import service
from server.rounds.apply_batch import batch_of
from server.rounds.models import Finding, Reading, Visit
from server.rounds.service.matching import Match, match_record
from server.rounds.service.terms import StopTerms
from server.sites import service as sites
from server.sites.models import Tag
from sync import payloads
from sync.clocks import Interval
from sync.forms import Judgement, judge, level
from sync.tags import tag_proof

TOO_FAST_MS = 5_000
"""Two different codes within this time hang side by side, or were not read on two walls."""

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
        "incomplete",
    }
)
"""The marks that are set here, and by nobody else."""


def register_all() -> None:
    """Register with the ledger who projects which record type, and with sites who uses places."""
    appliers.register("scan", 1, apply_scan)
    appliers.register("answers", 1, apply_answers)
    appliers.register("finding", 1, apply_finding)
    if service.count_use not in sites.Usage.counters:
        sites.Usage.counters.append(service.count_use)


# -- scans ----------------------------------------------------------------------------


def apply_scan(session: Session, arrival: Arrival) -> set[str]:
    """Make the visit of a scan; return its marks."""
    scan = cast("payloads.Scan", arrival.payload)
    target = scan.target if scan.result in ("known", "retired", "not_here") else None
    tag = _tag(session, arrival, scan)
    match = match_record(session, arrival, scan.occurrence, target)
    proof = _proof(arrival, scan, tag)
    marks = set(match.marks) | _tag_marks(session, arrival, scan, tag, proof)
    if scan.result == "not_here":
        marks.add("not_here")
    if scan.out_of_order:
        marks.add("out_of_order")
    if scan.walk_on and match.stop and _asks_answers(session, match.stop, arrival):
        marks.add("incomplete")
    visit = _visit(session, arrival, arrival.hash)
    visit.scanned = True
    visit.result, visit.walk_on = scan.result, scan.walk_on
    visit.tag_id, visit.tag_proof = tag.id if tag else None, proof
    _place(visit, match, target)
    _mark(visit, arrival, marks)
    batch = batch_of(session)
    newest = batch.newest.get(visit.log)
    is_next = newest is not None and newest.seq < visit.seq
    if _judge_pace(visit, newest if is_next else _neighbour(session, visit, forward=False)):
        marks.add("too_fast")
    session.add(visit)  # only now, whole: written once
    session.flush()
    if target is None:
        return marks
    after = None if is_next else _neighbour(session, visit, forward=True)
    if after is None:
        batch.newest[visit.log] = visit
    else:  # this record came later than the one that follows it
        _judge_pace(after, visit)
        session.flush()
    return marks


def _tag(session: Session, arrival: Arrival, scan: payloads.Scan) -> Tag | None:
    if scan.tag is None:
        return None
    return sites.tag_by_hash(session, organisation_id=arrival.organisation_id, token_hash=scan.tag.hash)


def _proof(arrival: Arrival, scan: payloads.Scan, tag: Tag | None) -> str:
    """Return whether the scan proves that the place's own code was read."""
    if scan.tag is None:
        return "none"
    if tag is None or scan.target is None:
        return "unproven"
    fits = scan.tag.proof == tag_proof(log=arrival.log, seq=arrival.seq, token=tag.token)
    is_here = tag.site_id == arrival.site_id and str(tag.target_id) == scan.target.id
    return "proven" if fits and is_here else "unproven"


def _tag_marks(
    session: Session, arrival: Arrival, scan: payloads.Scan, tag: Tag | None, proof: str
) -> set[str]:
    if scan.result == "unknown":
        return {"unknown_tag"}
    if scan.result == "no_tag":
        return set()
    marks = set() if proof == "proven" else {"tag_unproven"}
    if tag is None:
        return marks
    retired_before = tag.retired_ms is not None and tag.retired_ms <= arrival.interval.estimate
    if retired_before or scan.result == "retired":
        newer = sites.has_newer_print(session, tag=tag, by_ms=arrival.interval.estimate)
        marks.add("stale_tag" if newer else "retired_tag")
    return marks


def _judge_pace(visit: Visit, before: Visit | None) -> bool:
    """Set or clear `too_fast` by the scan before in the same log; tell whether it is set."""
    fast = (
        before is not None
        and visit.target_id is not None
        and before.target_id != visit.target_id
        and abs(visit.estimate_ms - before.estimate_ms) < TOO_FAST_MS
    )
    visit.marks = sorted((set(visit.marks) - {"too_fast"}) | ({"too_fast"} if fast else set()))
    visit.marked = bool(visit.marks)
    return fast


_WALKED = select(Visit).where(
    Visit.organisation_id == bindparam("organisation"),
    Visit.log == bindparam("log"),
    Visit.scanned,
    Visit.target_id.is_not(None),
)
_BEFORE = _WALKED.where(Visit.seq < bindparam("seq")).order_by(Visit.seq.desc()).limit(1)
_AFTER = _WALKED.where(Visit.seq > bindparam("seq")).order_by(Visit.seq).limit(1)


def _neighbour(session: Session, visit: Visit, *, forward: bool) -> Visit | None:
    query = _AFTER if forward else _BEFORE
    bound = {"organisation": visit.organisation_id, "log": visit.log, "seq": visit.seq}
    return session.scalars(query, bound).first()


def _asks_answers(session: Session, stop: StopTerms, arrival: Arrival) -> bool:
    if stop.form_id is None:
        return False
    definition = forms.in_force_at(session, form_id=stop.form_id, at_ms=arrival.interval.estimate)
    return any(field.get("required", False) for field in definition["fields"])


# -- answers --------------------------------------------------------------------------


def apply_answers(session: Session, arrival: Arrival) -> set[str]:
    """Add the answers to the visit of their scan, with readings and findings; return their marks.

    Answers without a scan of the same place are a visit of their own that proves no presence.
    """
    answers = cast("payloads.Answers", arrival.payload)
    values = cast("dict[str, Any]", msgspec.to_builtins(answers.values))
    definition = _definition(session, arrival, answers)
    visit = _scan_of(session, arrival, answers)
    marks: set[str] = set()
    if visit is None:
        visit = _visit(session, arrival, arrival.hash)
        visit.scanned, visit.result, visit.walk_on, visit.tag_id, visit.tag_proof = (
            False, "known", False, None, "none",
        )  # fmt: skip
        match = match_record(session, arrival, answers.occurrence, answers.target)
        marks |= match.marks
        _place(visit, match, answers.target)
        session.add(visit)
    judgement = None
    if definition is not None:
        judgement = judge(definition, values, _photos(arrival))
    if judgement is None or judgement.incomplete:
        marks.add("incomplete")
    if visit.answers_hash is not None:
        _forget_answers(session, visit)
    visit.answers_hash, visit.answers = arrival.hash, values
    visit.form_id, visit.form_edition = UUID(answers.form.id), answers.form.edition
    visit.faulty = judgement is not None and judgement.faulty
    _mark(visit, arrival, marks)
    session.flush()
    _write_readings(session, visit, definition, judgement)
    _write_answer_findings(session, arrival, visit, definition, judgement)
    return marks


def _definition(session: Session, arrival: Arrival, answers: payloads.Answers) -> dict[str, Any] | None:
    key = (arrival.site_id, UUID(answers.form.id), answers.form.edition)
    known = batch_of(session).definitions
    if key not in known:
        known[key] = forms.definition_of(session, site_id=key[0], form_id=key[1], edition=key[2])
    return known[key]


def _scan_of(session: Session, arrival: Arrival, answers: payloads.Answers) -> Visit | None:
    if answers.scan is None or answers.target is None:
        return None
    visit = session.get(Visit, (arrival.organisation_id, answers.scan))
    if visit is None or visit.log != arrival.log or str(visit.target_id) != answers.target.id:
        return None
    return visit


def _photos(arrival: Arrival) -> dict[str, int]:
    counts: dict[str, int] = {}
    for blob in arrival.body.envelope.blobs:
        if blob.role == "photo" and blob.field is not None and not blob.lost:
            counts[blob.field] = counts.get(blob.field, 0) + 1
    return counts


def _forget_answers(session: Session, visit: Visit) -> None:
    """Delete what earlier answers of a visit led to."""
    for model in (Reading, Finding):
        session.execute(
            delete(model).where(model.organisation_id == visit.organisation_id, model.visit_id == visit.id)
        )


def _write_readings(
    session: Session, visit: Visit, definition: dict[str, Any] | None, judgement: Judgement | None
) -> None:
    if definition is None or judgement is None or visit.answers is None:
        return
    rows: list[dict[str, Any]] = []
    for position, field in enumerate(definition["fields"]):
        answer = visit.answers.get(field["id"])
        if field["kind"] != "number" or answer is None or field["id"] in judgement.invalid:
            continue
        value = answer if isinstance(answer, str) else None
        rows.append(
            {
                "organisation_id": visit.organisation_id,
                "visit_id": visit.id,
                "field": field["id"],
                "site_id": visit.site_id,
                "target_kind": visit.target_kind,
                "target_id": visit.target_id,
                "position": position,
                "label": field["label"],
                "value": value,
                "unit": field.get("unit", ""),
                "level": None if value is None else level(value, field.get("limits", {})),
                "estimate_ms": visit.estimate_ms,
            }
        )
    if rows:
        session.execute(insert(Reading), rows)


def _write_answer_findings(
    session: Session,
    arrival: Arrival,
    visit: Visit,
    definition: dict[str, Any] | None,
    judgement: Judgement | None,
) -> None:
    if definition is None or judgement is None or visit.answers is None:
        return
    by_id = {field["id"]: field for field in definition["fields"]}
    for fault in judgement.faults:
        field, answer = by_id[fault.field], visit.answers[fault.field]
        finding = _finding(arrival, f"{arrival.hash}.{fault.field}")
        finding.visit_id, finding.field = visit.id, fault.field
        finding.occurrence_id = visit.occurrence_id
        finding.target_kind, finding.target_id = visit.target_kind, visit.target_id
        finding.kind, finding.level = "answer", fault.level
        finding.urgency = "urgent" if fault.level == "alarm" else "normal"
        finding.label = field["label"]
        finding.value = answer if field["kind"] == "number" else None
        finding.unit = field.get("unit") if field["kind"] == "number" else None
        session.add(finding)
    session.flush()


# -- findings -------------------------------------------------------------------------


def apply_finding(session: Session, arrival: Arrival) -> set[str]:
    """Make a finding that somebody reported; return its marks."""
    report = cast("payloads.Finding", arrival.payload)
    match = match_record(session, arrival, report.occurrence, report.target, by_time=False)
    finding = _finding(arrival, arrival.hash)
    finding.occurrence_id = match.occurrence.id if match.occurrence else None
    if report.target is not None:
        finding.target_kind, finding.target_id = report.target.kind, UUID(report.target.id)
    finding.kind, finding.urgency = report.kind, report.urgency
    session.merge(finding)
    session.flush()
    return set()


def _finding(arrival: Arrival, finding_id: str) -> Finding:
    return Finding(
        organisation_id=arrival.organisation_id,
        id=finding_id,
        record_hash=arrival.hash,
        site_id=arrival.site_id,
        device_id=arrival.device_id,
        person_id=_actor(arrival),
        received_ms=arrival.received_ms,
        marks=sorted(_others(arrival)),
        **_time(arrival.interval),
    )


# -- shared ---------------------------------------------------------------------------


def _visit(session: Session, arrival: Arrival, visit_id: str) -> Visit:
    """Return the visit with what is known of it from the record; a new one is not in the session yet."""
    visit = session.get(Visit, (arrival.organisation_id, visit_id))
    if visit is None:
        visit = Visit(
            organisation_id=arrival.organisation_id, id=visit_id, marks=[], marked=False, faulty=False
        )
    visit.site_id, visit.device_id = arrival.site_id, arrival.device_id
    visit.log, visit.seq = arrival.log, arrival.seq
    visit.person_id = _actor(arrival)
    visit.received_ms = arrival.received_ms
    for name, value in _time(arrival.interval).items():
        setattr(visit, name, value)
    return visit


def _place(visit: Visit, match: Match, target: payloads.Target | None) -> None:
    visit.occurrence_id = match.occurrence.id if match.occurrence else None
    visit.stop_id = match.stop.id if match.stop else None
    visit.target_kind = target.kind if target else None
    visit.target_id = UUID(target.id) if target else None


def _mark(visit: Visit, arrival: Arrival, marks: set[str]) -> None:
    visit.marks = sorted(set(visit.marks) | marks | _others(arrival))
    visit.marked = bool(visit.marks)


def _others(arrival: Arrival) -> set[str]:
    """Return the marks that were set elsewhere: at a replay the verdict holds ours as well."""
    return set(arrival.marks) - OWN_MARKS


def _time(interval: Interval) -> dict[str, Any]:
    return {
        "lower_ms": interval.lower,
        "estimate_ms": interval.estimate,
        "upper_ms": interval.upper,
        "quality": interval.quality,
    }


def _actor(arrival: Arrival) -> UUID | None:
    actor = arrival.body.envelope.actor
    return UUID(actor) if actor else None
