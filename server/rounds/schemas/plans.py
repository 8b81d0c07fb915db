"""What the rounds API accepts and returns: routes and plans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from server.http import Label, Strict, Text

TIME = validate.Regexp(re.compile(r"(?:([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z"), error="Not a time of day")


class StopTarget(Strict):
    """The place at which a route stops."""

    kind = fields.String(required=True, validate=validate.OneOf(("checkpoint", "asset")))
    id = fields.UUID(required=True)


class StopBody(Strict):
    """A stop. One that is sent with its id keeps it; `number` follows from the order of the list."""

    id = fields.UUID()
    number = fields.Integer(dump_only=True)
    target = fields.Nested(StopTarget, required=True)
    form = fields.UUID(allow_none=True, load_default=None)


class RouteIn(Strict):
    """A route to make or change."""

    name = fields.Nested(Label, required=True)
    order = fields.String(load_default="advised", validate=validate.OneOf(("free", "advised")))
    stops = fields.List(fields.Nested(StopBody), load_default=list, validate=validate.Length(max=200))


class RouteBody(Schema):
    """A route as it travels."""

    id = fields.UUID()
    name = fields.Nested(Label)
    order = fields.String()
    stops = fields.List(fields.Nested(StopBody))


class RouteList(Schema):
    """The site's routes by name."""

    routes = fields.List(fields.Nested(RouteBody))


class Days(fields.Field[Any]):
    """``"daily"`` or weekdays from 1 (Monday) to 7."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002 (marshmallow calls it so)
        data: Mapping[str, Any] | None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Any:
        if value == "daily":
            return value
        is_list = isinstance(value, list) and 1 <= len(value) <= 7 and all(type(day) is int for day in value)
        if not is_list or len(set(value)) != len(value) or not all(1 <= day <= 7 for day in value):
            raise ValidationError('"daily", or weekdays from 1 (Monday) to 7')
        return sorted(value)


WindowTimes = Strict.from_dict(
    {
        "from": fields.String(required=True, validate=TIME),
        "to": fields.String(required=True, validate=TIME),
    },
    name="WindowTimes",
)


class PlanIn(Strict):
    """A plan to make or change."""

    name = fields.Nested(Label, required=True)
    route = fields.UUID(required=True)
    demand = Text(allow_none=True, load_default=None, least=1, most=20)
    also = fields.List(Text(least=1, most=20), load_default=list, validate=validate.Length(max=20))
    crew = fields.Integer(strict=True, load_default=1, validate=validate.OneOf((1, 2)))
    grace_min = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 1440))
    team = fields.UUID(allow_none=True, load_default=None)
    days = Days(load_default="daily")
    windows = fields.List(fields.Nested(WindowTimes), required=True, validate=validate.Length(min=1, max=48))
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(allow_none=True, load_default=None)
    paused = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    stand_in = fields.Boolean(load_default=True, truthy={True}, falsy={False})


class PlanBody(Schema):
    """A plan as it travels."""

    id = fields.UUID()
    name = fields.Nested(Label)
    route = fields.UUID(attribute="route_id")
    demand = fields.String(allow_none=True)
    also = fields.List(fields.String())
    crew = fields.Integer()
    grace_min = fields.Integer()
    team = fields.UUID(attribute="team_id", allow_none=True)
    days = fields.Raw()
    windows = fields.List(fields.Dict())
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    paused = fields.Boolean()
    stand_in = fields.Boolean()


class PlanList(Schema):
    """The site's plans by name."""

    plans = fields.List(fields.Nested(PlanBody))
