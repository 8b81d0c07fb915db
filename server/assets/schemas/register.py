"""The register as a list: what its API accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.assets.members import MEMBERS, STATES
from server.http import Label, Strict, Text


class RegisterQuery(Strict):
    """Which assets, and which page of them."""

    text = Text(load_default="", most=60)
    category = fields.String(load_default=None, validate=validate.Length(max=40))
    zone = fields.UUID(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf((*STATES, "retired")))
    criticality = fields.String(load_default=None, validate=validate.OneOf(("A", "B", "C")))
    special = fields.Boolean(load_default=None, truthy={"true"}, falsy={"false"})
    due = fields.String(load_default=None, validate=validate.OneOf(("over", "soon")))
    gap = fields.String(load_default=None, validate=validate.OneOf(("any", *MEMBERS)))
    parent = fields.UUID(load_default=None)
    top = fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})
    offset = fields.Integer(load_default=0, validate=validate.Range(0, 1_000_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class RegisterRow(Schema):
    """An asset as a row of the register."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    category = fields.String()
    zone = fields.UUID(allow_none=True)
    parent = fields.UUID(allow_none=True)
    parts = fields.Integer()
    maker = fields.String()
    model = fields.String()
    criticality = fields.String(allow_none=True)
    special = fields.Boolean()
    registration = fields.String()
    state = fields.String()
    next_due = fields.Date(allow_none=True)
    gaps = fields.List(fields.String())


class CategoryCount(Schema):
    """A category, and how many assets it has."""

    category = fields.String()
    assets = fields.Integer()


class RegisterPage(Schema):
    """A page of the register, and what its head says of the whole."""

    rows = fields.List(fields.Nested(RegisterRow))
    total = fields.Integer()
    offset = fields.Integer()
    tallies = fields.Dict(keys=fields.String(), values=fields.Integer())
    categories = fields.List(fields.Nested(CategoryCount))


class GapCount(Schema):
    """How many cards lack a member, of those that need it."""

    member = fields.String()
    needed = fields.Integer()
    missing = fields.Integer()


class CategoryGaps(Schema):
    """How complete the cards of a category are."""

    category = fields.String()
    assets = fields.Integer()
    whole = fields.Integer()
    needed = fields.Integer()
    there = fields.Integer()
    gaps = fields.List(fields.Nested(GapCount))
    needs = fields.List(fields.String())
    chosen = fields.Boolean()


class Completeness(Schema):
    """How complete the register is."""

    assets = fields.Integer()
    whole = fields.Integer()
    needed = fields.Integer()
    there = fields.Integer()
    categories = fields.List(fields.Nested(CategoryGaps))


class NeedsIn(Strict):
    """What the cards of a category need; null: everything again."""

    category = Text(required=True, most=40)
    needs = fields.List(
        fields.String(validate=validate.OneOf(MEMBERS)),
        required=True,
        allow_none=True,
        validate=validate.Length(max=len(MEMBERS)),
    )
