"""Guide pictures of forms: kept among the pictures of the site, fetched by phones as maps are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.forms.service import forms_of
from server.sites.models import Site
from server.sites.service import pictures


def keep(session: Session, *, site: Site, picture: pictures.Drawn) -> dict[str, Any]:
    """Keep a picture for a guide that is being written; return it as a field names it."""
    sha256 = pictures.keep_picture(session, site, picture)
    return {
        "sha256": sha256,
        "size": len(picture.data),
        "mime": "image/jpeg",
        "width": picture.width,
        "height": picture.height,
    }


def shown_by(definition: Mapping[str, Any]) -> Iterator[str]:
    """Yield the hashes of the guide pictures of a form."""
    for field in definition["fields"]:
        picture = field.get("guide", {}).get("picture")
        if picture is not None:
            yield picture["sha256"]


def _shows(session: Session, site_id: UUID, sha256: str) -> bool:
    return any(sha256 in shown_by(definition) for definition in forms_of(session, site_id=site_id))


pictures.Users.asked.append(_shows)
