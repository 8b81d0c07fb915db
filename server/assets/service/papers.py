"""Papers: operating procedures, maintenance standards, drawings, certificates. Each is drawn page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.assets import pages
from server.assets.models import Document, DocumentAsset, DocumentFile, DutyDone
from server.feed.service import Change, queue
from server.problems import Invalid, NotFound, Problem
from server.sites.models import Asset, Label, Site
from server.sites.service import pictures
from sync.encoding import sha256_hex

UPLOAD_BYTES = pictures.UPLOAD_BYTES
MOST_PAPERS = 400
MOST_ASSETS = 2_000
MOST_CATEGORIES = 40
PDF = "application/pdf"
IMAGES = ("image/jpeg", "image/png", "image/webp")


class NotAPaper(Problem):
    """The bytes are no PDF and no picture that can be drawn, or the PDF is locked by a password."""

    slug, status, title = "not-a-paper", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This is no paper to be read"


class PaperTooLarge(Problem):
    """The file is larger, or has more pages, or longer ones, than a phone should carry."""

    slug, status, title = "paper-too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This paper is too large"


class TooManyPapers(Problem):
    """A site has so many papers and no more."""

    slug, status, title = "too-many-papers", HTTPStatus.CONFLICT, "The site has as many papers as it may have"


class PaperInUse(Problem):
    """The paper is the proof of a test or a calibration: it stays."""

    slug, status, title = "paper-in-use", HTTPStatus.CONFLICT, "A test rests on this paper"


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was given, and its pages."""

    data: bytes
    mime: str
    pages: Sequence[pictures.Drawn]


def read(data: bytes) -> Read:
    """Look at a file by what it is, not by what it says it is, and draw its pages.

    :raises NotAPaper: nothing can be drawn of it
    :raises PaperTooLarge: it is more than a phone should carry
    :raises OSError: the machine cannot just now
    """
    if len(data) > UPLOAD_BYTES:
        raise PaperTooLarge(f"at most {UPLOAD_BYTES} bytes")
    if data[:1_024].find(b"%PDF-") < 0:
        try:
            drawn = pictures.draw(data)
        except pictures.NotAPicture as error:
            raise NotAPaper(str(error)) from None
        except pictures.PictureTooLarge as error:
            raise PaperTooLarge(str(error)) from None
        return Read(drawn.data, "image/jpeg", [drawn])
    try:
        found = pages.draw(data)
    except pages.Undrawable as error:
        if str(error) in ("pages", "size"):
            raise PaperTooLarge(f"at most {pages.MOST_PAGES} pages, none very long") from None
        raise NotAPaper("It is locked by a password" if str(error) == "locked" else "") from None
    return Read(data, PDF, [pictures.Drawn(page.data, page.width, page.height) for page in found])


def papers_of(session: Session, *, site: Site, asset: Asset | None = None) -> list[Document]:
    """Return the papers of the site, or those of one asset and of its category, by kind and title."""
    rows = list(session.scalars(select(Document).where(Document.site_id == site.id)))
    if asset is not None:
        mine = set(
            session.scalars(select(DocumentAsset.document_id).where(DocumentAsset.asset_id == asset.id))
        )
        rows = [one for one in rows if one.id in mine or (asset.category in one.categories)]
    order = ("procedure", "standard", "drawing", "certificate", "other")
    return sorted(rows, key=lambda one: (order.index(one.kind), one.name_zh, str(one.id)))


