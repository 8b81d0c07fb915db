"""The log cannot be changed unnoticed: whatever somebody does to a row, that row is named."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.audit.service import write as audit_write
from server.keeping import heads
from server.keeping.verify import Report, examine, verify
from server.ledger import blobs
from sync.encoding import sha256_hex
from sync.receipts import ledger_step
from sync.records import Blob
from tests.api.field import Garden, Handset
from tests.api.keeping.damage import unguard
from tests.api.keeping.files import picture, rescue_file
from tests.api.keeping.test_rescue import hand_in, told
from tests.conftest import FakeClock

SEED = 20261124


def folder(garden: Garden) -> Path:
    found: Path = garden.app.extensions["roundsman.settings"].data_dir
    return found


def keys(garden: Garden) -> dict[str, str]:
    return {garden.secrets.kid: garden.secrets.receipt.public_key}


def furnish(garden: Garden, clock: FakeClock, *, photos: int = 3) -> list[Handset]:
    """Let two phones work: runs, a gap, a fork, a photo, private parts, quarantine."""
    phones = [garden.handset(), garden.handset(actor="liu")]
    pictures = [picture(40 * shade) for shade in range(photos)]
    for phone in phones:
        batch = [phone.record(private={"note": f"note {n}"}) for n in range(6)]
        assert {outcome for outcome, _ in phone.outcomes(*batch)} == {"applied"}
        clock.forward(minutes=5)
        rest = [phone.record() for _ in range(6)]
        phone.push(*rest[:2])
        phone.push(*rest[3:])
    author = phones[0]
    named = [author.record(blobs=[Blob(sha256_hex(p), len(p), "image/jpeg", "photo")]) for p in pictures]
    answer = told(hand_in(garden, rescue_file(author, named, pictures)))
    assert answer["photos"] == {"stored": photos}
    forged = author.record()
    author.push({**forged, "sig": named[0]["sig"]})
    author.push(forged)
    for n in range(4):
        audit_write(
            garden.session,
            organisation=garden.organisation,
            site=garden.site,
            person=None,
            action=f"test.{n}",
            subject="x",
            detail={"n": n},
            now_ms=clock.ms,
        )
    garden.session.commit()
    return phones


def look(garden: Garden, *, every_signature: bool = False) -> Report:
    return examine(
        garden.session, data_dir=folder(garden), receipt_keys=keys(garden), every_signature=every_signature
    )


def found(garden: Garden, **options: Any) -> dict[str, str]:
    return {finding.kind: finding.where for finding in look(garden, **options).findings}


def count(session: Session, table: str) -> int:
    return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_what_was_never_touched_is_as_it_was_written(garden: Garden, clock: FakeClock) -> None:
    furnish(garden, clock)
    heads.sign_today(garden.session, data_dir=folder(garden), key=garden.secrets.receipt, now_ms=clock.ms)
    few = verify(garden.session, data_dir=folder(garden), receipt_keys=keys(garden))
    every = verify(garden.session, data_dir=folder(garden), receipt_keys=keys(garden), every_signature=True)
    assert few.findings == every.findings == []
    assert few.counts["records"] == count(garden.session, "record")
    assert few.counts["photos"] == 3
    # one signature per contiguous run: two for each phone that skipped a number
    assert few.counts["signatures"] < every.counts["signatures"] == few.counts["records"]


def test_an_altered_record_is_named_whichever_it_is(garden: Garden, clock: FakeClock) -> None:
    furnish(garden, clock)
    session = garden.session
    unguard(session)
    dice = random.Random(SEED)
    last = count(session, "record")
    blob = "X'7b7d'" if session.get_bind().dialect.name == "sqlite" else "'\\x7b7d'::bytea"
    mono = (
        f"UPDATE record SET body = {blob} WHERE ledger_pos = :at",
        "UPDATE record SET hash = chain WHERE ledger_pos = :at",
        "UPDATE record SET chain = hash WHERE ledger_pos = :at",
        "UPDATE record SET received_ms = received_ms - 3600000 WHERE ledger_pos = :at",
        "UPDATE record SET type = 'scan' WHERE ledger_pos = :at",
        "UPDATE record SET seq = seq + 1 WHERE ledger_pos = :at",
        "DELETE FROM record WHERE ledger_pos = :at",
    )
    for statement in mono:
        for at in {dice.randrange(2, last), last}:
            print(statement, at)
            session.execute(text(statement), {"at": at})
            assert found(garden)["ledger"] == f"position {at}", (SEED, statement, at)
            session.rollback()


def test_a_swap_a_cut_and_an_insertion_are_named(garden: Garden, clock: FakeClock) -> None:
    phones = furnish(garden, clock)
    session = garden.session
    heads.sign_today(session, data_dir=folder(garden), key=garden.secrets.receipt, now_ms=clock.ms)
    unguard(session)
    dice = random.Random(SEED + 1)
    last = count(session, "record")

    for _ in range(3):  # two records change places
        low = dice.randrange(2, last - 2)
        high = dice.randrange(low + 1, last)
        for old, new in ((low, -1), (high, low), (-1, high)):
            session.execute(
                text("UPDATE record SET ledger_pos = :n WHERE ledger_pos = :o"), {"n": new, "o": old}
            )
        assert found(garden)["ledger"] == f"position {low}", (SEED, low, high)
        session.rollback()

    # the end is cut, and whoever did it set the head back: the receipts say that there was more
    for statement in (
        "DELETE FROM verdict WHERE ledger_pos > :at",
        "DELETE FROM record WHERE ledger_pos > :at",
        "UPDATE ledger_head SET pos = :at, chain = (SELECT chain FROM record WHERE ledger_pos = :at)",
    ):
        session.execute(text(statement), {"at": last - 2})
    assert {"receipt", "log", "head"} <= set(found(garden))
    # with the receipts gone as well, the signed head of the day still says it
    session.execute(text("DELETE FROM receipt WHERE id > :at"), {"at": last - 2})
    assert found(garden)["head"].endswith(".json")
    session.rollback()

    # a record that nobody signed is slipped in at the end, the ledger's chain made to fit
    from server.ledger.models import LedgerHead, Record, Verdict

    head = session.scalars(select(LedgerHead)).one()
    model = session.scalars(select(Record).where(Record.log == phones[1].log, Record.seq == 2)).one()
    body = model.body.replace(b"damage", b"dxmage")
    row = {c.name: getattr(model, c.name) for c in Record.__table__.columns}
    row.update(
        ledger_pos=head.pos + 1,
        body=body,
        hash=sha256_hex(body),
        chain=ledger_step(head.chain, sha256_hex(body)),
    )
    verdict = session.scalars(select(Verdict).where(Verdict.hash == model.hash)).one()
    judged = {c.name: getattr(verdict, c.name) for c in Verdict.__table__.columns}
    judged.update(ledger_pos=head.pos + 1, hash=row["hash"])
    session.execute(text("DELETE FROM verdict WHERE hash = :h"), {"h": model.hash})
    session.execute(Record.__table__.insert(), [row])  # type: ignore[attr-defined]
    session.execute(Verdict.__table__.insert(), [judged])  # type: ignore[attr-defined]
    session.execute(text("UPDATE ledger_head SET pos = pos + 1, chain = :c"), {"c": row["chain"]})
    named = found(garden)
    assert named["log"] == f"log {phones[1].log} record 3", named  # which does not follow the one slipped in
    assert named["signature"] == f"log {phones[1].log} record 2"
    session.rollback()


def test_signatures_receipts_and_private_parts_are_named(garden: Garden, clock: FakeClock) -> None:
    phones = furnish(garden, clock)
    session = garden.session
    unguard(session)
    log = phones[1].log
    top = session.scalar(text("SELECT max(seq) FROM record WHERE log = :l"), {"l": log})

    session.execute(
        text(
            "UPDATE record SET sig = (SELECT sig FROM record WHERE seq = 1 AND log = :l) "
            "WHERE log = :l AND seq = :s"
        ),
        {"l": log, "s": top},
    )
    assert found(garden)["signature"] == f"log {log} record {top}"
    session.rollback()

    session.execute(
        text(
            "UPDATE record SET sig = (SELECT sig FROM record WHERE seq = 1 AND log = :l) "
            "WHERE log = :l AND seq = 3"
        ),
        {"l": log},
    )
    assert found(garden) == {}  # the run's last signature vouches for it
    assert found(garden, every_signature=True) == {"signature": f"log {log} record 3"}
    session.rollback()

    session.execute(text("UPDATE countersignature SET sig = 'AAAA'"))
    assert "signature" in found(garden)
    session.rollback()

    first = session.scalar(text("SELECT min(id) FROM receipt"))
    for statement, where in (
        ("UPDATE receipt SET received_ms = received_ms + 1 WHERE id = :at", "receipt"),
        (
            "UPDATE receipt SET body = replace(body, 'head_hash', 'other_hash') WHERE id = :at",
            "receipt",
        ),
        ("UPDATE receipt SET kid = 'other' WHERE id = :at", "receipt"),
        ("DELETE FROM receipt WHERE id = :at", "receipt"),
    ):
        session.execute(text(statement), {"at": first})
        assert found(garden)[where] == f"receipt {first}", statement
        session.rollback()

    parts = session.execute(text("SELECT hash, name FROM private_part ORDER BY hash")).all()
    session.execute(text("UPDATE private_part SET value = 'other' WHERE hash = :h"), {"h": parts[3].hash})
    assert found(garden) == {"private": f"record {parts[3].hash} {parts[3].name}"}
    session.rollback()
    # what was erased is no fault
    session.execute(text("DELETE FROM private_part WHERE hash = :h"), {"h": parts[3].hash})
    assert found(garden) == {}
    session.rollback()


def test_feed_and_audit_rows_are_named(garden: Garden, clock: FakeClock) -> None:
    furnish(garden, clock)
    session = garden.session
    unguard(session)
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    dice = random.Random(SEED + 2)
    at = dice.randrange(1, count(session, "audit"))
    for statement in (
        "UPDATE audit SET action = 'other' WHERE pos = :at",
        "UPDATE audit SET person_id = NULL, at_ms = at_ms + 1 WHERE pos = :at",
        "DELETE FROM audit WHERE pos = :at",
        # the deeds of two rows change places; the row after is said once more in its place
        "UPDATE audit SET action = 'swap.' || pos, subject = (SELECT o.subject FROM audit o WHERE"
        " o.organisation_id = audit.organisation_id AND o.pos = :at + :at + 1 - audit.pos)"
        " WHERE pos IN (:at, :at + 1)",
        "INSERT INTO audit (organisation_id, pos, site_id, person_id, action, subject, detail, at_ms, chain)"
        " SELECT organisation_id, 100000, site_id, person_id, action, subject, detail, at_ms, chain"
        " FROM audit WHERE pos = :at",
    ):
        session.execute(text(statement), {"at": at})
        first = count(session, "audit") if statement.startswith("INSERT") else at
        assert found(garden) == {"audit": f"position {first}"}, statement
        session.rollback()
    at = dice.randrange(1, count(session, "feed"))
    blob = "X'7b7d'" if session.get_bind().dialect.name == "sqlite" else "'\\x7b7d'::bytea"
    for statement in (
        f'UPDATE feed SET "row" = {blob} WHERE pos = :at',
        "UPDATE feed SET chain = :zeros WHERE pos = :at",
    ):
        given = {"at": at, "zeros": "0" * 64}
        session.execute(text(statement), {k: v for k, v in given.items() if f":{k}" in statement})
        assert found(garden)["feed"] == f"position {at}", statement
        session.rollback()
    session.execute(text("UPDATE feed_head SET pos = pos + 1"))
    assert "feed" in found(garden)
    session.rollback()


def test_a_photo_that_is_damaged_cut_or_gone_is_named(garden: Garden, clock: FakeClock) -> None:
    furnish(garden, clock)
    hashes = sorted(garden.all(text("SELECT sha256 FROM blob")))
    path = blobs.path(folder(garden), organisation=garden.organisation, sha256=hashes[1])
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(flipped) // 2] ^= 1
    for data in (bytes(flipped), whole[:-1], whole + b"\0"):
        path.write_bytes(data)
        assert found(garden) == {"photo": f"photo {hashes[1]}"}
    path.unlink()
    assert found(garden) == {"photo": f"photo {hashes[1]}"}
    path.write_bytes(whole)
    assert found(garden) == {}


def test_the_command_ends_with_an_error_and_names_the_row(
    garden: Garden, clock: FakeClock, monkeypatch: Any
) -> None:
    from click.testing import CliRunner

    from server.cli import main

    furnish(garden, clock, photos=1)
    garden.session.rollback()
    monkeypatch.setenv("ROUNDSMAN_DATA_DIR", str(folder(garden)))
    monkeypatch.setenv("ROUNDSMAN_DATABASE_URL", garden.session.get_bind().url.render_as_string(False))  # type: ignore[union-attr]
    good = CliRunner().invoke(main, ["verify"])
    assert (good.exit_code, "everything is as it was written" in good.output) == (0, True), good.output
    unguard(garden.session)
    garden.session.execute(text("UPDATE record SET type = 'scan' WHERE ledger_pos = 5"))
    garden.session.commit()
    bad = CliRunner().invoke(main, ["verify", "--every-signature"])
    assert bad.exit_code == 1
    assert "ledger: position 5: the columns are another record's" in bad.output
