"""Forgetting what is recorded of people: when its time is over, or when one of them has it erased.

Records stay: their hashes, signatures, receipts and the chain do not depend on what is forgotten. What
goes are private parts (a place, a note, a text) and the files of photos. All of it is done in short
transactions along the ledger, and each notes how far it came: whoever is interrupted goes on there.

A photo's row in `blob_gone` comes first and is committed, then its file goes: a file may outlive its
row for a moment, but no row speaks of a file that nobody meant to remove.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from server.ledger.blobs import files
from server.ledger.items import Item
from server.ledger.models import BlobClaim, BlobGone, Forgotten, LedgerHead, PrivatePart, Record, Retention

STEP = 500
"""So many records are looked at in one transaction."""

MOST = 100_000
"""So many records are looked at in one go; the rest has its turn the next time."""


@dataclass(slots=True)
class Done:
    """What was forgotten: private parts, and photos."""

    parts: int = 0
    photos: int = 0


def terms_of(session: Session, organisation: UUID) -> Retention:
    """Return how long an organisation keeps things; a new row where there is none yet."""
    terms = session.get(Retention, organisation)
    if terms is None:
        terms = Retention(organisation_id=organisation, place_days=None, photo_days=None)
        terms.place_pos = terms.photo_pos = 0
        session.add(terms)
        session.flush()
    return terms


# -- when the time is over -------------------------------------------------------------


def expire_places(session: Session, *, organisation: UUID, before_ms: int) -> int:
    """Empty the places of the records that came before a moment; return how many. Commits."""

    def forget(hashes: Sequence[str]) -> int:
        return _empty(session, organisation, hashes, PrivatePart.name == "geo")

    return _expire(session, organisation, Retention.place_pos, before_ms, forget)


def expire_photos(session: Session, *, organisation: UUID, before_ms: int, now_ms: int) -> int:
    """Note that photos are gone which only records name that came before a moment; return how many. Commits.

    `remove_files` removes them.
    """

    def forget(hashes: Sequence[str]) -> int:
        young = Record.received_ms >= before_ms
        return _let_go(session, organisation, hashes, why="expired", unless=young, now_ms=now_ms)

    return _expire(session, organisation, Retention.photo_pos, before_ms, forget)


def _expire(
    session: Session, organisation: UUID, mark: Any, before_ms: int, forget: Callable[[Sequence[str]], int]
) -> int:
    """Go along the ledger from a mark, step by step, as far as records came before a moment."""
    terms_of(session, organisation)
    count = looked = 0
    while looked < MOST:
        pos = session.scalar(select(mark).where(Retention.organisation_id == organisation).with_for_update())
        rows = session.execute(
            select(Record.ledger_pos, Record.hash, Record.received_ms)
            .where(Record.organisation_id == organisation, Record.ledger_pos > pos)
            .order_by(Record.ledger_pos)
            .limit(STEP)
        ).all()
        old = [row for row in rows if row.received_ms < before_ms]
        if rows and len(old) < len(rows):
            young = next(row.ledger_pos for row in rows if row.received_ms >= before_ms)
            old = [row for row in old if row.ledger_pos < young]  # the clock may have been set back
        if not old:
            break
        count += forget([row.hash for row in old])
        session.execute(
            update(Retention)
            .where(Retention.organisation_id == organisation)
            .values({mark.key: old[-1].ledger_pos})
            .execution_options(synchronize_session="fetch")
        )
        session.commit()
        looked += len(old)
    session.commit()
    return count


# -- when a person has it erased -------------------------------------------------------


def forget_person(session: Session, *, organisation: UUID, person: UUID, now_ms: int) -> None:
    """Note that what is recorded of a person is to be erased; `sweep` does it, also for what comes later."""
    if session.get(Forgotten, (organisation, person)) is None:
        session.add(Forgotten(organisation_id=organisation, person_id=person, at_ms=now_ms, pos=0))
        session.flush()


def sweep(session: Session, *, organisation: UUID, now_ms: int) -> Done:
    """Erase the private parts and photos of everybody who is forgotten. Commits.

    `remove_files` removes the photos.
    """
    done = Done()
    looked = 0
    head = session.scalar(select(LedgerHead.pos).where(LedgerHead.organisation_id == organisation)) or 0
    while looked < MOST:
        pos = session.scalar(
            select(func.min(Forgotten.pos)).where(
                Forgotten.organisation_id == organisation, Forgotten.pos < head
            )
        )
        if pos is None:
            break
        upto = min(pos + STEP, head)
        _sweep_step(session, organisation, pos, upto, done, now_ms)
        session.commit()
        looked += upto - pos
    session.commit()
    return done


def _sweep_step(session: Session, organisation: UUID, pos: int, upto: int, done: Done, now_ms: int) -> None:
    """Erase what the people who are done up to `pos` recorded up to `upto`."""
    people = session.scalars(
        select(Forgotten.person_id)
        .where(Forgotten.organisation_id == organisation, Forgotten.pos == pos)
        .with_for_update()
    ).all()
    if not people:
        return  # another process was quicker
    hashes = session.scalars(
        select(Record.hash).where(
            Record.organisation_id == organisation,
            Record.ledger_pos > pos,
            Record.ledger_pos <= upto,
            Record.actor.in_(people),
        )
    ).all()
    if hashes:
        others = Record.actor.is_(None) | Record.actor.not_in(_forgotten(organisation))
        done.parts += _empty(session, organisation, hashes)
        done.photos += _let_go(session, organisation, hashes, why="erased", unless=others, now_ms=now_ms)
    session.execute(
        update(Forgotten)
        .where(
            Forgotten.organisation_id == organisation,
            Forgotten.pos == pos,
            Forgotten.person_id.in_(people),
        )
        .values(pos=upto)
        .execution_options(synchronize_session="fetch")
    )


def still_kept(session: Session, organisation: UUID, item: Item) -> set[str]:
    """Return which of a stored record's private parts may still be kept, when it brings them once more."""
    actor, pos = session.execute(
        select(Record.actor, Record.ledger_pos).where(
            Record.organisation_id == organisation, Record.hash == item.hash
        )
    ).one()
    if actor is not None and session.get(Forgotten, (organisation, actor)) is not None:
        return set()
    done = session.scalar(select(Retention.place_pos).where(Retention.organisation_id == organisation)) or 0
    return {name for name in item.private if name != "geo" or pos > done}


