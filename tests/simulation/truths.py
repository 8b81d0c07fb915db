"""The invariants of the protocol, asked of a real server and of the phones around it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import Base
from server.feed.models import FeedHead, FeedRow
from server.keeping.rebuild import PROJECTIONS, rebuild
from server.ledger import service as ledger
from server.ledger.models import Blob, BlobClaim, Log, Record, Verdict, Waiting
from server.rounds.models import Finding, Visit
from sync.encoding import ZERO_HASH
from sync.feed import chain_step, digest
from sync.messages import STORED_OUTCOMES
from tests.simulation.installation import Installation
from tests.simulation.pocket import Pocket


def hash_of(body: str) -> str:
    """Return a record's hash."""
    return hashlib.sha256(body.encode()).hexdigest()


def bodies(session: Session) -> dict[str, bytes]:
    """Return hash → exact bytes of the ledger; a hash is there once (I2)."""
    rows = session.execute(select(Record.hash, Record.body)).all()
    found = {row.hash: bytes(row.body) for row in rows}
    assert len(found) == len(rows), "I2: a hash has two rows"
    return found


def outcomes(session: Session) -> dict[str, str]:
    """Return hash → outcome."""
    rows = session.execute(select(Verdict.hash, Verdict.outcome)).all()
    return {row.hash: row.outcome for row in rows}


def assert_all(server: Installation, pockets: Iterable[Pocket]) -> None:
    """Assert what must be true when all is quiet and everybody had the network."""
    pockets = list(pockets)
    with server.session() as session:
        kept = bodies(session)
        assert_acknowledged(kept, set(session.scalars(select(Blob.sha256))), pockets)
        assert_chains(session, server)
        assert_order(session)
        assert_times(session)
        assert_one_effect(session)
        assert_photos(session, server)
        for pocket in pockets:
            if not (pocket.revoked or pocket.draining):  # nothing comes down to one that leaves
                assert_rows(session, server, pocket)
        assert_replay(session, server)


def assert_acknowledged(kept: Mapping[str, bytes], photos: set[str], pockets: Iterable[Pocket]) -> None:
    """I1, I4: what a phone holds as stored is on the server, byte for byte."""
    for pocket in pockets:
        for record in pocket.store.records():
            if record.stored:
                assert record.outcome in STORED_OUTCOMES
                assert hashlib.sha256(kept[record.hash]).hexdigest() == record.hash
        for _log, sha256 in pocket.store.uploads(state="done"):
            assert sha256 in photos, "I1: a photo that the phone holds as sent is not there"


def assert_chains(session: Session, server: Installation) -> None:
    """I4, I6: the ledger's chain and the feed's are whole, and the counters stand at their ends."""
    organisation = server.furnished.organisation
    assert ledger.first_altered(session, organisation=organisation) is None
    chain, last = ZERO_HASH, 0
    for row in session.scalars(
        select(FeedRow).where(FeedRow.organisation_id == organisation).order_by(FeedRow.pos)
    ):
        chain, last = chain_step(chain, digest(row.row)), last + 1
        assert (row.pos, row.chain) == (last, chain), "I6: the feed has a gap or another chain"
    head = session.get_one(FeedHead, organisation)
    assert (head.pos, head.chain) == (last, chain)


def assert_order(session: Session) -> None:
    """I7: what had its turn is settled in the order of the numbers; one place, one record."""
    waiting = set(session.scalars(select(Waiting.ledger_pos)))
    for log in session.scalars(select(Log)):
        trunk = session.execute(
            select(
                Verdict.seq, Verdict.hash, Verdict.prev, Verdict.outcome, Verdict.ledger_pos, Verdict.marks
            )
            .where(Verdict.log == log.id, Verdict.trunk)
            .order_by(Verdict.seq)
        ).all()
        numbers = [row.seq for row in trunk]
        assert len(numbers) == len(set(numbers)), "I7: two records have one place"
        assert log.kept == len(trunk)
        assert log.max_seq == max(numbers, default=0)
        if log.state == "unknown":
            continue
        for before, row in zip([None, *trunk], trunk, strict=False):
            late = "seq_gap" in row.marks or (before is not None and "seq_gap" in before.marks)
            if before is not None and row.prev is not None and row.seq == before.seq + 1 and not late:
                assert row.prev == before.hash, "I7: a record stands after one that it does not follow"
            is_held = row.outcome == "held"
            assert not is_held or row.seq > log.settled_seq or row.ledger_pos in waiting, "I7: held"
            assert is_held or row.seq <= log.settled_seq, "I7: a turn out of order"


