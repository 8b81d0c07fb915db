"""What the score says beside the rounds: corrections, and the clauses that no round keeps."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Ms
from server.reports.schemas import DemandWords
from server.rounds.state import STATES


class CorrectedRound(Schema):
    """A round that was told of in one state and is in another by what came later."""

    occurrence = fields.UUID()
    plan = fields.Nested(Label)
    from_ms = Ms()
    to_ms = Ms()
    was = fields.String(validate=validate.OneOf(STATES))
    was_ms = Ms()
    state = fields.String(validate=validate.OneOf(STATES))
    at_ms = Ms()


class CorrectedBody(Schema):
    """The corrected rounds of a period: how many, and the latest of them."""

    count = fields.Integer()
    rounds = fields.List(fields.Nested(CorrectedRound))


class ServedPart(Schema):
    """One thing that a clause asks for: a deadline, a test, an asset, a lift, the lamps of a place."""

    state = fields.String()
    kind = fields.String(validate=validate.OneOf(("order", "request", "asset", "visit", "takeover")))
    id = fields.String()
    name = fields.Nested(Label)
    due_ms = Ms(allow_none=True)
    lacks = fields.List(fields.String())
    has = fields.List(
        fields.String(), metadata={"description": "Of an asset's records, the sorts that there are."}
    )
    down_ms = fields.Integer(allow_none=True, metadata={"description": "Of a lift, how long it stood."})
    failures = fields.Integer(allow_none=True)
    total = fields.String(allow_none=True, metadata={"description": "Of a place, its lamps."})
    out = fields.String(allow_none=True, metadata={"description": "Of a place, its lamps that are out."})


class ServedRow(Schema):
    """A clause that no round serves, with its figure and what stands behind it."""

    demand = fields.Nested(DemandWords)
    measure = fields.String(
        validate=validate.OneOf(
            ("deadlines", "duties", "cards", "papers", "logs", "takeover", "lifts", "lamps")
        ),
        metadata={"description": "Of `lifts` the share is of time, of `lamps` of lamps, else of parts."},
    )
    due = fields.Integer()
    kept = fields.Integer()
    late = fields.Integer()
    missed = fields.Integer()
    unheard = fields.Integer()
    unproven = fields.Integer()
    low = fields.String(allow_none=True)
    high = fields.String(allow_none=True)
    verdict = fields.String()
    least = fields.String(
        allow_none=True, metadata={"description": "The least share that is enough; null where it is all."}
    )
    scored = fields.Boolean(
        metadata={"description": "False where a stricter clause of the same things is the score."}
    )
    behind = fields.List(
        fields.Nested(ServedPart),
        metadata={"description": "What was not kept first, 100 at most."},
    )


class ServedBody(Schema):
    """The score of the clauses that work, the desk and the register keep."""

    rows = fields.List(fields.Nested(ServedRow))
