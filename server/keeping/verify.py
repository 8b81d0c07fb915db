"""Reads everything that is kept and names the first row of each kind that is not what was written.

One snapshot of the database, row by row in bounded memory. What proves what: a record's body is its
hash, the ledger's chain holds the hashes in order, receipts are signed statements about that chain,
each log's chain is signed by its phone. Whoever could write to the database can alter all of that
but the signatures, so a cut at the very end shows only against a signed head or a phone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.audit.models import AuditRow
from server.feed import compaction
from server.feed.models import FeedRow
from server.keeping import heads
from server.ledger import blobs
from server.ledger.models import (
    Blob,
    BlobGone,
    Countersignature,
    LedgerHead,
    Log,
    PrivatePart,
    Receipt,
    Record,
    Verdict,
)
from server.people.models import Organisation
from sync.encoding import ZERO_HASH, sha256_hex
from sync.keys import log_of
from sync.receipts import ledger_step, verify_receipt
from sync.records import SchemaError, parse_body, private_hash, read_place, verify_record

_ROWS = 500

_SAME = (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos)


@dataclass(frozen=True, slots=True)
class Finding:
    """The first row of its kind that is not what was written."""

    organisation: UUID
    kind: str
    where: str
    why: str


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def note(self, organisation: UUID, kind: str, where: str, why: str) -> None:
        """Name a row, if it is the first of its kind."""
        if not any((known.organisation, known.kind) == (organisation, kind) for known in self.findings):
            self.findings.append(Finding(organisation, kind, where, why))


def snapshot(session: Session) -> None:
    """Have `session` look at one state of the database, whatever is written meanwhile."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    else:
        session.connection(execution_options={"deferred": True})


def verify(
    session: Session, *, data_dir: Path, receipt_keys: Mapping[str, str], every_signature: bool = False
) -> Report:
    """Check everything that is kept; the caller ends the transaction.

    :param data_dir: where the photos lie, and the signed heads
    :param receipt_keys: name → public key of the server's receipt keys
    :param every_signature: verify each record's own signature, not one per contiguous run
    """
    snapshot(session)
    return examine(session, data_dir=data_dir, receipt_keys=receipt_keys, every_signature=every_signature)


def examine(
    session: Session,
    *,
    data_dir: Path,
    receipt_keys: Mapping[str, str],
    every_signature: bool = False,
    heads_in: Path | None = None,
) -> Report:
    """Check what the transaction in hand sees; see `verify`.

    :param heads_in: where the signed heads lie, when that is not `data_dir`: in a backup, whose folder has
        photos for older backups as well
    """
    report = Report()
    for organisation in session.scalars(select(Organisation.id).order_by(Organisation.id)).all():
        _ledger(session, organisation, report)
        _logs(session, organisation, report, every_signature=every_signature)
        _private_parts(session, organisation, report)
        _receipts(session, organisation, report, receipt_keys)
        _photos(session, organisation, report, data_dir, shared=heads_in is not None)
        _simple(session, organisation, report, "feed", FeedRow, compaction.first_altered)
        _simple(session, organisation, report, "audit", AuditRow, audit.first_altered)
        heads.check(session, organisation, data_dir=heads_in or data_dir, keys=receipt_keys, note=report.note)
    return report


def _rows(session: Session, query: Any) -> Iterator[Any]:
    return iter(session.execute(query.execution_options(yield_per=_ROWS)))