def assert_times(session: Session) -> None:
    """I11: lower ≤ estimate ≤ upper, and both bounds rise along a chain."""
    rows = session.execute(
        select(Verdict.log, Verdict.seq, Verdict.lower_ms, Verdict.estimate_ms, Verdict.upper_ms)
        .where(Verdict.trunk, Verdict.upper_ms.is_not(None))
        .order_by(Verdict.log, Verdict.seq)
    ).all()
    last: dict[str, tuple[int | None, int]] = {}
    for log, _seq, lower, estimate, upper in rows:
        assert estimate is not None, "I11: bounds without an estimate"
        assert upper is not None
        assert lower is None or lower <= estimate
        assert estimate <= upper
        if log in last:
            floor, before = last[log]
            assert floor is None or (lower is not None and floor <= lower), "I11: a lower bound falls"
            assert before <= upper, "I11: an upper bound falls"
        last[log] = (lower, upper)


def assert_one_effect(session: Session) -> None:
    """I2: one visit for each scan that was applied, one finding at most for each that was reported."""
    applied = session.execute(
        select(Record.hash, Record.type)
        .join(Verdict, Verdict.hash == Record.hash)
        .where(Verdict.outcome == "applied", Record.type.in_(("scan", "finding")))
    ).all()
    visits = Counter(session.scalars(select(Visit.id).where(Visit.scanned)))
    reported = Counter(session.scalars(select(Finding.id)))
    scans = {row.hash for row in applied if row.type == "scan"}
    assert visits == Counter(scans), "I2: a scan without its one visit, or a visit without its scan"
    for row in applied:
        if row.type == "finding":
            assert reported[row.hash] == 1, "I2: a finding without its one effect"


def assert_photos(session: Session, server: Installation) -> None:
    """I4: every stored photo lies there and hashes to its name."""
    organisation = server.furnished.organisation
    for sha256 in session.scalars(select(Blob.sha256)):
        path = ledger.path(server.folder / "var", organisation=organisation, sha256=sha256)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def pending_photos(session: Session) -> set[str]:
    """Return the photos that records name and that are not there."""
    claimed = set(session.scalars(select(BlobClaim.sha256).where(~BlobClaim.lost)))
    return claimed - set(session.scalars(select(Blob.sha256)))


def truth_for(session: Session, server: Installation) -> dict[tuple[str, str], tuple[int, Any]]:
    """Return what a phone of the garden must hold: (kind, id) → version and body."""
    rows: dict[tuple[str, str], tuple[int, Any]] = {}
    for row in session.scalars(
        select(FeedRow).where(FeedRow.site_id == server.furnished.site).order_by(FeedRow.pos)
    ):
        key = (row.kind, str(row.entity))
        if row.op == "upsert":
            rows[key] = (row.version, json.loads(row.row)["body"])
        else:
            rows.pop(key, None)
    return rows


def assert_rows(session: Session, server: Installation, pocket: Pocket) -> None:
    """I5, I12: a phone's rows are the server's, none missing and none too many."""
    held = {key: (entity.version, entity.body) for key, entity in pocket.store.all_rows().items()}
    truth = truth_for(session, server)
    assert held.keys() == truth.keys(), (pocket.name, held.keys() ^ truth.keys())
    assert held == truth, [key for key in truth if held[key] != truth[key]]


def assert_replay(session: Session, server: Installation) -> None:
    """I10: projections that are dropped and made again from the ledger are the same."""
    before = _projections(session)
    rebuild(session, server.furnished.organisation)
    session.flush()
    after = _projections(session)
    session.rollback()
    for name, rows in before.items():
        assert rows == after[name], f"I10: {name} differs when it is made again"


def _projections(session: Session) -> dict[str, list[Any]]:
    found = {}
    for model in PROJECTIONS:
        table = Base.metadata.tables[model.__tablename__]
        rows = session.execute(select(*table.columns).order_by(*table.primary_key.columns)).all()
        found[table.name] = [tuple(row) for row in rows]
    return found
