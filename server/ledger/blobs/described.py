"""tus at this server in the words of OpenAPI: headers of requests and answers, for the views of photos."""

from __future__ import annotations

from typing import Any

from server.ledger.blobs import tus
from sync import messages
from sync.proof import STORED_HEADER


def _header(name: str, schema: dict[str, Any], description: str, *, required: bool = True) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": required, "schema": schema, "description": description}


COUNT = {"type": "integer", "minimum": 0, "maximum": messages.BLOB_BYTES}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

VERSION = _header("Tus-Resumable", {"const": tus.VERSION}, "The version of tus.")
LENGTH = _header("Upload-Length", COUNT, "The size of the whole photo, bytes, as its record names it.")
OFFSET = _header("Upload-Offset", COUNT, "Where this piece begins: where the upload stands.")
METADATA = _header(
    "Upload-Metadata",
    {"type": "string", "maxLength": tus.METADATA_CHARACTERS},
    "`sha256` and, if it is said, `type`, each with its value in base64, with a comma between.",
)
CHECKSUM = _header(
    "Upload-Checksum",
    {"type": "string", "pattern": f"^({'|'.join(tus.CHECKSUMS)}) [A-Za-z0-9+/]+=*$"},
    "Algorithm and digest (base64) of this piece; it is checked where it is given.",
    required=False,
)
OVERRIDE = _header(
    "X-HTTP-Method-Override",
    {"const": "PATCH"},
    "Asked of a POST: it stands for a PATCH that something on the way lets not pass.",
    required=False,
)

PIECE = {
    "required": False,
    "description": "The next bytes of the photo; none begin an upload without its first piece.",
    "content": {tus.PIECE_TYPE: {"schema": {"type": "string", "format": "binary"}}},
}


def answer(status: int, description: str, *more: str) -> dict[str, Any]:
    """Return the answer that tells where an upload stands, with the other headers that it always has."""
    headers: dict[str, Any] = {
        "Upload-Offset": {"required": True, "schema": COUNT, "description": "So many bytes are here."},
        STORED_HEADER: {"schema": HASH, "description": "The photo is whole and kept: this is its hash."},
        "Upload-Expires": {
            "schema": {"type": "string"},
            "description": "When what is unfinished is dropped.",
        },
    }
    known = {
        "Location": {"type": "string", "description": "Where its pieces go."},
        "Upload-Length": COUNT,
    }
    headers |= {name: {"required": True, "schema": known[name]} for name in more}
    return {str(status): {"description": description, "headers": headers}}


OPTIONS = {
    "204": {
        "description": "What of tus is spoken.",
        "headers": {
            name: {"required": True, "schema": {"type": "string"}}
            for name in ("Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm")
        },
    }
}
