"""What the board, an occurrence and the patrol log return."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Ms, Strict, Text
from server.rounds.schemas.attention import AttentionRow, DeviceWord, ReadingBody
from server.rounds.schemas.told import Named, ToldBody
from server.rounds.state import STATES
from sync.payloads import SKIP_REASONS


class Excuse(Schema):
    """Why an occurrence need not be walked, and who said so."""

    why = fields.String()
    by = fields.String()


class InsteadOf(Schema):
    """For whom somebody stood in, as the phone saw it."""

    kind = fields.String()
    name = fields.Nested(Label, allow_none=True)


class StandInBody(Schema):
    """Somebody took a round over."""

    record = fields.String(metadata={"description": "The hash of the sealed record."})
    person = fields.Nested(Named)
    device = fields.Nested(Named)
    at_ms = Ms()
    instead_of = fields.Nested(InsteadOf, allow_none=True)
    marks = fields.List(fields.String())


class WindowBody(Schema):
    """An occurrence as the board shows it."""

    occurrence = fields.UUID()
    ordinal = fields.Integer()
    from_ms = Ms()
    to_ms = Ms()
    grace_ms = fields.Integer()
    state = fields.String(validate=validate.OneOf(STATES))
    done = fields.Integer()
    total = fields.Integer()
    end_ms = Ms(allow_none=True)
    people = fields.List(fields.String())
    device = fields.Nested(DeviceWord, allow_none=True)
    excused = fields.Nested(Excuse, allow_none=True)
    faults = fields.Integer()
    stand_ins = fields.List(fields.Nested(StandInBody))
    papers = fields.Integer()
    skipped = fields.Integer(metadata={"description": "Stops whose skipping was accepted: a footnote."})
    asked = fields.Integer(metadata={"description": "Stops that were skipped, and nobody accepted it."})


class LanePlan(Schema):
    """The plan of a lane."""

    id = fields.UUID()
    name = fields.Nested(Label)
    demand = fields.String(allow_none=True)
    crew = fields.Integer()
    recurrence = fields.Dict()


class Lane(Schema):
    """A plan and its windows of the day."""

    plan = fields.Nested(LanePlan)
    windows = fields.List(fields.Nested(WindowBody))


class PhonesCount(Schema):
    """How many phones the site has, and how many of them are silent."""

    total = fields.Integer()
    silent = fields.Integer()


SumsBody = Schema.from_dict(
    {
        "due": fields.Integer(),
        **{state: fields.Integer() for state in STATES},
        "low": fields.String(allow_none=True),
        "high": fields.String(allow_none=True),
    },
    name="SumsBody",
)


class Whereabouts(Schema):
    """Where somebody scanned last in this shift."""

    person = fields.Nested(Named)
    device = fields.Nested(Named)
    plan = fields.Nested(Label, allow_none=True)
    done = fields.Integer(allow_none=True)
    total = fields.Integer(allow_none=True)
    at = fields.Nested(Label, allow_none=True)
    heard_ms = Ms(allow_none=True)
    silent = fields.Boolean()


class BoardBody(Schema):
    """The board of a day."""

    site = fields.UUID()
    day = fields.Date()
    from_ms = Ms()
    to_ms = Ms()
    now_ms = Ms()
    received_ms = Ms(allow_none=True)
    phones = fields.Nested(PhonesCount)
    sums = fields.Nested(SumsBody)
    lanes = fields.List(fields.Nested(Lane))
    attention = fields.List(fields.Nested(AttentionRow))
    whereabouts = fields.List(fields.Nested(Whereabouts))


class BoardQuery(Strict):
    """Which day; the site's day now when it is not given."""

    day = fields.Date(load_default=None)


class ExcuseIn(Strict):
    """The written reason of an excuse."""

    why = Text(required=True, least=1, most=500)


class PlaceRef(Schema):
    """A checkpoint or asset."""

    kind = fields.String()
    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)


class VisitRow(Schema):
    """A visit as the patrol log shows it."""

    id = fields.String()
    occurrence = fields.UUID(allow_none=True)
    plan = fields.Nested(Label, allow_none=True)
    stop_number = fields.Integer(allow_none=True)
    place = fields.Nested(PlaceRef, allow_none=True)
    person = fields.Nested(Named, allow_none=True)
    device = fields.Nested(Named)
    estimate_ms = Ms()
    lower_ms = Ms(allow_none=True)
    upper_ms = Ms()
    quality = fields.String()
    marks = fields.List(fields.String())
    faulty = fields.Boolean()
    photos = fields.Integer()
    photos_pending = fields.Integer()
    readings = fields.List(fields.Nested(ReadingBody))
    late = fields.Boolean()
    received_ms = Ms()
    seq = fields.Integer()
    result = fields.String()


class VisitPage(Schema):
    """A page of the patrol log, the latest first."""

    visits = fields.List(fields.Nested(VisitRow))
    next = fields.String(allow_none=True)


