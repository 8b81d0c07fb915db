"""Tags: printing, printing again, and finding the token behind a hash."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from server.bulk import Bulk
from server.direct import Direct, listed
from server.feed.service import Change, queue
from server.problems import Invalid, NotFound
from server.sites.models import Place, PlaceKind, Site, Tag
from server.sites.service.common import PLACES, get, places_by_id
from sync.tags import make_short_code, make_token, tag_hash

_TAGS = Bulk(Tag, rows=Tag)


@dataclass(frozen=True, slots=True)
class Placed:
    """A tag and the place that it stands for."""

    tag: Tag
    place: Place


def print_tag(session: Session, kind: PlaceKind, *, place: Place, now_ms: int) -> Tag:
    """Make the place's next tag, with a token and a short code of its own, and retire the ones before."""
    last = session.scalar(
        select(func.max(Tag.print_no)).where(Tag.target_kind == kind, Tag.target_id == place.id)
    )
    retire_tags(session, place_id=place.id, now_ms=now_ms)
    token = make_token(secrets.token_bytes(10))
    tag = Tag(
        id=uuid4(),
        organisation_id=place.organisation_id,
        site_id=place.site_id,
        target_kind=kind,
        target_id=place.id,
        print_no=(last or 0) + 1,
        token=token,
        token_hash=tag_hash(token),
        short_code=_free_short_code(session, place.organisation_id),
        made_ms=now_ms,
        version=1,
    )
    session.add(tag)
    session.flush()
    _feed_tag(session, tag)
    return tag


def print_first_tags(session: Session, kind: PlaceKind, *, places: Sequence[Place], now_ms: int) -> None:
    """Make the first tag of many new places at once; as `print_tag` does for one."""
    if not places:
        return
    organisation = places[0].organisation_id
    codes: dict[str, None] = {}
    while len(codes) < len(places):
        wanted = {make_short_code(secrets.token_bytes(5)) for _ in range(len(places) - len(codes))}
        taken = set(
            session.scalars(
                select(Tag.short_code).where(Tag.organisation_id == organisation, Tag.short_code.in_(wanted))
            )
        )
        codes |= dict.fromkeys(wanted - taken)
    tags = []
    for place, code in zip(places, codes, strict=True):
        token = make_token(secrets.token_bytes(10))
        tags.append(
            Tag(
                id=uuid4(),
                organisation_id=organisation,
                site_id=place.site_id,
                target_kind=kind,
                target_id=place.id,
                print_no=1,
                token=token,
                token_hash=tag_hash(token),
                short_code=code,
                made_ms=now_ms,
                version=1,
                feed_kind=Tag.feed_kind_name,
            )
        )
        _feed_tag(session, tags[-1])
    _TAGS.insert(session, tags)


def reprint(session: Session, *, site: Site, kind: PlaceKind, place_id: UUID, now_ms: int) -> Tag:
    """Print a place's tag anew after the old one was lost: the old one retires at once.

    :raises NotFound: no such place on the site
    :raises Invalid: the place is retired
    """
    place = get(session, PLACES[kind], site=site, thing_id=place_id)
    if place.retired:
        raise Invalid(errors={"json": {"target": ["A retired place has no tag"]}})
    return print_tag(session, kind, place=place, now_ms=now_ms)


def retire_tags(session: Session, *, place_id: UUID, now_ms: int) -> None:
    """Retire every tag of the place that is in use."""
    for tag in session.scalars(select(Tag).where(Tag.target_id == place_id, Tag.retired_ms.is_(None))):
        tag.retired_ms = now_ms
        tag.version += 1
        _feed_tag(session, tag)


def tags_of(session: Session, *, site: Site) -> list[Placed]:
    """Return the site's tags by number of their place, the newest print first."""
    places = places_by_id(session, site_id=site.id)
    tags = session.scalars(select(Tag).where(Tag.site_id == site.id)).all()
    found = [Placed(tag, places[tag.target_id]) for tag in tags]
    return sorted(found, key=lambda p: (p.tag.target_kind != "checkpoint", p.place.number, -p.tag.print_no))


