"""Puts a backup in the place of an empty installation, and lets another history begin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, select, update
from sqlalchemy.orm import Session

from server import migrate
from server.config import Settings
from server.keeping import archive, heads, witness
from server.keeping.archive import BadBackup
from server.keeping.backup import load
from server.ledger import forgetting
from server.ledger.models import BlobGone
from server.people.models import Organisation
from server.rotation import keep_newer_receipt_key
from server.secrets import FOLDER as SECRETS
from server.tenancy import enter_installation, open_to_all


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    rows: int
    photos: int


def restore(folder: Path, *, settings: Settings, replace: bool = False, now_ms: int) -> Restored:
    """Put the backup in `folder` in the place of the installation that `settings` describe.

    Nothing of it is served before the whole of it is there: rows come in one transaction, photos
    and secrets before them.

    :param replace: drop what the database holds, and set other secrets aside
    :raises BadBackup: it cannot be used, or something is there already
    """
    manifest = archive.read_manifest(folder)
    archive.check_files(folder, manifest)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with migrate.as_owner(settings) as engine:
        if _is_in_use(engine) and not replace:
            raise BadBackup("the database is not empty; --replace drops what it holds")
        _put_back_secrets(folder, settings.data_dir, replace=replace, now_ms=now_ms)
        photos = _put_back_photos(folder, settings.data_dir)
        _put_back_heads(folder, settings.data_dir, now_ms=now_ms)
        if inspect(engine).has_table("alembic_version"):
            migrate.downgrade(engine)
        load(engine, folder, manifest)
        with Session(engine) as session:
            enter_installation(session)
            for organisation in session.scalars(select(Organisation.id).order_by(Organisation.id)).all():
                witness.begin_anew(session, organisation=organisation, why="restore", now_ms=now_ms)
            # the folder keeps photos for older backups as well: those that this one knows to be gone go again
            session.execute(update(BlobGone).values(removed_ms=None))
            session.commit()
            forgetting.remove_files(session, data_dir=settings.data_dir, now_ms=now_ms)
        witness.write(engine, settings.data_dir)
    return Restored(_rows(manifest), photos)


def _rows(manifest: dict[str, Any]) -> int:
    return sum(said["rows"] for said in manifest["tables"].values())


def _is_in_use(engine: Engine) -> bool:
    if not inspect(engine).has_table("organisation"):
        return False
    with engine.connect() as connection:
        open_to_all(connection)
        return connection.execute(select(Organisation.id).limit(1)).first() is not None


def _put_back_secrets(folder: Path, data_dir: Path, *, replace: bool, now_ms: int) -> None:
    """Put the server's secrets back: with other ones no receipt that was given could be verified."""
    source, target, aside = folder / archive.SECRETS, data_dir / SECRETS, None
    if target.exists():
        held = {path.name: path.read_bytes() for path in target.iterdir()}
        if held == {path.name: path.read_bytes() for path in source.iterdir()}:
            return
        if not replace:
            raise BadBackup(f"{target} holds the secrets of another installation; --replace sets them aside")
        aside = target.rename(data_dir / f"{SECRETS}.{now_ms}")
    for path in sorted(source.iterdir()):
        archive.copy(path, target / path.name)
    archive.fsync(target)
    if aside is not None:
        keep_newer_receipt_key(aside, target)


def _put_back_photos(folder: Path, data_dir: Path) -> int:
    root = folder.parent
    count = 0
    for source in sorted((root / "photos").glob("*/*/*")):
        if source.suffix == ".part":
            continue
        count += 1
        target = data_dir / source.relative_to(root)
        if not target.exists() or archive.hash_of(target) != source.name:
            archive.copy(source, target)
            archive.fsync(target.parent)
    return count


def _put_back_heads(folder: Path, data_dir: Path, *, now_ms: int) -> None:
    """Put the signed heads back; those that lie there already tell of what the backup does not hold."""
    target = data_dir / heads.FOLDER
    if target.exists():
        target.rename(data_dir / f"{heads.FOLDER}.{now_ms}")
    for source in sorted((folder / heads.FOLDER).glob("*/*.json")):
        archive.copy(source, target / source.parent.name / source.name)
