"""rescue.json: files as phones write them, whole, cut and spoilt. docs/protocol/rescue.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from sync.encoding import b64url_encode, sha256_hex
from tests.vectors.cases.common import APP, DEVICE, PHONE, T0
from tests.vectors.cases.records import chain

PHOTO = b"\xff\xd8\xff a photo as small as a word"


def _line(**member: object) -> str:
    return json.dumps(member, ensure_ascii=False, separators=(",", ":")) + "\n"


def _end(before: str, records: int, photos: int) -> str:
    return _line(
        end={"records": records, "photos": photos, "sha256": hashlib.sha256(before.encode()).hexdigest()}
    )


def _header(version: int = 1, *, public_key: str = PHONE.public_key) -> str:
    return _line(
        rescue=version,
        made_ms=T0,
        app=APP,
        device={"id": DEVICE, "name": "4 号手机"},
        logs=[{"log": PHONE.log, "public_key": public_key, "alg": "ES256"}],
    )


def _record(link: dict[str, object]) -> str:
    return _line(record={"body": link["body"], "sig": link["sig"], "alg": "ES256"})


def _photo(data: bytes = PHOTO) -> str:
    return _line(
        photo={
            "sha256": sha256_hex(PHOTO),
            "mime": "image/jpeg",
            "size": len(PHOTO),
            "i": 0,
            "of": 1,
            "data": b64url_encode(data),
        }
    )


def cases() -> dict[str, object]:
    """Return the content of rescue.json."""
    first, second, third = chain()[:3]
    records = [_record(first), _record(second), _record(third)]
    hashes = [link["hash"] for link in (first, second, third)]
    photo = sha256_hex(PHOTO)

    def case(
        name: str, text: str, found: Sequence[object], photos: Sequence[str], *, whole: bool
    ) -> dict[str, object]:
        return {"name": name, "text": text, "records": found, "photos": photos, "whole": whole}

    start = _header() + "".join(records)
    body = start + _photo()
    unknown = _header() + records[0] + _line(weather={"rain": True}) + records[1]
    altered = _photo(PHOTO[:-1] + b"!")
    keyless = _header(public_key="") + "".join(records)
    return {
        "files": [
            case("whole", body + _end(body, 3, 1), hashes, [photo], whole=True),
            case("without its end", body, hashes, [photo], whole=False),
            case("cut in the middle of a line", body[:-20], hashes, [], whole=False),
            case("an end of another file", body + _end(start, 3, 1), hashes, [photo], whole=False),
            case("an end with another count", body + _end(body, 4, 1), hashes, [photo], whole=False),
            case(
                "more after the end",
                body + _end(body, 3, 1) + _line(end={}),
                hashes,
                [photo],
                whole=False,
            ),
            case(
                "a line that nobody knows yet",
                unknown + _end(unknown, 2, 0),
                hashes[:2],
                [],
                whole=True,
            ),
            case(
                "nonsense between",
                _header() + records[0] + "what?\n" + records[1],
                hashes[:2],
                [],
                whole=False,
            ),
            case("a photo of other bytes", start + altered, hashes, [], whole=False),
            case(
                "no key in the header, but the record that opens the log",
                keyless + _end(keyless, 3, 0),
                hashes,
                [],
                whole=True,
            ),
        ],
        "refused": [
            {"name": "nothing", "text": ""},
            {"name": "some other file", "text": "PK\u0003\u0004 a zip"},
            {"name": "a record where the header should be", "text": "".join(records)},
            {"name": "a format that is still to come", "text": _header(2) + records[0]},
        ],
    }
