"""Certificates of a trade: who holds which, until when, and what was known of that at a moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from http import HTTPStatus
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.people.memberships import feed_membership
from server.people.models import Certificate, Membership, Person
from server.problems import NotFound, Problem


class HeldAlready(Problem):
    """The person holds a certificate of this kind and number."""

    slug, status, title = "certificate-held", HTTPStatus.CONFLICT, "They hold this certificate already"


def certificates_of(session: Session, *, people: Collection[UUID]) -> dict[UUID, list[Certificate]]:
    """Return person → the certificates that were not withdrawn, by kind and by what lasts longest."""
    found: dict[UUID, list[Certificate]] = {}
    query = select(Certificate).where(Certificate.person_id.in_(people), Certificate.withdrawn_ms.is_(None))
    for one in session.scalars(
        query.order_by(Certificate.kind, Certificate.valid_until.desc(), Certificate.id)
    ):
        found.setdefault(one.person_id, []).append(one)
    return found


def give(
    session: Session, *, person: Person, kind: str, number: str, valid_until: date | None, now_ms: int
) -> Certificate:
    """Note that a person holds a certificate, and tell the phones of their sites.

    :param valid_until: its last day; None: it does not expire
    :raises HeldAlready: they hold one of this kind with this number and day
    """
    held = certificates_of(session, people=[person.id]).get(person.id, ())
    if any((c.kind, c.number, c.valid_until) == (kind, number, valid_until) for c in held):
        raise HeldAlready
    certificate = Certificate(
        id=uuid4(),
        organisation_id=person.organisation_id,
        person_id=person.id,
        kind=kind,
        number=number,
        valid_until=valid_until,
        made_ms=now_ms,
    )
    session.add(certificate)
    _tell_phones(session, person)
    return certificate


def withdraw(session: Session, *, person: Person, certificate_id: UUID, now_ms: int) -> Certificate:
    """Note that a certificate holds no longer, or was noted by mistake, and tell the phones.

    :raises NotFound: the person holds no such certificate
    """
    certificate = session.get(Certificate, certificate_id)
    if certificate is None or certificate.person_id != person.id or certificate.withdrawn_ms is not None:
        raise NotFound
    certificate.withdrawn_ms = now_ms
    _tell_phones(session, person)
    return certificate


def expiring(session: Session, *, site: UUID, by: date) -> Sequence[tuple[Certificate, Person]]:
    """Return the certificates of people who work at a site whose last day comes before `by`, the first first.

    One that was renewed is left out: the same person holds one of the kind that lasts longer.
    """
    rows = session.execute(
        select(Certificate, Person)
        .join(Person, Person.id == Certificate.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.site_id == site,
            Membership.ended_ms.is_(None),
            Person.left_ms.is_(None),
            Certificate.withdrawn_ms.is_(None),
        )
        .order_by(Certificate.valid_until, Person.number, Certificate.kind)
    ).all()
    lasting = {(c.person_id, c.kind) for c, _ in rows if c.valid_until is None or c.valid_until >= by}
    return [
        (c, person)
        for c, person in rows
        if c.valid_until is not None and c.valid_until < by and (c.person_id, c.kind) not in lasting
    ]


class Held:
    """What a batch of records needs to know: who held what, as far as it was known when a record came."""

    def __init__(self, session: Session, people: Collection[UUID]) -> None:
        """Read the certificates of these people, the withdrawn ones as well."""
        self._rows = session.scalars(select(Certificate).where(Certificate.person_id.in_(people))).all()

    def holds(self, person: UUID | None, kind: str, *, day: date, known_ms: int) -> bool:
        """Tell whether a person held a valid certificate on a day, by what was known before a moment.

        Strictly before: what was noted in the very ms in which a record came is the same at a rebuild.
        """
        return any(
            one.person_id == person
            and one.kind == kind
            and (one.valid_until is None or day <= one.valid_until)
            and one.made_ms < known_ms
            and (one.withdrawn_ms is None or one.withdrawn_ms >= known_ms)
            for one in self._rows
        )


def _tell_phones(session: Session, person: Person) -> None:
    session.flush()
    for membership in session.scalars(
        select(Membership).where(Membership.person_id == person.id, Membership.ended_ms.is_(None))
    ):
        membership.version += 1
        feed_membership(session, person, membership)
