"""The photos that records name, and how it stands with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.ledger.appliers import Arrival
from server.ledger.models import Blob, BlobClaim, BlobGone
from sync.payloads import PhotoCorrupt


def note_corrupt_photos(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `photo.corrupt`: whoever waits for the photo learns that it will not come."""
    for arrival in arrivals:
        payload = arrival.payload
        assert isinstance(payload, PhotoCorrupt)  # noqa: S101  registered for this type
        session.execute(
            update(BlobClaim)
            .where(BlobClaim.device_id == arrival.device_id, BlobClaim.sha256 == payload.sha256)
            .values(damaged=True)
            .execution_options(synchronize_session=False)
        )
    return [()] * len(arrivals)


@dataclass(frozen=True, slots=True)
class Claim:
    """A photo as a record names it, and whether it is there."""

    hash: str
    sha256: str
    size: int
    mime: str
    role: str
    field: str | None
    of: str | None
    """Of a photo as it was taken: the hash of that which was drawn on."""
    state: str
    """``stored``, ``pending``, ``lost`` (the phone could not keep it), ``damaged`` (in its store);
    ``expired`` or ``erased``: its bytes were removed."""
    reused: bool
    """Whether another record names the same photo."""


def claims(session: Session, organisation: UUID, hashes: Sequence[str]) -> list[Claim]:
    """Return the photos that these records name, in their order."""
    rows = session.execute(
        select(BlobClaim, Blob.sha256.label("stored"), BlobGone.why)
        .outerjoin(
            Blob,
            (Blob.organisation_id == BlobClaim.organisation_id) & (Blob.sha256 == BlobClaim.sha256),
        )
        .outerjoin(
            BlobGone,
            (BlobGone.organisation_id == BlobClaim.organisation_id) & (BlobGone.sha256 == BlobClaim.sha256),
        )
        .where(BlobClaim.organisation_id == organisation, BlobClaim.hash.in_(hashes))
        .order_by(BlobClaim.hash, BlobClaim.number)
    ).all()
    photos = {claim.sha256 for claim, _, _ in rows}
    named = session.execute(
        select(BlobClaim.sha256, BlobClaim.hash).where(
            BlobClaim.organisation_id == organisation, BlobClaim.sha256.in_(photos)
        )
    ).all()
    namers: dict[str, set[str]] = {}
    for sha256, namer in named:
        namers.setdefault(sha256, set()).add(namer)
    return [
        Claim(
            hash=claim.hash,
            sha256=claim.sha256,
            size=claim.size,
            mime=claim.mime,
            role=claim.role,
            field=claim.field,
            of=claim.of_sha256,
            state=gone or _state(claim, is_stored=stored is not None),
            reused=len(namers[claim.sha256]) > 1,
        )
        for claim, stored, gone in rows
    ]


def _state(claim: BlobClaim, *, is_stored: bool) -> str:
    if is_stored:
        return "stored"
    if claim.lost:
        return "lost"
    return "damaged" if claim.damaged else "pending"
