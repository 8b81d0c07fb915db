"""What answers say of meters: a row of `reading` each, and a point in the series of a named meter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.bulk import as_uuid
from server.ledger.appliers import Arrival
from server.meters import service as meters
from server.meters.service import Taken
from server.rounds.apply_batch import VisitRow
from server.sites import service as sites
from sync.forms import KINDS, Judgement, level_of, standings

Named = tuple[UUID, int]
"""A meter and its edition, as an answer names them."""

Defined = Mapping[str, Mapping[str, Any]]
"""Meter → its definition, as `Meters.of` says."""


def named_in(values: Mapping[str, Any]) -> set[Named]:
    """Return the meters that answers name, with the edition that the phone had."""
    return {named for answer in values.values() if (named := _named(answer)) is not None}


def _named(answer: Any) -> Named | None:
    if not isinstance(answer, dict) or not isinstance(answer.get("meter"), str):
        return None
    edition = answer.get("edition")
    if type(edition) is not int or not 0 < edition < 2**31:
        return None
    try:
        return as_uuid(answer["meter"]), edition
    except ValueError:
        return None


@dataclass(slots=True)
class Meters:
    """The editions of meters that a batch names, read once."""

    session: Session
    _known: dict[tuple[UUID, UUID, int], Mapping[str, Any]] = field(default_factory=dict)
    """Site, meter, edition → definition."""

    @classmethod
    def named_by(cls, session: Session, editions: Iterable[Named]) -> Meters:
        """Read them."""
        return cls(session, meters.sited_definitions(session, editions=editions))

    def of(self, arrival: Arrival, values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """Return meter → its definition with the limits of that day, for those of the record's own site."""
        found: dict[str, Mapping[str, Any]] = {}
        for meter_id, edition in named_in(values):
            definition = self._known.get((arrival.site_id, meter_id, edition))
            if definition is not None:
                site = sites.site_of(
                    self.session, organisation_id=arrival.organisation_id, site_id=arrival.site_id
                )
                day = meters.day_of(arrival.interval.estimate, site.time_zone)
                found[str(meter_id)] = meters.defined_on(definition, day)
        return found


NUMBERS = ("computed", "meter", "number")
"""The kinds of field whose answers are readings."""


def kept_of(arrival: Arrival) -> dict[str, int]:
    """Return field → how many photos, voice notes and signatures were kept for it, without originals."""
    counts: dict[str, int] = {}
    for blob in arrival.body.envelope.blobs:
        if blob.role != "frame" and blob.field is not None and blob.of is None and not blob.lost:
            counts[blob.field] = counts.get(blob.field, 0) + 1
    return counts


def is_incomplete(
    session: Session, visit: VisitRow, definition: Mapping[str, Any], judgement: Judgement
) -> bool:
    """Tell whether something is not there that could have been: a meter that the place has not, cannot."""
    if judgement.invalid or not judgement.missing:
        return judgement.incomplete
    keys = {one["id"]: one["meter"] for one in definition["fields"] if one["kind"] == "meter"}
    if not all(field_id in keys for field_id in judgement.missing):
        return True
    if visit.target_kind != "asset" or visit.target_id is None:
        return False
    there = meters.by_key(session, asset_ids=[visit.target_id])
    return any((visit.target_id, keys[field_id]) in there for field_id in judgement.missing)


def answers_told(
    definition: Mapping[str, Any], values: Mapping[str, Any], defined: Defined
) -> dict[str, Any]:
    """Return the answers with the results of formulas that an older phone did not send."""
    told = dict(values)
    for one in standings(definition, values, defined):
        if one.answer is not None:
            told.setdefault(one.field["id"], one.answer)
    return told


def number_of(field_: Mapping[str, Any], answer: Any, defined: Defined) -> tuple[str | None, str | None]:
    """Return the number that an answer says, and its unit; neither for one that says none."""
    if field_["kind"] not in NUMBERS:
        return None, None
    terms: Mapping[str, Any] = field_
    if (named := _named(answer)) is not None:
        terms = defined.get(str(named[0]), field_)
    value = KINDS[field_["kind"]].number(field_, answer)
    return value, terms.get("unit", "")


def readings_of(
    visit: VisitRow,
    values: Mapping[str, Any],
    definition: Mapping[str, Any],
    judgement: Judgement,
    defined: Defined,
) -> list[dict[str, Any]]:
    """Return a row for each number, meter and result of a form that was read, or could not be.

    :param values: as `answers_told` says
    """
    rows: list[dict[str, Any]] = []
    for position, field_ in enumerate(definition["fields"]):
        answer: Any = values.get(field_["id"])
        if field_["kind"] not in NUMBERS or answer is None or field_["id"] in judgement.invalid:
            continue
        value, unit = number_of(field_, answer, defined)
        found = level_of(field_, answer, defined)
        rows.append(
            {
                "organisation_id": visit.organisation_id,
                "visit_id": visit.id,
                "field": field_["id"],
                "site_id": visit.site_id,
                "target_kind": visit.target_kind,
                "target_id": visit.target_id,
                "position": position,
                "label": field_["label"],
                "value": value,
                "unit": unit or "",
                "level": None if value is None else found or "normal",
                "estimate_ms": visit.estimate_ms,
            }
        )
    return rows


def points_of(
    arrival: Arrival,
    visit: VisitRow,
    values: Mapping[str, Any],
    definition: Mapping[str, Any],
    judgement: Judgement,
    defined: Defined,
) -> list[Taken]:
    """Return a point for each meter of the site that was read. They have the time of the answers."""
    points = []
    for field_ in definition["fields"]:
        answer: Any = values.get(field_["id"])
        named = _named(answer)
        if field_["kind"] != "meter" or named is None or field_["id"] in judgement.invalid:
            continue
        if str(named[0]) not in defined or not isinstance(answer.get("value"), str):
            continue
        points.append(
            Taken(
                organisation_id=visit.organisation_id,
                site_id=visit.site_id,
                id=f"{visit.id}.{field_['id']}",
                meter_id=named[0],
                edition=named[1],
                value=answer["value"],
                lower_ms=arrival.interval.lower,
                estimate_ms=arrival.interval.estimate,
                upper_ms=arrival.interval.upper,
                quality=arrival.interval.quality,
                record_hash=arrival.hash,
                visit_id=visit.id,
                person_id=visit.person_id,
                received_ms=arrival.received_ms,
            )
        )
    return points