def _ledger(session: Session, organisation: UUID, report: Report) -> None:
    chain, expected = ZERO_HASH, 1
    query = (
        select(Record, Verdict.hash.label("judged"), Receipt.received_ms.label("signed_ms"))
        .outerjoin(Verdict, _SAME)
        .outerjoin(
            Receipt,
            (Receipt.organisation_id == Record.organisation_id) & (Receipt.id == Record.receipt_id),
        )
        .where(Record.organisation_id == organisation)
        .order_by(Record.ledger_pos)
    )
    for record, judged, signed_ms in _rows(session, query):
        at = f"position {record.ledger_pos}"
        if record.ledger_pos != expected:
            report.note(organisation, "ledger", f"position {expected}", "the record is missing")
            expected, chain = record.ledger_pos, ""
        if sha256_hex(record.body) != record.hash:
            report.note(organisation, "ledger", at, "the body is not the one of this hash")
        after = ledger_step(chain, record.hash) if chain else record.chain
        if after != record.chain:
            report.note(organisation, "ledger", at, "the chain does not go on here")
        why = _columns(record)
        if why is not None:
            report.note(organisation, "ledger", at, why)
        if judged != record.hash:
            report.note(organisation, "ledger", at, "its verdict is missing, or another record's")
        if record.receipt_id is not None and signed_ms is None:
            report.note(organisation, "receipt", f"receipt {record.receipt_id}", "the receipt is missing")
        elif signed_ms is not None and signed_ms != record.received_ms:
            report.note(organisation, "ledger", at, "it was received at another moment, says its receipt")
        chain, expected = record.chain, expected + 1
        report.counts["records"] += 1
        session.expunge(record)
    head = session.execute(
        select(LedgerHead.pos, LedgerHead.chain).where(LedgerHead.organisation_id == organisation)
    ).one()
    if (head.pos, head.chain) != (expected - 1, chain or head.chain):
        report.note(
            organisation, "ledger", f"position {min(head.pos + 1, expected)}", "the head says otherwise"
        )


def _columns(record: Record) -> str | None:
    """Return which of a record's columns says something else than its body, if one does."""
    try:
        text = record.body.decode()
        envelope = parse_body(text).envelope
    except UnicodeDecodeError:
        return None
    except SchemaError:
        place = read_place(text)
        said = (place.log, place.seq, place.prev) if place else None
        return (
            None
            if said in (None, (record.log, record.seq, record.prev))
            else "the columns are another record's"
        )
    mine = (record.log, record.seq, record.prev, record.type, record.tv, record.wall_ms)
    theirs = (envelope.log, envelope.seq, envelope.prev, envelope.type, envelope.tv, envelope.t.wall)
    actor = UUID(envelope.actor) if envelope.actor else None
    if record.alg and (mine, record.actor) != (theirs, actor):
        return "the columns are another record's"
    return None


@dataclass(slots=True)
class _Run:
    """What is remembered of the log that is being read."""

    log: Log
    seq: int = 0
    hash: str = ZERO_HASH
    kept: int = 0
    signed: tuple[int, str, str] | None = None
    """Number, body and signature of the last record that carries one."""


def _logs(session: Session, organisation: UUID, report: Report, *, every_signature: bool) -> None:
    query = (
        select(
            Log,
            Verdict.seq,
            Verdict.prev,
            Verdict.code,
            Record.hash,
            Record.body,
            func.coalesce(Countersignature.sig, Record.sig).label("sig"),
            func.coalesce(Countersignature.alg, Record.alg).label("alg"),
        )
        .outerjoin(Verdict, (Verdict.log == Log.id) & Verdict.trunk)
        .outerjoin(Record, _SAME)
        .outerjoin(
            Countersignature,
            (Countersignature.organisation_id == Record.organisation_id)
            & (Countersignature.hash == Record.hash),
        )
        .where(Log.organisation_id == organisation)
        .order_by(Log.id, Verdict.seq)
    )
    run: _Run | None = None
    for log, seq, prev, _code, hash_, body, sig, alg in _rows(session, query):
        if run is None or run.log.id != log.id:
            if run is not None:
                _end_log(run, organisation, report)
            run = _Run(log)
            report.counts["logs"] += 1
            if log_of(log.public_key) != log.id:
                report.note(organisation, "log", f"log {log.id}", "the key is another log's")
        if seq is None:
            continue
        if seq == run.seq or hash_ is None:
            report.note(
                organisation, "log", f"log {log.id} record {seq}", "two records in one place, or none"
            )
            continue
        if seq != run.seq + 1:
            _end_run(run, organisation, report)
        elif prev not in (None, run.hash) and seq <= log.settled_seq:
            report.note(
                organisation, "log", f"log {log.id} record {seq}", "it does not follow the one before"
            )
            _end_run(run, organisation, report)
        run.seq, run.hash, run.kept = seq, hash_, run.kept + 1
        if alg == "ES256":
            run.signed = (seq, body.decode(errors="replace"), sig)
            if every_signature:
                _end_run(run, organisation, report)
    if run is not None:
        _end_log(run, organisation, report)


