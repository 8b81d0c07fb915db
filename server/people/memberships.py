"""Who has which role at which site: given, changed, ended, and told to the site's phones."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from server.direct import Direct, listed
from server.feed import service as feed
from server.people.access import TEAM
from server.people.models import Certificate, Company, Membership, Person
from server.people.roles import ON_ROSTER
from server.problems import Invalid, NotFound, Problem


class HereAlready(Problem):
    """The person has a role at the site."""

    slug, status, title = "here-already", HTTPStatus.CONFLICT, "They have a role at this site already"


class LastAdministrator(Problem):
    """Nobody would be left who may give the role back."""

    slug, status, title = "last-administrator", HTTPStatus.CONFLICT, "They are the last administrator"


def join(
    session: Session,
    *,
    person: Person,
    site: UUID,
    role: str,
    team: UUID | None = None,
    company: UUID | None = None,
) -> Membership:
    """Give a person a role at a site of their organisation, also one that they had before.

    :raises HereAlready: they have one there
    :raises NotFound: there is no such team at the site, or no such company
    :raises Invalid: a contractor without a company, or somebody else with one
    """
    membership = session.get(Membership, (person.id, site))
    if membership is not None and membership.ended_ms is None:
        raise HereAlready()
    _check_team(session, site=site, team=team)
    _check_company(session, organisation=person.organisation_id, role=role, company=company)
    if membership is None:
        membership = Membership(
            person_id=person.id, site_id=site, organisation_id=person.organisation_id, version=0
        )
    with session.no_autoflush:
        membership.role, membership.team_id, membership.company_id = role, team, company
        membership.ended_ms = None
        membership.version += 1
    if role == "administrator":
        person.administrator = True
    session.add(membership)
    session.flush()
    feed_membership(session, person, membership)
    return membership


def change_standing(
    session: Session, *, person: Person, membership: Membership, changes: Mapping[str, Any]
) -> None:
    """Change role, team and company at one site; the caller raises the version and feeds it.

    Somebody who is no contractor any more has no company.

    :raises NotFound: there is no such team at the site, or no such company
    :raises Invalid: a contractor without a company, or somebody else with one
    :raises LastAdministrator: nobody else administers the organisation
    """
    before, role = membership.role, changes.get("role", membership.role)
    kept = membership.company_id if role == "contractor" else None
    company = changes.get("company", kept)
    _check_company(session, organisation=person.organisation_id, role=role, company=company)
    if "team" in changes:
        _check_team(session, site=membership.site_id, team=changes["team"])
        membership.team_id = changes["team"]
    membership.role, membership.company_id = role, company
    _settle_administrator(session, person, before=before, now=role, at=membership)


def end(session: Session, *, person: Person, membership: Membership, now_ms: int) -> None:
    """Take a person's role at one site away. What they recorded there stays theirs.

    :raises LastAdministrator: nobody else administers the organisation
    """
    with session.no_autoflush:
        _settle_administrator(session, person, before=membership.role, now=None, at=membership)
        membership.ended_ms = now_ms
        membership.version += 1
    session.flush()
    feed_membership(session, person, membership)


def _settle_administrator(
    session: Session, person: Person, *, before: str, now: str | None, at: Membership
) -> None:
    """Have the person administer the organisation as long as a role says so."""
    if now == "administrator":
        person.administrator = True
    elif before == "administrator" and not session.scalar(
        select(Membership.person_id)
        .where(
            Membership.person_id == person.id,
            Membership.role == "administrator",
            Membership.ended_ms.is_(None),
            Membership.site_id != at.site_id,
        )
        .limit(1)
    ):
        check_not_last(session, person)
        person.administrator = False


def check_not_last(session: Session, person: Person) -> None:
    """Raise `LastAdministrator` when nobody but this person could administer the organisation."""
    others = select(Person.id).where(
        Person.organisation_id == person.organisation_id,
        Person.administrator,
        Person.login.is_not(None),
        Person.left_ms.is_(None),
        Person.id != person.id,
    )
    if person.administrator and session.scalar(others.limit(1)) is None:
        raise LastAdministrator()


def _check_team(session: Session, *, site: UUID, team: UUID | None) -> None:
    if team is None:
        return
    if session.scalar(select(TEAM.c.id).where(TEAM.c.id == team, TEAM.c.site_id == site)) is None:
        raise NotFound("There is no such team at this site")


def _check_company(session: Session, *, organisation: UUID, role: str, company: UUID | None) -> None:
    if (role == "contractor") != (company is not None):
        wrong = "A contractor has a company" if company is None else "Only a contractor has a company"
        raise Invalid(errors={"json": {"company": [wrong]}})
    if company is None:
        return
    found = session.get(Company, company)
    if found is None or found.organisation_id != organisation:
        raise NotFound("There is no such company")


# -- who is at a site ------------------------------------------------------------------


def people_of(
    session: Session, *, site: UUID, within: AbstractSet[UUID] | None = None
) -> list[tuple[Person, Membership]]:
    """Return everybody who has a role at a site, by number.

    :param within: only these people; None: everybody
    """
    query = (
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.site_id == site, Membership.ended_ms.is_(None))
        .order_by(Person.number)
    )
    if within is not None:
        query = query.where(Person.id.in_(within))
    return [(person, membership) for person, membership in session.execute(query)]


def person_of(session: Session, *, site: UUID, person: UUID) -> tuple[Person, Membership]:
    """Return a person who has a role at the site.

    :raises NotFound: there is none
    """
    row = session.execute(
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.site_id == site, Person.id == person, Membership.ended_ms.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def roles_of(session: Session, *, person: UUID) -> dict[UUID, str]:
    """Return site → role, of the roles that a person has now."""
    rows = session.execute(
        select(Membership.site_id, Membership.role).where(
            Membership.person_id == person, Membership.ended_ms.is_(None)
        )
    )
    return {row.site_id: row.role for row in rows}


def everybody(session: Session, *, organisation: UUID) -> list[tuple[Person, dict[UUID, str]]]:
    """Return everybody of an organisation by number, with site → role of the roles they have now."""
    found: dict[UUID, dict[UUID, str]] = {}
    for person, site, role in session.execute(
        select(Membership.person_id, Membership.site_id, Membership.role).where(
            Membership.organisation_id == organisation, Membership.ended_ms.is_(None)
        )
    ):
        found.setdefault(person, {})[site] = role
    people = session.scalars(
        select(Person).where(Person.organisation_id == organisation).order_by(Person.number)
    )
    return [(person, found.get(person.id, {})) for person in people]


def memberships_of_company(session: Session, *, company: UUID) -> list[tuple[Person, Membership]]:
    """Return the contractors of a company at every site."""
    rows = session.execute(
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.company_id == company, Membership.ended_ms.is_(None))
        .order_by(Membership.site_id, Person.id)
    )
    return [(person, membership) for person, membership in rows]


_ON_ROSTER = Direct(
    select(Membership.person_id).where(
        Membership.site_id == bindparam("site"), Membership.person_id.op("IN")(listed("persons", Uuid()))
    )
)


def on_roster(session: Session, site: UUID, persons: AbstractSet[UUID]) -> set[UUID]:
    """Return those of `persons` who belong to the site, also those who have left since."""
    return {row.person_id for row in _ON_ROSTER.rows(session, {"site": site, "persons": persons})}


# -- what phones know of it ------------------------------------------------------------


def feed_membership(session: Session, person: Person, membership: Membership) -> None:
    """Queue a membership for the site's phones: who works in the field is the roster, others leave it."""
    works = membership.role in ON_ROSTER and person.left_ms is None and membership.ended_ms is None
    feed.queue(
        session,
        feed.Change(
            organisation_id=membership.organisation_id,
            site_id=membership.site_id,
            kind="person",
            entity=person.id,
            version=membership.version,
            op="upsert" if works else "leave",
            body=_row(session, person, membership) if works else None,
        ),
    )


def _row(session: Session, person: Person, membership: Membership) -> dict[str, Any]:
    company = session.get(Company, membership.company_id) if membership.company_id else None
    held = session.execute(
        select(Certificate.kind, Certificate.valid_until)
        .where(Certificate.person_id == person.id, Certificate.withdrawn_ms.is_(None))
        .order_by(Certificate.kind, Certificate.valid_until)
    )
    certificates = [{"kind": kind, "until": until.isoformat() if until else None} for kind, until in held]
    return {
        "id": str(person.id),
        "name": person.name,
        "number": person.number,
        "role": person.trade or "worker",
        "team": str(membership.team_id) if membership.team_id else None,
        **({"badge": person.badge_hash} if person.badge_hash else {}),
        "leader": membership.role == "team_leader",
        "company": company.name if company else None,
        **({"certificates": certificates} if certificates else {}),
    }
