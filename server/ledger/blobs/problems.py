"""Why a photo, or a piece of one, is not taken."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from server.problems import Problem
from sync.proof import STORED_HEADER


class BlobType(Problem):
    """Neither a photo nor a voice note by its content."""

    slug, status, title = (
        "blob-type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "This is not a JPEG, PNG or WebP photo, nor a voice note",
    )


class BlobTooLarge(Problem):
    """More pixels or bytes than a photo may have."""

    slug, status, title = "blob-too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The photo is too large"


class BlobUnknown(Problem):
    """No record of this log names the photo (yet): records first, photos after."""

    slug, status, title = "blob-unknown", HTTPStatus.CONFLICT, "No record of this log names the photo"


class BlobOffset(Problem):
    """The piece does not begin where the server stands; `Upload-Offset` says where that is."""

    slug, status, title = "blob-offset", HTTPStatus.CONFLICT, "The upload goes on at another place"
    carries: ClassVar = {"offset": {"type": "integer", "minimum": 0}}

    def __init__(self, offset: int, *, stored: str | None = None) -> None:
        headers = {"Upload-Offset": str(offset)}
        if stored is not None:
            headers[STORED_HEADER] = stored
        super().__init__(f"at {offset}", headers=headers, offset=offset)


class BlobBusy(Problem):
    """Another request writes to the same upload."""

    slug, status, title = "blob-busy", HTTPStatus.LOCKED, "Another request writes to this upload"

    def __init__(self) -> None:
        super().__init__(retryable=True)


class BlobChecksum(Problem):
    """A piece changed on its way; nothing of it was kept, and the server stands where it stood."""

    slug, status, title = "blob-checksum", 460, "The piece was damaged on its way"

    def __init__(self) -> None:
        super().__init__(retryable=True)


class WrongHash(Problem):
    """All bytes came, and they are not the photo that the address names; nothing was kept."""

    slug, status, title = "wrong-hash", 460, "The bytes are not those that the address names"

    def __init__(self) -> None:
        super().__init__(retryable=True)


class BadUpload(Problem):
    """A header of the upload is missing or cannot be meant; `reason` is its name."""

    slug, status, title = "bad-upload", HTTPStatus.BAD_REQUEST, "This is not an upload of a photo"
    carries: ClassVar = {"reason": {"type": "string"}}

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail, reason=reason)


class TusVersion(Problem):
    """Another version of tus than the one spoken here."""

    slug, status, title = "tus-version", HTTPStatus.PRECONDITION_FAILED, "Only tus 1.0.0 is spoken here"

    def __init__(self) -> None:
        super().__init__("Tus-Resumable must be 1.0.0", headers={"Tus-Version": "1.0.0"})
