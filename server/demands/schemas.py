"""What the service plans' API accepts and returns."""

from __future__ import annotations

from datetime import date

from marshmallow import Schema, fields, validate

from server.demands.templates import CRAFTS
from server.http import Label, Strict, Text
from server.sites.schemas import Daytime

DAY = validate.Range(date(2000, 1, 1), date(2199, 12, 31))


class Wording(Schema):
    """A text in both screen languages."""

    zh = fields.String()
    en = fields.String()


class DemandBody(Schema):
    """One clause of a service plan."""

    id = fields.String()
    chapter = fields.Nested(Label)
    text = fields.Nested(Wording)
    figure = fields.Nested(Wording)
    kinds = fields.List(fields.String(validate=validate.OneOf(("R", "M", "W", "S", "L", "A"))))


class ServicePlanBody(Schema):
    """A service plan with its demands, in the order of its chapters."""

    id = fields.String()
    version = fields.Integer()
    name = fields.Nested(Label)
    demands = fields.List(fields.Nested(DemandBody))


class Catalogue(Schema):
    """The service plans."""

    service_plans = fields.List(fields.Nested(ServicePlanBody))


class PerBody(Schema):
    """What a site has several of."""

    key = fields.String()
    ask = fields.Nested(Label)
    count = fields.Integer()
    most = fields.Integer()


class TemplateDemand(Schema):
    """A demand that a template schedules."""

    id = fields.String()
    first = fields.Boolean()
    """Whether it is chosen unless somebody says otherwise."""
    plans = fields.Integer()


class TemplateBody(Schema):
    """A template."""

    id = fields.String()
    version = fields.Integer()
    name = fields.Nested(Label)
    about = fields.Nested(Wording)
    per = fields.List(fields.Nested(PerBody))
    crafts = fields.List(fields.String(validate=validate.OneOf(CRAFTS)))
    demands = fields.List(fields.Nested(TemplateDemand))


class TemplateList(Schema):
    """The templates."""

    templates = fields.List(fields.Nested(TemplateBody))


class OriginBody(Schema):
    """From which template a thing was made, and how that differs by now."""

    kind = fields.String()
    id = fields.UUID()
    template = fields.String()
    version = fields.Integer()
    newer = fields.Integer(allow_none=True)
    gone = fields.Boolean()
    differs = fields.List(fields.String())
    changed = fields.List(fields.String())


class Standing(Schema):
    """What a site says of its day, and where its things came from."""

    daytime = fields.Nested(Daytime, allow_none=True)
    usual_daytime = fields.Nested(Daytime)
    origins = fields.List(fields.Nested(OriginBody))


class TemplateUse(Strict):
    """What to make of a template."""

    template = fields.String(required=True, validate=validate.Length(max=32))
    version = fields.Integer(required=True, strict=True)
    daytime = fields.Nested(Daytime, required=True)
    demands = fields.List(Text(least=1, most=20), required=True, validate=validate.Length(min=1, max=200))
    counts = fields.Dict(
        keys=fields.String(validate=validate.Length(max=32)),
        values=fields.Integer(strict=True),
        load_default=dict,
    )
    teams = fields.Dict(
        keys=fields.String(validate=validate.OneOf(CRAFTS)),
        values=fields.UUID(allow_none=True),
        load_default=dict,
    )
    starts_on = fields.Date(required=True, validate=DAY)


CopyUse = Strict.from_dict(
    {
        "from": fields.UUID(required=True),
        "plans": fields.List(
            fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(0, 500)
        ),
        "promises": fields.Boolean(load_default=True),
        "starts_on": fields.Date(required=True, validate=DAY),
    },
    name="CopyUse",
)
"""Which plans to copy, of which site; without `plans` all of them.

`promises`: its rules of upkeep and its deadlines as well.
"""


class ThingBody(Schema):
    """A thing that is made, or is there."""

    key = fields.String()
    name = fields.Nested(Label)
    id = fields.UUID(allow_none=True)
    there = fields.String(allow_none=True, validate=validate.OneOf(("made", "name")))
    """Null: it is new. `made`: made from this template before; `name`: a thing of this name is there."""
    differs = fields.Boolean()
    """Whether what is there is not quite what would have been made; it stays as it is."""


class PlaceThing(ThingBody):
    """A checkpoint or an asset."""

    kind = fields.String()
    number = fields.String()
    zone = fields.String(allow_none=True)


class FormThing(ThingBody):
    """A form."""

    fields_ = fields.Integer(data_key="fields", attribute="fields")


class RouteThing(ThingBody):
    """A route."""

    stops = fields.Integer()


class PlanThing(ThingBody):
    """A plan."""

    demand = fields.String(allow_none=True)
    also = fields.List(fields.String())
    whose = fields.String(allow_none=True)
    recurrence = fields.Raw()
    crew = fields.Integer()
    grace_min = fields.Integer()
    judged = fields.Boolean()
    route = fields.String(allow_none=True)


class PromiseThing(Schema):
    """A rule of upkeep, or the deadlines of a demand."""

    key = fields.String()
    demand = fields.String()
    name = fields.Nested(Wording)
    id = fields.UUID(allow_none=True)
    """Of the rule that there is."""
    says = fields.Raw(allow_none=True)
    """Of a rule its recurrence; of a demand its deadlines."""
    there = fields.String(allow_none=True, validate=validate.OneOf(("name",)))
    differs = fields.Boolean()


class OutcomeBody(Schema):
    """What was made, or would be."""

    made = fields.Boolean()
    zones = fields.List(fields.Nested(ThingBody))
    places = fields.List(fields.Nested(PlaceThing))
    forms = fields.List(fields.Nested(FormThing))
    routes = fields.List(fields.Nested(RouteThing))
    plans = fields.List(fields.Nested(PlanThing))
    upkeeps = fields.List(fields.Nested(PromiseThing))
    clauses = fields.List(fields.Nested(PromiseThing))
    missing = fields.List(fields.String())
    """Teams and posts that the site does not have: what was theirs is for any worker."""


class NewerUse(Strict):
    """Which template to take over, in the version that was looked at."""

    template = fields.String(required=True, validate=validate.Length(max=32))
    version = fields.Integer(required=True, strict=True)


class RenewalBody(Schema):
    """One member of one thing in which the template says something else than it said before."""

    kind = fields.String(
        validate=validate.OneOf(("zone", "place", "form", "route", "plan", "upkeep", "clause"))
    )
    id = fields.UUID()
    name = fields.Nested(Label)
    member = fields.String()
    becomes = fields.String(validate=validate.OneOf(("follows", "by_hand", "waits")))
    """`by_hand`: somebody changed it, so it stays. `waits`: the site lacks a place or form that it needs."""
    was = fields.Raw(allow_none=True)
    will = fields.Raw(allow_none=True)
    """A value; of stops and fields how many; null where it cannot be said in short."""


class RenewalList(Schema):
    """What was taken over from a template, or would be."""

    template = fields.String()
    version = fields.Integer()
    done = fields.Boolean()
    changes = fields.List(fields.Nested(RenewalBody))
