"""A copy of one person's data as a ZIP, made while it is sent: in memory is one photo's piece at a time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit.models import AuditRow
from server.ledger import blobs
from server.ledger.models import BlobClaim, PrivatePart, Record, Verdict
from server.people.models import ConsoleSession, Membership, Person, Shift
from server.privacy.models import Consent
from server.privacy.readme import README

_ROWS = 200
_PIECE = 262_144
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def copy_of(session: Session, *, person: Person, data_dir: Path) -> Iterator[bytes]:
    """Yield the ZIP with everything about a person, piece by piece."""
    drain = _Drain()
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED) as archive:
        yield from _file(archive, drain, "README.txt", [README.encode()])
        told = json.dumps(_person(session, person), ensure_ascii=False, indent=1)
        yield from _file(archive, drain, "person.json", [told.encode()])
        photos: dict[str, str] = {}
        yield from _file(archive, drain, "records.jsonl", _lines(_records(session, person, photos)))
        yield from _file(archive, drain, "audit.jsonl", _lines(_audit(session, person)))
        for sha256, mime in sorted(photos.items()):
            source = blobs.path(data_dir, organisation=person.organisation_id, sha256=sha256)
            if source.exists():
                name = f"photos/{sha256}.{_ENDINGS[mime]}"
                yield from _file(archive, drain, name, _pieces(source), packed=True)
    yield drain.taken()


class _Drain(io.RawIOBase):
    """A file that only takes, and gives what it took since it was last asked."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last call."""
        held, self._held = b"".join(self._held), []
        return held


def _file(
    archive: zipfile.ZipFile, drain: _Drain, name: str, pieces: Iterable[bytes], *, packed: bool = False
) -> Iterator[bytes]:
    """Write one file into the archive and yield what came of it so far.

    :param packed: it is compressed already
    """
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    with archive.open(entry, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)
            if held := drain.taken():
                yield held


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str).encode() + b"\n"


def _person(session: Session, person: Person) -> dict[str, Any]:
    consents = select(Consent).where(
        Consent.organisation_id == person.organisation_id, Consent.person_id == person.id
    )
    shifts = select(Shift).where(Shift.person_id == person.id).order_by(Shift.started_ms)
    logins = select(ConsoleSession).where(ConsoleSession.person_id == person.id)
    roles = select(Membership).where(Membership.person_id == person.id)
    return {
        "id": str(person.id),
        "name": person.name,
        "number": person.number,
        "trade": person.trade,
        "login": person.login,
        "left_ms": person.left_ms,
        "roles": [{"site": str(m.site_id), "role": m.role} for m in session.scalars(roles)],
        "consents": [
            {
                "at_ms": said.estimate_ms,
                "text": said.text_version,
                "language": said.language,
                "location": said.location,
            }
            for said in session.scalars(consents.order_by(Consent.estimate_ms))
        ],
        "shifts": [
            {"phone": str(s.device_id), "from_ms": s.started_ms, "to_ms": s.ended_ms}
            for s in session.scalars(shifts)
        ],
        "logins": [
            {"from_ms": s.made_ms, "seen_ms": s.seen_ms, "browser": s.agent}
            for s in session.scalars(logins.order_by(ConsoleSession.made_ms))
        ],
    }


def _records(session: Session, person: Person, photos: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a person's records in the order of the ledger, and note which photos they name.

    :param photos: hash → type, filled on the way
    """
    organisation, pos = person.organisation_id, 0
    while True:
        rows = session.execute(
            select(Record.ledger_pos, Record.hash, Record.body, Record.site_id, Record.device_id)
            .add_columns(Record.received_ms, Verdict.outcome, Verdict.code, Verdict.marks)
            .add_columns(Verdict.lower_ms, Verdict.estimate_ms, Verdict.upper_ms, Verdict.quality)
            .join(
                Verdict,
                (Verdict.organisation_id == Record.organisation_id)
                & (Verdict.ledger_pos == Record.ledger_pos),
            )
            .where(
                Record.organisation_id == organisation,
                Record.actor == person.id,
                Record.ledger_pos > pos,
            )
            .order_by(Record.ledger_pos)
            .limit(_ROWS)
        ).all()
        if not rows:
            return
        pos = rows[-1].ledger_pos
        hashes = [row.hash for row in rows]
        private = _private(session, organisation, hashes)
        claims = select(BlobClaim.sha256, BlobClaim.mime).where(
            BlobClaim.organisation_id == organisation, BlobClaim.hash.in_(hashes)
        )
        photos.update(dict(session.execute(claims).all()))
        for row in rows:
            told = dict(row._mapping)
            told["body"] = row.body.decode(errors="replace")
            yield told | {"private": private.get(row.hash, {})}


def _private(session: Session, organisation: UUID, hashes: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    query = select(PrivatePart.hash, PrivatePart.name, PrivatePart.value).where(
        PrivatePart.organisation_id == organisation, PrivatePart.hash.in_(hashes)
    )
    for hash_, name, value in session.execute(query):
        found.setdefault(hash_, {})[name] = value
    return found


def _audit(session: Session, person: Person) -> Iterator[dict[str, Any]]:
    mine = (AuditRow.person_id == person.id) | (AuditRow.subject == f"person:{person.id}")
    query = (
        select(AuditRow)
        .where(AuditRow.organisation_id == person.organisation_id, mine)
        .order_by(AuditRow.pos)
        .execution_options(yield_per=_ROWS)
    )
    for row in session.scalars(query):
        yield {
            "at_ms": row.at_ms,
            "by_you": row.person_id == person.id,
            "action": row.action,
            "subject": row.subject,
            "detail": row.detail,
        }
        session.expunge(row)
