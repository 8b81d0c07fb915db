"""`picture`: a picture (map, page of a paper, photo of an asset or an order) comes down, by its hash."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.scalars import Hash, Nonce

PICTURE_BYTES = 614_400
"""The most bytes of a picture, 600 KiB."""


class PictureRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Ask for a picture that a row of kind `map`, `form`, `document`, `asset` or `order` names."""

    proto: Literal[1]
    nonce: Nonce
    sha256: Hash


class PictureAnswer(Struct, frozen=True):
    """The picture. Its bytes have the hash that was asked for, or it is none."""

    proto: Literal[1]
    nonce: Nonce
    sha256: Hash
    mime: Literal["image/jpeg"]
    data: Annotated[str, Meta(max_length=819_200, pattern=r"^[A-Za-z0-9_-]*\Z")]
    """b64url."""
