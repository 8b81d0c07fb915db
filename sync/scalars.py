r"""The scalar types of messages and records: one pattern and one bound each.

Patterns end in ``\Z``, for ``$`` also matches before a last line end.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from sync.strict import MAX_INTEGER

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""SHA-256 as 64 lower-case hex digits."""

LogId = Annotated[str, Meta(pattern=r"^[a-z2-7]{26}\Z")]
"""Name of a log: base32 of 16 bytes of its public key's hash."""

Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
"""A UUID in lower case."""

Nonce = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
"""16 bytes that a phone chose for one request."""

B64Url = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]*\Z", max_length=512)]
"""Short base64url: a key, a signature, a salt."""

Int = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Count = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Seq = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
Version = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]

Boot = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}\Z")]
"""Name of a page session: 8 hex digits."""

Zone = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_+\-/]{1,64}\Z")]
"""The form of an IANA zone's name; whether there is such a zone is not asked."""

FieldId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}\Z")]
"""Id of a field within a form."""

Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.]{0,39}\Z")]
"""A word of the protocol: a record type, a reason, a mark."""

ShortText = Annotated[str, Meta(max_length=64)]
App = Annotated[str, Meta(max_length=32)]
Token = Annotated[str, Meta(max_length=200)]
"""An anchor token; a longer text is none."""
