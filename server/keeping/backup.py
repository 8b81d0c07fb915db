"""Backs up while the server works, and reads the backup back before anything relies on it.

The root folder holds one folder per backup, named by its moment, and all photos once, by their
hash. Photos are copied and not linked: damage to a file must not reach its copy.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from alembic.migration import MigrationContext
from sqlalchemy import Table, create_engine, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server import VERSION, migrate, rotation
from server.audit.models import AuditHead
from server.db import set_up_engine
from server.feed.models import Epoch, FeedHead
from server.keeping import archive, heads
from server.keeping.archive import BadBackup
from server.keeping.verify import Report, examine, snapshot
from server.ledger import blobs
from server.ledger.models import Blob, BlobClaim, BlobGone, LedgerHead, Log, Record, Verdict
from server.secrets import FOLDER as SECRETS
from server.secrets import Secrets
from server.tenancy import open_to_all
from sync.chain import missing_ranges

_GONE = (BlobGone.organisation_id == Blob.organisation_id) & (BlobGone.sha256 == Blob.sha256)


def back_up(session: Session, *, root: Path, data_dir: Path, now_ms: int) -> Path:
    """Write one state of everything to a new folder in `root`, and return it. Nothing is held up.

    :raises BadBackup: a photo is not what it was; everything else was written, the backup has no manifest
    """
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    part = root / f"{name}.part"
    (part / archive.TABLES).mkdir(parents=True, mode=0o700)
    # rows that are encrypted and the key that opens them must be of one moment
    with rotation.holding(data_dir, alone=False):
        manifest = _copy_tables(session, part, now_ms=now_ms)
        for source in sorted((data_dir / SECRETS).iterdir()):
            archive.copy(source, part / archive.SECRETS / source.name)
    for source in sorted((data_dir / heads.FOLDER).glob("*/*.json")):
        archive.copy(source, part / heads.FOLDER / source.parent.name / source.name)
    manifest["photos"] = _copy_photos(session, root=root, data_dir=data_dir)
    session.rollback()
    (part / archive.MANIFEST).write_text(json.dumps(manifest, indent=1))
    for path in (part / archive.MANIFEST, part / archive.TABLES, part / archive.SECRETS, part):
        archive.fsync(path)
    done = part.rename(root / name)
    archive.fsync(root)
    _drop_gone(root)
    return done


def _copy_tables(session: Session, part: Path, *, now_ms: int) -> dict[str, Any]:
    """Write every table as it is now, and return what is there; the session goes on seeing this moment."""
    snapshot(session)
    connection = session.connection()
    return {
        "format": archive.FORMAT,
        "made_ms": now_ms,
        "version": VERSION,
        "revision": MigrationContext.configure(connection).get_current_revision(),
        "engine": connection.dialect.name,
        "tables": {
            table.name: archive.write_table(
                connection, table, part / archive.TABLES / f"{table.name}.jsonl.gz"
            )
            for table in archive.tables()
        },
        "organisations": _heads(session),
    }


def _drop_gone(root: Path) -> None:
    """Remove the copies of photos that are gone by the word of every backup in the folder."""
    folders = [found for found in sorted(root.iterdir()) if (found / archive.MANIFEST).exists()]
    table = BlobGone.__table__
    assert isinstance(table, Table)  # noqa: S101  a model of ours is a table
    try:
        gone = [
            {(row["organisation_id"], row["sha256"]) for row in archive.read_rows(found, table)}
            for found in folders
        ]
    except BadBackup:
        return  # nobody knows what that one needs
    for organisation, sha256 in set.intersection(*gone):
        blobs.path(root, organisation=organisation, sha256=sha256).unlink(missing_ok=True)


def _heads(session: Session) -> dict[str, Any]:
    rows = session.execute(
        select(Epoch, LedgerHead, FeedHead, AuditHead)
        .join(LedgerHead, LedgerHead.organisation_id == Epoch.organisation_id)
        .join(FeedHead, FeedHead.organisation_id == Epoch.organisation_id)
        .join(AuditHead, AuditHead.organisation_id == Epoch.organisation_id)
    )
    return {
        str(epoch.organisation_id): {
            "epoch": epoch.epoch,
            "ledger": [ledger.pos, ledger.chain],
            "feed": [feed.pos, feed.chain],
            "audit": [audit.pos, audit.chain],
        }
        for epoch, ledger, feed, audit in rows
    }


def _copy_photos(session: Session, *, root: Path, data_dir: Path) -> dict[str, int]:
    """Copy the photos that the snapshot names and that are not here yet; those that were removed are none."""
    count = size = new = 0
    rows = session.execute(
        select(Blob.organisation_id, Blob.sha256, Blob.size)
        .outerjoin(BlobGone, _GONE)
        .where(BlobGone.sha256.is_(None))
        .order_by(Blob.organisation_id, Blob.sha256)
        .execution_options(yield_per=1_000)
    )
    for organisation, sha256, length in rows:
        count, size = count + 1, size + length
        target = blobs.path(root, organisation=organisation, sha256=sha256)
        if blobs.flaw(root, organisation=organisation, sha256=sha256, size=length) is None:
            continue
        if blobs.flaw(data_dir, organisation=organisation, sha256=sha256, size=length) is not None:
            continue  # `read_back` and `verify` name it
        archive.copy(blobs.path(data_dir, organisation=organisation, sha256=sha256), target)
        archive.fsync(target.parent)
        new += 1
    return {"count": count, "bytes": size, "new": new}


@contextmanager
def read_back(folder: Path) -> Iterator[tuple[Session, Report]]:
    """Put a backup into a scratch database, check everything in it, and lend both.

    :raises BadBackup: a file is not the one that was written, or of another release
    """
    manifest = archive.read_manifest(folder)
    archive.check_files(folder, manifest)
    secrets = Secrets.load(folder)
    scratch = Path(tempfile.mkdtemp(prefix="roundsman-backup-"))
    engine = create_engine(f"sqlite:///{scratch / 'scratch.db'}", poolclass=NullPool)
    set_up_engine(engine)
    try:
        load(engine, folder, manifest)
        with Session(engine) as session:
            report = examine(
                session,
                data_dir=folder.parent,
                receipt_keys=secrets.receipt_keys,
                heads_in=folder,
            )
            if _heads(session) != manifest["organisations"]:
                raise BadBackup("the tables are not those of the manifest")
            yield session, report
    finally:
        engine.dispose()
        shutil.rmtree(scratch, ignore_errors=True)


def load(engine: Any, folder: Path, manifest: dict[str, Any]) -> None:
    """Make the tables in an empty database and put a backup's rows into them, in one transaction.

    :raises BadBackup: made by another release, or rows are missing
    """
    migrate.upgrade(engine)
    with engine.begin() as connection:
        open_to_all(connection)
        head = MigrationContext.configure(connection).get_current_revision()
        if manifest["revision"] != head:
            raise BadBackup(
                f"the backup has the tables of migration {manifest['revision']}, this release those of "
                f"{head}: put it back with release {manifest['version']}, then upgrade"
            )
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in archive.tables():
            said = manifest["tables"][table.name]
            loaded = archive.load_table(connection, table, folder / archive.TABLES / f"{table.name}.jsonl.gz")
            if loaded != said["rows"]:
                raise BadBackup(f"{table.name} has {loaded} rows, the manifest says {said['rows']}")


def archived(scratch: Session) -> dict[str, int]:
    """Return log → the number up to which a backup that was read back holds every record, and its photos.

    A record may be in the backup and its photo still on the way: the phone has to keep both, for it
    alone could bring the photo again. What the phone itself called lost or damaged is not waited for, nor
    what was removed on purpose.
    """
    unstored = {
        log: seq
        for log, seq in scratch.execute(
            select(Verdict.log, func.min(Verdict.seq))
            .join(
                BlobClaim,
                (BlobClaim.organisation_id == Verdict.organisation_id) & (BlobClaim.hash == Verdict.hash),
            )
            .outerjoin(
                Blob,
                (Blob.organisation_id == BlobClaim.organisation_id) & (Blob.sha256 == BlobClaim.sha256),
            )
            .outerjoin(
                BlobGone,
                (BlobGone.organisation_id == BlobClaim.organisation_id)
                & (BlobGone.sha256 == BlobClaim.sha256),
            )
            .where(
                ~BlobClaim.lost,
                ~BlobClaim.damaged,
                Blob.sha256.is_(None),
                BlobGone.sha256.is_(None),
                Verdict.seq.is_not(None),
            )
            .group_by(Verdict.log)
        )
        if seq is not None
    }
    through: dict[str, int] = {}
    for log, kept, top in scratch.execute(select(Log.id, Log.kept, Log.max_seq).order_by(Log.id)).all():
        gaps = []
        if kept < top:
            present = scratch.scalars(
                select(Verdict.seq)
                .where(Verdict.log == log, Verdict.trunk, Verdict.seq.is_not(None))
                .order_by(Verdict.seq)
            )
            gaps = missing_ranges((seq for seq in present if seq is not None), upto=top, limit=1)
        covered = gaps[0][0] - 1 if gaps else top
        through[log] = min(covered, unstored.get(log, covered + 1) - 1)
    return through


def mark_archived(session: Session, folder: Path, through: dict[str, int]) -> int:
    """Tell the phones, by their logs, what a verified backup holds; return for how many logs. Commits.

    Nothing is marked when the backup is of another history than this database.
    """
    for organisation, said in archive.read_manifest(folder)["organisations"].items():
        pos, chain = said["ledger"]
        here = session.scalar(
            select(Record.chain).where(Record.organisation_id == UUID(organisation), Record.ledger_pos == pos)
        )
        if pos and here != chain:
            session.rollback()
            return 0
    for log, seq in through.items():
        session.execute(
            update(Log)
            .where(Log.id == log, Log.archived_seq < seq, Log.max_seq >= seq)
            .values(archived_seq=seq)
            .execution_options(synchronize_session=False)
        )
    session.commit()
    return len(through)
