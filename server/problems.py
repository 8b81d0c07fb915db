"""Errors that travel: every refusal leaves the API as RFC 9457 problem+json."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from flask import Flask, Response, jsonify, request
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)

TYPE_ROOT = "/problems/"
"""Where `docs/problems.md` is served; a problem's type is this and its slug."""


class Problem(Exception):
    """A refusal that the client can act on.

    A subclass names the kind once (`slug`, `status`, `title`); an instance adds
    what happened this time (`detail`) and any figures the client needs.
    """

    slug: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    carries: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Members that only this kind has, each as JSON Schema."""

    def __init__(self, detail: str = "", *, headers: dict[str, str] | None = None, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.members = members


class NotFound(Problem):
    """The thing is not there, or not for this person: the answer is the same."""

    slug, status, title = "not-found", HTTPStatus.NOT_FOUND, "Nothing of this name here"


class Invalid(Problem):
    """The body is well-formed and does not fit."""

    slug, status, title = "invalid-body", HTTPStatus.UNPROCESSABLE_ENTITY, "The body does not fit"
    carries: ClassVar = {
        "errors": {"type": "object", "description": "What is wrong, by the path of the member or parameter."}
    }


class Busy(Problem):
    """The database or the machine cannot just now; the same request may be sent again."""

    slug, status, title = "busy", HTTPStatus.SERVICE_UNAVAILABLE, "Try again in a moment"


class DiskFull(Problem):
    """There is no room for what was sent; nothing was acknowledged."""

    slug, status, title = "disk-full", HTTPStatus.INSUFFICIENT_STORAGE, "The server has no room"


RETRY_AFTER_S = {HTTPStatus.SERVICE_UNAVAILABLE: 5, HTTPStatus.INSUFFICIENT_STORAGE: 60}
"""When to come again, where a refusal does not say it better."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.EIO, errno.EROFS)
"""What a machine says when it cannot, and might later: no fault of the request."""

_SQLITE_FULL = 13
_POSTGRES_DISK_FULL = "53100"


def problem_response(
    slug: str, status: int, title: str, detail: str | None = None, **members: object
) -> Response:
    """Return the problem+json response for the request in hand."""
    body = {
        "type": TYPE_ROOT + slug,
        "title": title,
        "status": int(status),
        "retryable": status in (408, 425, 429) or status >= 500,
        **members,
    }
    if detail:
        body["detail"] = detail
    response = jsonify({**body, "instance": request.path})
    response.status_code = int(status)
    response.mimetype = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    if status in RETRY_AFTER_S:
        response.headers["Retry-After"] = str(RETRY_AFTER_S[HTTPStatus(status)])
    return response


def trouble_of(error: Exception) -> type[Busy] | type[DiskFull] | None:
    """Return which passing trouble of the database or the machine an exception tells of; None for a bug."""
    if isinstance(error, OSError):
        if error.errno in NO_ROOM:
            return DiskFull
        return Busy if error.errno in PASSING else None
    if isinstance(error, DBAPIError):
        full = (
            getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == _SQLITE_FULL
            or getattr(error.orig, "sqlstate", None) == _POSTGRES_DISK_FULL
        )
        if full:
            return DiskFull
        passing = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        return Busy if passing else None
    return Busy if isinstance(error, PoolTimeout | MemoryError) else None


def init_app(app: Flask) -> None:
    """Register the handlers; no view builds an error response itself.

    Must run after flask-smorest's `Api`, whose own handler would win otherwise.
    """

    @app.errorhandler(Problem)
    def refused(error: Problem) -> Response:
        response = problem_response(error.slug, error.status, error.title, error.detail, **error.members)
        response.headers.update(error.headers)
        return response

    @app.errorhandler(ValidationError)
    def invalid(error: ValidationError) -> Response:
        return problem_response(Invalid.slug, Invalid.status, Invalid.title, errors=error.messages_dict)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        data = getattr(error, "data", None)  # webargs puts the schema's messages here
        if status == HTTPStatus.UNPROCESSABLE_ENTITY and data:
            return problem_response(Invalid.slug, status, Invalid.title, errors=data.get("messages", {}))
        response = problem_response("http", status, error.name, error.description)
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after", "www-authenticate", "location"):
                response.headers[name] = value
        if error.response is not None and "Allow" in error.response.headers:
            response.headers["Allow"] = error.response.headers["Allow"]
        return response

    @app.errorhandler(Exception)
    def trouble_or_bug(error: Exception) -> Response:
        trouble = trouble_of(error)
        if trouble is not None:
            log.warning("%s on %s %s: %r", trouble.slug, request.method, request.path, error)
            return problem_response(trouble.slug, trouble.status, trouble.title)
        if app.testing:
            raise error
        log.exception("unhandled error on %s %s", request.method, request.path)
        return problem_response("internal", 500, "The server failed; nothing was changed")
