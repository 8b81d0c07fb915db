"""The periodic forgetting: places and photos whose time is over, and what comes of people who are erased."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.audit.looks import forget_looks
from server.ledger import forgetting
from server.people.models import Organisation
from server.privacy import terms


def forget(session: Session, *, data_dir: Path, place_days: int, photo_days: int, now_ms: int) -> None:
    """Forget what is to be forgotten, in every organisation. Commits; safe to repeat, and to interrupt.

    :param place_days, photo_days: what the installation allows
    """
    for organisation in session.scalars(select(Organisation.id).order_by(Organisation.id)).all():
        chosen = forgetting.terms_of(session, organisation)
        place_ms = terms.days(terms.PLACE_DAYS, place_days, chosen.place_days) * terms.DAY_MS
        photo_ms = terms.days(terms.PHOTO_DAYS, photo_days, chosen.photo_days) * terms.DAY_MS
        session.commit()
        places = forgetting.expire_places(session, organisation=organisation, before_ms=now_ms - place_ms)
        _note(session, organisation, "places.expired", {"places": places}, now_ms)
        photos = forgetting.expire_photos(
            session, organisation=organisation, before_ms=now_ms - photo_ms, now_ms=now_ms
        )
        _note(session, organisation, "photos.expired", {"photos": photos}, now_ms)
        done = forgetting.sweep(session, organisation=organisation, now_ms=now_ms)
        _note(session, organisation, "erasure.went_on", {"parts": done.parts, "photos": done.photos}, now_ms)
    forgetting.remove_files(session, data_dir=data_dir, now_ms=now_ms)
    forget_looks(session, now_ms=now_ms)
    session.commit()


def _note(session: Session, organisation: UUID, action: str, counts: Mapping[str, int], now_ms: int) -> None:
    """Note what the server itself forgot, if it was anything. Commits."""
    if any(counts.values()):
        audit.write(
            session,
            organisation=organisation,
            site=None,
            person=None,
            action=action,
            subject=f"organisation:{organisation}",
            detail=counts,
            now_ms=now_ms,
        )
    session.commit()