# -- parts -----------------------------------------------------------------------------


def _forgotten(organisation: UUID) -> Any:
    return select(Forgotten.person_id).where(Forgotten.organisation_id == organisation)


def _empty(session: Session, organisation: UUID, hashes: Sequence[str], *which: Any) -> int:
    gone = session.execute(
        delete(PrivatePart)
        .where(PrivatePart.organisation_id == organisation, PrivatePart.hash.in_(hashes), *which)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _let_go(
    session: Session, organisation: UUID, hashes: Collection[str], *, why: str, unless: Any, now_ms: int
) -> int:
    """Note that the photos of records are gone, but for those that another record `unless` names."""
    named = BlobClaim.organisation_id == organisation
    photos = set(session.scalars(select(BlobClaim.sha256).where(named, BlobClaim.hash.in_(hashes))))
    if not photos:
        return 0
    photos -= set(
        session.scalars(
            select(BlobClaim.sha256)
            .join(
                Record,
                (Record.organisation_id == BlobClaim.organisation_id) & (Record.hash == BlobClaim.hash),
            )
            .where(named, BlobClaim.sha256.in_(photos), unless)
        )
    )
    photos -= set(
        session.scalars(
            select(BlobGone.sha256).where(
                BlobGone.organisation_id == organisation, BlobGone.sha256.in_(photos)
            )
        )
    )
    if photos:
        session.execute(
            insert(BlobGone),
            [
                {
                    "organisation_id": organisation,
                    "sha256": sha256,
                    "why": why,
                    "gone_ms": now_ms,
                    "removed_ms": None,
                }
                for sha256 in sorted(photos)
            ],
        )
    return len(photos)


def remove_files(session: Session, *, data_dir: Path, now_ms: int) -> int:
    """Remove the files of the photos that are gone; return how many there were. Commits.

    Also what came of them in the meantime, whole or in parts.
    """
    count = 0
    while True:
        gone = session.execute(
            select(BlobGone.organisation_id, BlobGone.sha256)
            .where(BlobGone.removed_ms.is_(None))
            .order_by(BlobGone.organisation_id, BlobGone.sha256)
            .limit(STEP)
        ).all()
        session.commit()  # no transaction is open while files are removed
        if not gone:
            return count
        for organisation, sha256 in gone:
            count += files.remove(data_dir, organisation=organisation, sha256=sha256)
        for organisation, sha256 in gone:
            session.execute(
                update(BlobGone)
                .where(BlobGone.organisation_id == organisation, BlobGone.sha256 == sha256)
                .values(removed_ms=now_ms)
                .execution_options(synchronize_session=False)
            )
        session.commit()
