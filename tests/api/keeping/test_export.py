"""The exported log is verified by its files alone, and whatever is altered in them is named."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.keeping.export import export_log
from sync.verify import NoExport, main, verify_export
from tests.api.field import Garden
from tests.api.keeping.test_verify import folder, furnish
from tests.conftest import FakeClock


def export(garden: Garden, target: Path, **over: Any) -> dict[str, int]:
    garden.session.rollback()
    return export_log(
        garden.session,
        **{
            "target": target,
            "organisation": garden.organisation,
            "site": None,
            "data_dir": folder(garden),
            "key": garden.secrets.receipt,
            "now_ms": garden.clock.ms,
            **over,
        },
    )


def edit(path: Path, number: int, **over: Any) -> None:
    """Change members of one line of a file."""
    lines = path.read_bytes().splitlines(keepends=True)
    line = json.loads(lines[number])
    line.update(over)
    lines[number] = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    path.write_bytes(b"".join(lines))


def test_an_exported_log_verifies_by_its_files_alone_and_names_what_was_altered(
    garden: Garden, clock: FakeClock, tmp_path: Path
) -> None:
    phones = furnish(garden, clock)
    garden.session.execute(text("DELETE FROM private_part WHERE value = 'note 3'"))  # erased since
    garden.session.commit()
    whole = tmp_path / "whole"
    export(garden, whole)
    alone = subprocess.run(
        [sys.executable, "-c", ISOLATED, str(whole)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
        check=False,
    )
    assert alone.returncode == 0, alone.stdout + alone.stderr
    assert "everything fits" in alone.stdout
    told = verify_export(whole)
    assert (told.counts["photos"], told.counts["records"]) == (3, told.counts["ledger"])
    assert told.head["ledger_pos"] == told.counts["ledger"]

    log = f"records/{phones[0].log}.jsonl"

    def damaged(kind: str, where: str, number: int | None = None, **over: Any) -> str:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        if number is None:
            (copy / where).write_bytes((copy / where).read_bytes() + b"\0")
        else:
            edit(copy / where, number, **over)
        assert main([str(copy)]) == 1
        return verify_export(copy).findings[kind]

    body = json.loads((whole / log).read_bytes().splitlines()[2])["body"]
    first = json.loads((whole / log).read_bytes().splitlines()[0])
    position = json.loads((whole / log).read_bytes().splitlines()[2])["pos"]
    assert f"position {position}:" in damaged("record", log, 2, body=body.replace("damage", "dbmage"))
    last = len((whole / log).read_bytes().splitlines()) - 1
    assert "not the log's" in damaged("signature", log, last, sig=first["sig"], outcome="applied")
    assert "note is not what" in damaged(
        "private", log, 1, private={"note": {"salt": "A" * 22, "value": "other"}}
    )
    assert "signature" in damaged("receipt", "receipts.jsonl", 1, sig=first["sig"])
    damaged("head", "ledger.jsonl", 3, hash="0" * 64)
    assert "confirmed" in damaged("receipt", "ledger.jsonl", 3, hash="0" * 64)
    photo = next((whole / "photos").iterdir()).name
    assert damaged("photo", f"photos/{photo}").startswith(photo)
    cut = tmp_path / "cut"
    shutil.copytree(whole, cut)
    lines = (cut / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    (cut / "ledger.jsonl").write_bytes(b"".join(lines[:-1]))
    assert "head" in verify_export(cut).findings


def test_of_one_site_the_others_records_are_hashes_only(
    garden: Garden, clock: FakeClock, tmp_path: Path
) -> None:
    here = garden.handset()
    north = garden.handset(actor="zhao", site=garden.north)
    here.push(here.record())
    north.push(north.record(private={"note": "secret"}))
    export(garden, tmp_path / "site", site=garden.site)
    told = verify_export(tmp_path / "site")
    assert told.findings == {}
    assert (told.counts["ledger"], told.counts["records"]) == (4, 2)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file())
    assert b"secret" not in everything
    assert north.log.encode() not in everything.replace(
        (tmp_path / "site" / "receipts.jsonl").read_bytes(), b""
    )


def test_a_folder_that_holds_something_is_left_alone(garden: Garden, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(FileExistsError):
        export(garden, tmp_path)
    with pytest.raises(NoExport):
        verify_export(tmp_path)
    assert main([str(tmp_path)]) == 2
    assert main([]) == 2


ISOLATED = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('server', 'qr', 'flask', 'sqlalchemy', 'marshmallow', 'PIL'):
            raise ImportError(name)
sys.meta_path.insert(0, Nothing())
import runpy
sys.argv = ['verify', sys.argv[1]]
runpy.run_module('sync.verify', run_name='__main__')
"""
"""Runs the verifier where only the standard library, msgspec, cryptography and `sync` can be imported."""
