"""The companies whose people work at sites as contractors (外委)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.people.memberships import feed_membership, memberships_of_company
from server.people.models import Company
from server.people.organisations import new_id
from server.problems import NotFound, Problem


class CompanyTaken(Problem):
    """The organisation has a company of this name."""

    slug, status, title = "company-taken", HTTPStatus.CONFLICT, "There is a company of this name already"


def companies_of(session: Session, *, organisation: UUID) -> Sequence[Company]:
    """Return the organisation's companies by name."""
    query = select(Company).where(Company.organisation_id == organisation)
    return session.scalars(query.order_by(Company.name, Company.id)).all()


def make_company(session: Session, *, organisation: UUID, name: str, now_ms: int) -> Company:
    """Make a company.

    :raises CompanyTaken: there is one of this name
    """
    company = Company(id=new_id(now_ms), organisation_id=organisation, name=name)
    session.add(company)
    _flush(session)
    return company


def rename_company(session: Session, *, organisation: UUID, company: UUID, name: str) -> Company:
    """Give a company another name; the phones of its people's sites are told.

    :raises NotFound: the organisation has no such company
    :raises CompanyTaken: there is one of this name
    """
    found = session.get(Company, company)
    if found is None or found.organisation_id != organisation:
        raise NotFound()
    if found.name == name:
        return found
    found.name = name
    _flush(session)
    for person, membership in memberships_of_company(session, company=company):
        membership.version += 1
        feed_membership(session, person, membership)
    return found


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise CompanyTaken() from error
