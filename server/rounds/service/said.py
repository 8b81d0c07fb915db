"""Who took rounds over, and what people said to the marks of their records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger.models import PrivatePart
from server.people.models import Company, Person
from server.rounds.said import Explanation, StandIn
from server.sites.models import Team

_OWNERS: dict[str, Any] = {"team": Team, "person": Person, "company": Company}


def takes_of(
    session: Session, *, site_id: UUID, occurrences: Collection[UUID]
) -> dict[UUID, Sequence[StandIn]]:
    """Return occurrence → who took it over, by time; one query for any number of occurrences."""
    found: dict[UUID, list[StandIn]] = {}
    query = select(StandIn).where(StandIn.site_id == site_id, StandIn.occurrence_id.in_(occurrences))
    for take in session.scalars(query.order_by(StandIn.estimate_ms, StandIn.hash)):
        found.setdefault(take.occurrence_id, []).append(take)
    return dict(found)


def owner_names(session: Session, *, organisation: UUID, takes: Iterable[StandIn]) -> dict[UUID, Any]:
    """Return id → name of the teams, people and companies for whom somebody stood in."""
    wanted: dict[str, set[UUID]] = {}
    for take in takes:
        if take.instead_kind is not None and take.instead_id is not None:
            wanted.setdefault(take.instead_kind, set()).add(take.instead_id)
    names: dict[UUID, Any] = {}
    for kind, ids in wanted.items():
        model = _OWNERS.get(kind)
        if model is None:
            continue
        rows = session.scalars(select(model).where(model.organisation_id == organisation, model.id.in_(ids)))
        names |= {row.id: _label(row.name) for row in rows}
    return names


def _label(name: Any) -> dict[str, str]:
    return {"zh": name, "en": ""} if isinstance(name, str) else name


def explanations_of(
    session: Session, *, organisation: UUID, site_id: UUID, records: Collection[str], person: UUID | None
) -> list[dict[str, Any]]:
    """Return what a record's own person said to its marks, by time.

    Words of somebody else are no word of theirs, and are left out. Words that were erased or did not
    come are None: that something was said is still so.

    :param records: the hashes of what is explained
    :param person: whose record it is
    """
    if person is None:
        return []
    rows = session.execute(
        select(Explanation.hash, Explanation.estimate_ms, Explanation.received_ms, PrivatePart.value)
        .outerjoin(
            PrivatePart,
            (PrivatePart.organisation_id == Explanation.organisation_id)
            & (PrivatePart.hash == Explanation.hash)
            & (PrivatePart.name == "note"),
        )
        .where(
            Explanation.organisation_id == organisation,
            Explanation.site_id == site_id,
            Explanation.record_hash.in_(records),
            Explanation.person_id == person,
        )
        .order_by(Explanation.estimate_ms, Explanation.hash)
    )
    return [
        {"record": row.hash, "at_ms": row.estimate_ms, "received_ms": row.received_ms, "words": row.value}
        for row in rows
    ]


def words_of(
    session: Session, *, organisation: UUID, site_id: UUID, records: Collection[str]
) -> dict[tuple[str, UUID], list[str]]:
    """Return record and person → what that person said to its marks, by time; one query for any number.

    Words that were erased or did not come are left out.
    """
    rows = session.execute(
        select(Explanation.record_hash, Explanation.person_id, PrivatePart.value)
        .join(
            PrivatePart,
            (PrivatePart.organisation_id == Explanation.organisation_id)
            & (PrivatePart.hash == Explanation.hash)
            & (PrivatePart.name == "note"),
        )
        .where(
            Explanation.organisation_id == organisation,
            Explanation.site_id == site_id,
            Explanation.record_hash.in_(records),
            PrivatePart.value.is_not(None),
        )
        .order_by(Explanation.estimate_ms, Explanation.hash)
    )
    found: dict[tuple[str, UUID], list[str]] = {}
    for record, person, words in rows:
        found.setdefault((record, person), []).append(words)
    return found
