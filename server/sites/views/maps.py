"""Maps of a site as pictures: for the console, and the picture itself for phones."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Request, Response, current_app, request

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses, speaks
from server.http import change_of
from server.ledger import devices, wire
from server.ledger.valve import Shed, Valve
from server.people.policy import policy
from server.problems import NotFound
from server.secrets import Secrets
from server.sites import schemas_maps as schemas
from server.sites.maps import SiteMap
from server.sites.models import Site
from server.sites.service import maps as service
from server.sites.views import bp
from server.sites.views.places import SITE, finish, site_here
from sync.encoding import b64url_encode
from sync.messages import PREFIX, PictureAnswer, PictureRequest

MAPS = f"{SITE}/maps"
ONE = f"{MAPS}/<uuid:map_id>"
TYPES = ("image/jpeg", "image/png", "image/webp")
PICTURE = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES},
}
OF_A_PICTURE = (service.NotAPicture, service.PictureTooLarge)


@bp.get(MAPS)
@policy("see.plan")
@bp.response(HTTPStatus.OK, schemas.MapList)
def list_maps(site_id: UUID) -> dict[str, Any]:
    """List the site's maps with what lies where."""
    reading()
    site = site_here(site_id)
    return {"maps": [_view(site, one) for one in service.maps_of(db.session(), site=site)]}


@bp.post(MAPS)
@policy("change.plan")
@bp.doc(requestBody=PICTURE)
@bp.arguments(schemas.MapNameQuery, location="query")
@bp.response(HTTPStatus.CREATED, schemas.MapBody)
@refuses(*OF_A_PICTURE, service.TooManyMaps)
def make_map(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Add a map: the body is its picture."""
    now, site, picture = now_ms(), site_here(site_id), picture_of(request)
    made = service.make_map(db.session(), site=site, name=query, picture=picture)
    finish("map.made", site=site_id, subject=made.id, now=now)
    return _view(site_here(site_id), made)


@bp.post(f"{ONE}/image")
@policy("change.plan")
@bp.doc(requestBody=PICTURE)
@bp.response(HTTPStatus.OK, schemas.MapBody)
@refuses(*OF_A_PICTURE)
def replace_map_image(site_id: UUID, map_id: UUID) -> dict[str, Any]:
    """Give a map a better picture of the same; what lies where stays."""
    now, site = now_ms(), site_here(site_id)
    service.map_of(db.session(), site=site, map_id=map_id)
    found = service.replace_image(db.session(), site=site, map_id=map_id, picture=picture_of(request))
    finish("map.changed", site=site_id, subject=map_id, now=now, members=["image"])
    return _view(site_here(site_id), found)


@bp.patch(ONE)
@policy("change.plan")
@bp.arguments(change_of(schemas.MapIn))
@bp.response(HTTPStatus.OK, schemas.MapBody)
def change_map(body: dict[str, Any], site_id: UUID, map_id: UUID) -> dict[str, Any]:
    """Rename a map, or give it another place in the order."""
    now, site = now_ms(), site_here(site_id)
    found = service.change_map(db.session(), site=site, map_id=map_id, changes=body)
    finish("map.changed", site=site_id, subject=map_id, now=now, members=sorted(body))
    return _view(site_here(site_id), found)


@bp.post(f"{ONE}/pins")
@policy("change.plan")
@bp.arguments(schemas.PinIn)
@bp.response(HTTPStatus.OK, schemas.MapBody)
def place_pin(body: dict[str, Any], site_id: UUID, map_id: UUID) -> dict[str, Any]:
    """Say where a checkpoint or an asset lies on a map, or take it off."""
    now, site = now_ms(), site_here(site_id)
    found = service.place_pin(db.session(), site=site, map_id=map_id, target=body["target"], at=body["at"])
    finish("map.changed", site=site_id, subject=map_id, now=now, members=["pins"])
    return _view(site_here(site_id), found)


@bp.delete(ONE)
@policy("change.plan")
@bp.response(HTTPStatus.NO_CONTENT)
def remove_map(site_id: UUID, map_id: UUID) -> None:
    """Take a map away."""
    now, site = now_ms(), site_here(site_id)
    service.remove_map(db.session(), site=site, map_id=map_id)
    finish("map.removed", site=site_id, subject=map_id, now=now)


@bp.get(f"{ONE}/image")
@policy("see.plan")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_map_image(site_id: UUID, map_id: UUID) -> Response:
    """Return a plan's picture."""
    reading()
    site = site_here(site_id)
    found = service.map_of(db.session(), site=site, map_id=map_id)
    image = service.image_of(db.session(), sites=[site.id], sha256=found.image_sha256)
    response = Response(image.data, mimetype=image.mime)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers.set("Content-Disposition", "attachment", filename="plan.jpg")
    return response


@bp.post(f"{PREFIX}picture")
@wire.phone
@refuses(Shed, NotFound)
@speaks(PictureRequest, PictureAnswer)
def phone_picture() -> Response:
    """Give a phone a picture that a row of one of its sites names, by its hash."""
    valve: Valve = current_app.extensions["roundsman.valve"]
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    with valve.room():
        sent = wire.receive(request)
        reading()
        session = db.session()
        caller = wire.prove(session, request, sent, key=secrets.proof, now_ms=now_ms())
        asked = wire.decode(request, sent, PictureRequest)
        data = service.picture_for_phone(
            session, sites=devices.sites_of(session, caller.device_id), sha256=asked.sha256
        )
        return wire.answer(
            request,
            PictureAnswer(
                proto=1,
                nonce=asked.nonce,
                sha256=asked.sha256,
                mime="image/jpeg",
                data=b64url_encode(data),
            ),
        )


def picture_of(asked: Request) -> service.Drawn:
    """Return a request's picture as it is kept.

    :raises NotAPicture: it is declared or made as something else
    """
    if asked.mimetype not in TYPES:
        raise service.NotAPicture(f"Content-Type is one of {', '.join(TYPES)}")
    if "Content-Encoding" in asked.headers:
        raise service.NotAPicture("without Content-Encoding")
    asked.max_content_length = service.UPLOAD_BYTES + 1
    return service.draw(asked.get_data(cache=False))


def _view(site: Site, found: SiteMap) -> dict[str, Any]:
    width, height, size = service.images_of(db.session(), site=site)[found.image_sha256]
    address = f"/api/v1/sites/{site.id}/maps/{found.id}/image?v={found.image_sha256[:12]}"
    image = {"sha256": found.image_sha256, "width": width, "height": height, "size": size, "url": address}
    return {
        "id": found.id,
        "number": found.number,
        "name": found.name,
        "image": image,
        "pins": service.standing_pins(db.session(), site=site, found=found),
    }
