"""The occurrences that share a window, and the visits of each: reads what `server.rounds.shared` needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.rounds import rules, shared
from server.rounds.models import Occurrence, Visit

Groups = dict[UUID, tuple[UUID, ...]]
"""Occurrence → all that share its window, by number."""


def groups_of(session: Session, occurrences: Sequence[Occurrence]) -> Groups:
    """Return those of the occurrences that share their window, with one query for any number."""
    begins = [o.from_ms for o in occurrences]
    query = (
        select(Occurrence.plan_id, Occurrence.from_ms, func.max(Occurrence.number))
        .where(
            Occurrence.site_id.in_({o.site_id for o in occurrences}),
            Occurrence.from_ms.between(min(begins), max(begins)),
            Occurrence.number > 1,
            Occurrence.withdrawn_ms.is_(None),
        )
        .group_by(Occurrence.plan_id, Occurrence.from_ms)
    )
    many = {(plan, from_ms): count for plan, from_ms, count in session.execute(query)}
    found: Groups = {}
    for o in occurrences:
        if count := many.get((o.plan_id, o.from_ms)):
            ids = (rules.occurrence_id(o.plan_id, o.from_ms, n) for n in range(1, count + 1))
            found[o.id] = tuple(ids)
    return found


def share(
    visits: dict[UUID, list[Visit]],
    groups: Groups,
    fact: Callable[[UUID, Visit], shared.Said | None],
) -> dict[UUID, list[Visit]]:
    """Return occurrence → its visits, those of a shared window by the rule and not by what they name.

    :param visits: by the occurrence that they name
    :param fact: what the rule needs of a visit under an occurrence; None: it does not count there
    """
    result = dict(visits)
    for group in set(groups.values()):
        found: dict[UUID, list[Visit]] = {one: [] for one in group}
        facts: list[tuple[Visit, shared.Said]] = []
        for named in group:
            for visit in visits.get(named, ()):
                said = fact(named, visit)
                if said is None:
                    found[named].append(visit)
                else:
                    facts.append((visit, said))
        by_number = shared.numbers([said for _, said in facts], len(group))
        for visit, said in facts:
            found[group[by_number[said.id] - 1]].append(visit)
        result |= {one: sorted(mine, key=lambda v: (v.estimate_ms, v.id)) for one, mine in found.items()}
    return result


def everyone(occurrences: Iterable[UUID], groups: Groups) -> set[UUID]:
    """Return the occurrences and all that share a window with one of them."""
    return set(occurrences).union(*groups.values())
