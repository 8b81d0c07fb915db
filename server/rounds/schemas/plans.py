"""What the rounds API accepts and returns: routes and plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.http import Label, Strict, Text
from server.rounds import recurrence
from server.rounds.models import ASSIGNEES
from sync.certificates import KINDS


class StopTarget(Strict):
    """The place at which a route stops."""

    kind = fields.String(required=True, validate=validate.OneOf(("checkpoint", "asset")))
    id = fields.UUID(required=True)


class StopWindow(Strict):
    """A stop's own window, in minutes after the round's start; it is cut to the round's."""

    from_min = fields.Integer(strict=True, required=True, validate=validate.Range(0, 3 * 1440))
    to_min = fields.Integer(strict=True, required=True, validate=validate.Range(1, 3 * 1440))

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a window that ends before it begins."""
        if data["to_min"] <= data["from_min"]:
            raise ValidationError("It ends after its start", "to_min")


def _whole(least: int, most: int, what: str) -> fields.Integer:
    return fields.Integer(
        strict=True,
        allow_none=True,
        load_default=None,
        validate=validate.Range(least, most),
        metadata={"description": what + " Seconds."},
    )


class StopBody(Strict):
    """A stop. One that is sent with its id keeps it; `number` follows from the order of the list."""

    id = fields.UUID()
    number = fields.Integer(dump_only=True)
    target = fields.Nested(StopTarget, required=True)
    form = fields.UUID(allow_none=True, load_default=None)
    window = fields.Nested(StopWindow, allow_none=True, load_default=None)
    dwell_s = _whole(1, 4 * 3_600, "How long somebody stays on the spot.")
    walk_s = _whole(
        1, 2 * 3_600, "The least time in which it is reached from the stop before; the first has none."
    )
    certificate = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.OneOf(KINDS),
        metadata={"description": "What whoever visits it must hold. A visit without it is marked."},
    )


class RouteIn(Strict):
    """A route to make or change."""

    name = fields.Nested(Label, required=True)
    order = fields.String(load_default="advised", validate=validate.OneOf(("free", "advised", "enforced")))
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


class Times(fields.Field[Any]):
    """A recurrence, as `docs/plans.md` describes it; read by the rules themselves."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002 (marshmallow calls it so)
        data: Mapping[str, Any] | None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Any:
        try:
            recurrence.read(value)
        except recurrence.Unreadable as error:
            raise ValidationError(error.errors) from None
        return value


class Assignee(Strict):
    """Whom a plan is given to."""

    kind = fields.String(required=True, validate=validate.OneOf(ASSIGNEES))
    id = fields.UUID(required=True)


class OnlyStop(Strict):
    """The one stop of a plan that has no route."""

    target = fields.Nested(StopTarget, required=True)
    form = fields.UUID(allow_none=True, load_default=None)


class Special(Schema):
    """Why a special round was sent out."""

    why = fields.String()
    text = fields.String()


DAY = validate.Range(date(2000, 1, 1), date(2199, 12, 31))


class PlanIn(Strict):
    """A plan to make or change."""

    name = fields.Nested(Label, required=True)
    route = fields.UUID(allow_none=True, load_default=None)
    stop = fields.Nested(OnlyStop, allow_none=True, load_default=None)
    demand = Text(allow_none=True, load_default=None, least=1, most=20)
    also = fields.List(Text(least=1, most=20), load_default=list, validate=validate.Length(max=20))
    crew = fields.Integer(strict=True, load_default=1, validate=validate.OneOf((1, 2)))
    grace_min = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 1440))
    assignee = fields.Nested(Assignee, allow_none=True, load_default=None)
    recurrence = Times(required=True)
    starts_on = fields.Date(required=True, validate=DAY)
    ends_on = fields.Date(allow_none=True, load_default=None, validate=DAY)
    paused = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    stand_in = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    crew_within_min = fields.Integer(strict=True, load_default=10, validate=validate.Range(1, 60))


class PlanBody(Schema):
    """A plan as it travels."""

    id = fields.UUID()
    name = fields.Nested(Label)
    route = fields.UUID(allow_none=True)
    stop = fields.Nested(OnlyStop, allow_none=True)
    demand = fields.String(allow_none=True)
    also = fields.List(fields.String())
    crew = fields.Integer()
    grace_min = fields.Integer()
    assignee = fields.Nested(Assignee, allow_none=True)
    recurrence = fields.Dict()
    special = fields.Nested(Special, allow_none=True)
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    paused = fields.Boolean()
    stand_in = fields.Boolean()
    crew_within_min = fields.Integer()


class PlanList(Schema):
    """The site's plans by name."""

    plans = fields.List(fields.Nested(PlanBody))
