"""Takes in a rescue file: through the same door as a push, so that nothing can come in twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.clock import NowMs
from server.feed import service as feed
from server.ledger import blobs
from server.ledger.blobs.problems import BlobTooLarge, BlobType
from server.ledger.devices import Caller
from server.ledger.items import read_wire
from server.ledger.models import Blob, BlobClaim
from server.ledger.push import take
from server.problems import Problem
from sync.keys import SigningKey
from sync.messages import PUSH_RECORDS
from sync.records import WireRecord, read_place
from sync.rescue import BadLine, FoundPhoto, FoundRecord, NewerRescueFile, NoRescueFile, RescueReader

BRINGER = "rescue"
"""Stands in `sent_by` of records that came in a file: no log of a phone has such a name."""

NOBODY = UUID(int=0)

BATCH_BYTES = 1_048_576
NAMED_LINES = 100
"""So many lines that could not be used are named; all are counted."""

_TRIES = 3


class NotRescue(Problem):
    """The file does not begin as a rescue file; nothing of it was read."""

    slug, status, title = "no-rescue-file", 422, "This is not a rescue file"


class NewerRescue(Problem):
    """The file was made by a later release."""

    slug, status, title = "newer-rescue-file", 422, "This rescue file needs a newer server"


@dataclass(slots=True)
class Imported:
    """What became of a file."""

    device: str | None = None
    """The phone's name as the file has it."""
    records: Counter[str] = field(default_factory=Counter)
    """How many records by outcome, in `push`'s words."""
    codes: Counter[str] = field(default_factory=Counter)
    """How many of the quarantined ones by code."""
    photos: Counter[str] = field(default_factory=Counter)
    """How many photos by what became of them.

    `stored`, `duplicate` (there before), `unnamed` (by any record) or `refused`.
    """
    bad_lines: int = 0
    bad: list[BadLine] = field(default_factory=list)
    """The first of the lines that could not be used."""
    whole: bool = False
    """Whether the file was as it was made; otherwise it was cut or changed."""


def import_rescue(
    session: Session,
    *,
    file: BinaryIO,
    organisation: UUID,
    site: UUID,
    person: UUID | None,
    data_dir: Path,
    key: SigningKey,
    now_ms: NowMs,
) -> Imported:
    """Take in every record and photo of a file that can be read. Commits as it goes.

    A second import of the same file, or one while the phone itself sends, changes nothing more.

    :param site: where records stand that no known log claims; every other one goes to its own phone
    :param person: who brings the file; None from a shell
    :param key: the server's receipt key
    :raises NotRescue, NewerRescue: nothing was read
    """
    try:
        reader = RescueReader(file)
    except NoRescueFile as error:
        raise NotRescue(str(error)[:200]) from None
    except NewerRescueFile as error:
        raise NewerRescue(str(error)) from None
    told = Imported(device=reader.header.device.name if reader.header.device else None)
    caller = Caller(organisation, site, NOBODY, "", "active", BRINGER, "")
    batch: list[WireRecord] = []
    log, size = "", 0

    def hand_in() -> None:
        if batch:
            _take(session, caller, batch, told, key=key, now_ms=now_ms)
        batch.clear()

    for found in reader:
        if isinstance(found, FoundRecord):
            place = read_place(found.record.body)
            named = place.log if place else BRINGER
            if named != log or len(batch) == PUSH_RECORDS or size > BATCH_BYTES:
                hand_in()
                log, size = named, 0
            batch.append(found.record)
            size += len(found.record.body)
        elif isinstance(found, FoundPhoto):
            hand_in()
            told.photos[_keep(session, found, organisation, data_dir, told, now_ms())] += 1
        else:
            _name(told, found)
    hand_in()
    told.whole = reader.whole
    audit.write(
        session,
        organisation=organisation,
        site=site,
        person=person,
        action="rescue.import",
        subject=f"device:{reader.header.device.id}" if reader.header.device else "device:",
        detail={
            "records": dict(told.records),
            "photos": dict(told.photos),
            "bad_lines": told.bad_lines,
            "whole": told.whole,
        },
        now_ms=now_ms(),
    )
    session.commit()
    return told


def _take(
    session: Session,
    caller: Caller,
    records: Sequence[WireRecord],
    told: Imported,
    *,
    key: SigningKey,
    now_ms: NowMs,
) -> None:
    """Hand in a batch; a phone that sends the same records in this very moment makes it begin again."""
    for attempt in range(_TRIES):
        now = now_ms()
        try:
            items = [read_wire(record, caller, received_ms=now, after=None) for record in records]
            taken = take(session, caller=caller, items=items, key=key, now_ms=now)
            feed.commit(session, now_ms=now)
        except IntegrityError:
            session.rollback()
            if attempt + 1 == _TRIES:
                raise
            continue
        break
    told.records.update(outcome.outcome for outcome in taken.outcomes)
    told.codes.update(
        outcome.code for outcome in taken.outcomes if outcome.code and outcome.outcome == "quarantined"
    )


def _keep(
    session: Session, found: FoundPhoto, organisation: UUID, data_dir: Path, told: Imported, now_ms: int
) -> str:
    """Put a photo in its place; return what became of it."""
    stored = session.get(Blob, (organisation, found.sha256)) is not None
    claimed = session.scalar(
        select(BlobClaim.number)
        .where(BlobClaim.organisation_id == organisation, BlobClaim.sha256 == found.sha256)
        .limit(1)
    )
    session.rollback()  # no transaction is open while the file is written
    if claimed is None:
        return "unnamed"
    if stored:
        return "duplicate"
    try:
        photo = blobs.write(
            data_dir=data_dir,
            organisation=organisation,
            sha256=found.sha256,
            data=found.data,
            now_ms=now_ms,
        )
    except (BlobType, BlobTooLarge) as refused:
        _name(told, BadLine(found.line, "photo", f"{found.sha256}: {refused.title}"))
        return "refused"
    try:
        new = blobs.note(
            session,
            organisation=organisation,
            sha256=found.sha256,
            size=len(found.data),
            photo=photo,
            now_ms=now_ms,
        )
        session.commit()
    except IntegrityError:  # the phone brought it in this very moment
        session.rollback()
        new = False
    return "stored" if new else "duplicate"


def _name(told: Imported, line: BadLine) -> None:
    told.bad_lines += 1
    if len(told.bad) < NAMED_LINES:
        told.bad.append(line)
