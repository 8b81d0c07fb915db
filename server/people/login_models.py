"""Tables of console log-ins: second factors, what is under way, invitations."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Totp(Base):
    """The secret that a person shares with their authenticator app, encrypted."""

    __tablename__ = "totp"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    """None until the first code proved that the app holds the secret."""
    pending: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A new secret that waits for its first code; `secret` holds until then."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The step of 30 seconds whose code was taken last: no code of it or before is taken again."""
    made_ms: Mapped[int | None]


class Passkey(Base):
    """A key pair of a person's device; the private half never leaves it."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """COSE key."""
    sign_count: Mapped[int]
    name: Mapped[str]
    """What its owner calls it."""
    made_ms: Mapped[int]
    used_ms: Mapped[int | None]


class RecoveryCode(Base):
    """A code for who lost the second factor, used once. Only its hash is kept."""

    __tablename__ = "recovery_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation_id: Mapped[UUID]


class Ceremony(Base):
    """A log-in or a passkey under way: some minutes, once. Belongs to the installation.

    Whoever asked holds a token, of which only the hash is kept.
    """

    __tablename__ = "ceremony"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """``password`` (it was right, the second factor is to come), ``passkey`` (a log-in without a
    password), ``refresh`` and ``register`` (of a session)."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    session_id: Mapped[UUID | None]
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the passkey is to sign; taken away before the answer is judged."""
    expires_ms: Mapped[int]


class Invitation(Base):
    """A link by which a person gets a log-in of the console, or a new password: two days, once."""

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"), index=True)
    """From which site it was sent; None when it came from the command line."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[UUID | None]
    made_ms: Mapped[int]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]
    revoked_ms: Mapped[int | None]
