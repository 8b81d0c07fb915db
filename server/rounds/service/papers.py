"""Entering paper sheets: what was done on paper when phones failed. `sheets` says what they count."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger.blobs import drawing
from server.people.models import Membership
from server.people.roles import ON_ROSTER
from server.problems import Invalid, NotFound, Problem
from server.rounds import state
from server.rounds.office import PaperPhoto, PaperSheet
from server.rounds.service.cutting import occurrence_of
from server.rounds.service.terms import bounds_of, terms_for

WIDTH = 2_000
"""A sheet's picture is kept at most so many pixels wide: a written time can still be read."""

MAX_PHOTO_BYTES = 12 * 1024 * 1024


class NoPicture(Problem):
    """A sheet is entered with a photo of it, and these bytes are none."""

    slug, status, title = "no-picture", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The bytes are no picture"


def keep_photo(session: Session, *, organisation: UUID, site_id: UUID, data: bytes) -> str:
    """Keep the picture of a sheet, drawn afresh; return the SHA-256 of what is kept.

    :raises NoPicture: no picture can be drawn from the bytes
    """
    try:
        drawn = drawing.thumbnail(data, WIDTH)
    except drawing.Undrawable:
        raise NoPicture from None
    sha256 = hashlib.sha256(drawn).hexdigest()
    if session.get(PaperPhoto, (site_id, sha256)) is None:
        session.add(PaperPhoto(site_id=site_id, sha256=sha256, organisation_id=organisation, data=drawn))
        session.flush()
    return sha256


def photo(session: Session, *, site_id: UUID, sha256: str) -> bytes:
    """Return the picture of a sheet of the site, a JPEG.

    :raises NotFound: there is none
    """
    found = session.get(PaperPhoto, (site_id, sha256))
    if found is None:
        raise NotFound
    return found.data


def enter(
    session: Session,
    *,
    site_id: UUID,
    occurrence_id: UUID,
    person: UUID,
    entered_by: UUID,
    why: str,
    photo_sha256: str | None,
    stops: Sequence[Mapping[str, Any]],
    now_ms: int,
) -> PaperSheet:
    """Enter a sheet; it replaces what was entered for the same person and round before.

    :param stops: ``{"stop": UUID, "at_ms": int}`` for each stop that has a time; none: withdrawn
    :raises NotFound: no such round on the site
    :raises Invalid: somebody who does not walk here, no photo, a stop that the round does not have or twice,
        a time outside of window and grace or still to come
    """
    occurrence = occurrence_of(session, site_id=site_id, occurrence_id=occurrence_id)
    bounds = bounds_of(occurrence)
    known = {stop.id for stop in terms_for(session, [occurrence])[occurrence.id].stops}
    errors: dict[str, Any] = {}
    if not _walks_here(session, site_id, person):
        errors["person"] = ["Nobody who walks rounds at this site"]
    if stops and (photo_sha256 is None or session.get(PaperPhoto, (site_id, photo_sha256)) is None):
        errors["photo"] = ["A photo of the sheet is needed"]
    faults = _faults(stops, known, bounds, now_ms)
    if faults:
        errors["stops"] = faults
    if errors:
        raise Invalid(errors={"json": errors})
    sheet = PaperSheet(
        id=uuid4(),
        organisation_id=occurrence.organisation_id,
        site_id=site_id,
        occurrence_id=occurrence_id,
        person_id=person,
        entered_by=entered_by,
        entered_ms=now_ms,
        why=why,
        photo_sha256=photo_sha256 if stops else None,
        stops=[{"stop": str(one["stop"]), "at_ms": one["at_ms"]} for one in stops],
    )
    session.add(sheet)
    session.flush()
    return sheet


def _walks_here(session: Session, site_id: UUID, person: UUID) -> bool:
    query = select(Membership.person_id).where(
        Membership.site_id == site_id, Membership.person_id == person, Membership.role.in_(ON_ROSTER)
    )
    return session.scalar(query) is not None


def _faults(
    stops: Sequence[Mapping[str, Any]], known: Collection[UUID], bounds: state.Bounds, now_ms: int
) -> dict[str, dict[str, list[str]]]:
    faults: dict[str, dict[str, list[str]]] = {}
    seen: set[UUID] = set()
    for number, one in enumerate(stops):
        if one["stop"] not in known:
            faults[str(number)] = {"stop": ["Not a stop of this round"]}
        elif one["stop"] in seen:
            faults[str(number)] = {"stop": ["The stop stands on the sheet already"]}
        elif not bounds.from_ms <= one["at_ms"] < bounds.over_ms:
            faults[str(number)] = {"at_ms": ["Outside of the round's time and grace"]}
        elif one["at_ms"] > now_ms:
            faults[str(number)] = {"at_ms": ["Still to come"]}
        seen.add(one["stop"])
    return faults
