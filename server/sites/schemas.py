"""What the sites API accepts and returns."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.http import Label, Ms, Strict, Text
from server.sites.holidays import NAMES

KIND = validate.OneOf(("checkpoint", "asset"))
SIZES = ("40x60", "50x70", "80x110")


class Daytime(Strict):
    """What counts as day on a site, in minutes after midnight; the rest is night."""

    from_min = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1439))
    to_min = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1439))

    @validates_schema
    def check_length(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a day without a night."""
        if data["from_min"] == data["to_min"]:
            raise ValidationError("Day and night have a length", "to_min")


class SiteBody(Strict):
    """A site as it travels."""

    id = fields.UUID(dump_only=True)
    name = fields.Nested(Label, required=True)
    time_zone = fields.String(required=True, validate=validate.Length(max=64))
    day_start_min = fields.Integer(strict=True, validate=validate.Range(0, 1439))
    daytime = fields.Nested(Daytime, allow_none=True)
    quiet_lock_min = fields.Integer(strict=True, validate=validate.Range(1, 720))
    holidays = fields.String(validate=validate.OneOf(NAMES))
    demo = fields.Boolean(dump_only=True)


class SiteList(Schema):
    """The sites that the person may see."""

    sites = fields.List(fields.Nested(SiteBody))


class ZoneBody(Strict):
    """A part of a site."""

    id = fields.UUID(dump_only=True)
    name = fields.Nested(Label, required=True)
    parent = fields.UUID(allow_none=True, attribute="parent_id")


class ZoneIn(Strict):
    """A zone to make or change."""

    name = fields.Nested(Label, required=True)
    parent = fields.UUID(allow_none=True)


class ZoneList(Schema):
    """The site's zones."""

    zones = fields.List(fields.Nested(ZoneBody))


class TagOfPlace(Schema):
    """The newest tag of a place."""

    id = fields.UUID()
    print_no = fields.Integer()
    short_code = fields.String()
    retired = fields.Boolean()


class Position(Strict):
    """Where a place is: degrees times 10^7."""

    lat = fields.Integer(required=True, strict=True, validate=validate.Range(-900_000_000, 900_000_000))
    lon = fields.Integer(required=True, strict=True, validate=validate.Range(-1_800_000_000, 1_800_000_000))


class PlaceIn(Strict):
    """A checkpoint to make."""

    number = Text(required=True, least=1, most=12)
    name = fields.Nested(Label, required=True)
    zone = fields.UUID(allow_none=True)
    position = fields.Nested(Position, allow_none=True)


class Retire(Strict):
    """What a place can be told besides: that it is taken down, or put up again."""

    retired = fields.Boolean(truthy={True}, falsy={False})


class Checkpoint(PlaceIn, Retire):
    """A checkpoint to change."""


class CheckpointBody(Schema):
    """A checkpoint as it travels."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    zone = fields.UUID(allow_none=True)
    position = fields.Nested(Position, allow_none=True)
    retired = fields.Boolean()
    tag = fields.Nested(TagOfPlace, allow_none=True)
    used_by = fields.Integer()


class CheckpointList(Schema):
    """The site's checkpoints by number."""

    checkpoints = fields.List(fields.Nested(CheckpointBody))


class TeamBody(Strict):
    """A team."""

    id = fields.UUID(dump_only=True)
    name = fields.Nested(Label, required=True)


class TeamList(Schema):
    """The site's teams."""

    teams = fields.List(fields.Nested(TeamBody))


class TargetIn(Strict):
    """A checkpoint or an asset."""

    kind = fields.String(required=True, validate=KIND)
    id = fields.UUID(required=True)


class ReprintIn(Strict):
    """The place whose tag is to be printed anew."""

    target = fields.Nested(TargetIn, required=True)


class TagTarget(Schema):
    """The place that a tag stands for."""

    kind = fields.String()
    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)


class TagBody(Schema):
    """A tag; its token is in no answer."""

    id = fields.UUID()
    target = fields.Nested(TagTarget)
    print_no = fields.Integer()
    short_code = fields.String()
    retired = fields.Boolean()
    made_ms = Ms()


class TagList(Schema):
    """The site's tags."""

    tags = fields.List(fields.Nested(TagBody))


class SheetQuery(Strict):
    """Which labels of which size; `targets` are place ids with commas between."""

    size = fields.String(load_default="50x70", validate=validate.OneOf(SIZES))
    targets = fields.String(load_default=None, validate=validate.Length(max=20_000))
