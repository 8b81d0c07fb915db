"""A backup forgets too, as soon as no backup in its folder needs what was forgotten."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from server.keeping import backup
from server.keeping.restore import restore
from sync.encoding import sha256_hex
from tests.api.field import Garden
from tests.api.privacy.scene import DAY_H, data_dir, tick, walk, whole_files
from tests.conftest import settings_for


@pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
def test_the_copy_of_a_removed_photo_goes_with_the_last_backup_that_needs_it(
    garden: Garden, tmp_path: Path
) -> None:
    made = walk(garden)
    shas = {sha256_hex(made.frame), sha256_hex(made.photo)}
    root = tmp_path / "backups"

    def back_up() -> Path:
        garden.clock.forward(minutes=1)
        garden.session.rollback()
        folder = backup.back_up(garden.session, root=root, data_dir=data_dir(garden), now_ms=garden.clock.ms)
        with backup.read_back(folder) as (_, report):
            assert report.findings == []
        return folder

    def copies() -> set[str]:
        return {path.name for path in (root / "photos").rglob("*") if path.is_file()}

    older = back_up()
    assert copies() == shas
    garden.clock.forward(hours=800 * DAY_H)
    tick(garden)
    assert whole_files(garden) == set()
    newer = back_up()
    assert copies() == shas  # the older one could not be put back without them

    elsewhere = tmp_path / "elsewhere"
    restored = settings_for(elsewhere, f"sqlite:///{tmp_path / 'restored.db'}")
    restore(newer, settings=restored, now_ms=garden.clock.ms)
    assert [path for path in (elsewhere / "photos").rglob("*") if path.is_file()] == []

    shutil.rmtree(older)
    back_up()
    assert copies() == set()
