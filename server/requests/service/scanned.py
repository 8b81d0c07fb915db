"""What a printed code stands for, asked by somebody of whom nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import tenancy
from server.people.models import Organisation
from server.requests.kinds import class_of, is_lift
from server.requests.models import Desk
from server.requests.service.desk import desk_of
from server.sites import service as sites
from server.sites.models import Asset, Place, Site, Tag
from sync.tags import fold_token, tag_hash


@dataclass(frozen=True, slots=True)
class Scanned:
    """A place whose code somebody scanned."""

    site: Site
    place: Place
    desk: Desk
    token: str

    @property
    def is_lift(self) -> bool:
        """Whether people can be stuck in it."""
        return isinstance(self.place, Asset) and is_lift(self.place.category)

    @property
    def class_(self) -> str:
        """The class that the thing suggests."""
        return class_of(self.place.category) if isinstance(self.place, Asset) else "other"


def scanned(session: Session, token: str) -> Scanned | None:
    """Return what a code stands for, also where its print was replaced; None for a code that nobody printed.

    From now on only its organisation is seen. Tokens have 80 random bits: nobody finds one by asking.
    """
    folded = fold_token(token.upper())
    if folded is None:
        return None
    with tenancy.across(session):
        everybody = select(Organisation.id)
        query = select(Tag).where(
            Tag.organisation_id.in_(everybody), Tag.token_hash == tag_hash(folded)
        )  # by the index, which begins with the organisation
        tag = session.scalars(query).first()
    if tag is None:
        return None
    tenancy.enter(session, tag.organisation_id)
    site = sites.site_of(session, organisation_id=tag.organisation_id, site_id=tag.site_id)
    place = session.get(sites.PLACES["asset" if tag.target_kind == "asset" else "checkpoint"], tag.target_id)
    return None if place is None else Scanned(site, place, desk_of(session, site=site), folded)
