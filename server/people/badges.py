"""Badges (工牌): a printed code by which a phone knows whom it is handed to.

The server keeps the hash of the token printed last; printing again retires the badge before.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.people.memberships import feed_membership
from server.people.models import Membership, Person
from server.people.roles import ON_ROSTER
from server.problems import NotFound
from sync.badges import badge_hash, badge_text
from sync.tags import make_token


@dataclass(frozen=True, slots=True)
class Badge:
    """What is printed for one person; the code is told once."""

    text: str
    name: str
    number: str
    trade: str | None


def make(session: Session, *, site: UUID, people: Sequence[UUID], now_ms: int) -> list[Badge]:
    """Make new badges for people of the site's roster, in the order given; the ones before are over.

    :raises NotFound: one of them is not on the roster
    """
    found = _on_roster(session, site, people)
    made = []
    for person in (found[one] for one in people):
        token = make_token(secrets.token_bytes(10))
        person.badge_hash, person.badge_ms = badge_hash(token), now_ms
        made.append(Badge(badge_text(token), person.name, person.number, person.trade))
    _tell(session, list(found.values()))
    return made


def retire(session: Session, *, site: UUID, person: UUID) -> Person:
    """Have a person's badge be over, as when it was lost.

    :raises NotFound: there is no such person on the roster
    """
    found = _on_roster(session, site, [person])[person]
    found.badge_hash, found.badge_ms = None, None
    _tell(session, [found])
    return found


def _on_roster(session: Session, site: UUID, people: Sequence[UUID]) -> dict[UUID, Person]:
    rows = session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.site_id == site,
            Membership.role.in_(ON_ROSTER),
            Membership.ended_ms.is_(None),
            Person.left_ms.is_(None),
            Person.id.in_(people),
        )
        .with_for_update(of=Person)
    )
    found = {person.id: person for person in rows}
    if set(found) != set(people):
        raise NotFound("Not everybody named is on the roster")
    return found


def _tell(session: Session, people: Sequence[Person]) -> None:
    """Queue the rows of these people for the phones of every site at which they work."""
    by_id = {person.id: person for person in people}
    with session.no_autoflush:  # a membership is written once, with its new version
        memberships = session.scalars(
            select(Membership).where(Membership.person_id.in_(by_id)).order_by(Membership.site_id)
        ).all()
        for each in memberships:
            each.version += 1
    session.flush()
    for each in memberships:
        feed_membership(session, by_id[each.person_id], each)
