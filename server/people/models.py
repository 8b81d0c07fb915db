"""Tables of people: organisations, persons and their roles, console log-ins, how phones join."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed.models import Fed
from server.ledger.models import Device

__all__ = [
    "Certificate",
    "Company",
    "ConsoleSession",
    "Device",
    "Enrolment",
    "Membership",
    "Organisation",
    "Person",
    "Shift",
    "ShiftEnd",
]


class Organisation(Base):
    """A company that runs sites. Nobody sees anything of another one."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False)


class Person(Base):
    """Somebody who works in the field, in the console, or both."""

    __tablename__ = "person"
    __table_args__ = (Index("uq_person_number", "organisation_id", "number", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    number: Mapped[str]
    """The staff number (工号), unique in the organisation."""
    trade: Mapped[str | None] = mapped_column(String(12))
    """``guard``, ``cleaner``, ``technician``, or None for who only uses the console."""
    administrator: Mapped[bool] = mapped_column(default=False)
    """Whether the person may do everything at every site of the organisation."""
    login: Mapped[str | None] = mapped_column(unique=True)
    """Log-in name of the console, lower case."""
    password_hash: Mapped[str | None]
    pin_hash: Mapped[str | None]
    pin_failed: Mapped[int] = mapped_column(default=0)
    """Wrong PINs in a row, on whatever phone."""
    pin_wait_until_ms: Mapped[int] = mapped_column(default=0)
    badge_hash: Mapped[str | None] = mapped_column(String(64))
    """The hash of the token on the badge (工牌) printed last; the ones before are no longer known."""
    badge_ms: Mapped[int | None]
    left_ms: Mapped[int | None]
    """When the person left. What they recorded stays theirs."""
    erased_ms: Mapped[int | None]
    """When what names them was erased; the row stays, for the records that name its id."""


class Membership(Fed, Base):
    """A person's role at a site. Fed to the site's phones as kind `person`."""

    __tablename__ = "membership"
    feed_kind_name: ClassVar[str] = "person"
    feed_entity: ClassVar[str] = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True, index=True)
    organisation_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(String(14))
    """One of `roles.ROLES`."""
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    company_id: Mapped[UUID | None]
    """Of a contractor, whose company it is. The company is of the same organisation; `join` sees to it."""
    ended_ms: Mapped[int | None]
    """When the person lost the role. The row stays, for what they recorded here stays theirs."""


class Certificate(Base):
    """A certificate of a trade that a person holds. It never changes: it is withdrawn and replaced."""

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_person_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(24))
    """One of `sync.certificates.KINDS`."""
    number: Mapped[str]
    """As printed on it; empty once the person was erased."""
    valid_until: Mapped[date | None]
    """Its last day; None: it does not expire."""
    made_ms: Mapped[int]
    withdrawn_ms: Mapped[int | None]


class Company(Base):
    """Another company that works at sites of the organisation: lifts, fire protection, cleaning."""

    __tablename__ = "company"
    __table_args__ = (Index("uq_company_name", "organisation_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]


class ConsoleSession(Base):
    """Somebody is logged in to the console. Only the hash of the cookie's value is kept."""

    __tablename__ = "console_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_ms: Mapped[int]
    seen_ms: Mapped[int]
    """Last use, written at most once a minute."""
    fresh_ms: Mapped[int]
    """When the password or a passkey was last given."""
    ended_ms: Mapped[int | None]
    agent: Mapped[str] = mapped_column(String(200))
    network: Mapped[str] = mapped_column(String(50), server_default="")
    """The network of the address at the log-in, such as ``203.0.113.0/24``: never the address itself."""
    before_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    """The cookie's value until it was last renewed: for requests that were under way just then."""
    renewed_ms: Mapped[int] = mapped_column(server_default="0", default=0)


class Enrolment(Base):
    """An invitation for one phone to join a site: ten minutes, once."""

    __tablename__ = "enrolment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    """What the supervisor calls the phone."""
    made_by: Mapped[UUID | None]
    made_ms: Mapped[int]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    """``open``, ``waiting`` (a phone used the code), ``active``, ``refused``."""
    log: Mapped[str | None] = mapped_column(String(26))
    """The log whose key used the code."""
    check_word: Mapped[str | None] = mapped_column(String(20))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))
    replaces: Mapped[UUID | None]
    """The phone in whose place the new one comes."""


class Shift(Base):
    """Somebody was signed in on a phone: a projection of `shift.start` and `shift.end`."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("ix_shift_device", "device_id", "started_ms"),
        Index("ix_shift_log", "log", "started_seq"),
        Index("ix_shift_person", "organisation_id", "person_id", "started_ms"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    log: Mapped[str] = mapped_column(String(26))
    person_id: Mapped[UUID]
    started_seq: Mapped[int]
    started_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    online: Mapped[bool]
    """Whether the PIN was checked by the server."""
    failed_tries: Mapped[int]


class ShiftEnd(Base):
    """A `shift.end`, which may come before the start that it ends: a projection."""

    __tablename__ = "shift_end"
    __table_args__ = (Index("ix_shift_end_log", "log", "seq"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The record's hash."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    log: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int]
    ended_ms: Mapped[int]
