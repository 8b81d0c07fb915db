"""Tables of the sites feature.

A name is two columns, `name_zh` and `name_en`; an empty `name_en` shows the Chinese one.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from sqlalchemy import JSON, Computed, ForeignKey, Index, String, UniqueConstraint, sql
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl
from server.feed.models import Fed

PlaceKind = Literal["checkpoint", "asset"]

Label = dict[str, str]
"""A name in both screen languages: `{"zh", "en"}`."""


class Named:
    """A name in both screen languages."""

    name_zh: Mapped[str]
    name_en: Mapped[str]

    @property
    def name(self) -> Label:
        """The name as it travels."""
        return {"zh": self.name_zh, "en": self.name_en}

    @name.setter
    def name(self, name: Label) -> None:
        self.name_zh, self.name_en = name["zh"], name["en"]


class Site(Named, Fed, Base):
    """One property under one service plan: an estate, a hospital, a campus.

    It is fed to its own phones: `site_id` is its own id.
    """

    __tablename__ = "site"
    feed_kind_name: ClassVar[str] = "site"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    site_id: Mapped[UUID]
    time_zone: Mapped[str]
    """IANA name, such as ``Asia/Shanghai``; windows are cut in this zone. It never changes."""
    day_start_min: Mapped[int] = mapped_column(default=360)
    """Minutes after midnight at which the site's day begins."""
    daytime_from_min: Mapped[int | None]
    """What counts as day on this site, in minutes after midnight; None: nobody said so. The rest is night."""
    daytime_to_min: Mapped[int | None]
    quiet_lock_min: Mapped[int] = mapped_column(default=15)
    """After so many quiet minutes a phone asks for the PIN again."""
    holidays: Mapped[str] = mapped_column(String(8), default="none", server_default="none")
    """Whose working days count: ``none`` (Monday to Friday) or ``CN``."""
    demo: Mapped[bool] = mapped_column(default=False)

    @property
    def daytime(self) -> dict[str, int] | None:
        """What counts as day, as it travels."""
        if self.daytime_from_min is None or self.daytime_to_min is None:
            return None
        return {"from_min": self.daytime_from_min, "to_min": self.daytime_to_min}

    @daytime.setter
    def daytime(self, day: dict[str, int] | None) -> None:
        self.daytime_from_min, self.daytime_to_min = (day["from_min"], day["to_min"]) if day else (None, None)


class Zone(Named, Base):
    """A part of a site, nested. Phones get its name with the checkpoint, not the zone itself."""

    __tablename__ = "zone"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("zone.id"))


class Place(Named, Fed):
    """What a checkpoint and an asset have in common: a number, a name, a zone and a printed tag."""

    kind: ClassVar[PlaceKind]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    zone_id: Mapped[UUID | None] = mapped_column(ForeignKey("zone.id"))
    number: Mapped[str]
    """What is printed large, such as ``01``; unique in the site and kind, and kept when retired."""
    lat: Mapped[int | None]
    """Where it is: degrees times 10^7; None where nobody said so."""
    lon: Mapped[int | None]
    retired_ms: Mapped[int | None]
    """When it was taken down. A retired place keeps its visits."""

    @property
    def retired(self) -> bool:
        """Whether it was taken down."""
        return self.retired_ms is not None

    @property
    def position(self) -> dict[str, int] | None:
        """Where it is, as it travels."""
        return None if self.lat is None or self.lon is None else {"lat": self.lat, "lon": self.lon}

    @position.setter
    def position(self, there: dict[str, int] | None) -> None:
        self.lat, self.lon = (there["lat"], there["lon"]) if there else (None, None)


