"""Projects what people said to the text about what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from server.bulk import Bulk, as_uuid
from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.privacy.models import Consent
from sync import payloads

_CONSENTS = Bulk(Consent)


def register_all() -> None:
    """Have the ledger bring consents here."""
    appliers.register("consent", 1, apply_consents)


def apply_consents(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `consent`: each answer is a row, the latest one counts."""
    rows = []
    for arrival in arrivals:
        said = arrival.payload
        assert isinstance(said, payloads.Consent)  # noqa: S101  registered for this type
        rows.append(
            {
                "organisation_id": arrival.organisation_id,
                "hash": arrival.hash,
                "site_id": arrival.site_id,
                "device_id": arrival.device_id,
                "person_id": as_uuid(str(arrival.body.envelope.actor)),
                "text_version": said.version,
                "language": said.language,
                "location": said.location,
                "estimate_ms": arrival.interval.estimate,
            }
        )
    _CONSENTS.insert(session, rows)
    return [()] * len(arrivals)
