"""The tree of assets: what is a part of what. It has no loop, and is not deeper than a person can follow."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import Invalid
from server.sites.models import Asset

MOST_DEPTH = 6
"""Levels: a building's plant, a set, a machine, its drive, a part of that, and one to spare."""


def check_parent(session: Session, *, site_id: UUID, asset_id: UUID | None, parent_id: UUID | None) -> None:
    """Refuse a parent that the asset cannot have.

    :param asset_id: the asset that gets it; None for a new one
    :raises Invalid: the parent is none of the site or was taken down, the asset would lie inside itself,
        or the tree would get too deep
    """
    if parent_id is None:
        return
    parent = session.get(Asset, parent_id)
    if parent is None or parent.site_id != site_id:
        raise _refused("Not an asset of this site")
    if parent.retired:
        raise _refused("It was taken down")
    above = 0
    at: Asset | None = parent
    while at is not None:
        above += 1
        if at.id == asset_id:
            raise _refused("An asset is no part of itself")
        if above > MOST_DEPTH:  # a loop that was never let in cannot hold this up either
            break
        at = session.get(Asset, at.parent_id) if at.parent_id else None
    if above + _height(session, asset_id) > MOST_DEPTH:
        raise _refused(f"At most {MOST_DEPTH} levels")


def _height(session: Session, asset_id: UUID | None) -> int:
    """Return how many levels an asset and its parts take."""
    level, height = [asset_id] if asset_id else [], 1
    while height <= MOST_DEPTH:
        level = list(session.scalars(select(Asset.id).where(Asset.parent_id.in_(level)))) if level else []
        if not level:
            break
        height += 1
    return height


def loops(parents: Mapping[str, str | None]) -> set[str]:
    """Return of number → number of its parent those that lie in a loop, or above which one lies. Pure."""
    good: set[str] = set()
    bad: set[str] = set()
    for number in parents:
        path: list[str] = []
        on_path: set[str] = set()
        at: str | None = number
        while at is not None and at not in good and at not in bad and at not in on_path:
            path.append(at)
            on_path.add(at)
            at = parents.get(at)
        (bad if at is not None and at not in good else good).update(path)
    return bad


def depths(parents: Mapping[str, str | None]) -> dict[str, int]:
    """Return number → its level, 1 for one without a parent. Pure; `parents` has no loop."""
    found: dict[str, int] = {}
    for number in parents:
        path: list[str] = []
        at: str | None = number
        while at is not None and at not in found:
            path.append(at)
            at = parents.get(at)
        depth = found[at] if at is not None else 0
        for one in reversed(path):
            depth += 1
            found[one] = depth
    return found


def _refused(why: str) -> Invalid:
    return Invalid(errors={"json": {"parent": [why]}})
