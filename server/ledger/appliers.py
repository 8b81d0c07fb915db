"""Who projects which record type: features register here, the ledger calls them in chain order.

The ledger is below every feature and imports none; `server.app` has them register at the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from sync.clocks import Interval
from sync.payloads import AnyPayload, newest_version
from sync.records import Body


class Arrival(Struct, frozen=True):
    """A record whose turn has come: everything before it in its log has been applied."""

    organisation_id: UUID
    site_id: UUID
    """The phone's site, which is also the record's."""
    device_id: UUID
    log: str
    seq: int
    hash: str
    body: Body
    payload: AnyPayload
    private: Mapping[str, str]
    """The values of the private parts that came, by name."""
    interval: Interval
    marks: tuple[str, ...]
    """The marks set so far: of time, `weak_key`, `duplicate_photo`, `seq_gap`, `dep_missing`."""
    received_ms: int
    now_ms: int


Apply = Callable[[Session, Sequence[Arrival]], Sequence[Iterable[str]]]
"""Projects records of one organisation, in their order, and returns the marks that it adds to each.

It reads what it needs once, and writes once. It runs in a savepoint, with all records of a push whose
types it is registered for; if it raises, that is undone and it gets each record alone, and what
fails then goes to quarantine as `server_error`. Between records of different appliers no order is kept."""

Roster = Callable[[Session, UUID, AbstractSet[UUID]], AbstractSet[UUID]]
"""Of the persons given, returns those who belong to the site or once did."""

LateMarks = Callable[[Session, UUID, UUID, Sequence[str]], Mapping[str, Sequence[str]]]
"""Of an organisation and a phone and hashes of its records, returns the marks that came later."""

_appliers: dict[tuple[str, int], Apply] = {}
_roster: list[Roster] = []
_late_marks: list[LateMarks] = []


def register(type: str, tv: int, apply: Apply) -> None:  # noqa: A002 (the member's name)
    """Have `apply` project records of `type` with payload version `tv`. The last one wins.

    What must be projected in order gets the same function.
    """
    _appliers[type, tv] = apply


def register_roster(roster: Roster) -> None:
    """Have `roster` say whose records a site takes."""
    _roster[:] = [roster]


def register_late_marks(late: LateMarks) -> None:
    """Have `late` say what marks records have got since."""
    _late_marks[:] = [late]


def late_marks(
    session: Session, organisation: UUID, device: UUID, hashes: Sequence[str]
) -> Mapping[str, Sequence[str]]:
    """Return hash → marks of those of the phone's records that have got some since they were answered."""
    return _late_marks[0](session, organisation, device, hashes) if _late_marks else {}


def applier(type: str, tv: int) -> Apply | None:  # noqa: A002
    """Return who projects the type, in the newest version of its payload, or None when nobody does yet."""
    return _appliers.get((type, newest_version(type, tv)))


def on_roster(session: Session, site: UUID, persons: AbstractSet[UUID]) -> AbstractSet[UUID]:
    """Return those of `persons` who belong to the site or once did."""
    return _roster[0](session, site, persons) if _roster else set()
