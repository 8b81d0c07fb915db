"""Bodies in, objects out: what the console's API shares.

A JSON body is read by the protocol's strict decoder, so that a duplicate key or half a surrogate
pair is refused before anything looks at it. Members and query parameters that nobody knows are
refused as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import IO, Any, TypeVar, cast

from flask import Request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from server.problems import Problem
from sync.strict import StrictError, loads

View = TypeVar("View", bound=Callable[..., Any])

MAX_JSON_BYTES = 1024 * 1024
"""No body of the console is longer."""

NAME_CHARACTERS = 120
MAX_MS = 2**53 - 1
_PIECE_BYTES = 64 * 1024


class BadJson(Problem):
    """The body is not strict JSON, or not declared as JSON."""

    slug, status, title = "bad-json", HTTPStatus.BAD_REQUEST, "The body is not JSON"


class StrictParser(FlaskParser):
    """Reads bodies strictly and refuses what it does not know."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": RAISE, "query": RAISE}  # noqa: RUF012

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 (webargs calls it so)
        """Return the body's value; an empty body is missing. No more is read than a body may have.

        :raises BadJson: it is no strict JSON
        :raises RequestEntityTooLarge: it is longer than a body may be
        """
        req.max_content_length = MAX_JSON_BYTES + 1  # a body without a length is cut there, not refused
        data = req.get_data(cache=True)
        if len(data) > MAX_JSON_BYTES:
            raise RequestEntityTooLarge
        if not data:
            return missing
        if req.mimetype != "application/json" or "Content-Encoding" in req.headers:
            raise BadJson("Content-Type must be application/json, without Content-Encoding")
        try:
            return loads(data, max_bytes=MAX_JSON_BYTES)
        except StrictError as error:
            raise BadJson(str(error)) from None

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query's members; which of two of one name was meant nobody could say.

        :raises ValidationError: a member that is no list comes twice
        """
        twice = [
            name
            for name, values in req.args.lists()
            if len(values) > 1 and not isinstance(schema.fields.get(name), fields.List)
        ]
        if twice:
            raise ValidationError({name: ["given more than once"] for name in twice})
        return super().load_querystring(req, schema)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A blueprint whose bodies are read strictly, and whose decorators keep a view's type."""

    ARGUMENTS_PARSER = StrictParser()

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Hang a view on an address below the blueprint's prefix."""
        return cast("Callable[[View], View]", super().route(rule, **options))

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Hang a view on GET."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Hang a view on POST."""
        return self.route(rule, methods=["POST"], **options)

    def patch(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Hang a view on PATCH."""
        return self.route(rule, methods=["PATCH"], **options)

    def delete(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Hang a view on DELETE."""
        return self.route(rule, methods=["DELETE"], **options)

    def arguments(self, schema: Any, **options: Any) -> Callable[[View], View]:
        """Give the view what `schema` loads, as its first argument."""
        return cast("Callable[[View], View]", super().arguments(schema, **options))

    def response(self, status: int, schema: Any = None, **options: Any) -> Callable[[View], View]:
        """Dump what the view returns as `schema`."""
        return cast("Callable[[View], View]", super().response(status, schema, **options))

    def doc(self, **members: Any) -> Callable[[View], View]:
        """Add to the view's entry in the OpenAPI document."""
        return cast("Callable[[View], View]", super().doc(**members))


class Strict(Schema):
    """A schema that refuses members which it does not know."""

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE


class Text(fields.String):
    """A text of one line or more: trimmed, without control characters and invisible direction marks."""

    def __init__(self, *, most: int = NAME_CHARACTERS, least: int = 0, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(min=least, max=most), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n" for c in text):
            raise ValidationError("control characters")
        return text


class Label(Strict):
    """A name in both screen languages; an empty `en` shows `zh`."""

    zh = Text(required=True, least=1)
    en = Text(load_default="")


class Ms(fields.Integer):
    """A moment, ms since 1970 UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=False, validate=validate.Range(-MAX_MS, MAX_MS), **kwargs)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file piece by piece, and close it: the body of an answer that is never in memory as a whole."""
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def change_of(schema: type[Schema]) -> Schema:
    """Return `schema` for a PATCH: no member is required, and nothing absent gets a default.

    What stands inside a member is still asked for in full: half a name is no name. The schema gets
    a name of its own in the OpenAPI document.
    """
    changed = type(f"{schema.__name__}Change", (schema,), {})
    return cast("Schema", changed(partial=tuple(schema._declared_fields)))