def assets_of(session: Session, *, documents: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return paper → the assets that it belongs to by themselves."""
    found: dict[UUID, list[UUID]] = {one: [] for one in documents}
    rows = session.execute(
        select(DocumentAsset.document_id, DocumentAsset.asset_id)
        .where(DocumentAsset.document_id.in_(documents))
        .order_by(DocumentAsset.asset_id)
    )
    for document, asset in rows:
        found[document].append(asset)
    return found


def paper_of(session: Session, *, site: Site, document_id: UUID) -> Document:
    """Return a paper of the site.

    :raises NotFound: there is none, or it belongs to another site
    """
    found = session.get(Document, document_id)
    if found is None or found.site_id != site.id:
        raise NotFound
    return found


def file_of(session: Session, *, paper: Document) -> bytes:
    """Return the bytes of a paper as they were given."""
    found = session.get(DocumentFile, (paper.site_id, paper.sha256))
    if found is None:
        raise NotFound
    return found.data


def add_paper(
    session: Session,
    *,
    site: Site,
    title: Label,
    kind: str,
    file: Read,
    assets: Sequence[UUID] = (),
    categories: Sequence[str] = (),
    by: UUID | None,
    now_ms: int,
) -> Document:
    """Add a paper to the site.

    :raises TooManyPapers: the site has as many as it may have
    :raises Invalid: an asset is none of the site
    """
    count = session.scalar(select(func.count()).select_from(Document).where(Document.site_id == site.id)) or 0
    if count >= MOST_PAPERS:
        raise TooManyPapers(f"at most {MOST_PAPERS}")
    made = Document(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        name=title,
        kind=kind,
        categories=sorted({word for word in categories if word}),
        added_by=by,
        added_ms=now_ms,
        version=1,
        **_kept(session, site, file),
    )
    session.add(made)
    session.flush()
    _give(session, site, made, assets)
    _feed(session, made)
    return made


def change_paper(session: Session, *, site: Site, document_id: UUID, changes: dict[str, Any]) -> Document:
    """Rename a paper, or say to which assets and categories it belongs.

    :raises NotFound: no such paper on the site
    :raises Invalid: an asset is none of the site
    """
    paper = paper_of(session, site=site, document_id=document_id)
    paper.version += 1
    if "title" in changes:
        paper.name = changes["title"]
    if "kind" in changes:
        paper.kind = changes["kind"]
    if "categories" in changes:
        paper.categories = sorted({word for word in changes["categories"] if word})
    if "assets" in changes:
        _give(session, site, paper, changes["assets"])
    session.flush()
    _feed(session, paper)
    return paper


def replace_file(session: Session, *, site: Site, document_id: UUID, file: Read, now_ms: int) -> Document:
    """Give a paper its next edition: the same paper with another file.

    :raises NotFound: no such paper on the site
    """
    paper = paper_of(session, site=site, document_id=document_id)
    if sha256_hex(file.data) == paper.sha256:
        return paper
    before, old = list(paper.pages), paper.sha256
    kept = _kept(session, site, file)
    paper.version += 1
    for name, value in kept.items():
        setattr(paper, name, value)
    paper.added_ms = now_ms
    session.flush()
    _feed(session, paper)
    _drop(session, site, old, before)
    return paper


def remove_paper(session: Session, *, site: Site, document_id: UUID) -> None:
    """Take a paper away from the office and from every phone.

    :raises NotFound: no such paper on the site
    :raises PaperInUse: a test or calibration rests on it
    """
    paper = paper_of(session, site=site, document_id=document_id)
    used = select(DutyDone.id).where(DutyDone.document_id == paper.id).limit(1)
    if session.scalar(used) is not None:
        raise PaperInUse
    session.execute(delete(DocumentAsset).where(DocumentAsset.document_id == paper.id))
    change = Change(paper.organisation_id, site.id, "document", paper.id, paper.version + 1, "leave", None)
    session.delete(paper)
    session.flush()
    queue(session, change)
    _drop(session, site, paper.sha256, paper.pages)


def _kept(session: Session, site: Site, file: Read) -> dict[str, Any]:
    sha256 = sha256_hex(file.data)
    if session.get(DocumentFile, (site.id, sha256)) is None:
        session.add(
            DocumentFile(site_id=site.id, sha256=sha256, organisation_id=site.organisation_id, data=file.data)
        )
    drawn = [
        {
            "sha256": pictures.keep_picture(session, site, page),
            "width": page.width,
            "height": page.height,
            "size": len(page.data),
        }
        for page in file.pages
    ]
    return {"sha256": sha256, "mime": file.mime, "size": len(file.data), "pages": drawn}


def _give(session: Session, site: Site, paper: Document, assets: Sequence[UUID]) -> None:
    wanted = set(assets)
    known = set(session.scalars(select(Asset.id).where(Asset.site_id == site.id, Asset.id.in_(wanted))))
    if wanted - known:
        raise Invalid(errors={"json": {"assets": ["Not an asset of this site"]}})
    session.execute(delete(DocumentAsset).where(DocumentAsset.document_id == paper.id))
    for asset in sorted(wanted):
        session.add(
            DocumentAsset(
                document_id=paper.id,
                asset_id=asset,
                organisation_id=site.organisation_id,
                site_id=site.id,
            )
        )
    session.flush()


def _drop(session: Session, site: Site, sha256: str, old: Sequence[dict[str, Any]]) -> None:
    session.flush()
    still = select(Document.id).where(Document.site_id == site.id, Document.sha256 == sha256).limit(1)
    if session.scalar(still) is None:
        session.execute(
            delete(DocumentFile).where(DocumentFile.site_id == site.id, DocumentFile.sha256 == sha256)
        )
    for page in old:
        pictures.drop_picture(session, site, page["sha256"])


def _shows(session: Session, site_id: UUID, sha256: str) -> bool:
    rows = session.scalars(select(Document.pages).where(Document.site_id == site_id))
    return any(page["sha256"] == sha256 for pages_ in rows for page in pages_)


pictures.Users.asked.append(_shows)


def _feed(session: Session, paper: Document) -> None:
    body = {
        "id": str(paper.id),
        "title": paper.name,
        "kind": paper.kind,
        "assets": [str(one) for one in assets_of(session, documents=[paper.id])[paper.id]],
        "categories": paper.categories,
        "file": {"sha256": paper.sha256, "size": paper.size, "mime": paper.mime, "pages": paper.pages},
    }
    change = Change(paper.organisation_id, paper.site_id, "document", paper.id, paper.version, "upsert", body)
    queue(session, change)
