"""What each role may do. The one table that views, the session, the console and the documents read.

Pure: no database, no clock. `docs/access.md` shows the same table, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, Literal, TypeVar, get_args

SiteT = TypeVar("SiteT")

Role = Literal["administrator", "supervisor", "team_leader", "desk", "worker", "contractor", "viewer"]

Capability = Literal[
    "see.board",
    "see.plan",
    "see.findings",
    "see.evidence",
    "see.photos",
    "see.location",
    "see.people",
    "see.phones",
    "see.quarantine",
    "see.audit",
    "see.assets",
    "see.orders",
    "excuse",
    "comment",
    "dispatch",
    "handle.requests",
    "change.plan",
    "change.assets",
    "change.stock",
    "change.people",
    "print.tags",
    "enrol.phone",
    "revoke.phone",
    "import",
    "export",
    "administer",
]
"""What one may do at a site; `administer` is asked of the whole organisation as well.

`import` takes in a rescue file; `export` is a copy of all that is held of one person, which reaches
over every site where they worked.
"""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
CAPABILITIES: Final[tuple[Capability, ...]] = get_args(Capability)

_OWN: Final[frozenset[Capability]] = frozenset({"see.findings", "see.evidence", "see.photos", "see.people"})
"""What a team leader sees of the team, and a contractor of the company."""

MAY: Final[Mapping[Role, frozenset[Capability]]] = {
    "administrator": frozenset(CAPABILITIES),
    "supervisor": frozenset(CAPABILITIES) - {"administer", "export"},
    "team_leader": _OWN | {"see.board", "see.plan", "see.assets", "see.orders", "comment", "dispatch"},
    "desk": frozenset(
        {
            "see.board",
            "see.plan",
            "see.findings",
            "see.assets",
            "see.orders",
            "comment",
            "dispatch",
            "handle.requests",
        }
    ),
    "worker": frozenset(),
    "contractor": _OWN | {"see.orders"},
    "viewer": frozenset({"see.board", "see.plan"}),
}
"""Whoever has no role at a site, or one that is not here, may do nothing there."""

ON_ROSTER: Final[tuple[Role, ...]] = ("worker", "team_leader", "contractor")
"""Who signs in on a phone of the site, and may walk its rounds."""

HANDLED_BY_SUPERVISORS: Final[frozenset[Role]] = frozenset(ON_ROSTER)
"""Whom a supervisor of the site looks after. Every other role is the administrator's to give."""

OF_THE_PERSON: Final[frozenset[str]] = frozenset({"name", "number", "trade", "pin", "left"})
"""Members that belong to the person and not to their place at one site."""

OF_THE_LOGIN: Final[frozenset[str]] = frozenset({"login"})


def may(role: str | None) -> frozenset[Capability]:
    """Return what a role may do at its site."""
    return MAY.get(role, frozenset()) if role is not None else frozenset()  # type: ignore[call-overload]


def sees_only_team(role: str) -> bool:
    """Whether the role sees only what the people of its own team did."""
    return role == "team_leader"


def sees_only_company(role: str) -> bool:
    """Whether the role sees only what the people of its own company did."""
    return role == "contractor"


def may_handle(
    *,
    supervised: Collection[SiteT],
    site: SiteT,
    roles: Mapping[SiteT, str],
    administrator: bool,
    changed: Collection[str],
    role: str | None,
) -> bool:
    """Whether a supervisor may make or change a person; an administrator is not asked.

    What belongs to the person as a whole (their PIN, whether they left) takes the supervisor of
    every site where they work; what belongs to the console takes an administrator. Since supervisors
    handle no supervisors, nobody raises themselves.

    :param supervised: the sites that the asker supervises
    :param site: the site at which the person is to be changed
    :param roles: site → role that the person has now; empty for somebody new
    :param changed: the members that the request names
    :param role: the role that the person is to have, or None when it stays
    """
    if administrator or OF_THE_LOGIN & set(changed):
        return False
    if site not in supervised or (role is not None and role not in HANDLED_BY_SUPERVISORS):
        return False
    if not HANDLED_BY_SUPERVISORS.issuperset(roles.values()):
        return False
    return not OF_THE_PERSON & set(changed) or set(roles) <= set(supervised)
