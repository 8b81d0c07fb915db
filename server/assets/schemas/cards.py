"""Cards: what the API of assets accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Text
from server.sites.schemas import CheckpointBody, PlaceIn, Retire
from sync.certificates import KINDS

CRITICALITY = validate.OneOf(("A", "B", "C"))


class AssetIn(PlaceIn):
    """An asset to make."""

    category = Text(most=40)
    parent = fields.UUID(allow_none=True)
    maker = Text(most=80)
    model = Text(most=80)
    serial = Text(most=80)
    installed_on = Text(most=10)
    warranty_until = fields.Date(allow_none=True)
    criticality = fields.String(allow_none=True, validate=CRITICALITY)
    special = fields.Boolean(truthy={True}, falsy={False})
    registration = Text(most=40)
    certificate = fields.String(allow_none=True, validate=validate.OneOf(KINDS))


class Asset(AssetIn, Retire):
    """An asset to change."""


class AssetLight(CheckpointBody):
    """An asset as lists to choose from need it."""

    category = fields.String()
    parent = fields.UUID(allow_none=True)
    state = fields.String()


class AssetList(Schema):
    """The site's assets by number."""

    assets = fields.List(fields.Nested(AssetLight))


class PartRef(Schema):
    """An asset by name."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    state = fields.String()


class PhotoRef(Schema):
    """The picture of an asset."""

    sha256 = fields.String()
    url = fields.String()


class AssetCard(AssetLight):
    """An asset as it travels: its card."""

    maker = fields.String()
    model = fields.String()
    serial = fields.String()
    installed_on = fields.String()
    warranty_until = fields.Date(allow_none=True)
    criticality = fields.String(allow_none=True)
    special = fields.Boolean()
    registration = fields.String()
    certificate = fields.String(allow_none=True)
    photo = fields.Nested(PhotoRef, allow_none=True)
    whole = fields.List(fields.Nested(PartRef))
    parts = fields.List(fields.Nested(PartRef))
    gaps = fields.List(fields.String())
