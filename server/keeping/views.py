"""What the console does with kept things: it takes in a rescue file."""

from __future__ import annotations

import io
import re
from http import HTTPStatus
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import current_app, g, request
from marshmallow import Schema, fields

from server.clock import NowMs, now_ms
from server.config import Settings
from server.db import db
from server.describe import refuses
from server.http import Blueprint
from server.keeping.rescue import Imported, NewerRescue, NotRescue, import_rescue
from server.people.policy import policy
from server.problems import Problem
from server.secrets import Secrets

bp = Blueprint("keeping", __name__, description="Taking in what was rescued")

RESCUE_BYTES = 8 * 1024**3
"""The largest rescue file that is taken through the console: 2,000 photos of 4 MiB."""

RESCUE_TYPE = "application/x-ndjson"


_RESCUE = re.compile(r"/api/v1/sites/[^/]+/rescue")


def takes_rescue(method: str, path: str) -> bool:
    """Tell whether a request brings a rescue file, which is read while it comes."""
    return method == "POST" and _RESCUE.fullmatch(path) is not None


class RescueType(Problem):
    """The file is not declared as lines of JSON."""

    slug, status, title = "media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This media type is not taken here"


class BadLineBody(Schema):
    """A line that could not be used."""

    line = fields.Integer(required=True)
    reason = fields.String(required=True)
    detail = fields.String(required=True)


class ImportedBody(Schema):
    """What became of a rescue file: how many records by outcome, how many photos by what happened."""

    device = fields.String(required=True, allow_none=True)
    records = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    codes = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    photos = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    bad_lines = fields.Integer(required=True)
    bad = fields.List(fields.Nested(BadLineBody), required=True)
    whole = fields.Boolean(required=True)


@bp.post("/api/v1/sites/<uuid:site_id>/rescue")
@policy("import", fresh=True)
@bp.doc(requestBody={"content": {RESCUE_TYPE: {"schema": {"type": "string", "format": "binary"}}}})
@bp.response(HTTPStatus.OK, ImportedBody)
@refuses(RescueType, NotRescue, NewerRescue)
def take_rescue(site_id: UUID) -> dict[str, Any]:
    """Take in a rescue file as it comes, line by line."""
    if request.mimetype != RESCUE_TYPE:
        raise RescueType(f"Content-Type must be {RESCUE_TYPE}")
    request.max_content_length = RESCUE_BYTES
    settings: Settings = current_app.extensions["roundsman.settings"]
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    clock: NowMs = now_ms
    told = import_rescue(
        db.session(),
        file=cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, request.stream), 65_536)),
        organisation=g.principal.organisation_id,
        site=site_id,
        person=g.principal.person_id,
        data_dir=settings.data_dir,
        key=secrets.receipt,
        now_ms=clock,
    )
    return as_body(told)


def as_body(told: Imported) -> dict[str, Any]:
    """Return what became of a file as the console shows it."""
    return {
        "device": told.device,
        "records": dict(told.records),
        "codes": dict(told.codes),
        "photos": dict(told.photos),
        "bad_lines": told.bad_lines,
        "bad": [{"line": bad.line, "reason": bad.reason, "detail": bad.detail} for bad in told.bad],
        "whole": told.whole,
    }