VisitsQuery = Strict.from_dict(
    {
        "from": Ms(load_default=None),
        "to": Ms(load_default=None),
        "plan": fields.UUID(load_default=None),
        "person": fields.UUID(load_default=None),
        "checkpoint": fields.UUID(load_default=None),
        "device": fields.UUID(load_default=None),
        "faulty": fields.Boolean(load_default=None, truthy={"true"}, falsy={"false"}),
        "marked": fields.Boolean(load_default=None, truthy={"true"}, falsy={"false"}),
        "before": fields.String(load_default=None, validate=validate.Length(max=100)),
        "limit": fields.Integer(load_default=50, validate=validate.Range(1, 200)),
    },
    name="VisitsQuery",
)

SpanQuery = Strict.from_dict({"from": Ms(load_default=None), "to": Ms(load_default=None)}, name="SpanQuery")


class StopTargetRef(Schema):
    """The place of a stop."""

    kind = fields.String()
    id = fields.UUID()


class SpanBody(Schema):
    """A half-open stretch of time."""

    from_ms = Ms()
    to_ms = Ms()


class SkipPhoto(Schema):
    """A photo that was taken where a stop was skipped."""

    sha256 = fields.String()
    state = fields.String()
    url = fields.String(allow_none=True)


class SkipDecision(Schema):
    """What a supervisor said to it last."""

    accepted = fields.Boolean()
    why = fields.String(allow_none=True)
    by = fields.String()
    at_ms = Ms()


class SkipBody(Schema):
    """Somebody skipped a stop and said why."""

    hash = fields.String()
    reason = fields.String(validate=validate.OneOf(SKIP_REASONS))
    note = fields.String(allow_none=True)
    person = fields.Nested(Named, allow_none=True)
    lower_ms = Ms(allow_none=True)
    estimate_ms = Ms()
    upper_ms = Ms()
    quality = fields.String()
    received_ms = Ms()
    marks = fields.List(fields.String())
    photos = fields.List(fields.Nested(SkipPhoto))
    decision = fields.Nested(SkipDecision, allow_none=True)


class StopState(Schema):
    """A stop of an occurrence and what was done there."""

    id = fields.UUID()
    number = fields.Integer()
    name = fields.Nested(Label, allow_none=True)
    zone = fields.Nested(Label, allow_none=True)
    target = fields.Nested(StopTargetRef)
    form = fields.Dict(allow_none=True)
    state = fields.String(validate=validate.OneOf(("todo", "done", "fault", "paper")))
    window = fields.Nested(SpanBody, allow_none=True, metadata={"description": "Its own, where it has one."})
    dwell_s = fields.Integer(allow_none=True)
    certificate = fields.String(allow_none=True)
    both = fields.Boolean(metadata={"description": "Both people of the crew were drawn to scan here."})
    alone = fields.Boolean(metadata={"description": "Both had to scan here, and only one did in time."})
    doubts = fields.List(
        fields.String(validate=validate.OneOf(("tag", "time", "stay", "order"))),
        metadata={"description": "Why the stop is only claimed."},
    )
    skips = fields.List(fields.Nested(SkipBody))
    visits = fields.List(fields.Nested(VisitRow))


class SkipIn(Strict):
    """Whether a supervisor accepts that a stop was skipped."""

    accepted = fields.Boolean(required=True, truthy={True}, falsy={False})
    why = Text(allow_none=True, load_default=None, least=1, most=500)


class Why(Schema):
    """Why the occurrence is in its state: the key of a sentence and its parameters."""

    key = fields.String()
    params = fields.Dict()


class CarrierBody(Schema):
    """A phone, and whether it carries the occurrence."""

    device = fields.Nested(Named)
    heard_ms = Ms(allow_none=True)
    clear_ms = Ms(allow_none=True)
    carries = fields.Boolean()


class OccurrenceBody(WindowBody):
    """An occurrence in full."""

    plan = fields.Nested(LanePlan)
    order = fields.String(validate=validate.OneOf(("free", "advised", "enforced")))
    stops = fields.List(fields.Nested(StopState))
    why = fields.Nested(Why)
    phones = fields.List(fields.Nested(CarrierBody))
    reports = fields.List(
        fields.Nested(ToldBody), metadata={"description": "What was told of it, the first first."}
    )


class FindingBody(Schema):
    """Something wrong that was seen."""

    id = fields.String()
    visit = fields.String(allow_none=True)
    occurrence = fields.UUID(allow_none=True)
    record = fields.String()
    kind = fields.String()
    urgency = fields.String()
    level = fields.String(allow_none=True)
    field = fields.String(allow_none=True)
    label = fields.Nested(Label, allow_none=True)
    value = fields.String(allow_none=True)
    unit = fields.String(allow_none=True)
    place = fields.Nested(PlaceRef, allow_none=True)
    person = fields.Nested(Named, allow_none=True)
    device = fields.Nested(Named)
    lower_ms = Ms(allow_none=True)
    estimate_ms = Ms()
    upper_ms = Ms()
    quality = fields.String()
    marks = fields.List(fields.String())


class FindingList(Schema):
    """Findings, the latest first."""

    findings = fields.List(fields.Nested(FindingBody))
