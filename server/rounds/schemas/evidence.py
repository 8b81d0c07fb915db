"""What the evidence page and the quarantine return."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Ms, Strict
from server.rounds.schemas.board import FindingBody, VisitRow, WindowBody
from server.rounds.schemas.told import Named

LOCATIONS = ("given", "refused", "unavailable", "unsaid", "gone", "hidden")
"""`gone`: it was there and is forgotten; `hidden`: whoever looks may not see it."""

WIDTHS = (160, 320, 480, 960)
"""Thumbnails come in these widths, pixels."""


class PhotoBody(Schema):
    """A photo, voice note or signature that a record names, and whether it is there and whole."""

    sha256 = fields.String()
    size = fields.Integer()
    role = fields.String()
    field = fields.String(allow_none=True)
    of = fields.String(allow_none=True)
    """Of a photo as it was taken: the one that was drawn on."""
    state = fields.String(
        validate=validate.OneOf(("stored", "pending", "lost", "damaged", "expired", "erased"))
    )
    url = fields.String(allow_none=True)
    reused = fields.Boolean()


class AnswerBody(Schema):
    """A field of the form and its answer."""

    field = fields.String()
    label = fields.Nested(Label)
    kind = fields.String()
    value = fields.Raw(allow_none=True)
    shown = fields.Nested(Label, allow_none=True)
    level = fields.String(allow_none=True)
    limits = fields.Dict(allow_none=True)
    unit = fields.String(allow_none=True)
    fault = fields.Boolean()
    text = fields.String(allow_none=True)


class FormRef(Schema):
    """The edition that was filled."""

    id = fields.UUID()
    name = fields.Nested(Label)
    edition = fields.Integer()


class GeoBody(Schema):
    """Where the phone was: degrees times 10^7, metres."""

    lat = fields.Integer()
    lon = fields.Integer()
    accuracy = fields.Integer(allow_none=True)
    age_ms = fields.Integer(allow_none=True, metadata={"description": "How old it was at the scan."})
    away_m = fields.Integer(
        allow_none=True, metadata={"description": "Metres from the place, where its own position is known."}
    )
    east_m = fields.Integer(
        allow_none=True, metadata={"description": "Metres east of the place, on a plane; to be drawn."}
    )
    north_m = fields.Integer(allow_none=True, metadata={"description": "Metres north of the place."})
    far = fields.Boolean(metadata={"description": "Surely far from the place."})


class BeforeBody(Schema):
    """The lower bound."""

    server_ms = Ms()


class AfterBody(Schema):
    """The upper bound."""

    received_ms = Ms()


class TimeBody(Schema):
    """The phone's own time and what is proven of it."""

    wall_ms = Ms()
    tz = fields.String()
    lower_ms = Ms(allow_none=True)
    estimate_ms = Ms()
    upper_ms = Ms()
    quality = fields.String()
    before = fields.Nested(BeforeBody, allow_none=True)
    after = fields.Nested(AfterBody)
    marks = fields.List(fields.String())


class ChainRecord(Schema):
    """A record of the chain; `title` is the name of its place."""

    seq = fields.Integer()
    hash = fields.String()
    type = fields.String(allow_none=True)
    title = fields.Nested(Label, allow_none=True)
    this = fields.Boolean()
    signature = fields.String(validate=validate.OneOf(("verified", "bad", "weak")))


ReceiptBody = Schema.from_dict(
    {
        "from": fields.Integer(),
        "to": fields.Integer(),
        "received_ms": Ms(),
        "ledger_pos": fields.Integer(),
        "check_word": fields.String(),
    },
    name="ReceiptBody",
)


class ChainBody(Schema):
    """The record's neighbours in its log, and the receipt that has it."""

    log = fields.String()
    device = fields.Nested(Named)
    records = fields.List(fields.Nested(ChainRecord))
    gap_before = fields.Boolean()
    gap_after = fields.Boolean()
    receipt = fields.Nested(ReceiptBody, allow_none=True)


class TagProof(Schema):
    """Which print was read, and whether the record proves it."""

    print_no = fields.Integer(allow_none=True)
    proof = fields.String(validate=validate.OneOf(("proven", "unproven", "none")))


class RecordBody(Schema):
    """The record as the phone sealed it."""

    body = fields.String()
    sig = fields.String()
    hash = fields.String()


class ExplanationBody(Schema):
    """What the record's own person said to its marks."""

    record = fields.String(metadata={"description": "The hash of the record that says it."})
    at_ms = Ms()
    received_ms = Ms()
    words = fields.String(allow_none=True, metadata={"description": "None: erased, or not come yet."})


class EvidenceBody(VisitRow):
    """Everything that stands behind a visit; `photos` are listed here instead of counted."""

    photos = fields.List(fields.Nested(PhotoBody))  # type: ignore[assignment]
    occurrence_view = fields.Nested(WindowBody, allow_none=True)
    frame = fields.Nested(PhotoBody, allow_none=True)
    answers = fields.List(fields.Nested(AnswerBody))
    form = fields.Nested(FormRef, allow_none=True)
    note = fields.String(allow_none=True)
    raw = fields.String(allow_none=True)
    geo = fields.Nested(GeoBody, allow_none=True)
    location = fields.String(
        validate=validate.OneOf(LOCATIONS),
        metadata={"description": "Whether the record says where it was made, or why that is not shown."},
    )
    explanations = fields.List(fields.Nested(ExplanationBody))
    findings = fields.List(fields.Nested(FindingBody))
    time = fields.Nested(TimeBody)
    chain = fields.Nested(ChainBody)
    tag = fields.Nested(TagProof)
    record = fields.Nested(RecordBody)


class PhotoQuery(Strict):
    """The width of a thumbnail, pixels; the photo itself when it is not given."""

    width = fields.Integer(load_default=None, validate=validate.OneOf(WIDTHS))


class QuarantinedBody(Schema):
    """A record that waits for a person."""

    hash = fields.String()
    log = fields.String()
    device = fields.Nested(Named)
    seq = fields.Integer(allow_none=True)
    type = fields.String(allow_none=True)
    code = fields.String(allow_none=True)
    received_ms = Ms()
    body = fields.String()


class QuarantineList(Schema):
    """The site's records in quarantine, the newest first."""

    records = fields.List(fields.Nested(QuarantinedBody))
