"""Taking a property over: what its API accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.assets.schemas.cards import PartRef
from server.assets.takeover import FOUND, ITEMS
from server.http import Ms, Strict, Text

_MOST = validate.Length(max=500)


class TakeOverQuery(Strict):
    """Which items: a group of them, a category of assets, or what is left to do or to mend."""

    group = fields.String(load_default=None, validate=validate.OneOf(("parts", "papers", "assets")))
    category = fields.String(load_default=None, validate=validate.Length(max=40))
    left = fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})
    offset = fields.Integer(load_default=0, validate=validate.Range(0, 1_000_000))


class TakeOverIn(Strict):
    """A take-over to begin."""

    from_whom = Text(required=True, most=120, least=1)


class TakeOverChecksIn(Strict):
    """What was found of some items; a defect needs words."""

    items = fields.List(fields.String(validate=validate.OneOf(ITEMS)), load_default=list, validate=_MOST)
    assets = fields.List(fields.UUID(), load_default=list, validate=_MOST)
    found = fields.String(required=True, validate=validate.OneOf(FOUND))
    note = Text(load_default="", most=400)


class TakeOverCounts(Schema):
    """How many items, how many looked at, and what was found."""

    total = fields.Integer()
    checked = fields.Integer()
    there = fields.Integer()
    defect = fields.Integer()
    missing = fields.Integer()


class TakeOverGroup(TakeOverCounts):
    """The items of a group; assets by their category."""

    group = fields.String()
    category = fields.String()


class TakeOverItem(Schema):
    """Something to look at, and the last word on it."""

    group = fields.String()
    category = fields.String()
    item = fields.String(allow_none=True)
    asset = fields.Nested(PartRef, allow_none=True)
    found = fields.String(allow_none=True)
    note = fields.String()
    checked_ms = Ms(allow_none=True)
    checked_by = fields.String(allow_none=True)


class TakeOverBody(Schema):
    """A take-over as it stands."""

    id = fields.UUID()
    from_whom = fields.String()
    begun_ms = Ms()
    begun_by = fields.String(allow_none=True)
    ended_ms = Ms(allow_none=True)
    ended_by = fields.String(allow_none=True)
    sums = fields.Nested(TakeOverCounts)
    groups = fields.List(fields.Nested(TakeOverGroup))


class TakeOverPage(Schema):
    """The newest take-over of a site, if there was one, and a page of its items."""

    take_over = fields.Nested(TakeOverBody, allow_none=True)
    items = fields.List(fields.Nested(TakeOverItem))
    total = fields.Integer(metadata={"description": "Items that the question is of, on all pages."})
    offset = fields.Integer()
