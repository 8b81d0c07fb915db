"""Tables of the rounds feature.

`visit`, `reading` and `finding` are projections: computed from the ledger's records by
`server.rounds.apply`, and to be had again by `rebuild`.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed.models import Fed

LONG = text("to_ms - from_ms > 172800000")
"""Windows of more than two days: few, and looked for by their end, since they began any time ago."""


ASSIGNEES: Final = ("team", "post", "person", "company")
"""To whom a plan may be given: each is a column of `Plan`, and at most one of them is set."""


class Route(Fed, Base):
    """A list of stops, in a free, an advised or an enforced order."""

    __tablename__ = "route"
    feed_kind_name: ClassVar[str] = "route"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    order: Mapped[str]
    """``free``, ``advised`` or ``enforced``."""
    single: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is the one stop of a plan that has no route; such a route is nobody's to edit."""

    @property
    def name(self) -> dict[str, str]:
        """The name as it travels."""
        return {"zh": self.name_zh, "en": self.name_en}


class Stop(Base):
    """A checkpoint or an asset on a route, with or without a form. A removed stop keeps its row."""

    __tablename__ = "stop"
    __table_args__ = (Index("ix_stop_route_id", "route_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    route_id: Mapped[UUID] = mapped_column(ForeignKey("route.id"))
    number: Mapped[int]
    """1, 2, 3 … in walking order."""
    target_kind: Mapped[str]
    target_id: Mapped[UUID]
    form_id: Mapped[UUID | None] = mapped_column(ForeignKey("form.id"))
    window_from_min: Mapped[int | None]
    """Its own window, in minutes after the round's start; None: the round's."""
    window_to_min: Mapped[int | None]
    dwell_s: Mapped[int | None]
    """How long somebody stays on the spot."""
    walk_s: Mapped[int | None]
    """The least time in which it is reached from the stop before."""
    certificate: Mapped[str | None] = mapped_column(String(24))
    """The certificate that is required of whoever visits it: one of `sync.certificates.KINDS`."""
    removed_ms: Mapped[int | None]


class Plan(Fed, Base):
    """What recurs: a route, its recurrence, the crew, and whom it is given to."""

    __tablename__ = "plan"
    feed_kind_name: ClassVar[str] = "plan"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    route_id: Mapped[UUID] = mapped_column(ForeignKey("route.id"))
    demand: Mapped[str | None]
    """The clause of the service plan that it serves, such as ``P1-35``."""
    also: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Further clauses that the same rounds serve, such as ``P1-37`` for two persons by night."""
    crew: Mapped[int]
    """1 or 2 persons."""
    crew_within_min: Mapped[int] = mapped_column(default=10, server_default="10")
    """Within how many minutes of each other two persons scan where both must."""
    grace_min: Mapped[int]
    """How many minutes after a window its round may still be made up, labelled late."""
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    """Whom it is given to: at most one of team, post, person and company. None: any worker of the site."""
    post_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None]
    recurrence: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    """As `server.rounds.recurrence` reads it."""
    special: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Of a special round, why: ``{"why": "storm", "text": "…"}``."""
    starts_on: Mapped[date]
    """The first day on which a window begins; rules count from it."""
    ends_on: Mapped[date | None]
    """The last day on which a window begins, or None."""
    paused: Mapped[bool] = mapped_column(default=False)
    stand_in: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether a colleague may take a round over unmarked."""

    @property
    def name(self) -> dict[str, str]:
        """The name as it travels."""
        return {"zh": self.name_zh, "en": self.name_en}


class RouteEdition(Base):
    """The stops of a route as they stood from a moment on. Never changed.

    An occurrence is judged by the edition in force when its window began, so that a later change
    of the route does not touch it.
    """

    __tablename__ = "route_edition"

    route_id: Mapped[UUID] = mapped_column(ForeignKey("route.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    since_ms: Mapped[int]
    order: Mapped[str | None] = mapped_column(String(10))
    """As in `Route`; None in editions from before it mattered: nothing was enforced."""
    stops: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"id", "number", "target": {"kind", "id"}, "form": id | null}]``, with the terms that a stop has
    (``window``, ``dwell_s``, ``walk_s``, ``certificate``); one without asks for none of them."""


class PlanEdition(Base):
    """What a plan asked for from a moment on. Never changed; see `RouteEdition`."""

    __tablename__ = "plan_edition"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    since_ms: Mapped[int]
    route_id: Mapped[UUID] = mapped_column(ForeignKey("route.id"))
    crew: Mapped[int]
    crew_within_min: Mapped[int | None]
    """As in `Plan`; None in editions from before two stops were drawn: these keep the older rule."""
    team_id: Mapped[UUID | None]
    """Of a plan that is given to a post, the team that mans the post."""
    person_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None]
    demands: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The clauses that it serves; None in editions from before they were kept."""
    recurrence: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """None in editions from before there were recurrences."""
    stand_in: Mapped[bool] = mapped_column(default=True, server_default=true())


class Cutting(Base):
    """How far a plan's windows are cut."""

    __tablename__ = "cutting"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    until_ms: Mapped[int]
    """All windows that start before this moment are cut; the next cutting goes on from here.

    Of a plan that follows the last completion: when the next look at it is due.
    """
    calendar: Mapped[str] = mapped_column(String(24), default="", server_default="")
    """By which holidays and which start of the day they are cut (`cutting.recut`)."""


class Occurrence(Fed, Base):
    """One window of one plan. Its id follows from plan, start and number (`rules.occurrence_id`).

    Its bounds do not change once the window began. The stops, the crew and the team are those of
    the editions of plan and route that were in force then.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        Index("ix_occurrence_site_id_from_ms", "site_id", "from_ms"),
        Index("ix_occurrence_fed_to_ms", "fed", "to_ms"),
        Index("ix_occurrence_long", "site_id", "to_ms", sqlite_where=LONG, postgresql_where=LONG),
    )
    feed_kind_name: ClassVar[str] = "occurrence"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    grace_ms: Mapped[int]
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    """Which of those that share its window, from 1 (`rules.Window`)."""
    made_ms: Mapped[int]
    withdrawn_ms: Mapped[int | None]
    """When a change of plan took it away before it began; it is then no window of anybody."""
    fed: Mapped[bool] = mapped_column(default=True)
    """Whether phones still get it; it leaves them some days after its end."""
    excused_why: Mapped[str | None]
    excused_by: Mapped[UUID | None]
    excused_ms: Mapped[int | None]


class Visit(Base):
    """A scan, and the answers that were given after it, at one place. A projection."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_site_id_estimate_ms", "site_id", "estimate_ms", "id"),
        Index("ix_visit_occurrence_id", "occurrence_id"),
        Index("ix_visit_log_seq", "log", "seq"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    """The hash of the scan; of the answers when they name no scan."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    log: Mapped[str]
    seq: Mapped[int]
    person_id: Mapped[UUID | None]
    occurrence_id: Mapped[UUID | None]
    """The occurrence for which it is judged: the named one, else the only one that fits."""
    stop_id: Mapped[UUID | None]
    """The stop of that occurrence at whose code it was made."""
    target_kind: Mapped[str | None]
    target_id: Mapped[UUID | None]
    scanned: Mapped[bool]
    """Whether the scan itself has been applied; answers alone prove no presence."""
    result: Mapped[str]
    walk_on: Mapped[bool]
    tag_id: Mapped[UUID | None]
    tag_proof: Mapped[str]
    """``proven``, ``unproven`` or ``none``."""
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str]
    received_ms: Mapped[int]
    answers_hash: Mapped[str | None]
    form_id: Mapped[UUID | None]
    form_edition: Mapped[int | None]
    left_ms: Mapped[int | None]
    """Where the stop asks for time on the spot, when the answers were saved; estimated."""
    walk_from: Mapped[UUID | None]
    """Where the stop has a least walking time, the stop from which it is, and that time."""
    walk_s: Mapped[int | None]
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The answers as they travel; texts are private parts of the ledger, never copied here."""
    marks: Mapped[list[str]] = mapped_column(JSON)
    """All marks of the scan and of the answers, sorted."""
    marked: Mapped[bool]
    faulty: Mapped[bool]


class Reading(Base):
    """A number that was read at a visit, with its level by the form edition it was filled under."""

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_site_id_target_id", "site_id", "target_id", "estimate_ms"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[UUID]
    target_kind: Mapped[str | None]
    target_id: Mapped[UUID | None]
    position: Mapped[int]
    """Its place in the form."""
    label: Mapped[dict[str, str]] = mapped_column(JSON)
    value: Mapped[str | None]
    """Decimal string; None when it could not be read."""
    unit: Mapped[str]
    level: Mapped[str | None]
    """``normal``, ``warning`` or ``alarm``; None when it could not be read."""
    estimate_ms: Mapped[int]


class Finding(Base):
    """Something wrong that was seen: an answer beyond what is normal, or a report of its own."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_site_id_estimate_ms", "site_id", "estimate_ms", "id"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    """The record's hash; for an answer, the hash, a dot and the field."""
    record_hash: Mapped[str]
    """The record that says so: photos and note hang on it."""
    site_id: Mapped[UUID]
    visit_id: Mapped[str | None] = mapped_column(index=True)
    field: Mapped[str | None]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    occurrence_id: Mapped[UUID | None]
    target_kind: Mapped[str | None]
    target_id: Mapped[UUID | None]
    kind: Mapped[str]
    """``answer`` or the report's kind: damage, hazard, dirt, blocked, other."""
    urgency: Mapped[str]
    level: Mapped[str | None]
    """Of an answer: ``fault``, ``warning`` or ``alarm``."""
    label: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    value: Mapped[str | None]
    unit: Mapped[str | None]
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str]
    received_ms: Mapped[int]
    marks: Mapped[list[str]] = mapped_column(JSON)
