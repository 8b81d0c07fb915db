"""The protocol's messages as OpenAPI, made from the structs that read and write them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from msgspec import Struct

from sync import enrolment, messages

MESSAGES: dict[str, tuple[type[Struct], type[Struct]]] = {
    "nonce": (messages.NonceRequest, messages.NonceAnswer),
    "hello": (messages.HelloRequest, messages.HelloAnswer),
    "have": (messages.HaveRequest, messages.HaveAnswer),
    "push": (messages.PushRequest, messages.PushAnswer),
    "pull": (messages.PullRequest, messages.PullAnswer),
    "snapshot": (messages.SnapshotRequest, messages.SnapshotAnswer),
    "enrol": (enrolment.EnrolRequest, enrolment.EnrolAnswer),
    "enrol-state": (enrolment.EnrolStateRequest, enrolment.EnrolStateAnswer),
    "sign-in": (enrolment.SignInRequest, enrolment.SignInAnswer),
}
REFUSALS = (400, 401, 403, 404, 409, 410, 413, 415, 429)
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "retryable"],
    "properties": {
        "type": {"type": "string", "pattern": "^/problems/[a-z-]+$"},
        "status": {"type": "integer", "minimum": 400, "maximum": 499},
        "retryable": {"type": "boolean"},
    },
}


def description() -> dict[str, Any]:
    """Return the description of every message: its request, its answer, its refusals."""
    kinds = [kind for pair in MESSAGES.values() for kind in pair]
    refs, parts = msgspec.json.schema_components(
        kinds, schema_hook=_anything, ref_template="#/components/schemas/{name}"
    )
    ref = dict(zip(kinds, refs, strict=True))
    refusals = {
        str(status): {
            "description": "refused",
            "content": {"application/problem+json": {"schema": PROBLEM}},
        }
        for status in REFUSALS
    }
    paths = {
        f"/api/v1/sync/{name}": {
            "post": {
                "operationId": name,
                "requestBody": {
                    "required": True,
                    "content": {messages.MEDIA_TYPE: {"schema": ref[request]}},
                },
                "responses": {
                    "200": {
                        "description": "the answer",
                        "content": {messages.MEDIA_TYPE: {"schema": ref[answer]}},
                    },
                    **refusals,
                },
            }
        }
        for name, (request, answer) in MESSAGES.items()
    }
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "fieldsync/1", "version": "1"},
        "paths": paths,
        "components": {"schemas": parts},
    }
    # JSON Schema's patterns are ECMAScript's, which has no \Z and needs none.
    plain: dict[str, Any] = json.loads(json.dumps(whole).replace("\\\\Z", "$"))
    return plain


def _anything(kind: type) -> dict[str, Any]:
    if kind is object:
        return {"description": "whatever the kind of row has"}
    raise NotImplementedError
