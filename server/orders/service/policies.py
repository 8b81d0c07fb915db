"""What a site has set of its orders: clauses, what opens one, rates, who is told what is late."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from server.orders.deadlines import DEFAULTS, Clause, Hours, as_data, clauses_of
from server.orders.models import OrderPolicy
from server.problems import Invalid
from server.sites.models import Site

MOST_CLAUSES = 60

DEFAULT: Final[dict[str, Any]] = {
    "findings": {"fault": True, "alarm": True, "warning": False, "urgent": True, "report": False},
    "hours": {"from_min": 480, "to_min": 1200, "working_days": False},
    "rates": {"labour_hour": "0", "currency": "CNY"},
    "signature": ["request"],
    "tell": {"near": ["desk"], "missed": ["supervisor"]},
}
"""Which findings open an order by themselves; when somebody is there to answer; money per hour of labour;
of which kinds of orders a signature is asked; who is told in a deadline's last third and after it."""


def policy_of(session: Session, *, site_id: UUID) -> dict[str, Any]:
    """Return what a site has set, the defaults where it has not."""
    found = session.get(OrderPolicy, site_id)
    data = found.data if found is not None else {}
    return {**deepcopy(DEFAULT), "clauses": as_data(DEFAULTS), **data}


def own_clauses(session: Session, *, site_id: UUID) -> list[dict[str, Any]] | None:
    """Return the clauses that a site has set itself; None where the defaults are in force."""
    found = session.get(OrderPolicy, site_id)
    clauses: list[dict[str, Any]] | None = None if found is None else found.data.get("clauses")
    return clauses


def clauses_at(session: Session, *, site_id: UUID) -> tuple[Clause, ...]:
    """Return a site's clauses."""
    return clauses_of(policy_of(session, site_id=site_id)["clauses"])


def hours_at(session: Session, *, site_id: UUID) -> Hours:
    """Return the hours of a site within which time runs for clauses that say so."""
    return Hours(**policy_of(session, site_id=site_id)["hours"])


def change_policy(session: Session, *, site: Site, changes: dict[str, Any], by: UUID, now_ms: int) -> None:
    """Change what a site has set; what is not named stays.

    :raises Invalid: two clauses have one key, there are too many, or one is none
    """
    if "clauses" in changes:
        try:
            clauses = clauses_of(changes["clauses"])
        except msgspec.ValidationError as error:
            raise Invalid(errors={"json": {"clauses": [str(error)]}}) from None
        if len({clause.key for clause in clauses}) != len(clauses) or len(clauses) > MOST_CLAUSES:
            raise Invalid(errors={"json": {"clauses": ["Every clause has a key of its own"]}})
    found = session.get(OrderPolicy, site.id)
    if found is None:
        found = OrderPolicy(site_id=site.id, organisation_id=site.organisation_id, data={})
        session.add(found)
    found.data = {**found.data, **changes}
    found.changed_by, found.changed_ms = by, now_ms
    session.flush()
