"""What the API of a site's maps accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Strict, Text
from server.sites.schemas import TargetIn

SCALE = 10_000


class Spot(Strict):
    """A spot on a picture: ten-thousandths of its width and height, from its upper left corner."""

    x = fields.Integer(required=True, strict=True, validate=validate.Range(0, SCALE))
    y = fields.Integer(required=True, strict=True, validate=validate.Range(0, SCALE))


class PinIn(Strict):
    """Where a place lies on the map; null takes it off."""

    target = fields.Nested(TargetIn, required=True)
    at = fields.Nested(Spot, required=True, allow_none=True)


class PinTarget(Schema):
    """A checkpoint or an asset."""

    kind = fields.String()
    id = fields.UUID()


class PinBody(Schema):
    """A place on a map."""

    target = fields.Nested(PinTarget)
    x = fields.Integer()
    y = fields.Integer()


class MapNameQuery(Strict):
    """What a new map is called."""

    zh = Text(required=True, least=1)
    en = Text(load_default="")


class MapIn(Strict):
    """A map to change."""

    name = fields.Nested(Label, required=True)
    number = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1_000))


class ImageBody(Schema):
    """A plan's picture."""

    sha256 = fields.String()
    width = fields.Integer()
    height = fields.Integer()
    size = fields.Integer(metadata={"description": "Bytes."})
    url = fields.String()


class MapBody(Schema):
    """A map of the site as it travels; places that were taken down are left out."""

    id = fields.UUID()
    number = fields.Integer()
    name = fields.Nested(Label)
    image = fields.Nested(ImageBody)
    pins = fields.List(fields.Nested(PinBody))


class MapList(Schema):
    """The site's maps in their order."""

    maps = fields.List(fields.Nested(MapBody))
