"""The certificates that people of a site hold."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.audit import service as audit
from server.clock import now_ms
from server.db import db
from server.describe import refuses
from server.feed import service as feed
from server.people import certificates, service
from server.people.models import Certificate
from server.people.policy import policy
from server.people.schemas import CertificateBody, CertificateIn
from server.people.views import bp
from server.people.views.roster import PEOPLE, check_may_handle

CERTIFICATES = f"{PEOPLE}/<uuid:person_id>/certificates"


@bp.post(CERTIFICATES)
@policy("change.people")
@bp.arguments(CertificateIn)
@bp.response(HTTPStatus.CREATED, CertificateBody)
@refuses(certificates.HeldAlready)
def give_certificate(body: dict[str, Any], site_id: UUID, person_id: UUID) -> Certificate:
    """Note that a person holds a certificate; the phones of their sites are told."""
    session, now = db.session(), now_ms()
    person, _ = service.person_of(session, site=site_id, person=person_id)
    check_may_handle(site_id, {}, person)
    certificate = certificates.give(session, person=person, now_ms=now, **body)
    _note("certificate.given", site_id, person_id, now, kind=certificate.kind)
    return certificate


@bp.delete(f"{CERTIFICATES}/<uuid:certificate_id>")
@policy("change.people")
@bp.response(HTTPStatus.NO_CONTENT)
def withdraw_certificate(site_id: UUID, person_id: UUID, certificate_id: UUID) -> None:
    """Note that a certificate holds no longer. What was recorded while it did stays as it was judged."""
    session, now = db.session(), now_ms()
    person, _ = service.person_of(session, site=site_id, person=person_id)
    check_may_handle(site_id, {}, person)
    kind = certificates.withdraw(session, person=person, certificate_id=certificate_id, now_ms=now).kind
    _note("certificate.withdrawn", site_id, person_id, now, kind=kind)


def _note(action: str, site: UUID, person: UUID, now: int, **detail: Any) -> None:
    audit.write(
        db.session(),
        organisation=g.principal.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=f"person:{person}",
        detail=detail,
        now_ms=now,
    )
    feed.commit(db.session(), now_ms=now)