def current_tags(session: Session, *, site: Site) -> dict[UUID, Tag]:
    """Return place id → its newest tag, retired or not."""
    query = select(Tag).where(Tag.site_id == site.id).order_by(Tag.print_no)
    return {tag.target_id: tag for tag in session.scalars(query)}


def to_print(session: Session, *, site: Site, place_ids: Sequence[UUID] | None) -> list[Placed]:
    """Return the tags in use of the named places, in the order named; of all places by number when None.

    :raises NotFound: a place is not of this site, or has no tag in use
    """
    in_use = {p.tag.target_id: p for p in tags_of(session, site=site) if p.tag.retired_ms is None}
    if place_ids is None:
        return list(in_use.values())
    try:
        return [in_use[place_id] for place_id in place_ids]
    except KeyError:
        raise NotFound from None


def tag_in_use(session: Session, *, site: Site, tag_id: UUID) -> Placed:
    """Return a tag that may be printed.

    :raises NotFound: there is none on this site, or it is retired
    """
    tag = get(session, Tag, site=site, thing_id=tag_id)
    if tag.retired_ms is not None:
        raise NotFound
    place = session.get(PLACES["asset" if tag.target_kind == "asset" else "checkpoint"], tag.target_id)
    if place is None:
        raise NotFound
    return Placed(tag, place)


_BY_HASH = select(Tag).where(
    Tag.organisation_id == bindparam("organisation"), Tag.token_hash == bindparam("token_hash")
)


def tag_by_hash(session: Session, *, organisation_id: UUID, token_hash: str) -> Tag | None:
    """Return the tag whose token has this hash, retired ones too, or None."""
    bound = {"organisation": organisation_id, "token_hash": token_hash}
    return session.scalars(_BY_HASH, bound).one_or_none()


@dataclass(frozen=True, slots=True)
class Printed:
    """What a scan is compared with: the tag of a place, retired or not."""

    id: UUID
    site_id: UUID
    target_kind: str
    target_id: UUID
    print_no: int
    token: str
    retired_ms: int | None


_PRINTED = Direct(
    select(
        Tag.token_hash,
        Tag.id,
        Tag.site_id,
        Tag.target_kind,
        Tag.target_id,
        Tag.print_no,
        Tag.token,
        Tag.retired_ms,
    ).where(
        Tag.organisation_id == bindparam("organisation"),
        Tag.token_hash.op("IN")(listed("hashes")),
    )
)


def printed_by_hash(
    session: Session, *, organisation_id: UUID, hashes: AbstractSet[str]
) -> dict[str, Printed]:
    """Return token hash → tag for those that there are, in one query."""
    if not hashes:
        return {}
    rows = _PRINTED.rows(session, {"organisation": organisation_id, "hashes": hashes})
    return {row.token_hash: Printed(*row[1:]) for row in rows}


def has_newer_print(session: Session, *, tag: Tag | Printed, by_ms: int) -> bool:
    """Whether the tag's place had been printed again by a moment."""
    query = select(Tag.id).where(
        Tag.target_kind == tag.target_kind,
        Tag.target_id == tag.target_id,
        Tag.print_no > tag.print_no,
        Tag.made_ms <= by_ms,
    )
    return session.scalars(query).first() is not None


def _free_short_code(session: Session, organisation_id: UUID) -> str:
    while True:
        code = make_short_code(secrets.token_bytes(5))
        query = select(Tag.id).where(Tag.organisation_id == organisation_id, Tag.short_code == code)
        if session.scalars(query).first() is None:
            return code


def _feed_tag(session: Session, tag: Tag) -> None:
    body = {
        "id": str(tag.id),
        "hash": tag.token_hash,
        "target": {"kind": tag.target_kind, "id": str(tag.target_id)},
        "version": tag.print_no,
        "retired": tag.retired_ms is not None,
    }
    queue(session, Change(tag.organisation_id, tag.site_id, "tag", tag.id, tag.version, "upsert", body))
