"""Tables of the service desk.

What happened to a request stands in `request_event`, which nobody changes; the row in `request` is
what `fold` makes of it, for lists and filters. What people wrote, their photos and how to reach them
lie apart, for these can be erased.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl


class Request(Base):
    """What somebody asks for, as its events say."""

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        UniqueConstraint("site_id", "form_hash"),
        Index("ix_request_site_id", "site_id", "state", "next_due_ms"),
        Index("ix_request_opened", "site_id", "opened_ms"),
        Index("ix_request_target_id", "target_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    number: Mapped[int]
    """1, 2, 3 … of the site; people say ``R-0001``."""
    channel: Mapped[str] = mapped_column(String(10))
    """``code`` (scanned), ``phone``, ``visit`` or ``message``."""
    language: Mapped[str] = mapped_column(String(2))
    """Of who asks: ``zh`` or ``en``."""
    form_hash: Mapped[str | None] = mapped_column(String(64))
    """Of the form that was sent and what stood in it: the same form sent twice is one request."""
    opened_ms: Mapped[int]
    opened_by: Mapped[UUID | None]
    """Who entered it at the desk; None: who asks did it themselves."""

    kind: Mapped[str] = mapped_column(String(12))
    """``repair``, ``complaint``, ``suggestion``, ``praise``, ``question`` or ``errand``."""
    class_: Mapped[str] = mapped_column("class", String(12))
    urgency: Mapped[str] = mapped_column(String(10))
    """``normal``, ``urgent`` or ``rescue``."""
    target_kind: Mapped[str | None] = mapped_column(String(12))
    target_id: Mapped[UUID | None]
    place: Mapped[str]
    """Where it is, in words."""
    state: Mapped[str] = mapped_column(String(10))
    owner_id: Mapped[UUID | None]
    """First asked, responsible: who follows it until the person is satisfied."""
    offered_to_id: Mapped[UUID | None]
    """To whom the owner wants to hand it over; not theirs until they accept."""
    department_id: Mapped[UUID | None]
    """The team whose matter it is."""
    merged_into_id: Mapped[UUID | None]
    window_from_ms: Mapped[int | None]
    window_to_ms: Mapped[int | None]
    """The appointment that was made."""
    done_ms: Mapped[int | None]
    closed_ms: Mapped[int | None]
    satisfied: Mapped[bool | None]
    unread: Mapped[bool]
    """Whether who asked wrote something that nobody has answered yet."""
    events: Mapped[int]
    """How many there are."""
    next_due_ms: Mapped[int | None]
    deadlines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class RequestEvent(Base):
    """One thing that happened to a request. Never changed."""

    __tablename__ = "request_event"
    __table_args__ = (UniqueConstraint("request_id", "seq"), Index("ix_request_event_site_id", "site_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"))
    seq: Mapped[int]
    """1, 2, 3 … of the request."""
    at_ms: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[UUID | None]
    """Who did it at the desk; None: who asks, or the server."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Words of ours, ids and figures; nothing that anybody typed."""


class RequestText(Base):
    """What was written with an event. It can be erased, and the event stays."""

    __tablename__ = "request_text"
    __table_args__ = (Index("ix_request_text_request_id", "request_id"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("request_event.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    request_id: Mapped[UUID]
    text: Mapped[str]


class RequestPhoto(Base):
    """A photo that came with an event, drawn afresh: no EXIF, at most 1,600 pixels wide."""

    __tablename__ = "request_photo"
    __table_args__ = (
        Index("ix_request_photo_request_id", "request_id"),
        Index("ix_request_photo_sha256", "site_id", "sha256"),
        Index("ix_request_photo_thumb_sha256", "site_id", "thumb_sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    request_id: Mapped[UUID]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("request_event.id"))
    number: Mapped[int]
    """1, 2, 3 … of the request."""
    data: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of `data`: phones ask by it. This and what follows is None for what was kept before they did."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    thumb: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The same, 320 pixels wide."""
    thumb_sha256: Mapped[str | None] = mapped_column(String(64))


class RequestContact(Base):
    """How to reach who asked, if they said so. Personal data: it goes some time after the end."""

    __tablename__ = "request_contact"
    __table_args__ = (Index("ix_request_contact_digits", "site_id", "digits"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    name: Mapped[str]
    phone: Mapped[str]
    digits: Mapped[str] = mapped_column(String(20))
    """The number without anything else, so that who calls again is known."""


class RequestLink(Base):
    """A private link under which somebody follows a request. Its secret is not kept, only the hash."""

    __tablename__ = "request_link"
    __table_args__ = (Index("ix_request_link_request_id", "request_id"),)

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"))
    made_ms: Mapped[int]
    retired_ms: Mapped[int | None]


class Desk(Base):
    """What a site says of its service desk."""

    __tablename__ = "desk"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    numbered: Mapped[int]
    """The number of the last request."""
    phone: Mapped[str] = mapped_column(String(24))
    """Of the desk, shown to who reports; empty: none is shown."""
    emergency_phone: Mapped[str] = mapped_column(String(24))
    """To call at once, above all from a lift; empty: none is shown."""
    urgent_classes: Mapped[list[str]] = mapped_column(JSON)
    """Of which class a repair is urgent by itself."""
    takes_reports: Mapped[bool]
    """Whether the page behind a printed code takes reports."""
    contact_days: Mapped[int]
    """So many days after a request is closed its phone number goes."""


ddl.attach(RequestEvent.__table__, ddl.insert_only("request_event"))  # type: ignore[arg-type]
