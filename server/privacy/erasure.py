"""Erasing what is recorded of one person, so that every chain still verifies.

Gone are the name, number and log-in, private parts (places, notes, texts) and the photos that only
this person's records name. The records themselves stay, with their hashes and the person's id, which
nothing leads to a name any more. What cannot be erased is said in `docs/personal-data.md`.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.feed import service as feed
from server.ledger import forgetting
from server.people.erasing import erase_names
from server.people.models import Membership, Person
from server.privacy.models import Erasure
from server.problems import Problem


class StillHere(Problem):
    """The person works here: their name stands on rounds that are to be walked."""

    slug, status, title = "still-here", HTTPStatus.CONFLICT, "Let the person leave first"


class NotThisPerson(Problem):
    """The staff number that was typed to confirm is another one."""

    slug, status, title = "not-this-person", HTTPStatus.CONFLICT, "This is not the person's number"


def erase(
    session: Session, *, person: Person, number: str, by: UUID, site: UUID, data_dir: Path, now_ms: int
) -> forgetting.Done:
    """Erase what names a person and what only concerns them; return how much went. Commits.

    Once the first step is committed, the rest is done by periodic work if this process is interrupted.

    :param number: the staff number, typed once more
    :raises StillHere: they have not left
    :raises NotThisPerson: the number is not theirs
    """
    if person.left_ms is None:
        raise StillHere()
    if person.number != number:
        raise NotThisPerson()
    organisation = person.organisation_id
    if person.erased_ms is None:
        erase_names(session, person=person, now_ms=now_ms)
        forgetting.forget_person(session, organisation=organisation, person=person.id, now_ms=now_ms)
        _tell_phones(session, person, now_ms)
        audit.write(
            session,
            organisation=organisation,
            site=site,
            person=by,
            action="person.erased",
            subject=f"person:{person.id}",
            detail={},
            now_ms=now_ms,
        )
        feed.commit(session, now_ms=now_ms)
    done = forgetting.sweep(session, organisation=organisation, now_ms=now_ms)
    forgetting.remove_files(session, data_dir=data_dir, now_ms=now_ms)
    return done


def _tell_phones(session: Session, person: Person, now_ms: int) -> None:
    """Tell the phones of every site where the person worked to drop what they keep of them."""
    sites = session.scalars(select(Membership.site_id).where(Membership.person_id == person.id)).all()
    for site in sorted(sites):
        session.add(
            Erasure(
                person_id=person.id,
                site_id=site,
                organisation_id=person.organisation_id,
                at_ms=now_ms,
                version=1,
            )
        )
        feed.queue(
            session,
            feed.Change(
                organisation_id=person.organisation_id,
                site_id=site,
                kind="erasure",
                entity=person.id,
                version=1,
                op="upsert",
                body={"id": str(person.id), "at_ms": now_ms},
            ),
        )