class Checkpoint(Place, Base):
    """A place that proves presence: somebody stood here and scanned its tag."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("site_id", "number"),)
    kind: ClassVar[PlaceKind] = "checkpoint"
    feed_kind_name: ClassVar[str] = "checkpoint"


CARD: Final = (
    "category", "zone_id", "maker", "model", "serial", "installed_on", "criticality", "photo", "registration",
)  # fmt: skip
"""The columns of a card; `Asset.lacks` has a bit for each, in this order."""
_EMPTY: Final = dict.fromkeys(("zone_id", "criticality", "photo"), "IS NULL")
_BLANK: Final = "= ''"
LACKS: Final = " + ".join(
    f"CASE WHEN {name} {_EMPTY.get(name, _BLANK)} THEN {1 << place} ELSE 0 END"
    for place, name in enumerate(CARD)
)
SEARCHED: Final = ("number", "name_zh", "name_en", "category", "maker", "model", "serial", "registration")
SEARCH: Final = "lower(" + " || '\n' || ".join(SEARCHED) + ")"
_STANDING: Final[dict[str, Any]] = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), sql.text("retired_ms IS NULL")
)


class Asset(Place, Base):
    """A thing that is maintained."""

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        Index("ix_asset_parent_id", "parent_id"),
        Index("ix_asset_site_id_category", "site_id", "category"),
        Index("ix_asset_listed", "site_id", "number_chars", "number", "id", **_STANDING),
        Index("ix_asset_cards", "site_id", "category", "state", "special", "lacks", **_STANDING),
        Index(
            "ix_asset_search",
            "site_id",
            "search",
            "number_chars",
            "number",
            "id",
            **_STANDING,
            postgresql_using="brin",
        ),
    )
    kind: ClassVar[PlaceKind] = "asset"
    feed_kind_name: ClassVar[str] = "asset"

    category: Mapped[str] = mapped_column(default="")
    """A word of the estate, such as ``pump``; free text."""
    parent_id: Mapped[UUID | None]
    """The asset of which it is a part. `server.assets` keeps the tree free of loops."""
    maker: Mapped[str] = mapped_column(default="", server_default="")
    model: Mapped[str] = mapped_column(default="", server_default="")
    serial: Mapped[str] = mapped_column(default="", server_default="")
    installed_on: Mapped[str] = mapped_column(String(10), default="", server_default="")
    """A year, a month or a day (``2014``, ``2014-06``, ``2014-06-03``): as much as is known."""
    warranty_until: Mapped[date | None]
    """Its last day."""
    criticality: Mapped[str | None] = mapped_column(String(1))
    """``A``, ``B`` or ``C``; None: nobody said."""
    special: Mapped[bool] = mapped_column(default=False, server_default=sql.false())
    """Special equipment by law: it stands in a register of its own and has a registration."""
    registration: Mapped[str] = mapped_column(default="", server_default="")
    """The number under which the authority has registered it."""
    certificate: Mapped[str | None] = mapped_column(String(40))
    """What whoever works on it must hold; the kinds are those of people's certificates."""
    photo: Mapped[str | None] = mapped_column(String(64))
    """Of its picture among those of the site."""
    state: Mapped[str] = mapped_column(String(10), default="running", server_default="running")
    """``running``, ``stopped`` or ``standby``: what was said of it last, written by `server.assets` alone."""
    made_ms: Mapped[int | None]
    """When it was entered; None in rows of an older server."""
    number_chars: Mapped[int] = mapped_column(Computed("length(number)", persisted=True), deferred=True)
    """By which the list goes before the number, so that ``E10`` comes after ``E9``. The database keeps it."""
    search: Mapped[str] = mapped_column(Computed(SEARCH, persisted=True), deferred=True)
    """Everything that may be searched, in small letters, a line per column. The database keeps it."""
    lacks: Mapped[int] = mapped_column(Computed(LACKS, persisted=True), deferred=True)
    """Which columns of `CARD` say nothing, a bit for each. The database keeps it."""


class Tag(Fed, Base):
    """The printed code of a checkpoint or asset. A reprint is a new row and retires the old one."""

    __tablename__ = "tag"
    __table_args__ = (
        UniqueConstraint("organisation_id", "token_hash"),
        UniqueConstraint("organisation_id", "short_code"),
        UniqueConstraint("target_kind", "target_id", "print_no"),
        Index("ix_tag_site_id", "site_id"),
    )
    feed_kind_name: ClassVar[str] = "tag"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    target_kind: Mapped[str]
    """``checkpoint`` or ``asset``."""
    target_id: Mapped[UUID]
    print_no: Mapped[int]
    """1, 2, 3 … per target: the version that is printed on the label."""
    token: Mapped[str]
    """The 16 characters in the tag's address. Never leaves the server but as a printed code."""
    token_hash: Mapped[str]
    """By which a phone knows the tag."""
    short_code: Mapped[str]
    """8 characters for typing, random and independent of the token."""
    made_ms: Mapped[int]
    retired_ms: Mapped[int | None]


class Post(Named, Base):
    """A place where somebody is on duty: gate, control centre. Who stands there is the roster's matter."""

    __tablename__ = "post"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    """The team that mans it; None: any worker of the site."""


class Team(Named, Fed, Base):
    """Who may walk a plan's rounds together."""

    __tablename__ = "team"
    feed_kind_name: ClassVar[str] = "team"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)


class AnnouncedYear(Base):
    """What an office said of a year's days off and swapped working days; the highest number holds.

    Insert-only: by which word of a year windows were cut stays known. Both lists empty takes the word back.
    """

    __tablename__ = "announced_year"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    free: Mapped[list[str]] = mapped_column(JSON)
    """The days off, as ``2027-01-01``."""
    working: Mapped[list[str]] = mapped_column(JSON)
    """The days that are worked though they lie at a weekend."""
    at_ms: Mapped[int]
    person_id: Mapped[UUID]
    """Who said so."""


ddl.attach(AnnouncedYear.__table__, ddl.insert_only("announced_year"))  # type: ignore[arg-type]
