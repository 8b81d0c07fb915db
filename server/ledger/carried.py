"""Records that somebody else brings: a colleague's phone, or a rescue file.

A record belongs to the log that signed it, whoever carries it. What could not be believed when it
was brought the first time (nobody knew the log, or the signature was another one) has its turn as
soon as it can: when the log becomes known, or when it comes again and proves itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.ledger.devices import LockedLog
from server.ledger.forgetting import still_kept
from server.ledger.gate import stand_at_site
from server.ledger.items import Item, load
from server.ledger.lifecycle import KEPT
from server.ledger.models import BlobClaim, Countersignature, Device, Log, PrivatePart, Record, Verdict
from sync.chain import Link, bad_signatures
from sync.keys import log_of, verify
from sync.payloads import LogOpen
from sync.records import signed_bytes

_SAME = (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos)


class Known(Protocol):
    """What became of a record that comes again."""

    @property
    def code(self) -> str | None:
        """Why it is in quarantine."""

    @property
    def trunk(self) -> bool:
        """Whether it holds a place."""


def states(session: Session, devices: Collection[UUID]) -> dict[UUID, str]:
    """Return how it stands with these phones."""
    if not devices:
        return {}
    return dict(session.execute(select(Device.id, Device.state).where(Device.id.in_(devices))).all())


def vouched_logs(session: Session, organisation: UUID, items: Sequence[Item]) -> list[tuple[Device, LogOpen]]:
    """Return the new logs among `items` for which the key of a known log vouches, with their phones."""
    found: dict[str, tuple[Device, LogOpen]] = {}
    for item in items:
        payload = item.body.payload if item.body else None
        if not isinstance(payload, LogOpen) or item.sig_prev is None or not payload.previous_log:
            continue
        if item.named == item.sent_by or log_of(payload.public_key) != item.named:
            continue
        if session.get(Log, item.named) is not None:
            continue
        previous = session.get(Log, payload.previous_log)
        if previous is None or previous.organisation_id != organisation or previous.state != "open":
            continue
        device = session.get_one(Device, previous.device_id)
        signed = verify(previous.public_key, signed_bytes(item.bytes.decode()), item.sig_prev)
        if signed and device.state in KEPT:
            found[item.named] = device, payload
    return list(found.values())


def check_signatures(log: LockedLog, items: Sequence[Item]) -> None:
    """Put records in quarantine that no good signature vouches for."""
    mine = [item for item in items if item.place and item.place.log == log.id and item.alg]
    opening = next((item for item in mine if item.place and item.place.seq == 1), None)
    if log.kept == 0 and opening is not None and opening.alg == "none":
        log.alg = "none"
    if log.alg == "none":
        return
    links = [
        Link(
            item.place.seq, item.place.prev, item.hash, item.bytes.decode(), item.sig if _signed(item) else ""
        )
        for item in mine
        if item.place
    ]
    bad = bad_signatures(links, log.public_key)
    for item in mine:
        if item.hash in bad:
            item.code = "bad_signature"


def _signed(item: Item) -> bool:
    return item.alg == "ES256"


def can_be_carried(log: LockedLog, item: Item) -> bool:
    """Tell whether a record may be brought by somebody else: only what its author signed."""
    return log.alg == "ES256" and item.alg == "ES256"


def is_stray(known: Known, item: Item) -> bool:
    """Tell whether a stored record was not believed, so that another copy of it is worth a look."""
    if known.trunk:
        return False
    return known.code in ("unknown_log", "bad_signature") or (item.place is None and known.code is not None)


def reclaim(
    session: Session, organisation: UUID, log: LockedLog, copies: Mapping[str, Item], *, now_ms: int
) -> list[Item]:
    """Return the stored records that a good copy vouches for now, ready for their turn in `log`.

    :param copies: hash → what came again
    """
    group = list(copies.values())
    check_signatures(log, group)
    good = {item.hash: item for item in group if item.code != "bad_signature"}
    if not good:
        return []
    stored = load(session, Record.organisation_id == organisation, Record.hash.in_(good), ~Verdict.trunk)
    for item in stored:
        item.judge_under(log)
    stand_at_site(session, log, stored)
    for item in stored:
        copy = good[item.hash]
        item.code, item.outcome = copy.code, "held"
        is_vouched = copy.place is not None and copy.alg  # nobody checks the signature of what has no place
        if item.under is None and is_vouched and (item.sig, item.alg) != (copy.sig, copy.alg):
            _countersign(session, organisation, item, copy, now_ms=now_ms)
        if copy.private and not item.private:
            item.private = copy.private
            add_private(session, organisation, item)
        _hand_over(session, organisation, item)
    return stored


def strays_of(session: Session, log: LockedLog) -> dict[str, Item]:
    """Return the records of `log` that came before anybody knew it."""
    items = load(
        session,
        Record.organisation_id == log.organisation_id,
        Record.log == log.id,
        Verdict.log != log.id,
        Verdict.code == "unknown_log",
    )
    for item in items:
        item.code = item.fault
    return {item.hash: item for item in items if item.alg == "ES256"}


def add_private(session: Session, organisation: UUID, item: Item) -> None:
    """Keep the private parts that a stored record brings, but for those that were forgotten."""
    kept = still_kept(session, organisation, item)
    item.private = {name: part for name, part in item.private.items() if name in kept}
    if not item.private:
        return
    session.execute(
        insert(PrivatePart),
        [
            {
                "organisation_id": organisation,
                "hash": item.hash,
                "name": name,
                "site_id": item.site_id,
                "salt": part.salt,
                "value": part.value,
            }
            for name, part in item.private.items()
        ],
    )


def complete_private(session: Session, organisation: UUID, copies: Mapping[str, Item]) -> None:
    """Keep the private parts that whoever brought these records first had left out.

    No projection holds them: whoever shows a text reads it when it is shown.

    :param copies: hash → the record as its own phone sends it
    """
    if not copies:
        return
    rows = session.execute(
        select(PrivatePart.hash, PrivatePart.name).where(
            PrivatePart.organisation_id == organisation, PrivatePart.hash.in_(copies)
        )
    )
    there = {(found, name) for found, name in rows}
    for item in copies.values():
        item.private = {name: part for name, part in item.private.items() if (item.hash, name) not in there}
        if item.private:
            add_private(session, organisation, item)


def _countersign(session: Session, organisation: UUID, item: Item, copy: Item, *, now_ms: int) -> None:
    """Keep the signature that made a record believable, beside the one that came first."""
    item.sig, item.alg, item.sig_prev = copy.sig, copy.alg, copy.sig_prev
    session.execute(
        insert(Countersignature),
        [
            {
                "organisation_id": organisation,
                "hash": item.hash,
                "site_id": item.site_id,
                "sig": copy.sig,
                "alg": copy.alg,
                "sig_prev": copy.sig_prev,
                "sent_by": copy.sent_by,
                "received_ms": now_ms,
            }
        ],
    )


def _hand_over(session: Session, organisation: UUID, item: Item) -> None:
    """Let what was noted of a record under its bringer stand under its author."""
    mine = {"site_id": item.site_id, "device_id": item.device_id}
    session.execute(
        update(BlobClaim)
        .where(BlobClaim.organisation_id == organisation, BlobClaim.hash == item.hash)
        .values({**mine, "log": item.log})
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(PrivatePart)
        .where(PrivatePart.organisation_id == organisation, PrivatePart.hash == item.hash)
        .values(site_id=item.site_id)
        .execution_options(synchronize_session=False)
    )
