"""Taking a table of assets over: first the whole is read and judged, then its parts are taken one by one.

Nothing changes in the first step. The second takes some hundred rows in a transaction of its own, so that
nobody waits for the whole; it can be broken off and gone on with, and a row that was taken twice changes
nothing: rows are matched by number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.assets.models import AssetImport, AssetImportPart
from server.assets.service.judging import Judged, NotATable, judge
from server.bulk import Bulk
from server.problems import NotFound, Problem
from server.sites import service as sites
from server.sites.models import Asset, Site

UPLOAD_BYTES: Final = 12 * 1024 * 1024
PART_ROWS: Final = 500
_ASSETS: Final = Bulk(Asset, rows=Asset)
KEPT: Final = 10
"""So many imports of a site are remembered."""

__all__ = [
    "ImportOver",
    "Judged",
    "NotATable",
    "drop",
    "import_of",
    "imports_of",
    "judge",
    "keep",
    "take_part",
]


class ImportOver(Problem):
    """The import was taken over or dropped already."""

    slug, status, title = "import-over", HTTPStatus.CONFLICT, "This import is over"


# -- keeping and taking ------------------------------------------------------------------


def keep(
    session: Session, *, site: Site, judged: Judged, file_name: str, by: UUID, now_ms: int
) -> AssetImport:
    """Keep what was judged, to be taken over; older imports of the site are forgotten."""
    _forget(session, site)
    parts = [judged.rows[at : at + PART_ROWS] for at in range(0, len(judged.rows), PART_ROWS)]
    made = AssetImport(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        file_name=file_name,
        made_by=by,
        made_ms=now_ms,
        total=judged.total,
        new=judged.new,
        changed=judged.changed,
        same=judged.same,
        bad=len(judged.bad),
        faults=sorted(judged.faults, key=lambda fault: fault["row"]),
        unknown=judged.unknown[:60],
        parts=len(parts),
        taken=0,
        state="judged" if parts else "done",
    )
    session.add(made)
    session.flush()
    for number, rows in enumerate(parts):
        session.add(
            AssetImportPart(
                import_id=made.id,
                number=number,
                organisation_id=site.organisation_id,
                site_id=site.id,
                rows=msgspec.json.encode(rows),
            )
        )
    session.flush()
    return made


def import_of(session: Session, *, site: Site, import_id: UUID, to_change: bool = False) -> AssetImport:
    """Return an import of the site; `to_change` holds its row until the commit.

    :raises NotFound: there is none, or it belongs to another site
    """
    found = session.get(AssetImport, import_id, with_for_update=True if to_change else None)
    if found is None or found.site_id != site.id:
        raise NotFound
    return found


def imports_of(session: Session, *, site: Site) -> list[AssetImport]:
    """Return the site's last imports, the newest first."""
    query = select(AssetImport).where(AssetImport.site_id == site.id).order_by(AssetImport.made_ms.desc())
    return list(session.scalars(query.limit(KEPT)))


def take_part(session: Session, *, site: Site, found: AssetImport, number: int, now_ms: int) -> AssetImport:
    """Take one part over. One that was taken already changes nothing, so that an answer may get lost.

    :raises ImportOver: the import was dropped
    """
    if found.state == "dropped":
        raise ImportOver
    if number < found.taken or found.state == "done":
        return found
    part = session.get(AssetImportPart, (found.id, found.taken))
    if part is None:
        raise ImportOver
    _take(session, site, msgspec.json.decode(part.rows), now_ms)
    session.delete(part)
    found.taken += 1
    found.state = "done" if found.taken == found.parts else "taking"
    session.flush()
    return found


def drop(session: Session, *, found: AssetImport) -> None:
    """Give an import up; what was taken over stays.

    :raises ImportOver: it is over
    """
    if found.state in ("done", "dropped"):
        raise ImportOver
    found.state = "dropped"
    session.execute(delete(AssetImportPart).where(AssetImportPart.import_id == found.id))


def _forget(session: Session, site: Site) -> None:
    old = session.scalars(
        select(AssetImport.id)
        .where(AssetImport.site_id == site.id)
        .order_by(AssetImport.made_ms.desc())
        .offset(KEPT - 1)
    ).all()
    session.execute(delete(AssetImportPart).where(AssetImportPart.import_id.in_(old)))
    session.execute(delete(AssetImport).where(AssetImport.id.in_(old)))


def _take(session: Session, site: Site, rows: Sequence[Mapping[str, Any]], now_ms: int) -> None:
    numbers = {row["number"] for row in rows}
    wanted = numbers | {row["parent"] for row in rows if row.get("parent")}
    there = {
        one.number: one
        for one in session.scalars(select(Asset).where(Asset.site_id == site.id, Asset.number.in_(wanted)))
    }
    made: list[Asset] = []
    changed: list[Asset] = []
    for row in rows:
        members = _columns(row)
        if "parent" in row:
            above = there.get(row["parent"]) if row["parent"] else None
            members["parent_id"] = above.id if above is not None and not above.retired else None
        one = there.get(row["number"])
        if one is None:
            one = Asset(
                id=uuid4(),
                organisation_id=site.organisation_id,
                site_id=site.id,
                number=row["number"],
                version=1,
                made_ms=now_ms,
                **_BLANK | members,
            )
            there[one.number] = one
            made.append(one)
        elif not one.retired:
            differs = {name: value for name, value in members.items() if getattr(one, name) != value}
            if differs:
                for name, value in differs.items():
                    setattr(one, name, value)
                one.version += 1
                changed.append(one)
    session.flush()
    _ASSETS.insert(session, made)
    for one in (*made, *changed):
        sites.feed_place(session, one)
    sites.print_first_tags(session, "asset", places=made, now_ms=now_ms)


_BLANK: Final[dict[str, Any]] = {
    **dict.fromkeys(("name_en", "category", "maker", "model", "serial", "installed_on", "registration"), ""),
    "special": False,
    "state": "running",
    "feed_kind": Asset.feed_kind_name,
}
"""What a new asset has where its row says nothing; all else is None."""


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's members as columns of an asset."""
    found = {name: value for name, value in row.items() if name not in ("row", "number", "zone", "parent")}
    if "zone" in row:
        found["zone_id"] = UUID(hex=row["zone"]) if row["zone"] else None
    if found.get("warranty_until"):
        found["warranty_until"] = date.fromisoformat(found["warranty_until"])
    if not found.get("name_zh", "x"):
        del found["name_zh"]  # an empty name takes none away
    return found
