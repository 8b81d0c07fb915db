"""What a site sets of its orders."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from server.http import Strict
from server.orders.models import KINDS
from server.orders.schemas.named import Money


class OrderClauseBody(Strict):
    """A clause: what is due within which time, for which orders and requests."""

    key = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]{0,31}\Z"))
    id = fields.String(required=True, validate=validate.Length(1, 16))
    what = fields.String(
        required=True, validate=validate.OneOf(("arrive", "repair", "follow", "answer", "report"))
    )
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))
    unit = fields.String(required=True, validate=validate.OneOf(("minutes", "hours", "days", "working_days")))
    applies = fields.Dict(
        keys=fields.String(validate=validate.OneOf(("kind", "class", "urgency"))),
        values=fields.List(fields.String(validate=validate.Length(max=16)), validate=validate.Length(1, 20)),
        required=True,
    )
    pause_counts = fields.Boolean(required=True, truthy={True}, falsy={False})
    in_hours = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    """Of minutes and hours: whether time runs only within the site's hours."""


class OrderFindingsPolicy(Strict):
    """Which findings open an order by themselves."""

    fault = fields.Boolean(required=True, truthy={True}, falsy={False})
    alarm = fields.Boolean(required=True, truthy={True}, falsy={False})
    warning = fields.Boolean(required=True, truthy={True}, falsy={False})
    urgent = fields.Boolean(required=True, truthy={True}, falsy={False})
    report = fields.Boolean(required=True, truthy={True}, falsy={False})


class OrderHours(Strict):
    """When somebody is there to answer, in minutes after midnight of the site."""

    from_min = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1439))
    to_min = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1440))
    working_days = fields.Boolean(required=True, truthy={True}, falsy={False})

    @validates_schema
    def _ends_after_it_begins(self, data: dict[str, Any], **_: Any) -> None:
        if data["to_min"] <= data["from_min"]:
            raise ValidationError("ends before it begins", "to_min")


class OrderRates(Strict):
    """Money: what an hour of labour costs."""

    labour_hour = fields.String(required=True, validate=Money)
    currency = fields.String(required=True, validate=validate.Length(equal=3))


class OrderTell(Strict):
    """Who is told in the last third before a deadline, and after it."""

    near = fields.List(
        fields.String(validate=validate.OneOf(("desk", "team_leader", "supervisor"))), required=True
    )
    missed = fields.List(
        fields.String(validate=validate.OneOf(("desk", "team_leader", "supervisor"))), required=True
    )


class OrderPolicyIn(Strict):
    """What a site sets of its orders."""

    clauses = fields.List(fields.Nested(OrderClauseBody), validate=validate.Length(max=60))
    findings = fields.Nested(OrderFindingsPolicy)
    hours = fields.Nested(OrderHours)
    rates = fields.Nested(OrderRates)
    signature = fields.List(fields.String(validate=validate.OneOf(KINDS)))
    tell = fields.Nested(OrderTell)


class OrderPolicyBody(OrderPolicyIn):
    """What a site has set of its orders."""

    known_until = fields.String(allow_none=True)
    """The last day whose working days are announced; None where there are no holidays at all."""
    holidays = fields.String()