def _end_run(run: _Run, organisation: UUID, report: Report) -> None:
    """Verify the last signature of a contiguous run: it vouches for all before it."""
    if run.signed is None or run.log.alg == "none":
        return
    seq, body, sig = run.signed
    run.signed = None
    report.counts["signatures"] += 1
    if not verify_record(run.log.public_key, body, sig):
        report.note(
            organisation, "signature", f"log {run.log.id} record {seq}", "the signature is not the log's"
        )


def _end_log(run: _Run, organisation: UUID, report: Report) -> None:
    _end_run(run, organisation, report)
    log = run.log
    if (log.max_seq, log.head_hash, log.kept) != (run.seq, run.hash, run.kept):
        report.note(
            organisation,
            "log",
            f"log {log.id} record {min(log.max_seq, run.seq) + 1}",
            "the head says otherwise",
        )


def _private_parts(session: Session, organisation: UUID, report: Report) -> None:
    query = (
        select(PrivatePart.hash, PrivatePart.name, PrivatePart.salt, PrivatePart.value, Record.body)
        .outerjoin(
            Record,
            (Record.organisation_id == PrivatePart.organisation_id) & (Record.hash == PrivatePart.hash),
        )
        .where(PrivatePart.organisation_id == organisation)
        .order_by(PrivatePart.hash, PrivatePart.name)
    )
    for hash_, name, salt, value, body in _rows(session, query):
        report.counts["private parts"] += 1
        try:
            named = parse_body(body.decode()).envelope.private if body is not None else {}
        except (SchemaError, UnicodeDecodeError):
            named = {}
        if named.get(name) != private_hash(salt, value):
            report.note(organisation, "private", f"record {hash_} {name}", "the body names another value")


def _receipts(session: Session, organisation: UUID, report: Report, keys: Mapping[str, str]) -> None:
    query = (
        select(Receipt, Record.chain)
        .outerjoin(
            Record, (Record.organisation_id == Receipt.organisation_id) & (Record.ledger_pos == Receipt.id)
        )
        .where(Receipt.organisation_id == organisation)
        .order_by(Receipt.id)
    )
    for row, chain in _rows(session, query):
        report.counts["receipts"] += 1
        said = verify_receipt(keys.get(row.kid, ""), row.body, row.sig)
        why = None
        if said is None:
            why = "the signature is not the server's"
        elif (said.log, said.from_seq, said.to_seq, said.received_ms, said.ledger_pos) != (
            row.log,
            row.from_seq,
            row.to_seq,
            row.received_ms,
            row.id,
        ):
            why = "the columns are another receipt's"
        elif said.ledger_chain != chain:
            why = "the ledger is not the one that was confirmed"
        if why is not None:
            report.note(organisation, "receipt", f"receipt {row.id}", why)
        session.expunge(row)


def _photos(session: Session, organisation: UUID, report: Report, data_dir: Path, *, shared: bool) -> None:
    query = (
        select(Blob.sha256, Blob.size, BlobGone.removed_ms, BlobGone.why)
        .outerjoin(
            BlobGone, (BlobGone.organisation_id == Blob.organisation_id) & (BlobGone.sha256 == Blob.sha256)
        )
        .where(Blob.organisation_id == organisation)
        .order_by(Blob.sha256)
    )
    for sha256, size, removed_ms, gone in _rows(session, query):
        if gone is not None:
            report.counts["photos removed"] += 1
            there = blobs.path(data_dir, organisation=organisation, sha256=sha256).exists()
            if removed_ms is not None and there and not shared:
                report.note(organisation, "photo", f"photo {sha256}", "the file was removed and is there")
            continue
        report.counts["photos"] += 1
        why = blobs.flaw(data_dir, organisation=organisation, sha256=sha256, size=size)
        if why is not None:
            report.note(organisation, "photo", f"photo {sha256}", f"the file is {why}")


def _simple(
    session: Session,
    organisation: UUID,
    report: Report,
    kind: str,
    model: Any,
    first_altered: Callable[..., int | None],
) -> None:
    report.counts[kind] += (
        session.scalar(select(func.count()).select_from(model).where(model.organisation_id == organisation))
        or 0
    )
    at = first_altered(session, organisation=organisation)
    if at is not None:
        report.note(organisation, kind, f"position {at}", "the chain does not go on here")
