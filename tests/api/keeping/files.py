"""Makes rescue files as a phone does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from sync.encoding import b64url_encode, sha256_hex
from sync.rescue import PIECE_BYTES
from tests.api.field import Handset


def line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def rescue_file(
    phone: Handset, records: Iterable[Mapping[str, Any]] = (), photos: Iterable[bytes] = ()
) -> bytes:
    """Return the rescue file of a phone with these records and photos."""
    header = {
        "rescue": 1,
        "made_ms": phone.clock.ms,
        "app": "0.1.0",
        "device": {"id": phone.device, "name": "4 号手机"},
        "logs": [{"log": phone.log, "public_key": phone.key.public_key, "alg": "ES256"}],
    }
    return written(header, records, photos)


def written(
    header: Mapping[str, Any], records: Iterable[Mapping[str, Any]], photos: Iterable[bytes]
) -> bytes:
    """Return the rescue file that begins with this header."""
    lines, held, shown = [line(header)], 0, 0
    for record in records:
        lines.append(line({"record": record}))
        held += 1
    for photo in photos:
        of = -(-len(photo) // PIECE_BYTES)
        shown += 1
        for i in range(of):
            piece = {
                "sha256": sha256_hex(photo),
                "mime": "image/jpeg",
                "size": len(photo),
                "i": i,
                "of": of,
                "data": b64url_encode(photo[i * PIECE_BYTES :][:PIECE_BYTES]),
            }
            lines.append(line({"photo": piece}))
    whole = b"".join(lines)
    end = {"records": held, "photos": shown, "sha256": hashlib.sha256(whole).hexdigest()}
    return whole + line({"end": end})


def picture(shade: int, *, side: int = 64) -> bytes:
    """Return a small JPEG."""
    out = BytesIO()
    Image.new("RGB", (side, side), (shade, 90, 90)).save(out, "JPEG")
    return out.getvalue()
