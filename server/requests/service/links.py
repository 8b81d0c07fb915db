"""Private links: a secret of 128 bits in an address, of which the database keeps the hash."""

from __future__ import annotations

import hashlib
import re
import secrets
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server import tenancy
from server.problems import NotFound
from server.requests.models import Request, RequestLink
from sync.encoding import sha256_hex

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHARACTERS = 26
"""130 bits; upper case letters and figures, so that a code of the address stays small."""
FORM_KEY = re.compile(r"[0-9A-Za-z_-]{22}\Z")


def make_secret() -> str:
    """Return a new secret."""
    return _characters(secrets.token_bytes(17))


def secret_of_form(form: str, *, token: str, digest: str) -> str:
    """Return the secret that a form leads to: the same for the same form with the same content.

    So a form that is sent twice is answered with the same link, and the server keeps no secret. Who
    does not have the form's own 128 bits cannot know it.

    :param form: the key that the page gave to the form
    :param digest: of what was sent
    """
    return _characters(hashlib.sha256(f"roundsman-request\0{form}\0{token}\0{digest}".encode()).digest()[:17])


def fold_secret(text: str) -> str | None:
    """Return a secret as it was given out, or None when it is none."""
    folded = text.upper().translate(str.maketrans("OIL", "011"))
    return folded if len(folded) == CHARACTERS and set(folded) <= set(_ALPHABET) else None


def keep_link(session: Session, *, request: Request, secret: str, now_ms: int) -> None:
    """Have a secret open a request."""
    session.add(
        RequestLink(
            secret_hash=sha256_hex(secret.encode()),
            organisation_id=request.organisation_id,
            site_id=request.site_id,
            request_id=request.id,
            made_ms=now_ms,
        )
    )
    session.flush()


def retire_links(session: Session, *, request_id: UUID, now_ms: int) -> None:
    """Have none of a request's links open it any more."""
    session.execute(
        update(RequestLink)
        .where(RequestLink.request_id == request_id, RequestLink.retired_ms.is_(None))
        .values(retired_ms=now_ms)
        .execution_options(synchronize_session=False)
    )


def request_behind(session: Session, secret: str) -> Request:
    """Return the request that a secret opens; from now on only its organisation is seen.

    :raises NotFound: it opens none, or does no more
    """
    folded = fold_secret(secret)
    if folded is None:
        raise NotFound
    with tenancy.across(session):
        link = session.get(RequestLink, sha256_hex(folded.encode()))
    if link is None or link.retired_ms is not None:
        raise NotFound
    tenancy.enter(session, link.organisation_id)
    return session.scalars(select(Request).where(Request.id == link.request_id)).one()


def _characters(random: bytes) -> str:
    number = int.from_bytes(random, "big")
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(CHARACTERS))
