"""The companies of contractors (外委), which belong to the whole organisation."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.audit import service as audit
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.people import service
from server.people.models import Company
from server.people.policy import policy
from server.people.schemas import CompanyBody, CompanyList
from server.people.views import bp
from server.problems import NotFound

COMPANIES = "/api/v1/companies"


@bp.get("/api/v1/sites/<uuid:site_id>/companies")
@policy("change.people")
@bp.response(HTTPStatus.OK, CompanyList)
def list_companies(site_id: UUID) -> dict[str, Any]:  # noqa: ARG001 (the policy has looked at it)
    """List the companies of which the site's contractors may be."""
    reading()
    return {"companies": service.companies_of(db.session(), organisation=g.principal.organisation_id)}


@bp.post(COMPANIES)
@policy("administer")
@bp.arguments(CompanyBody)
@bp.response(HTTPStatus.CREATED, CompanyBody)
@refuses(service.CompanyTaken)
def make_company(body: dict[str, Any]) -> Company:
    """Make a company."""
    now = now_ms()
    company = service.make_company(
        db.session(), organisation=g.principal.organisation_id, name=body["name"], now_ms=now
    )
    return _finish("company.made", company, now)


@bp.patch(f"{COMPANIES}/<uuid:company_id>")
@policy("administer")
@bp.arguments(CompanyBody)
@bp.response(HTTPStatus.OK, CompanyBody)
@refuses(service.CompanyTaken, NotFound)
def rename_company(body: dict[str, Any], company_id: UUID) -> Company:
    """Give a company another name."""
    now = now_ms()
    company = service.rename_company(
        db.session(), organisation=g.principal.organisation_id, company=company_id, name=body["name"]
    )
    return _finish("company.renamed", company, now)


def _finish(action: str, company: Company, now: int) -> Company:
    session = db.session()
    audit.write(
        session,
        organisation=company.organisation_id,
        site=None,
        person=g.principal.person_id,
        action=action,
        subject=f"company:{company.id}",
        detail={"name": company.name},
        now_ms=now,
    )
    feed.commit(session, now_ms=now)
    return company
