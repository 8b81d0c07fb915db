"""Records that wait for a record they depend on, in whatever log that is.

A dependency has come when it is stored and not itself held.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from server.direct import Direct
from server.ledger.models import Record, Verdict, Waiting

_ANY = Direct(select(exists().where(Waiting.organisation_id == bindparam("organisation")).label("is_any")))


def unmet(
    session: Session, organisation: UUID, needs: Sequence[str], *, judged: Mapping[str, str]
) -> list[str]:
    """Return those of the hashes that have not come.

    :param judged: hash → outcome of records whose verdicts are not stored yet
    """
    if not needs:
        return []
    rows = session.execute(
        select(Record.hash, Verdict.outcome)
        .join(
            Verdict,
            (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
        )
        .where(Record.organisation_id == organisation, Record.hash.in_(needs))
    ).all()
    outcomes = {**dict(rows), **judged}
    return [need for need in needs if outcomes.get(need, "held") == "held"]


def wait(session: Session, organisation: UUID, site: UUID, *, ledger_pos: int, needs: Sequence[str]) -> None:
    """Note that the record at `ledger_pos` waits for these."""
    session.execute(
        insert(Waiting),
        [
            {"organisation_id": organisation, "site_id": site, "needs": need, "ledger_pos": ledger_pos}
            for need in needs
        ],
    )


@dataclass(frozen=True, slots=True)
class Overdue:
    """A record that has waited too long."""

    organisation_id: UUID
    log: str
    ledger_pos: int
    is_behind: bool
    """Whether it waits for another one of these, and has its turn when that one has it."""


def overdue(session: Session, *, before_ms: int) -> list[Overdue]:
    """Return the records that came before `before_ms` and wait still."""
    rows = session.execute(
        select(Waiting.organisation_id, Waiting.ledger_pos, Waiting.needs, Verdict.log, Verdict.hash)
        .join(
            Verdict,
            (Verdict.organisation_id == Waiting.organisation_id) & (Verdict.ledger_pos == Waiting.ledger_pos),
        )
        .join(
            Record,
            (Record.organisation_id == Waiting.organisation_id) & (Record.ledger_pos == Waiting.ledger_pos),
        )
        .where(Record.received_ms < before_ms)
        .order_by(Waiting.organisation_id, Waiting.ledger_pos)
    ).all()
    waiting = {row.hash for row in rows}
    behind = {(row.organisation_id, row.ledger_pos) for row in rows if row.needs in waiting}
    found = {(row.organisation_id, row.ledger_pos): row.log for row in rows}
    return [Overdue(one[0], log, one[1], one in behind) for one, log in found.items()]


def give_up(session: Session, organisation: UUID, positions: Collection[int]) -> list[int]:
    """Let these wait no longer; return those that still did."""
    gone = session.scalars(
        delete(Waiting)
        .where(Waiting.organisation_id == organisation, Waiting.ledger_pos.in_(positions))
        .returning(Waiting.ledger_pos)
        .execution_options(synchronize_session=False)
    )
    return sorted(set(gone))


def released(session: Session, organisation: UUID, come: AbstractSet[str]) -> list[int]:
    """Return the positions of records that wait for nothing any more now that `come` has come."""
    if not _ANY.row(session, {"organisation": organisation}).is_any:
        return []  # nearly always: nobody waits for anything
    mine = Waiting.organisation_id == organisation
    hit = set(session.scalars(select(Waiting.ledger_pos).where(mine, Waiting.needs.in_(come))))
    if not hit:
        return []
    session.execute(delete(Waiting).where(mine, Waiting.needs.in_(come)))
    still = set(session.scalars(select(Waiting.ledger_pos).where(mine, Waiting.ledger_pos.in_(hit))))
    return sorted(hit - still)
