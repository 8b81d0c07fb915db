"""What is under way between two requests of one log-in or one new passkey: kept for minutes, used once."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from server.people.access import hash_token
from server.people.login_models import Ceremony
from server.problems import Problem
from sync.encoding import b64url_encode

LIFE_MS = 5 * 60_000
CHALLENGE_BYTES = 32

Kind = Literal["password", "passkey", "refresh", "register"]


class LoginOver(Problem):
    """What was begun is over, was used, or is not of this session."""

    slug, status, title = "login-over", HTTPStatus.GONE, "This took too long; begin again"


def begin(
    session: Session,
    *,
    kind: Kind,
    person: UUID | None = None,
    session_id: UUID | None = None,
    challenge: bytes | None = None,
    now_ms: int,
) -> str:
    """Begin something; return the token without which nobody can go on with it."""
    token = b64url_encode(secrets.token_bytes(32))
    session.add(
        Ceremony(
            token_hash=hash_token(token),
            kind=kind,
            person_id=person,
            session_id=session_id,
            challenge=challenge,
            expires_ms=now_ms + LIFE_MS,
        )
    )
    session.flush()
    return token


def find(
    session: Session, token: str, *, kinds: tuple[Kind, ...], session_id: UUID | None = None, now_ms: int
) -> Ceremony:
    """Return what is under way.

    :param session_id: the session that must have begun it; None when nobody was logged in
    :raises LoginOver: it is unknown, over, or somebody else's
    """
    row = session.get(Ceremony, hash_token(token), populate_existing=True)
    if row is None or row.kind not in kinds or row.expires_ms <= now_ms or row.session_id != session_id:
        raise LoginOver()
    return row


def set_challenge(session: Session, row: Ceremony, challenge: bytes) -> None:
    """Have a passkey sign this from now on."""
    row.challenge = challenge
    session.flush()


def take_challenge(session: Session, row: Ceremony) -> bytes:
    """Take the challenge away and return it; the caller commits before the answer is judged.

    :raises LoginOver: it was answered already
    """
    challenge = row.challenge
    taken = session.execute(
        update(Ceremony)
        .where(Ceremony.token_hash == row.token_hash, Ceremony.challenge.is_not(None))
        .values(challenge=None)
        .execution_options(synchronize_session=False)
    )
    if challenge is None or not taken.rowcount:  # type: ignore[attr-defined]
        raise LoginOver()
    return challenge


def end(session: Session, token_hash: str) -> None:
    """End what was under way: it is done.

    :raises LoginOver: somebody else ended it in this very moment
    """
    ended = session.execute(delete(Ceremony).where(Ceremony.token_hash == token_hash))
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise LoginOver()


def forget(session: Session, *, person: UUID) -> None:
    """End everything that is under way for a person."""
    session.execute(delete(Ceremony).where(Ceremony.person_id == person))


def clean(session: Session, *, now_ms: int) -> None:
    """Drop what is over."""
    session.execute(delete(Ceremony).where(Ceremony.expires_ms <= now_ms))
