"""How much is held of a person, and what people agreed to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.ledger.models import Blob, BlobClaim, BlobGone, PrivatePart, Record
from server.people.models import Person
from server.privacy.models import Consent


def held(session: Session, *, person: Person) -> dict[str, Any]:
    """Return figures of what is recorded of a person and still kept."""
    organisation = person.organisation_id
    mine = (
        select(Record.hash)
        .where(Record.organisation_id == organisation, Record.actor == person.id)
        .subquery()
    )
    is_geo = (PrivatePart.name == "geo").label("is_geo")
    parts = dict(
        session.execute(
            select(is_geo, func.count())
            .join(mine, mine.c.hash == PrivatePart.hash)
            .where(PrivatePart.organisation_id == organisation)
            .group_by(is_geo)  # by its label: on PostgreSQL the comparison written twice is two
        ).all()
    )
    named = (
        select(BlobClaim.sha256)
        .join(mine, mine.c.hash == BlobClaim.hash)
        .where(BlobClaim.organisation_id == organisation)
    )
    photos, size = session.execute(
        select(func.count(), func.coalesce(func.sum(Blob.size), 0))
        .outerjoin(
            BlobGone, (BlobGone.organisation_id == Blob.organisation_id) & (BlobGone.sha256 == Blob.sha256)
        )
        .where(Blob.organisation_id == organisation, Blob.sha256.in_(named), BlobGone.sha256.is_(None))
    ).one()
    return {
        "id": person.id,
        "name": person.name,
        "number": person.number,
        "left": person.left_ms is not None,
        "erased_ms": person.erased_ms,
        "consent": consent_of(session, person=person),
        "records": session.scalar(select(func.count()).select_from(mine)) or 0,
        "places": parts.get(True, 0),
        "texts": parts.get(False, 0),
        "photos": photos,
        "photo_bytes": int(size),
    }


def consent_of(session: Session, *, person: Person) -> dict[str, Any] | None:
    """Return what a person said last, on whatever phone; None when nobody asked them yet."""
    said = session.scalars(
        select(Consent)
        .where(Consent.organisation_id == person.organisation_id, Consent.person_id == person.id)
        .order_by(Consent.estimate_ms.desc(), Consent.hash)
        .limit(1)
    ).one_or_none()
    if said is None:
        return None
    return {
        "at_ms": said.estimate_ms,
        "text": said.text_version,
        "language": said.language,
        "location": said.location,
    }


def answers(session: Session, *, organisation: UUID) -> tuple[int, int]:
    """Return how many people agreed to places by their last word, and how many did not."""
    last = (
        select(
            Consent.location,
            func.row_number()
            .over(partition_by=Consent.person_id, order_by=(Consent.estimate_ms.desc(), Consent.hash))
            .label("nth"),
        )
        .where(Consent.organisation_id == organisation)
        .subquery()
    )
    counted: dict[bool, int] = dict(
        session.execute(
            select(last.c.location, func.count()).where(last.c.nth == 1).group_by(last.c.location)
        ).all()
    )
    return counted.get(True, 0), counted.get(False, 0)
