"""What the server's data hold, read without the server, and compared with what it acknowledged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from server.ledger import blobs
from sync.encoding import ZERO_HASH, sha256_hex
from sync.feed import chain_step, digest
from sync.receipts import ledger_step, parse_receipt
from sync.records import record_hash
from tests.faults.journals import Journal

OUTCOMES = ("applied", "held", "forked", "quarantined")


@dataclass
class Held:
    """What is there."""

    records: dict[str, str] = field(default_factory=dict)
    """hash → outcome."""
    photos: set[str] = field(default_factory=set)
    """Hashes of photos whose row is there and whose file holds the very bytes."""
    bad_photos: set[str] = field(default_factory=set)
    """Hashes of photos whose row is there, and whose file is not, or holds something else."""
    places: set[str] = field(default_factory=set)
    findings: int = 0
    wrong: list[str] = field(default_factory=list)
    """What does not verify."""


def read(*, database_url: str, data_dir: Path, photos: bool = True) -> Held:
    """Return what is there; may be called while the server runs, or after its end."""
    engine = create_engine(database_url, poolclass=NullPool)
    held = Held()
    with engine.connect() as connection:
        _records(connection, held)
        _feed(connection, held)
        for organisation, sha256 in connection.execute(text("SELECT organisation_id, sha256 FROM blob")):
            path = blobs.path(data_dir, organisation=UUID(str(organisation)), sha256=sha256)
            whole = not photos or (path.is_file() and sha256_hex(path.read_bytes()) == sha256)
            (held.photos if whole else held.bad_photos).add(sha256)
        held.places = {
            str(UUID(str(found))) for (found,) in connection.execute(text("SELECT id FROM checkpoint"))
        }
        held.findings = int(connection.scalar(text("SELECT COUNT(*) FROM finding")) or 0)
        if engine.dialect.name == "sqlite":
            said = connection.scalar(text("PRAGMA integrity_check"))
            if said != "ok":
                held.wrong.append(f"integrity_check: {said}")
    return held


def _records(connection: Connection, held: Held) -> None:
    chain, pos = ZERO_HASH, 0
    chains = {0: ZERO_HASH}
    query = (
        "SELECT r.ledger_pos, r.hash, r.chain, r.body, v.outcome FROM record r LEFT JOIN verdict v "
        "ON v.organisation_id = r.organisation_id AND v.ledger_pos = r.ledger_pos ORDER BY r.ledger_pos"
    )
    for pos, found, told, body, outcome in connection.execute(text(query)):
        chain = ledger_step(chain, found)
        chains[pos] = chain
        if chain != told:
            held.wrong.append(f"ledger chain at {pos}")
        if record_hash(bytes(body).decode()) != found:
            held.wrong.append(f"record {pos} is not what its hash says")
        if found in held.records:
            held.wrong.append(f"record {found} twice")
        held.records[found] = str(outcome)
    head = connection.execute(text("SELECT pos, chain FROM ledger_head")).one()
    if tuple(head) != (pos, chain):
        held.wrong.append(f"ledger head {head} instead of {(pos, chain)}")
    for (body,) in connection.execute(text("SELECT body FROM receipt")):
        receipt = parse_receipt(body)
        if receipt is None or chains.get(receipt.ledger_pos) != receipt.ledger_chain:
            held.wrong.append(f"receipt {body}")


def _feed(connection: Connection, held: Held) -> None:
    chain, pos = ZERO_HASH, 0
    for expected, (pos, told, row) in enumerate(
        connection.execute(text("SELECT pos, chain, row FROM feed ORDER BY pos")), start=1
    ):
        chain = chain_step(chain, digest(bytes(row)))
        if (pos, told) != (expected, chain):
            held.wrong.append(f"feed at {pos}, expected {expected}")
            chain = told
    head = connection.execute(text("SELECT pos, chain FROM feed_head")).one()
    if tuple(head) != (pos, chain):
        held.wrong.append(f"feed head {head} instead of {(pos, chain)}")


@dataclass(frozen=True)
class Losses:
    """What was acknowledged and is not there."""

    records: set[str]
    photos: set[str]
    places: set[str]

    def __bool__(self) -> bool:
        return bool(self.records or self.photos or self.places)

    def __str__(self) -> str:
        return f"lost: {len(self.records)} records, {len(self.photos)} photos, {len(self.places)} places"


def losses(journal: Journal, held: Held) -> Losses:
    """Return what `journal` says was acknowledged and `held` lacks."""
    return Losses(
        journal.records - held.records.keys(), journal.photos - held.photos, journal.places - held.places
    )


def whole(journal: Journal, held: Held) -> list[str]:
    """Return everything that is not as it must be when all phones have sent everything."""
    wrong = list(held.wrong)
    lost = losses(journal, held)
    if lost:
        wrong.append(str(lost))
    if held.bad_photos:
        wrong.append(f"{len(held.bad_photos)} photos have a row and not their bytes")
    if refused := journal.named - held.photos:
        wrong.append(f"{len(refused)} photos never came")
    if journal.captured != held.records.keys():
        wrong.append(
            f"{len(journal.captured - held.records.keys())} captured records are not there, "
            f"{len(held.records.keys() - journal.captured)} nobody captured"
        )
    return wrong


def equation(journal: Journal, held: Held, *, pending: int = 0) -> tuple[str, bool]:
    """Return the conservation equation in words, and whether it holds.

    `captured = applied + held + forked + quarantined + pending on the phones`; a record that came
    several times counts once.
    """
    counted = Counter(held.records.values())
    parts = " + ".join(f"{counted[name]} {name}" for name in OUTCOMES)
    total = sum(counted[name] for name in OUTCOMES) + pending
    holds = total == len(journal.captured) and not counted.keys() - set(OUTCOMES)
    return f"captured {len(journal.captured)} = {parts} + {pending} pending", holds
